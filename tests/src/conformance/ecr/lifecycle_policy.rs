//! Lifecycles of images that are refused.

use crate::conformance::{Case, Refused};
use infra_core::{
    aws::ecr::{ImageLimit, LifecyclePolicy, LifecyclePolicyRule, Repository, TagStatus},
    prelude::*,
};

/// Structures alone: no type of its own.
pub(crate) const CASES: &[Case] = &[];

/// A rule for images without a tag.
pub(super) fn old(priority: u32, days: u32) -> LifecyclePolicyRule {
    let limit = ImageLimit::since_image_pushed(Days(days));
    LifecyclePolicyRule::new(priority, TagStatus::Untagged, limit)
}

/// A rule for the images with a tag.
pub(super) fn many(priority: u32) -> LifecyclePolicyRule {
    let limit = ImageLimit::image_count_more_than(30_u32);
    LifecyclePolicyRule::new(priority, TagStatus::Tagged, limit)
}

fn refused(stack: &Stack, rules: Vec<LifecyclePolicyRule>) {
    Repository::named("subject").lifecycle_policy(LifecyclePolicy::new(rules)).create(stack);
}

pub(super) const EMPTY: Refused = Refused {
    property: "lifecycle_policy.rules",
    build: |stack| refused(stack, vec![]),
    says: "has 0 rules, not 1 to 50",
};

pub(super) const SAME_PLACE: Refused = Refused {
    property: "lifecycle_policy.rules[1].rule_priority",
    build: |stack| refused(stack, vec![old(1, 7), old(1, 14)]),
    says: "1 must be 1 or more, and that of no other rule",
};

pub(super) const ANY_FIRST: Refused = Refused {
    property: "lifecycle_policy.rules[0]",
    build: |stack| {
        let limit = ImageLimit::image_count_more_than(30_u32);
        refused(stack, vec![LifecyclePolicyRule::new(1_u32, TagStatus::Any, limit), old(2, 7)]);
    },
    says: "is about any image and must come last",
};

pub(super) const NO_TAGS: Refused = Refused {
    property: "lifecycle_policy.rules[0].tag_pattern_list",
    build: |stack| refused(stack, vec![many(1)]),
    says: "is needed to say which tags",
};

pub(super) const TAGS_OF_UNTAGGED: Refused = Refused {
    property: "lifecycle_policy.rules[0].tag_status",
    build: |stack| refused(stack, vec![old(1, 7).tag_prefix_list(["test"])]),
    says: "untagged: patterns and prefixes go with tagged",
};

pub(super) const NOTHING_KEPT: Refused = Refused {
    property: "lifecycle_policy.rules[0].limit",
    build: |stack| refused(stack, vec![old(1, 0)]),
    says: "must be 1 at least",
};
