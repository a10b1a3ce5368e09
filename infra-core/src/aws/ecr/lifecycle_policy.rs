//! Which images of a repository go by themselves.

use crate::{prelude::*, props};

/// Which images go by themselves. Rules are tried by their priority; an image that one of them
/// lets go is not looked at by the next.
#[props]
pub struct LifecyclePolicy {
    /// The rules. AWS: `rules`.
    pub rules: Vec<LifecyclePolicyRule>,
}

/// A rule of a [`LifecyclePolicy`].
#[props]
pub struct LifecyclePolicyRule {
    /// Its place, from 1, the lowest first; each has its own. A rule for any image comes last.
    /// AWS: `rulePriority`.
    pub rule_priority: u32,
    /// Which images it is about. AWS: `selection`, `tagStatus`.
    pub tag_status: TagStatus,
    /// Which of them go. AWS: `selection`, `countType`, `countNumber` and `countUnit`.
    pub limit: ImageLimit,
    /// Patterns of tags, such as `*-test`, of which an image has one for each; for tagged images,
    /// in place of prefixes. Default: none. AWS: `selection`, `tagPatternList`.
    pub tag_pattern_list: Option<Vec<String>>,
    /// Beginnings of tags, of which an image has one for each; for tagged images, in place of
    /// patterns. Default: none. AWS: `selection`, `tagPrefixList`.
    pub tag_prefix_list: Option<Vec<String>>,
    /// What it is for. Default: none. AWS: `description`.
    pub description: Option<String>,
}

/// Which images a rule is about.
#[props(words = "lower")]
pub enum TagStatus {
    /// Those with a tag that fits.
    Tagged,
    /// Those without a tag: their tag went to a newer one.
    Untagged,
    /// All.
    Any,
}

/// Which of the images go that a rule is about.
#[props]
pub enum ImageLimit {
    /// All but the newest so many.
    ImageCountMoreThan(u32),
    /// Those that are older.
    SinceImagePushed(Days),
}
