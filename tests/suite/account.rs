//! The simulated account itself: what it knows of things, and what goes with what.

use std::{collections::BTreeSet, fs, path::Path};

use backend_local::sim::{Object, Sim, SimError, SimOptions};
use infra_core::{
    aws::ec2::{Subnet, Vpc},
    graph::Program,
    handler::{Account as _, Backend as _},
};
use infra_tests::{
    spec::{Kind, Spec, build},
    types,
    world::{World, program},
};

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

fn on_disk(path: &Path) -> SimOptions {
    SimOptions { account: Some(path.to_owned()), types: types::all(), ..SimOptions::default() }
}

/// The same world after its process has ended.
fn reopened(mut world: World, path: &Path) -> World {
    world.sim = Sim::in_memory();
    world.sim = Sim::open(on_disk(path)).unwrap();
    world
}

fn lines(path: &Path) -> usize {
    fs::read(path).unwrap().iter().filter(|byte| **byte == b'\n').count()
}

/// Changes a thing a thousand times.
fn talk(world: &World, id: &str) {
    for size in 0..1_000 {
        world.sim.set(id, "size", &(size % 7).to_string()).unwrap();
    }
}

fn told(objects: &[Object]) -> Vec<String> {
    let told = |object: &Object| {
        let Object { ty, id, scope, inputs, outputs, owner, .. } = object;
        format!("{} {id} {scope} {inputs:?} {outputs:?} {owner:?}", ty.name)
    };
    objects.iter().map(told).collect()
}

fn vpc(name: &str, range: &str) -> Program {
    program(|stack| {
        Vpc::named(name).cidr_block(range).create(stack);
    })
}

#[tokio::test]
async fn a_log_that_is_cut_anywhere_is_read_up_to_there_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let world = World::new(on_disk(&path));
    world.up(&vpc("a", "10.0.0.0/16")).await;
    drop(world);
    let whole = fs::read(&path).unwrap();
    let ends = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n');
    let begin = ends.map_or(0, |end| end + 1);
    // The last record in part, but for its last brace, and but for the end of its line.
    for cut in [begin + 1, whole.len() - 2, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        let world = World::new(on_disk(&path));
        world.up(&vpc("b", "10.1.0.0/16")).await;
        let known = world.objects().len();
        drop(world);
        let again = World::new(on_disk(&path));
        assert_eq!(again.objects().len(), known, "cut at {cut}");
    }
}

#[tokio::test]
async fn a_log_many_times_longer_than_its_account_is_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let world = World::new(on_disk(&path));
    let specs = [
        Spec::alone(0, Kind::Box),
        Spec { parent: Some(0), secret: true, ..Spec::alone(1, Kind::Box) },
        Spec { parent: Some(0), ..Spec::alone(2, Kind::Pipe) },
    ];
    world.up(&build(&specs)).await;
    let ids: BTreeSet<_> = world.objects().into_iter().map(|object| object.id).collect();
    talk(&world, world.objects()[0].id.clone().as_ref());
    let (before, now) = (told(&world.objects()), world.sim.now());
    assert!(lines(&path) > 1_000);
    // What a crash has left of an earlier attempt is no hindrance.
    let aside = folder.path().join("account.new");
    fs::write(&aside, "half a rec").unwrap();

    let mut world = reopened(world, &path);
    assert!(lines(&path) <= 1 + specs.len(), "{} lines", lines(&path));
    assert!(!aside.exists());
    assert_eq!((told(&world.objects()), world.sim.now()), (before.clone(), now));
    let second = Sim::open(on_disk(&path)).unwrap_err();
    assert!(matches!(second, SimError::Busy { .. }), "{second}");

    // It goes on from there, and is read again as it is.
    world.options.refresh = true;
    world.up(&build(&specs)).await;
    world.assert_in_step("rewritten").await;
    let world = reopened(world, &path);
    world.assert_in_step("read again").await;
    world.destroy().await;
    talk_about_nothing(&world).await;
    let world = reopened(world, &path);
    assert_eq!(lines(&path), 1, "nothing is left but the time and the number of ids");
    world.up(&build(&specs)).await;
    let again = world.objects().into_iter().find(|object| ids.contains(&object.id));
    assert!(again.is_none(), "no id is given away twice: {again:?}");
}

/// A thousand records, and nothing in the end.
async fn talk_about_nothing(world: &World) {
    let specs = [Spec::alone(9, Kind::Box)];
    world.up(&build(&specs)).await;
    talk(world, &world.objects()[0].id.clone());
    world.destroy().await;
}

#[tokio::test]
async fn a_log_with_what_this_program_does_not_know_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let world = World::new(on_disk(&path));
    world.up(&build(&[Spec::alone(0, Kind::Box)])).await;
    talk(&world, &world.objects()[0].id.clone());
    world.sim.sync().await.unwrap();
    drop(world);
    let before = fs::read(&path).unwrap();
    let without = SimOptions { types: vec![], ..on_disk(&path) };
    drop(Sim::open(without).unwrap());
    assert_eq!(fs::read(&path).unwrap(), before);
}
