//! Images: pulled, else built under the same tag.
//!
//! [`Images::ensure`] is all that most callers need: what is there is taken, what a registry has is
//! pulled, and the rest is built from files that are part of this program. Where no registry can be
//! reached it is found out once, and everything is built of Debian's packages, down to Debian itself.
//!
//! | module | is |
//! |---|---|
//! | [`catalogue`] | the images of this place, and the files that they are built of |
//! | [`recipe`] | how an image is built |
//! | [`options`] | what the machine's owner may choose |
//! | [`event`] | what is told while it happens |
//! | `ensure` | there, pulled or built, once for all who ask |
//! | `pull`, `build`, `debian` | the three ways to get one |
//! | `folder` | an image of a folder: that of an application |
//! | `context`, `archive` | the files of a build, and how Docker gets them |
//! | `lock` | one at a time, also among processes |

mod archive;
mod build;
pub mod catalogue;
mod context;
mod debian;
mod ensure;
mod error;
pub mod event;
mod folder;
mod lock;
pub mod options;
mod pull;
pub mod recipe;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

pub use error::ImageError;
pub use event::{Had, ImageEvent, Progress};
pub use folder::FolderBuild;
pub use options::{Options, Patience};
pub use recipe::{File, Recipe, Source};

use super::docker::{Docker, DockerError, bollard::query_parameters::TagImageOptionsBuilder};

/// The label that says of which files an image was built here, behind the image's name: what others build
/// on it has the label as well, and is another image. What was pulled has none.
pub const DIGEST_LABEL: &str = "infra.image.digest";

/// What the label says.
fn label(image: &str, digest: &str) -> String {
    format!("{image}@{digest}")
}

/// The images of a Docker. Clones share what was found out about registries.
#[derive(Clone, Debug)]
pub struct Images {
    docker: Docker,
    options: Arc<Options>,
    recipes: Arc<BTreeMap<String, Recipe>>,
    /// Registries that did not answer in this run, and what happened.
    unreachable: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Images {
    /// Those of this place: see [`catalogue`].
    #[must_use]
    pub fn new(docker: Docker, options: Options) -> Self {
        Self::with_recipes(docker, options, catalogue::recipes())
    }

    /// Those that are built by other recipes. An image without one can only be pulled.
    #[must_use]
    pub fn with_recipes(
        docker: Docker,
        options: Options,
        recipes: impl IntoIterator<Item = Recipe>,
    ) -> Self {
        let recipes = recipes.into_iter().map(|recipe| (recipe.image.clone(), recipe));
        Self {
            docker,
            options: Arc::new(options),
            recipes: Arc::new(recipes.collect()),
            unreachable: Arc::default(),
        }
    }

    /// Gives an image a second name.
    ///
    /// # Errors
    /// If the name can't be understood, or Docker refuses: most likely there is no such image.
    pub async fn tag(&self, image: &str, name: &str) -> Result<(), ImageError> {
        let (repository, tag) =
            split(name).ok_or_else(|| DockerError::NoImageName(name.to_owned()))?;
        let options = TagImageOptionsBuilder::new().repo(repository).tag(tag).build();
        let tagged = self.docker.api().tag_image(image, Some(options)).await;
        Ok(tagged.map_err(|source| DockerError::api("tag the image", image, source))?)
    }

    /// What happened when a registry was asked last, if it did not answer.
    fn unreachable(&self, registry: &str) -> Option<String> {
        self.unreachable.lock().unwrap_or_else(PoisonError::into_inner).get(registry).cloned()
    }

    fn remember_unreachable(&self, registry: &str, reason: &str) {
        let mut known = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(registry.to_owned(), reason.to_owned());
    }
}

/// The name of an image without its tag, and the tag.
fn split(image: &str) -> Option<(&str, &str)> {
    // A colon before a slash is that of a registry's port.
    image.rsplit_once(':').filter(|(name, tag)| !name.is_empty() && !tag.contains('/'))
}
