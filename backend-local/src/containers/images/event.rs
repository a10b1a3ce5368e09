//! [`ImageEvent`]: what is told while an image is pulled or built.

/// Who is told.
pub type Progress<'a> = dyn Fn(ImageEvent) + Send + Sync + 'a;

/// Where an image has come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Had {
    /// It was there already.
    There,
    /// From a registry.
    Pulled,
    /// From the files that it is built of.
    Built,
}

/// What happens with an image. It begins with `Pulling` or `Building`, possibly after `Waiting`, and
/// ends with `Ready`, unless the call ends with an error. Of an image that is there already nothing is
/// told. The bases of an image are told of between.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageEvent {
    /// Somebody else pulls or builds it at the moment.
    Waiting {
        /// The image.
        image: String,
    },
    /// It comes from a registry.
    Pulling {
        /// The image.
        image: String,
        /// How many bytes have come.
        done: u64,
        /// How many there are, as far as is known by now.
        total: u64,
    },
    /// The registry does not have it for us; it is built.
    NotPulled {
        /// The image.
        image: String,
        /// Why not.
        reason: String,
    },
    /// A step of its build begins.
    Building {
        /// The image.
        image: String,
        /// Which step, from 1.
        step: u32,
        /// How many there are.
        steps: u32,
        /// The step, as its Dockerfile has it.
        instruction: String,
    },
    /// What runs in the step says a line.
    Said {
        /// The image.
        image: String,
        /// The line.
        line: String,
    },
    /// It is there.
    Ready {
        /// The image.
        image: String,
        /// Where it has come from.
        had: Had,
    },
}

impl ImageEvent {
    /// The image that it is about.
    #[must_use]
    pub fn image(&self) -> &str {
        match self {
            Self::Waiting { image }
            | Self::Pulling { image, .. }
            | Self::NotPulled { image, .. }
            | Self::Building { image, .. }
            | Self::Said { image, .. }
            | Self::Ready { image, .. } => image,
        }
    }

    /// In words, for somebody who waits for the image; `None` if there is nothing to wait for, or it says no
    /// more than the event before.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        match self {
            Self::Waiting { image } => Some(format!("waits for the image {image}")),
            Self::Pulling { image, done, total } => {
                let percent = done * 100 / total.max(&1);
                Some(format!("the image {image} is being pulled: {percent} %"))
            }
            Self::Building { image, step, steps, instruction } => {
                Some(format!("the image {image} is being built: {step}/{steps} {instruction}"))
            }
            Self::NotPulled { .. } | Self::Said { .. } | Self::Ready { .. } => None,
        }
    }
}
