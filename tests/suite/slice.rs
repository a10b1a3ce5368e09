//! The shortest way through everything: two types, from program to account and back.

use std::sync::Arc;

use infra_core::{
    aws::ec2::{Subnet, Vpc},
    event::EventKind,
    graph::Program,
    plan::ChangeKind,
};
use infra_tests::world::{World, program};

fn network(cidr: &'static str, tag: Option<&'static str>) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block(cidr);
        let vpc = match tag {
            Some(tag) => vpc.tags_push("tag", tag).create(stack),
            None => vpc.create(stack),
        };
        for (name, range) in [("a", 1), ("b", 2)] {
            let prefix = cidr.split('.').take(2).collect::<Vec<_>>().join(".");
            Subnet::named(name)
                .vpc_id(&vpc)
                .cidr_block(format!("{prefix}.{range}.0/24").as_str())
                .create(stack);
        }
        stack.output("vpc", vpc.vpc_id());
    })
}

#[tokio::test]
async fn up_twice_changes_nothing_the_second_time() {
    let world = World::default();
    let program = network("10.0.0.0/16", None);
    let first = world.up(&program).await;
    assert_eq!((first.counts.create, first.done), (3, 3));
    world.assert_in_step("up").await;
    let again = world.up(&program).await;
    assert_eq!((again.counts.same, again.done, again.serial), (3, 0, first.serial));
    assert!(world.preview(&program).await.is_empty());
    world.destroy().await;
    assert!(world.objects().is_empty());
    assert!(world.state().await.is_empty());
}

#[tokio::test]
async fn a_new_tag_is_one_update() {
    let world = World::default();
    world.up(&network("10.0.0.0/16", None)).await;
    let preview = world.preview(&network("10.0.0.0/16", Some("x"))).await;
    assert_eq!(preview.changes.len(), 1);
    assert_eq!(preview.changes[0].kind, ChangeKind::Update);
    let outcome = world.up(&network("10.0.0.0/16", Some("x"))).await;
    assert_eq!(outcome.done, 1);
    world.assert_in_step("tag").await;
}

#[tokio::test]
async fn another_range_replaces_the_vpc_and_what_is_in_it() {
    let world = World::default();
    world.up(&network("10.0.0.0/16", None)).await;
    let changed = network("10.1.0.0/16", None);
    let preview = world.preview(&changed).await;
    assert_eq!(preview.counts.replace, 3);
    world.up(&changed).await;
    world.assert_in_step("replaced").await;
    assert!(world.preview(&changed).await.is_empty());
}

/// How long the steps of resources usually take, as they are told when they begin.
fn told(world: &World) -> Vec<(String, u64)> {
    let events = world.events.as_ref().unwrap();
    let told = std::mem::take(&mut *events.lock().unwrap()).into_iter().filter_map(|event| {
        let EventKind::StepStarted { urn, operation, usual, .. } = event.kind else { return None };
        Some((format!("{operation} {}", urn.name()), usual))
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

#[tokio::test]
async fn steps_are_told_with_the_time_that_such_steps_take() {
    let mut world = World { events: Some(Arc::default()), ..World::default() };
    let expected = |what: [(&str, u64); 3]| what.map(|(name, usual)| (name.to_owned(), usual));
    world.up(&network("10.0.0.0/16", None)).await;
    let created = [("creating a", 1_000), ("creating b", 1_000), ("creating main", 2_000)];
    assert_eq!(told(&world), expected(created));
    // What takes the place of something is created too, however long a change of it would take.
    world.up(&network("10.1.0.0/16", None)).await;
    let replaced = told(&world);
    let replaced: Vec<_> = replaced.iter().filter(|(name, _)| name.starts_with("repl")).collect();
    assert_eq!(replaced.len(), 3);
    assert!(replaced.iter().all(|(_, usual)| *usual >= 1_000), "{replaced:?}");
    world.events = None;
}
