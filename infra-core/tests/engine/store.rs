//! The contract of state stores, held by each of them; and what happens to damaged bytes.

use infra_core::{
    engine::EngineError,
    state::{
        format::FormatError,
        store::{LocalStore, MemoryStore, StateStore},
    },
    testing::stores::conforms,
};

use crate::{
    types::Thing,
    world::{World, program},
};

#[tokio::test]
async fn every_store_conforms() {
    conforms(&MemoryStore::new()).await;
    let folder = tempfile::tempdir().unwrap();
    conforms(&LocalStore::new(folder.path())).await;
}

fn one() -> infra_core::graph::Program {
    program(|stack| {
        Thing::named("a").create(stack);
    })
}

#[tokio::test]
async fn a_changed_checkpoint_is_refused_and_the_place_told() {
    let world = World::default();
    world.up(&one()).await;
    let bytes = String::from_utf8(world.store.bytes()).unwrap();
    world.store.set_checkpoint(bytes.replace("thing-", "thong-").into_bytes());
    let error = world.engine().open().await.unwrap_err();
    let EngineError::Format(FormatError::Damaged { place, message, .. }) = error else { panic!() };
    assert_eq!(place, "memory");
    assert_eq!(message, "its checksum does not fit; it was changed");
    let cut = bytes.len() / 2;
    world.store.set_checkpoint(bytes.as_bytes()[..cut].to_vec());
    assert!(matches!(
        world.engine().open().await,
        Err(EngineError::Format(FormatError::Damaged { .. }))
    ));
}

#[tokio::test]
async fn a_newer_format_is_told_apart_from_damage() {
    let world = World::default();
    world.up(&one()).await;
    let bytes = String::from_utf8(world.store.bytes()).unwrap();
    world.store.set_checkpoint(bytes.replace("{\"format\":1", "{\"format\":9").into_bytes());
    let error = world.engine().open().await.unwrap_err();
    assert!(matches!(error, EngineError::Format(FormatError::Newer { found: 9, .. })));
}

/// A store whose last run died before its checkpoint.
async fn unfinished() -> World {
    let world = World::default();
    let store = world.store.clone();
    world.fake.on_poll(move |_, _| {
        futures_util::FutureExt::now_or_never(store.break_lease()).unwrap().unwrap();
        None
    });
    world.try_up(&one()).await.unwrap_err();
    World { fake: infra_core::testing::Fake::new(crate::types::all()), ..world }
}

#[tokio::test]
async fn a_torn_end_is_cut_off_and_told() {
    let world = unfinished().await;
    let whole = world.store.journal();
    assert!(!whole.is_empty());
    let torn = [&whole[..], b"0123abcd {\"op\":\"allo"].concat();
    world.store.set_journal(torn);
    let opened = world.engine().open().await.unwrap();
    assert_eq!((opened.state.len(), opened.torn_bytes), (1, 20));
}

#[tokio::test]
async fn damage_in_the_middle_is_refused_and_the_place_told() {
    let world = unfinished().await;
    let mut bytes = world.store.journal();
    let first = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    bytes[first - 3] ^= 1;
    world.store.set_journal(bytes);
    let error = world.engine().open().await.unwrap_err();
    let EngineError::Format(FormatError::Damaged { offset: 0, message, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!(message, "an entry is damaged, and whole ones follow it");
}

#[tokio::test]
async fn what_a_newer_program_wrote_is_kept() {
    let world = World::default();
    world.up(&one()).await;
    // Opened by a program that knows neither the type nor a field of the record.
    let bare = World { fake: infra_core::testing::Fake::new([]), ..World::default() };
    let state = world.state().await;
    let mut bytes = vec![];
    infra_core::state::format::write_checkpoint(&state, &mut bytes).unwrap();
    bare.store.set_checkpoint(bytes.clone());
    let opened = bare.engine().open().await.unwrap().state;
    let (_, record) = opened.iter().next().unwrap();
    assert_eq!((record.ty.name(), record.ty.known().is_none()), ("test:t:Thing", true));
    let mut again = vec![];
    infra_core::state::format::write_checkpoint(&opened, &mut again).unwrap();
    let words = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let mut words: Vec<String> = text.split([',', '{', '}']).map(str::to_owned).collect();
        words.sort();
        words
    };
    let without_sum = |bytes: &[u8]| {
        words(bytes).into_iter().filter(|word| !word.contains("checksum")).collect::<Vec<_>>()
    };
    assert_eq!(without_sum(&again), without_sum(&bytes), "nothing is lost on the way");
}

#[tokio::test]
async fn a_run_that_changes_nothing_leaves_the_store_as_it_was() {
    let world = World::default();
    world.up(&one()).await;
    let before = world.store.bytes();
    world.up(&one()).await;
    assert_eq!(world.store.bytes(), before);
}
