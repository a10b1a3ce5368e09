//! Providers: inherited, overridden, recorded; a change of one replaces.

use infra_core::{dsl::ComponentOptions, plan::ChangeKind, prelude::*};

use crate::{
    types::Thing,
    world::{World, program},
};

fn provider(region: &str) -> Provider {
    Provider { region: Some(region.into()), ..Provider::of_kind("test") }
}

#[tokio::test]
async fn providers_are_inherited_and_recorded() {
    let world = World::default();
    let program = program(|stack| {
        stack.use_provider(provider("here"));
        let inner =
            stack.component_with("edge", ComponentOptions::default().provider(provider("there")));
        Thing::named("a").create(stack);
        Thing::named("b").create(&inner);
        Thing::named("c").provider(&provider("elsewhere")).create(&inner);
    });
    world.up(&program).await;
    let state = world.state().await;
    let regions: Vec<String> =
        state.iter().map(|(_, record)| state.provider(record).to_string()).collect();
    assert_eq!(regions, ["test/here", "test/there", "test/elsewhere"]);
}

#[tokio::test]
async fn another_region_replaces() {
    let world = World::default();
    let build = |region: &'static str| {
        program(|stack| {
            stack.use_provider(provider(region));
            Thing::named("a").create(stack);
        })
    };
    world.up(&build("here")).await;
    let preview = world.preview(&build("there")).await;
    assert_eq!(preview.changes[0].kind, ChangeKind::CreateThenDelete);
    world.up(&build("there")).await;
    assert_eq!(world.fake.things().len(), 1);
}
