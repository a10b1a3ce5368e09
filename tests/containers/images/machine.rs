//! The images of this machine, and images that go with a test.

use std::{process::Command, sync::Mutex};

use backend_local::containers::{
    docker::{Docker, bollard::query_parameters::RemoveImageOptionsBuilder},
    images::{DIGEST_LABEL, File, ImageEvent, Images, Options, Recipe, Source},
};

use crate::fixture::Fixture;

/// What this machine's owner has chosen.
pub(crate) fn options() -> Options {
    Options::of_environment().unwrap()
}

/// An image of this place, or the one that a variable names instead; it is there afterwards.
pub(super) async fn official(fixture: &Fixture, image: &str, variable: &str) -> String {
    let image = std::env::var(variable).unwrap_or_else(|_| image.to_owned());
    let images = Images::new(fixture.docker.clone(), options());
    images.ensure(&image, &|_| {}).await.unwrap();
    image
}

/// Whether an image was built here, and not on one that was: some things we do better than the official one.
pub(super) async fn built_here(docker: &Docker, image: &str) -> bool {
    let config = docker.api().inspect_image(image).await.unwrap().config.unwrap();
    let label = config.labels.unwrap_or_default().remove(DIGEST_LABEL);
    label.is_some_and(|label| label.starts_with(&format!("{image}@")))
}

pub(super) async fn id(docker: &Docker, image: &str) -> Option<String> {
    docker.api().inspect_image(image).await.ok()?.id
}

pub(super) fn name(fixture: &Fixture, what: &str) -> String {
    format!("moodle-infra-test/{}-{what}:1", fixture.account)
}

/// A recipe of a Dockerfile alone.
pub(super) fn recipe(image: &str, dockerfile: &str) -> Recipe {
    let content = dockerfile.as_bytes().to_owned().into();
    let file = File { path: "Dockerfile".into(), content, executable: false };
    Recipe {
        image: image.to_owned(),
        pulled: false,
        bases: vec!["debian:bookworm-slim".to_owned()],
        source: Source::Files(vec![file]),
        authorities: None,
    }
}

/// How this place's Debian is made, beside recipes of a test.
pub(super) fn with_bases(recipes: impl IntoIterator<Item = Recipe>) -> Vec<Recipe> {
    let all = backend_local::containers::images::catalogue::recipes().into_iter();
    let bases = all.filter(|recipe| recipe.image.starts_with("debian:"));
    bases.chain(recipes).collect()
}

/// What was told, in order.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<Vec<ImageEvent>>);

impl Heard {
    pub(super) fn hear(&self, event: ImageEvent) {
        self.0.lock().unwrap().push(event);
    }

    pub(super) fn any(&self, is_so: impl Fn(&ImageEvent) -> bool) -> bool {
        self.0.lock().unwrap().iter().any(is_so)
    }

    pub(super) fn pulls(&self) -> bool {
        self.any(|event| matches!(event, ImageEvent::Pulling { .. }))
    }

    /// Why it was not pulled.
    pub(super) fn reason(&self) -> Option<String> {
        let events = self.0.lock().unwrap();
        events.iter().find_map(|event| match event {
            ImageEvent::NotPulled { reason, .. } => Some(reason.clone()),
            _ => None,
        })
    }
}

/// Takes away images of a test. What it leaves when it fails is small.
pub(super) async fn remove(docker: &Docker, images: &[&str]) {
    let options = RemoveImageOptionsBuilder::new().force(true).build();
    for image in images {
        let removed = docker.api().remove_image(image, Some(options.clone()), None).await;
        removed.unwrap();
    }
}

/// Runs Docker's own client, which must succeed: for images that nothing of ours has made.
pub(super) fn client(arguments: &[&str]) -> String {
    let mut command = Command::new("docker");
    let output = command.args(arguments).env("DOCKER_BUILDKIT", "0").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
