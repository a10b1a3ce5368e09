//! Images from a registry on this machine: what it has is pulled, what it has not is built, and one
//! that is gone or hangs holds nobody up.

use std::{net::SocketAddr, time::Duration};

use backend_local::containers::{
    docker::Docker,
    images::{Had, ImageError, Images, Options, Recipe},
};
use tokio::time::{Instant, timeout};

use super::{
    machine::{Heard, client, id, name, options, recipe, remove, with_bases},
    registry::{Registry, hanging, stopping},
};
use crate::fixture::Fixture;

/// Whatever goes wrong, it is over by then.
const SOON: Duration = Duration::from_secs(20);

fn images(docker: &Docker, registry: SocketAddr, recipes: &[Recipe]) -> Images {
    let mut options = Options { registry: Some(registry.to_string()), ..options() };
    options.patience.reach = Duration::from_secs(2);
    options.patience.pull = Duration::from_secs(2);
    let recipes = recipes.iter().map(|recipe| Recipe { pulled: true, ..recipe.clone() });
    Images::with_recipes(docker.clone(), options, with_bases(recipes))
}

fn built(image: &str) -> Recipe {
    recipe(image, "FROM debian:bookworm-slim\nENV FROM=here\n")
}

/// Puts an image into a registry that is not on this machine afterwards. On a base that was built here it would
/// have the label of one that was.
fn push(registry: &Registry, image: &str, dockerfile: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Dockerfile"), dockerfile).unwrap();
    let there = format!("{}/{image}", registry.address);
    client(&["build", "--quiet", "--tag", &there, &folder.path().display().to_string()]);
    client(&["push", "--quiet", &there]);
    client(&["rmi", "--force", &there]);
}

async fn origin(docker: &Docker, image: &str) -> String {
    let config = docker.api().inspect_image(image).await.unwrap().config.unwrap();
    let environment = config.env.unwrap_or_default().into_iter();
    environment.filter_map(|variable| Some(variable.strip_prefix("FROM=")?.to_owned())).collect()
}

#[tokio::test]
async fn what_a_registry_has_is_pulled_and_never_built() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::start(folder.path()).await;
    let (has, lacks) = (name(&fixture, "has"), name(&fixture, "lacks"));
    push(&registry, &has, "FROM scratch\nENV FROM=registry\nCOPY Dockerfile /layer\n");
    let pulling = images(docker, registry.address, &[built(&has), built(&lacks)]);

    let heard = Heard::default();
    assert_eq!(pulling.ensure(&has, &|event| heard.hear(event)).await.unwrap(), Had::Pulled);
    assert!(heard.pulls() && heard.reason().is_none(), "{heard:?}");
    assert_eq!(origin(docker, &has).await, "registry");
    // It has its own name alone.
    assert_eq!(id(docker, &format!("{}/{has}", registry.address)).await, None);
    // Other files make no difference: it is somebody else's.
    let other = images(docker, registry.address, &[recipe(&has, "FROM debian:sid-slim\n")]);
    assert_eq!(other.ensure(&has, &|_| {}).await.unwrap(), Had::There);

    // A registry that was reached and lacks an image is asked for others.
    assert_eq!(pulling.ensure(&lacks, &|_| {}).await.unwrap(), Had::Built);
    assert_eq!(origin(docker, &lacks).await, "here");
    remove(docker, &[&has, &lacks]).await;
    assert_eq!(pulling.ensure(&has, &|_| {}).await.unwrap(), Had::Pulled);
    remove(docker, &[&has]).await;
    fixture.end().await;
}

#[tokio::test]
async fn a_registry_that_is_gone_is_asked_once_and_all_is_built() {
    let Some(fixture) = Fixture::new().await else { return };
    let docker = &fixture.docker;
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::start(folder.path()).await;
    let address = registry.address;
    let (one, two) = (name(&fixture, "one"), name(&fixture, "two"));
    push(&registry, &one, "FROM debian:bookworm-slim\nENV FROM=registry\n");
    drop(registry);
    let images = images(docker, address, &[built(&one), built(&two)]);
    let heard = Heard::default();
    assert_eq!(images.ensure(&one, &|event| heard.hear(event)).await.unwrap(), Had::Built);
    let reason = heard.reason().unwrap();
    assert!(heard.pulls() && reason.contains("connection refused"), "{reason}");
    let heard = Heard::default();
    assert_eq!(images.ensure(&two, &|event| heard.hear(event)).await.unwrap(), Had::Built);
    assert!(!heard.pulls(), "{heard:?}");
    assert_eq!(heard.reason(), Some(reason));
    // Nothing says how to build this one.
    let error = images.ensure(&name(&fixture, "unknown"), &|_| {}).await.unwrap_err();
    assert!(matches!(error, ImageError::NotPulled { .. }), "{error}");
    remove(docker, &[&one, &two]).await;
    fixture.end().await;
}

#[tokio::test]
async fn a_registry_that_hangs_is_given_up() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = name(&fixture, "hangs");
    let images = images(&fixture.docker, hanging().await, &[built(&image)]);
    let heard = Heard::default();
    let hear = |event| heard.hear(event);
    let begun = Instant::now();
    let had = timeout(SOON, images.ensure(&image, &hear)).await.unwrap().unwrap();
    assert_eq!(had, Had::Built);
    assert_eq!(heard.reason().as_deref(), Some("the registry said nothing for 2 s"));
    assert!(begun.elapsed() >= Duration::from_secs(2));
    remove(&fixture.docker, &[&image]).await;
    fixture.end().await;
}

#[tokio::test]
async fn a_registry_that_stops_in_the_middle_is_given_up() {
    let Some(fixture) = Fixture::new().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::start(folder.path()).await;
    let image = name(&fixture, "stops");
    let layer =
        "FROM debian:bookworm-slim\nENV FROM=registry\nRUN head -c 8000000 /dev/urandom >/layer\n";
    push(&registry, &image, layer);
    let stops = stopping(registry.address, 1 << 20).await;
    let images = images(&fixture.docker, stops, &[built(&image)]);
    let heard = Heard::default();
    let hear = |event| heard.hear(event);
    let had = timeout(SOON, images.ensure(&image, &hear)).await.unwrap().unwrap();
    assert_eq!(had, Had::Built, "{heard:?}");
    assert_eq!(heard.reason().as_deref(), Some("the registry said nothing for 2 s"));
    assert_eq!(origin(&fixture.docker, &image).await, "here");
    remove(&fixture.docker, &[&image]).await;
    fixture.end().await;
}
