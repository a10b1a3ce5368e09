//! An image of a folder: that of an application.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    Had, ImageError, ImageEvent, Images, Progress,
    build::Build,
    context::{self, Context, Unread},
    ensure::digest_of,
    lock::lock,
};

/// An image that is to be built of a folder with a `Dockerfile`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderBuild {
    /// What it is to be called: `name:tag`.
    pub image: String,
    /// The folder.
    pub folder: PathBuf,
    /// Folders that are below it for the build, by their paths there: an application's source, which
    /// lies elsewhere.
    pub with: BTreeMap<String, PathBuf>,
    /// The build's arguments. `APT_OPTS` is known without.
    pub arguments: BTreeMap<String, String>,
    /// The images that it begins with.
    pub bases: Vec<String>,
}

impl FolderBuild {
    /// Of a folder as it is.
    #[must_use]
    pub fn new(image: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Self { image: image.into(), folder: folder.into(), ..Self::default() }
    }

    /// With another folder at a path below it.
    #[must_use]
    pub fn with(mut self, at: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        self.with.insert(at.into(), folder.into());
        self
    }

    /// With an argument.
    #[must_use]
    pub fn argument(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.arguments.insert(name.into(), value.into());
        self
    }

    /// With an image that it begins with.
    #[must_use]
    pub fn base(mut self, image: impl Into<String>) -> Self {
        self.bases.push(image.into());
        self
    }

    /// Its files, and their digest together with the arguments.
    fn read(&self) -> Result<(Context, String), Unread> {
        let mut context = Context::default();
        context.add_folder(&self.folder, "")?;
        for (at, folder) in &self.with {
            context.add_folder(folder, at)?;
        }
        let files = context.digest()?;
        let mut words = vec![files.as_bytes()];
        for (name, value) in &self.arguments {
            words.extend([name.as_bytes(), value.as_bytes()]);
        }
        let digest = context::digest(&words);
        Ok((context, digest))
    }
}

impl Images {
    /// Builds an image of a folder, unless it is there and was built of the same files with the same
    /// arguments.
    ///
    /// # Errors
    /// If a file can't be read, a step fails, or a base can be neither pulled nor built.
    pub async fn build_folder(
        &self,
        build: &FolderBuild,
        progress: &Progress<'_>,
    ) -> Result<Had, ImageError> {
        let image = build.image.as_str();
        if build.folder.join(".dockerignore").exists() {
            return Err(ImageError::Ignores { path: build.folder.clone() });
        }
        let reads = build.clone();
        let read = tokio::task::spawn_blocking(move || reads.read()).await;
        let read = read.map_err(|error| (build.folder.clone(), std::io::Error::other(error)));
        let (context, digest) = read.flatten().map_err(|(path, source)| ImageError::File {
            image: image.to_owned(),
            path,
            used: "read",
            source,
        })?;
        let tell = || progress(ImageEvent::Waiting { image: image.to_owned() });
        let _alone = lock(&self.options.folder, image, tell).await?;
        let before = self.look(image).await?;
        if before.as_ref().and_then(|before| digest_of(before, image)) == Some(digest.as_str()) {
            return Ok(Had::There);
        }
        self.bases(&build.bases, progress).await?;
        let apt = ("APT_OPTS".to_owned(), self.options.apt_options.clone());
        let arguments = [apt].into_iter().chain(build.arguments.clone()).collect();
        self.build(Build { image, context, arguments, digest }, progress).await?;
        self.replaced(image, before.as_ref()).await?;
        let had = Had::Built;
        progress(ImageEvent::Ready { image: image.to_owned(), had });
        Ok(had)
    }
}
