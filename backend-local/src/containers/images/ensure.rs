//! [`Images::ensure`]: there, pulled or built, once for all who ask.

use std::{collections::HashMap, pin::Pin};

use futures_util::future::try_join_all;

use super::{
    DIGEST_LABEL, Had, ImageError, ImageEvent, Images, Progress, Recipe, Source,
    build::Build,
    context::{Content, Context},
    lock::lock,
};
use crate::containers::docker::{
    DockerError,
    bollard::{models::ImageInspect, query_parameters::RemoveImageOptionsBuilder},
};

impl Images {
    /// Sees to it that an image is there. What was pulled is taken as it is; what was built here is
    /// built anew when the files changed that it was built of. Of several who ask at once, also in
    /// other processes, one does the work and the others wait.
    ///
    /// # Errors
    /// If it can be neither pulled nor built; says what to do.
    pub async fn ensure(&self, image: &str, progress: &Progress<'_>) -> Result<Had, ImageError> {
        let recipe = self.recipes.get(image);
        let wanted = recipe.map(Recipe::digest);
        if fits(image, self.look(image).await?.as_ref(), recipe, wanted.as_deref()) {
            return Ok(Had::There);
        }
        let tell = || progress(ImageEvent::Waiting { image: image.to_owned() });
        let _alone = lock(&self.options.folder, image, tell).await?;
        let before = self.look(image).await?;
        if fits(image, before.as_ref(), recipe, wanted.as_deref()) {
            return Ok(Had::There);
        }
        let had = self.obtain(image, recipe, wanted.unwrap_or_default(), progress).await?;
        self.replaced(image, before.as_ref()).await?;
        progress(ImageEvent::Ready { image: image.to_owned(), had });
        Ok(had)
    }

    /// Sees to it that several are there, at the same time.
    ///
    /// # Errors
    /// If one can be neither pulled nor built.
    pub async fn ensure_all(
        &self,
        images: &[&str],
        progress: &Progress<'_>,
    ) -> Result<(), ImageError> {
        try_join_all(images.iter().map(|image| self.ensure(image, progress))).await?;
        Ok(())
    }

    async fn obtain(
        &self,
        image: &str,
        recipe: Option<&Recipe>,
        digest: String,
        progress: &Progress<'_>,
    ) -> Result<Had, ImageError> {
        let mut refused = None;
        if recipe.is_none_or(|recipe| recipe.pulled) {
            match self.pull(image, progress).await {
                Ok(()) => return Ok(Had::Pulled),
                Err(reason) => refused = Some(reason),
            }
        }
        let Some(recipe) = recipe else {
            let reason = refused.unwrap_or_default();
            return Err(ImageError::NotPulled { image: image.to_owned(), reason });
        };
        if let Some(reason) = &refused {
            let (image, reason) = (image.to_owned(), reason.clone());
            progress(ImageEvent::NotPulled { image, reason });
        }
        self.bases(&recipe.bases, progress).await?;
        match &recipe.source {
            Source::Debian { suite } => self.debian(image, suite, &digest, progress).await?,
            Source::Files(files) => {
                let mut context = Context::of(files);
                if let Some(path) = &recipe.authorities {
                    let bytes = self.options.authorities.clone().into();
                    context.add(path.clone(), Content::Bytes { bytes, executable: false });
                }
                let apt = ("APT_OPTS".to_owned(), self.options.apt_options.clone());
                let arguments = HashMap::from([apt]);
                self.build(Build { image, context, arguments, digest }, progress).await?;
            }
        }
        Ok(Had::Built)
    }

    /// The images that another begins with.
    pub(super) fn bases<'a>(
        &'a self,
        bases: &'a [String],
        progress: &'a Progress<'_>,
    ) -> Pin<Box<dyn Future<Output = Result<(), ImageError>> + Send + 'a>> {
        Box::pin(async move {
            try_join_all(bases.iter().map(|base| self.ensure(base, progress))).await?;
            Ok(())
        })
    }

    /// An image as it is there.
    pub(super) async fn look(&self, image: &str) -> Result<Option<ImageInspect>, ImageError> {
        let seen = self.docker.api().inspect_image(image).await;
        match seen.map_err(|source| DockerError::api("look at the image", image, source)) {
            Ok(seen) => Ok(Some(seen)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an image that was built here and has lost its name to another, unless somebody
    /// still uses it.
    pub(super) async fn replaced(
        &self,
        image: &str,
        before: Option<&ImageInspect>,
    ) -> Result<(), ImageError> {
        let Some((before, id)) = before.and_then(|before| Some((before, before.id.as_ref()?)))
        else {
            return Ok(());
        };
        let now = self.look(id).await?;
        let named = |image: ImageInspect| image.repo_tags.is_some_and(|tags| !tags.is_empty());
        if digest_of(before, image).is_none() || now.is_none_or(named) {
            return Ok(());
        }
        let options = RemoveImageOptionsBuilder::new().build();
        let removed = self.docker.api().remove_image(id, Some(options), None).await;
        match removed.map_err(|source| DockerError::api("remove the image", id, source)) {
            Err(error) if !(error.is_missing() || error.is_conflict()) => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// Of which files an image was built here, by its name.
pub(super) fn digest_of<'a>(image: &'a ImageInspect, name: &str) -> Option<&'a str> {
    let label = image.config.as_ref()?.labels.as_ref()?.get(DIGEST_LABEL)?;
    let (of, digest) = label.rsplit_once('@')?;
    (of == name).then_some(digest)
}

/// Whether an image is what is wanted.
fn fits(
    name: &str,
    image: Option<&ImageInspect>,
    recipe: Option<&Recipe>,
    wanted: Option<&str>,
) -> bool {
    let (Some(image), Some(recipe)) = (image, recipe) else { return image.is_some() };
    match digest_of(image, name) {
        Some(digest) => wanted == Some(digest),
        // It was pulled, or somebody brought it along. Nobody else has ours.
        None => recipe.pulled,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{super::label, DIGEST_LABEL, ImageInspect, Recipe, Source, fits};
    use crate::containers::docker::bollard::models::ImageConfig;

    fn labelled(label: Option<String>) -> ImageInspect {
        let labels = label.map(|label| HashMap::from([(DIGEST_LABEL.to_owned(), label)]));
        let config = Some(ImageConfig { labels, ..ImageConfig::default() });
        ImageInspect { config, ..ImageInspect::default() }
    }

    #[test]
    fn an_image_that_others_built_on_one_of_ours_is_theirs() {
        let recipe = Recipe {
            image: "redis:7".to_owned(),
            pulled: true,
            bases: Vec::new(),
            source: Source::Files(Vec::new()),
            authorities: None,
        };
        let fits = |label| fits("redis:7", Some(&labelled(label)), Some(&recipe), Some("new"));
        assert!(fits(None));
        assert!(fits(Some(label("redis:7", "new"))));
        assert!(!fits(Some(label("redis:7", "old"))));
        assert!(fits(Some(label("debian:trixie-slim", "old"))));
        assert!(fits(Some(label("localhost:5000/redis:7", "old"))));
    }
}
