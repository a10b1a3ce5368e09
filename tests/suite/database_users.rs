//! Who a site logs in to its database as, and who may change that.

use std::sync::{Arc, Mutex};

use infra_core::{
    aws::{
        ecs::{Service, TaskDefinition},
        iam::Role,
        secretsmanager::Secret,
    },
    dsl::ResourceType,
    engine::UpOptions,
    graph::{NodeView, Program},
    handler::{Account, BoxFuture, Request},
    testing::Call,
};
use infra_tests::{
    through::{Manner, Through, Watch},
    world::{World, of},
};

use crate::moodle::site;

/// What the account is asked for, with its secrets in clear.
#[derive(Default)]
struct Asked(Mutex<Vec<(&'static str, String, String)>>);

impl Watch for Asked {
    fn called<'a>(&'a self, call: Call, request: &'a Request) -> BoxFuture<'a, ()> {
        if call != Call::Read {
            let name = request.owner.urn.name().to_owned();
            let mut asked = self.0.lock().unwrap();
            for (slot, value) in request.inputs.iter() {
                let value = value.expose();
                let text = value.as_str().map_or_else(|| format!("{value:?}"), str::to_owned);
                asked.push((request.ty.prop(slot).name, name.clone(), text));
            }
        }
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn the_password_of_moodles_user_goes_into_its_secret_and_nowhere_else() {
    let world = World::default();
    let asked = Arc::new(Asked::default());
    let watch: Arc<dyn Watch> = asked.clone();
    let mut manner = Manner::default();
    manner.watch = Some(watch);
    let backend = Through::new(world.sim.clone(), manner);
    let engine = world.engine_between(Arc::new(backend), Arc::new(world.store.clone()));
    let outcome = engine.up(&site(&[]), &world.options).await.unwrap();
    assert!(outcome.is_success(), "{:?}", outcome.failures);

    let asked = std::mem::take(&mut *asked.0.lock().unwrap());
    let is_secret = |(property, name, _): &&(&str, String, String)| {
        *property == "secret_string" && name == "database-user"
    };
    let (_, _, value) = asked.iter().find(is_secret).unwrap();
    let value: serde_json::Value = serde_json::from_str(value).unwrap();
    assert_eq!(value["username"], "moodle_a");
    let password = value["password"].as_str().unwrap();
    assert!(password.len() == 48 && password.chars().all(|it| it.is_ascii_alphanumeric()));
    for other in asked.iter().filter(|it| !is_secret(it)) {
        assert!(!other.2.contains(password), "it is in `{}` of {}", other.0, other.1);
    }
    let shown = format!("{outcome:?} {:?} {:?}", world.state().await, world.objects());
    assert!(!shown.contains(password));
}

/// The definition of a part.
fn part<'a>(program: &'a Program, name: &str) -> NodeView<'a, TaskDefinition> {
    let mut all = program.all::<TaskDefinition>();
    all.find(|it| it.node.urn.name() == name).unwrap()
}

#[test]
fn only_what_administers_the_database_is_given_its_first_user() {
    let program = site(&[]);
    for (name, master, login, configuration) in [
        ("moodle", false, true, true),
        ("cron", false, true, true),
        ("adhoc", false, true, true),
        ("install", false, true, true),
        ("users", true, true, false),
        ("rotate", true, false, false),
    ] {
        let definition = format!("{:?}", part(&program, name).node.inputs);
        for (variable, has) in [
            ("DB_MASTER_PASSWORD", master),
            ("\"DB_PASSWORD\"", login),
            ("CONFIG_PHP_URL", configuration),
            ("SESSIONS_PASSWORD", configuration),
            ("\"ADMIN_PASSWORD\"", name == "install"),
        ] {
            assert_eq!(definition.contains(variable), has, "{name}, {variable}: {definition}");
        }
    }
}

#[tokio::test]
async fn the_secret_of_the_users_is_the_rotations_from_its_first_value_on() {
    let world = World::default();
    let program = site(&[]);
    world.up(&program).await;
    let secret = || {
        let all = world.objects().into_iter();
        let mut all = all.filter(|it| it.ty.name == Secret::definition().name);
        all.find(|it| it.text("name").contains("database-user")).unwrap()
    };
    // As `rotate` does.
    let before = secret().named("secret_string").clone();
    Account::set(&world.sim, &secret().id, "secret_string", "rotated").unwrap();
    let rotated = secret().named("secret_string").clone();
    assert_ne!(rotated, before);
    let options = UpOptions { refresh: true, ..world.options.clone() };
    let outcome = world.engine().up(&program, &options).await.unwrap();
    assert!(outcome.is_success() && outcome.done == 0, "{outcome:?}");
    world.up(&site(&[("domain", "a.example.edu")])).await;
    assert_eq!(secret().named("secret_string"), &rotated);
}

#[tokio::test]
async fn the_rotation_may_change_one_secret_and_roll_three_services() {
    let world = World::default();
    world.up(&site(&[])).await;
    let objects = world.objects();
    let allowed = |policy: &str| {
        let policy = objects.iter().find(|it| {
            it.ty.short_name() == "RolePolicy" && it.named("policy_name").as_str() == Some(policy)
        });
        policy.unwrap().named("policy_document").to_string()
    };
    let rotation = allowed("rotation");
    for service in of::<Service>(&objects) {
        // Who only logs in does not reach the database.
        let reads_it = !service.id.contains("-probe-");
        assert_eq!(rotation.contains(&*service.id), reads_it, "{} and {rotation}", service.id);
    }
    let (named, others): (Vec<_>, Vec<_>) =
        of::<Secret>(&objects).into_iter().partition(|secret| rotation.contains(&*secret.id));
    assert_eq!((named.len(), others.len()), (1, 4), "{rotation}");
    // What serves pages can not read the secret of the first user: ECS reads for it what it may.
    let (pages, administration) = (allowed("secrets"), allowed("database-users"));
    assert!(administration.contains(":secret:rds") && !pages.contains(":secret:rds"), "{pages}");
    // The schedule starts one task, with two roles.
    let starter = allowed("rotation-starter");
    let definitions = of::<TaskDefinition>(&objects).into_iter().map(|it| &it.id);
    let started: Vec<_> = definitions.filter(|id| starter.contains(&***id)).collect();
    assert!(started.len() == 1 && started[0].contains("-rotate:"), "{started:?}");
    let passed: Vec<_> = objects
        .iter()
        .filter(|it| it.ty.name == Role::definition().name)
        .filter(|it| starter.contains(it.named("arn").as_str().unwrap()))
        .map(|it| it.text("role_name").to_owned())
        .collect();
    assert_eq!(passed.len(), 2, "{starter}");
    for part in ["-administration-", "-rotation-"] {
        assert!(passed.iter().any(|name| name.contains(part)), "{passed:?}");
    }
    let protection = allowed("runner-protection");
    assert!(protection.contains("ecs:UpdateTaskProtection") && protection.contains(":task/"));
}
