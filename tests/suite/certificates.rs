//! Certificates that this process makes: renewed when a run looks at them in time.

use backend_local::sim::{Sim, SimOptions};
use infra_core::{
    aws::secretsmanager::Secret,
    graph::Program,
    local::{RandomPassword, SelfSignedCertificate, Subject},
    plan::ChangeKind,
    prelude::*,
    value::{SecretValue, Value},
};
use infra_tests::world::{DAY, World, program};

fn certificate() -> Program {
    program(|stack| {
        let certificate = SelfSignedCertificate::named("balancer")
            .subject(Subject::new("moodle.internal"))
            .validity(Days(90))
            .create(stack);
        stack.output("certificate", certificate.certificate_pem());
    })
}

/// The same state on another day.
fn on_day(world: World, day: u64, refresh: bool) -> World {
    let sim = Sim::open(SimOptions { start: day * DAY, ..SimOptions::default() }).unwrap();
    let mut options = world.options;
    options.refresh = refresh;
    World { sim, options, ..world }
}

async fn shown(world: &World) -> String {
    world.state().await.outputs["certificate"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_certificate_is_renewed_by_a_refresh_when_it_is_due() {
    let program = certificate();
    let world = World::default();
    world.up(&program).await;
    let first = shown(&world).await;

    let world = on_day(world, 59, true);
    assert!(world.preview(&program).await.is_empty(), "one day too early");
    let world = on_day(world, 61, false);
    assert!(world.preview(&program).await.is_empty(), "nobody asked");
    let world = on_day(world, 61, true);
    let preview = world.preview(&program).await;
    assert_eq!(preview.changes.iter().map(|c| c.kind).collect::<Vec<_>>(), [ChangeKind::Create]);
    world.up(&program).await;
    assert_ne!(shown(&world).await, first);
    assert!(world.preview(&program).await.is_empty());
}

#[tokio::test]
async fn a_password_reaches_what_it_is_for_and_no_file_in_clear() {
    let world = World::default();
    let program = program(|stack| {
        let password = RandomPassword::named("database").create(stack);
        Secret::named("database").secret_string(password.password()).create(stack);
    });
    world.up(&program).await;
    world.assert_in_step("password").await;
    let state = world.state().await;
    let (_, record) = state.iter().find(|(_, r)| r.urn.as_str().contains("Password")).unwrap();
    let kept = |value: &Value| match value {
        Value::Secret(secret) => match &**secret {
            SecretValue::Plain(_) => "in clear",
            SecretValue::Sealed(_) => "sealed",
            SecretValue::Digest(_) => "as a digest",
        },
        _ => "not as a secret",
    };
    assert_eq!(kept(record.outputs.get(RandomPassword::PASSWORD.slot)), "sealed");
    let there = world.objects();
    assert_eq!(kept(there[0].value(Secret::SECRET_STRING.slot)), "as a digest");
    assert_eq!(there.len(), 1);
    assert!(world.preview(&program).await.is_empty());
    world.destroy().await;
    assert!(world.state().await.is_empty());
}
