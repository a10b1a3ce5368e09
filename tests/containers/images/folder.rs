//! Images of folders: with what lies elsewhere, and that of the site.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use backend_local::containers::images::{FolderBuild, Had, ImageError, Images};

use super::machine::{client, name, options, remove};
use crate::fixture::Fixture;

#[tokio::test]
async fn a_folder_is_built_with_what_lies_elsewhere_and_again_when_it_changes() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = name(&fixture, "folder");
    let (folder, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = |name: &str, content: &str| std::fs::write(folder.path().join(name), content);
    file("Dockerfile", "ARG BASE\nFROM $BASE\nARG WORD\nENV WORD=$WORD\nCOPY . /all/\n").unwrap();
    // Longer than a name in an archive's header may be.
    let long = "long-".repeat(30);
    std::fs::create_dir_all(source.path().join(&long)).unwrap();
    std::fs::write(source.path().join(&long).join("page"), "text").unwrap();
    std::os::unix::fs::symlink("page", source.path().join(&long).join("link")).unwrap();
    file("run", "#!/bin/sh\necho \"$WORD\"\n").unwrap();
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path().join("run"), executable).unwrap();

    let images = Images::new(fixture.docker.clone(), options());
    let build = FolderBuild::new(&image, folder.path())
        .with("context/source", source.path())
        .argument("BASE", "debian:bookworm-slim")
        .argument("WORD", "first")
        .base("debian:bookworm-slim");
    assert_eq!(images.build_folder(&build, &|_| {}).await.unwrap(), Had::Built);
    assert_eq!(images.build_folder(&build, &|_| {}).await.unwrap(), Had::There);
    let link = format!("/all/context/source/{long}/link");
    let look = format!("/all/run; cat {link}; readlink {link}; stat -c '%u %a' /all/run");
    let said = client(&["run", "--rm", &image, "sh", "-c", &look]);
    assert_eq!(said, "first\ntextpage\n0 755");

    let build = build.argument("WORD", "second");
    assert_eq!(images.build_folder(&build, &|_| {}).await.unwrap(), Had::Built);
    std::fs::write(source.path().join(&long).join("page"), "other").unwrap();
    assert_eq!(images.build_folder(&build, &|_| {}).await.unwrap(), Had::Built);
    let said = client(&["run", "--rm", &image, "sh", "-c", &look]);
    assert_eq!(said, "second\notherpage\n0 755");

    std::fs::write(folder.path().join(".dockerignore"), "run\n").unwrap();
    let error = images.build_folder(&build, &|_| {}).await.unwrap_err();
    assert!(matches!(error, ImageError::Ignores { .. }), "{error}");
    remove(&fixture.docker, &[&image]).await;
    fixture.end().await;
}

/// The image of a site with the application that stands in for Moodle. It stays: it takes long.
#[tokio::test]
async fn the_image_of_a_site_is_built_of_its_folder() {
    let Some(fixture) = Fixture::new().await else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../moodle-infra/image");
    let image = "moodle-infra-test/site:1";
    let build = FolderBuild::new(image, &folder)
        .with("context/moodle", folder.join("standin"))
        .base("debian:bookworm-slim");
    let images = Images::new(fixture.docker.clone(), options());
    images.build_folder(&build, &|_| {}).await.unwrap();
    assert_eq!(images.build_folder(&build, &|_| {}).await.unwrap(), Had::There);
    let look = "id -u; test -x /usr/local/bin/moodle-entrypoint && ls public/version.php; php -m | grep -i mysqli";
    let said = client(&["run", "--rm", "--entrypoint", "sh", image, "-c", look]);
    assert_eq!(said, "33\npublic/version.php\nmysqli");
    fixture.end().await;
}
