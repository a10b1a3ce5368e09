//! Images that are built: once for all who ask, again when their files changed, with what went wrong.

use std::time::Duration;

use backend_local::containers::images::{Had, ImageError, ImageEvent, Images};

use super::machine::{Heard, id, name, options, recipe, remove, with_bases};
use crate::fixture::Fixture;

#[tokio::test]
async fn of_several_who_ask_one_builds_and_the_others_wait() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = name(&fixture, "once");
    let recipe = recipe(&image, "FROM debian:bookworm-slim\nRUN sleep 1 && echo built >/it\n");
    let heard = Heard::default();
    let ask = async || {
        // As other processes have it: all they share is the machine.
        let recipes = with_bases([recipe.clone()]);
        let images = Images::with_recipes(fixture.docker.clone(), options(), recipes);
        images.ensure(&image, &|event| heard.hear(event)).await.unwrap()
    };
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    let built = [one, two, three].into_iter().filter(|had| *had == Had::Built).count();
    assert_eq!(built, 1);
    assert!(heard.any(|event| matches!(event, ImageEvent::Waiting { .. })));
    let instruction = "RUN sleep 1 && echo built >/it".to_owned();
    let step = ImageEvent::Building { image: image.clone(), step: 2, steps: 3, instruction };
    assert!(heard.any(|event| *event == step), "{heard:?}");
    // Asked again, it says nothing.
    let heard = Heard::default();
    let images =
        Images::with_recipes(fixture.docker.clone(), options(), with_bases([recipe.clone()]));
    assert_eq!(images.ensure(&image, &|event| heard.hear(event)).await.unwrap(), Had::There);
    assert!(!heard.any(|_| true));
    remove(&fixture.docker, &[&image]).await;
    fixture.end().await;
}

#[tokio::test]
async fn files_that_changed_are_built_anew_and_the_old_image_goes() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = name(&fixture, "changed");
    let mut ids = vec![];
    for word in ["one", "two", "two"] {
        let recipe = recipe(&image, &format!("FROM debian:bookworm-slim\nENV WORD={word}\n"));
        let images = Images::with_recipes(fixture.docker.clone(), options(), with_bases([recipe]));
        images.ensure(&image, &|_| {}).await.unwrap();
        ids.push(id(&fixture.docker, &image).await.unwrap());
    }
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[1], ids[2]);
    assert_eq!(id(&fixture.docker, &ids[0]).await, None);
    // Under a second name it is the same, which stays when the first one goes.
    let second = name(&fixture, "second");
    let images = Images::new(fixture.docker.clone(), options());
    images.tag(&image, &second).await.unwrap();
    remove(&fixture.docker, &[&image]).await;
    assert_eq!(id(&fixture.docker, &second).await.as_ref(), Some(&ids[1]));
    let error = images.tag(&image, &second).await.unwrap_err().to_string();
    assert!(error.contains("can't tag the image"), "{error}");
    remove(&fixture.docker, &[&second]).await;
    fixture.end().await;
}

#[tokio::test]
async fn a_step_that_fails_tells_what_it_said_last() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = name(&fixture, "fails");
    let recipe = recipe(&image, "FROM debian:bookworm-slim\nRUN echo because >&2; exit 3\n");
    let images = Images::with_recipes(fixture.docker.clone(), options(), with_bases([recipe]));
    let error = images.ensure(&image, &|_| {}).await.unwrap_err();
    let ImageError::Build { step, said, .. } = &error else { panic!("{error}") };
    assert_eq!(step, "RUN echo because >&2; exit 3");
    assert_eq!(said, "because\nit ended with 3");
    assert_eq!(id(&fixture.docker, &image).await, None);
    fixture.end().await;
}

#[tokio::test]
async fn a_step_that_says_nothing_is_given_up() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = name(&fixture, "silent");
    let recipe = recipe(&image, "FROM debian:bookworm-slim\nRUN sleep 120\n");
    let mut options = options();
    options.patience.build = Duration::from_secs(3);
    let images = Images::with_recipes(fixture.docker.clone(), options, with_bases([recipe]));
    let error = images.ensure(&image, &|_| {}).await.unwrap_err().to_string();
    assert!(error.ends_with("`RUN sleep 120` said nothing for 3 s"), "{error}");
    fixture.end().await;
}
