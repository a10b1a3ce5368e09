//! Where the image of a site is kept.

use infra_core::{
    Stack,
    aws::{
        ecr::Repository,
        ecs::TaskDefinition,
        iam::{Role, RolePolicy},
        secretsmanager::Secret,
    },
    dsl::ResourceType,
    graph::Program,
};
use infra_tests::world::{World, program};
use moodle_infra::{DeliverySettings, Environment, GitRepository, MoodleBuilder, Registry};

use crate::moodle::plain_site;

fn site(build: impl Fn(&Stack, MoodleBuilder) -> MoodleBuilder) -> Program {
    program(|stack| {
        let site = plain_site(stack)
            .version("5.2.0".parse().unwrap())
            .environment(Environment::NonProduction);
        build(stack, site).create(stack).unwrap();
    })
}

const GIVEN: &str = "registry.example.org/moodle:1";

/// The repositories that there are, and what the tasks of the web run.
fn kept(world: &World) -> (Vec<String>, String) {
    let objects = world.objects();
    let uris = objects.iter().filter(|it| it.ty.name == Repository::definition().name);
    let uris = uris.map(|it| it.text("repository_uri").to_owned()).collect();
    let web = |it: &&backend_local::sim::Object| {
        it.ty.name == TaskDefinition::definition().name && it.id.contains("-moodle:")
    };
    let web = objects.iter().find(web).unwrap();
    let image = web.named("container_definitions").items()[0].field("image").unwrap().to_string();
    (uris, image.trim_matches('"').to_owned())
}

#[tokio::test]
async fn it_is_the_sites_own_unless_an_image_is_given() {
    let world = World::default();
    assert!(world.up(&site(|_, it| it)).await.is_success());
    let (uris, image) = kept(&world);
    let [uri] = &uris[..] else { panic!("{uris:?}") };
    assert_eq!(image, format!("{uri}:5.2.0"));
    let objects = world.objects();
    let own = objects.iter().find(|it| it.ty.name == Repository::definition().name).unwrap();
    assert_eq!(own.text("image_tag_mutability"), "IMMUTABLE");
    let scanned = own.named("image_scanning_configuration").to_string();
    assert!(scanned.contains("true"), "{scanned}");
    let gone = own.named("lifecycle_policy").to_string();
    assert!(gone.contains("untagged") && gone.contains("100"), "{gone}");

    // It stays when a pipeline begins to name what it has pushed there.
    let named = format!("{uri}@sha256:{}", "0".repeat(64));
    let delivered = site(|_, it| it.registry(Registry::Own).image(named.as_str()));
    assert!(world.up(&delivered).await.is_success());
    assert_eq!(kept(&world), (uris.clone(), named.clone()));
    assert!(world.preview(&delivered).await.is_empty());
    world.destroy().await;
    assert!(world.objects().is_empty());

    assert!(world.up(&site(|_, it| it.image(GIVEN))).await.is_success());
    assert_eq!(kept(&world), (vec![], GIVEN.to_owned()));
}

#[tokio::test]
async fn it_may_be_the_accounts() {
    let world = World::default();
    assert!(world.up(&site(|_, it| it.registry(Registry::Elsewhere))).await.is_success());
    let account = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/moodle:5.2.0";
    assert_eq!(kept(&world), (vec![], account.to_owned()));
}

#[tokio::test]
async fn a_delivery_pushes_to_it() {
    let world = World::default();
    let delivered = site(|stack, it| {
        let trust = infra_core::aws::iam::PolicyDocument::assumed_by_service("ec2.amazonaws.com");
        let deploy = Role::named("deploy").assume_role_policy_document(trust).create(stack);
        let git = Secret::named("git").create(stack);
        it.image(GIVEN).delivery(DeliverySettings::new(
            "delivery.example.edu".parse().unwrap(),
            ["192.0.2.0/24".parse().unwrap()],
            "registry.example.org/controller:1",
            GitRepository::private("https://git.example.edu/site.git", git.arn()),
            None,
            deploy.arn(),
        ))
    });
    assert!(world.up(&delivered).await.is_success());
    let (uris, image) = kept(&world);
    assert_eq!((uris.len(), image.as_str()), (1, GIVEN));
    let objects = world.objects();
    let own = objects.iter().find(|it| it.ty.name == Repository::definition().name).unwrap();
    let pushes = objects.iter().filter(|it| it.ty.name == RolePolicy::definition().name);
    let pushes: Vec<String> = pushes
        .map(|it| it.named("policy_document").to_string())
        .filter(|it| it.contains("ecr:PutImage"))
        .collect();
    let [push] = &pushes[..] else { panic!("{pushes:?}") };
    assert!(push.contains(own.text("arn")), "{push}");
    let told = objects.iter().any(|it| {
        it.ty.name == TaskDefinition::definition().name
            && it.named("container_definitions").to_string().contains(&format!("{:?}", uris[0]))
    });
    assert!(told, "the controller is told where to push to");
    assert!(world.preview(&delivered).await.is_empty());
    world.destroy().await;
    assert!(world.objects().is_empty());
}
