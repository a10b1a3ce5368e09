//! Lookups are read at plan time and pinned.

use infra_core::{plan::ChangeKind, testing::Call};

use crate::{
    types::{Look, Thing},
    world::{World, program},
};

fn looked_up(what: &'static str) -> infra_core::graph::Program {
    program(|stack| {
        let look = Look::lookup("newest").what(what).create(stack);
        Thing::named("server").kind(look.found()).create(stack);
    })
}

#[tokio::test]
async fn a_lookup_is_known_in_the_first_preview() {
    let world = World::default();
    let preview = world.preview(&looked_up("image")).await;
    let kind = preview.properties("server").iter().find(|change| change.name == "kind").unwrap();
    assert_eq!(kind.new.as_str(), Some("found-of-lookup-1"));
}

#[tokio::test]
async fn a_lookup_is_pinned_until_it_is_asked_to_move() {
    let mut world = World::default();
    world.up(&looked_up("image")).await;
    let first = world.fake.called(Call::Lookup).len();
    world.up(&looked_up("image")).await;
    assert_eq!(world.fake.called(Call::Lookup).len(), first, "nothing was read again");

    world.options.plan.refresh_lookups = true;
    let preview = world.preview(&looked_up("image")).await;
    let kinds: Vec<ChangeKind> = preview.changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Read, ChangeKind::CreateThenDelete]);
}

#[tokio::test]
async fn other_inputs_read_again() {
    let world = World::default();
    world.up(&looked_up("image")).await;
    let before = world.fake.called(Call::Lookup).len();
    world.up(&looked_up("another")).await;
    assert!(world.fake.called(Call::Lookup).len() > before);
    assert!(world.preview(&looked_up("another")).await.is_empty());
}

#[tokio::test]
async fn a_lookup_whose_inputs_are_made_first_is_read_on_the_way() {
    let world = World::default();
    let program = program(|stack| {
        let thing = Thing::named("thing").create(stack);
        let look = Look::lookup("about").what(thing.url()).create(stack);
        Thing::named("after").kind(look.found()).create(stack);
    });
    let preview = world.preview(&program).await;
    let kind = preview.properties("after").iter().find(|change| change.name == "kind").unwrap();
    assert!(kind.new.first_unknown().is_some(), "it can't be known yet");
    world.up(&program).await;
    assert!(world.preview(&program).await.is_empty());
}
