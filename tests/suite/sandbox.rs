//! The sandbox example: it comes up, stays as it is and goes without a trace, and costs what it says.

use infra_tests::world::{World, program};

#[allow(dead_code)]
#[path = "../../examples/sandbox.rs"]
mod example;

#[tokio::test]
async fn it_comes_up_stays_and_goes() {
    let world = World::default();
    let program = program(|stack| example::sandbox(stack).unwrap());
    world.up(&program).await;
    world.assert_in_step("up").await;
    assert!(world.preview(&program).await.is_empty());
    let again = world.up(&program).await;
    assert_eq!(again.done, 0);
    world.destroy().await;
    assert!(world.objects().is_empty(), "{:?}", world.objects());
    assert!(world.state().await.is_empty());
}

#[test]
fn it_costs_about_a_cent_a_day() {
    // A secret; nothing else of it is paid for by the hour.
    let daily = example::usd_a_day().unwrap();
    assert_eq!(format!("{daily:.3}"), format!("{:.3}", 0.40 * 12.0 / 365.0));
}
