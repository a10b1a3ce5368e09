//! [`Images`]: the repository that a site's image is pushed to.

use infra_core::{
    aws::ecr::{ImageLimit, LifecyclePolicy, LifecyclePolicyRule, Repository, TagStatus},
    prelude::*,
};

/// Whether a site has a repository of its own for its image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// It has. Whoever makes the site pushes the image before its tasks start: `up --target` the
    /// repository, push, `up`.
    Own,
    /// It has not: the image is kept elsewhere.
    Elsewhere,
}

/// A repository of a site's own: a tag stays with its image, each image is looked through for known
/// weaknesses as it comes, and old ones go.
///
/// It goes with the site, and with all that is in it; a plan asks first.
#[derive(Clone, Copy, Debug)]
pub struct Images {
    /// The repository.
    pub repository: Repository,
}

/// How many images are kept: what runs is among the newest, as is what it is taken back to.
const KEPT: u32 = 100;

/// How long what lost its tag is kept.
const UNTAGGED: Days = Days(14);

impl Images {
    /// The repository of a site in a component of its own.
    #[track_caller]
    pub fn create(stack: &Stack, name: &str) -> Self {
        let stack = &stack.component(name);
        let rules = [
            (1_u32, TagStatus::Untagged, ImageLimit::since_image_pushed(UNTAGGED)),
            (2, TagStatus::Any, ImageLimit::image_count_more_than(KEPT)),
        ];
        let rules = rules.map(|(place, tags, limit)| LifecyclePolicyRule::new(place, tags, limit));
        let repository = Repository::named("moodle")
            .lifecycle_policy(LifecyclePolicy::new(rules))
            .empty_on_delete(true)
            .create(stack);
        Self { repository }
    }

    /// The image of a tag.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> Output<String> {
        let uri = self.repository.repository_uri();
        interpolate!("{uri}:{tag}")
    }
}
