//! Images from a registry. One that can't be reached is found out within seconds, and remembered.

use std::{collections::HashMap, time::Duration};

use futures_util::StreamExt as _;

use super::{ImageEvent, Images, Progress, split};
use crate::containers::docker::bollard::{
    errors::Error as ApiError,
    query_parameters::{CreateImageOptionsBuilder, RemoveImageOptionsBuilder},
};

/// The registry of images whose names have none.
const HUB: &str = "docker.io";

/// What a registry says that was reached and does not have the image for us.
const ANSWERS: [&str; 7] = [
    "not found",
    "manifest unknown",
    "no matching manifest",
    "denied",
    "unauthorized",
    "toomanyrequests",
    "does not exist",
];

impl Images {
    /// Pulls an image; says why if it can't.
    pub(super) async fn pull(&self, image: &str, progress: &Progress<'_>) -> Result<(), String> {
        let official = registry_of(image) == HUB;
        let from = match &self.options.registry {
            Some(registry) if official => format!("{registry}/{image}"),
            _ => image.to_owned(),
        };
        let registry = registry_of(&from);
        if let Some(reason) = self.unreachable(registry) {
            return Err(reason);
        }
        progress(ImageEvent::Pulling { image: image.to_owned(), done: 0, total: 0 });
        if let Err(refusal) = self.pull_from(image, &from, progress).await {
            if !refusal.answered {
                self.remember_unreachable(registry, &refusal.reason);
            }
            return Err(refusal.reason);
        }
        if from != image {
            // It has its own name alone afterwards.
            self.tag(&from, image).await.map_err(|error| error.to_string())?;
            let options = RemoveImageOptionsBuilder::new().noprune(true).build();
            let removed = self.docker.api().remove_image(&from, Some(options), None).await;
            removed.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    async fn pull_from(
        &self,
        image: &str,
        from: &str,
        progress: &Progress<'_>,
    ) -> Result<(), Refusal> {
        let Some((name, tag)) = split(from) else {
            let reason = format!("`{from}` is no name of an image: it is `name:tag`");
            return Err(Refusal { reason, answered: true });
        };
        let options = CreateImageOptionsBuilder::new().from_image(name).tag(tag).build();
        let mut messages =
            std::pin::pin!(self.docker.api().create_image(Some(options), None, None));
        let mut parts = HashMap::new();
        let mut patience = self.options.patience.reach;
        // Whoever stops listening ends the pull.
        while let Some(message) = listen(patience, messages.next()).await? {
            let message = message.map_err(|error| Refusal::of(&error))?;
            patience = self.options.patience.pull;
            let Some((id, detail)) = message.id.zip(message.progress_detail) else { continue };
            if let (Some(done), Some(total)) = (detail.current, detail.total) {
                let size = |number| u64::try_from(number).unwrap_or_default();
                parts.insert(id, (size(done), size(total)));
                let (done, total) =
                    parts.values().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
                progress(ImageEvent::Pulling { image: image.to_owned(), done, total });
            }
        }
        Ok(())
    }
}

/// Why an image is not pulled.
struct Refusal {
    reason: String,
    /// Whether the registry itself said so: others of its images may be had.
    answered: bool,
}

impl Refusal {
    fn of(error: &ApiError) -> Self {
        let (reason, status) = match error {
            ApiError::DockerResponseServerError { status_code, message } => {
                (message.clone(), Some(*status_code))
            }
            ApiError::DockerStreamError { error } => (error.clone(), None),
            other => (other.to_string(), None),
        };
        let lower = reason.to_lowercase();
        let answered = status == Some(404) || ANSWERS.iter().any(|words| lower.contains(words));
        Self { reason, answered }
    }
}

async fn listen<T>(patience: Duration, message: impl Future<Output = T>) -> Result<T, Refusal> {
    tokio::time::timeout(patience, message).await.map_err(|_| {
        let reason = format!("the registry said nothing for {} s", patience.as_secs_f32());
        Refusal { reason, answered: false }
    })
}

/// The registry that an image's name says.
fn registry_of(image: &str) -> &str {
    let is_host = |first: &&str| first.contains(['.', ':']) || *first == "localhost";
    image.split_once('/').map(|(first, _)| first).filter(is_host).unwrap_or(HUB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_registry() {
        assert_eq!(registry_of("mysql:8.4"), HUB);
        assert_eq!(registry_of("localstack/localstack:4.14"), HUB);
        assert_eq!(registry_of("localhost/a:1"), "localhost");
        assert_eq!(registry_of("localhost:5000/a:1"), "localhost:5000");
        assert_eq!(registry_of("ghcr.io/a/b:1"), "ghcr.io");
    }

    #[test]
    fn a_registry_that_has_no_such_image_was_reached() {
        let answered = |status_code, message: &str| {
            let message = message.to_owned();
            Refusal::of(&ApiError::DockerResponseServerError { status_code, message }).answered
        };
        assert!(answered(404, "pull access denied for a"));
        assert!(answered(500, "toomanyrequests: You have reached your pull rate limit"));
        assert!(answered(500, "manifest unknown: manifest unknown"));
        assert!(!answered(500, "dial tcp: lookup registry-1.docker.io: no such host"));
        assert!(!answered(500, "dial tcp 127.0.0.1:5000: connect: connection refused"));
    }
}
