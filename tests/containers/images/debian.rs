//! Debian, made of its packages.

use backend_local::containers::images::{Had, ImageError, Images, Recipe, Source};

use super::machine::{client, name, options, remove};
use crate::fixture::Fixture;

fn recipe(image: &str) -> Recipe {
    Recipe {
        image: image.to_owned(),
        pulled: false,
        bases: vec![],
        source: Source::Debian { suite: "bookworm".to_owned() },
        authorities: None,
    }
}

#[tokio::test]
async fn debian_is_made_of_its_packages() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = name(&fixture, "debian");
    let folder = tempfile::tempdir().unwrap();
    let options = backend_local::containers::images::Options {
        folder: folder.path().to_owned(),
        ..options()
    };
    let images = Images::with_recipes(fixture.docker.clone(), options, [recipe(&image)]);
    assert_eq!(images.ensure(&image, &|_| {}).await.unwrap(), Had::Built);
    // Nothing is left here but the lock.
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    let look = "set -e; . /etc/os-release; echo $VERSION_CODENAME; which setpriv apt-get; \
        ls /etc/ssl/certs/ca-certificates.crt; /usr/sbin/policy-rc.d || echo $?";
    let said = client(&["run", "--rm", &image, "sh", "-c", look]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "bookworm");
    assert_eq!((lines.len(), lines[4]), (5, "101"), "{said}");
    let size = fixture.docker.api().inspect_image(&image).await.unwrap().size.unwrap();
    assert!(size < 110_000_000, "{size} bytes");
    assert_eq!(images.ensure(&image, &|_| {}).await.unwrap(), Had::There);
    remove(&fixture.docker, &[&image]).await;
    fixture.end().await;
}

#[tokio::test]
async fn a_mirror_that_is_not_there_is_named_as_the_cause() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = name(&fixture, "mirror");
    let folder = tempfile::tempdir().unwrap();
    let mut options = options();
    options.folder = folder.path().to_owned();
    options.mirror = "http://127.0.0.1:1/debian".to_owned();
    let images = Images::with_recipes(fixture.docker.clone(), options, [recipe(&image)]);
    let error = images.ensure(&image, &|_| {}).await.unwrap_err();
    assert!(matches!(error, ImageError::Debian { .. }), "{error}");
    let error = error.to_string();
    assert!(
        error.ends_with("look whether the mirror can be reached, and has the suite"),
        "{error}"
    );
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    fixture.end().await;
}
