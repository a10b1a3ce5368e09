//! Buckets with something in them, and finding one thing among many.

use infra_core::{
    aws::{
        iam::{PolicyDocument, Role},
        s3::{Bucket, Object},
    },
    dsl::ResourceType as _,
    graph::Program,
};
use infra_tests::world::{PROJECT, STACK, World, full_message, program};

fn bucket(force_destroy: bool) -> Program {
    program(|stack| {
        Bucket::named("uploads")
            .bucket_name("campus-uploads")
            .force_destroy(force_destroy)
            .create(stack);
    })
}

/// Another stack puts something into the bucket.
async fn fill(world: &World) -> World {
    let other = World { sim: world.sim.clone(), ..World::default() };
    let object = program(|stack| {
        Object::named("report")
            .bucket("campus-uploads")
            .key("2024/report.csv")
            .content("a,b")
            .create(stack);
    });
    other.up(&object).await;
    other
}

#[tokio::test]
async fn a_bucket_that_is_not_empty_stays() {
    let world = World::default();
    world.up(&bucket(false)).await;
    fill(&world).await;
    let outcome = world.engine().destroy(PROJECT, STACK, &world.options.plan).await.unwrap();
    let said: String = outcome.failures.iter().map(|f| full_message(&f.error)).collect();
    assert!(said.contains("BucketNotEmpty"), "{said}");
    assert_eq!(world.objects().len(), 2);
}

#[tokio::test]
async fn a_bucket_that_may_be_emptied_goes_with_what_is_in_it() {
    let world = World::default();
    world.up(&bucket(false)).await;
    fill(&world).await;
    world.up(&bucket(true)).await;
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn everything_is_found_by_id_and_by_arn_however_much_there_is() {
    let world = World::default();
    let many = program(|stack| {
        for number in 0..300 {
            Role::named(format!("role-{number}"))
                .role_name(format!("role-{number}").as_str())
                .assume_role_policy_document(PolicyDocument::assumed_by_service(
                    "ec2.amazonaws.com",
                ))
                .create(stack);
        }
    });
    world.up(&many).await;
    world.sim.with_world(|account| {
        let (ty, scope) = (Role::definition().name, "123456789012/eu-central-1");
        for number in 0..300 {
            let id = format!("role-{number}");
            let arn = format!("arn:aws:iam::123456789012:role/{id}");
            let found = [&id, &arn].map(|name| account.get(ty, name, scope).map(|o| &*o.id));
            assert_eq!(found, [Some(id.as_str()); 2]);
        }
    });
}
