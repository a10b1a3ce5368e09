//! The simulated account itself: what it knows of things, and what goes with what.

use infra_core::aws::ec2::{Subnet, Vpc};
use infra_tests::world::{World, program};

/// The account and region of the tests.
const SCOPE: &str = "123456789012/eu-central-1";

#[tokio::test]
async fn things_are_found_by_id_and_by_arn_however_many_there_are() {
    let world = World::default();
    world
        .up(&program(|stack| {
            let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
            for number in 0..100 {
                Subnet::named(format!("subnet-{number}"))
                    .vpc_id(&vpc)
                    .cidr_block(format!("10.0.{number}.0/24").as_str())
                    .create(stack);
            }
        }))
        .await;
    let subnets = world.objects().into_iter().filter(|object| object.ty.name == "aws:ec2:Subnet");
    let subnets: Vec<_> = subnets.collect();
    assert_eq!(subnets.len(), 100);
    let find = |name: &str| {
        world.sim.with_world(|account| account.get("aws:ec2:Subnet", name, SCOPE).cloned())
    };
    for subnet in &subnets {
        let arn = subnet.arn().unwrap();
        assert_eq!(find(arn).map(|found| found.id), Some(subnet.id.clone()), "{arn}");
        assert_eq!(find(&subnet.id).map(|found| found.id), Some(subnet.id.clone()));
    }
    world.destroy().await;
    for subnet in &subnets {
        assert!(find(subnet.arn().unwrap()).is_none(), "{} is gone", subnet.id);
    }
}
