//! Lifecycles that are refused.

use crate::conformance::{Case, Refused};
use infra_core::{
    aws::s3::{
        Bucket, LifecycleConfiguration, LifecycleRule, LifecycleTransition, TransitionStorageClass,
    },
    prelude::*,
};

/// Structures alone: no type of its own.
pub(crate) const CASES: &[Case] = &[];

fn refused(stack: &Stack, rules: Vec<LifecycleRule>) {
    let lifecycle = LifecycleConfiguration::new(rules);
    Bucket::named("subject").lifecycle_configuration(lifecycle).create(stack);
}

fn moving(after: Days) -> LifecycleRule {
    let to = LifecycleTransition::new(TransitionStorageClass::StandardIa).transition_in_days(after);
    LifecycleRule::enabled().transitions([to])
}

pub(super) const NOTHING: Refused = Refused {
    property: "lifecycle_configuration.rules[0]",
    build: |stack| refused(stack, vec![LifecycleRule::enabled().prefix("logs/")]),
    says: "says nothing that is to happen",
};

pub(super) const TOO_EARLY: Refused = Refused {
    property: "lifecycle_configuration.rules[0].transitions",
    build: |stack| refused(stack, vec![moving(Days(7))]),
    says: "to STANDARD_IA after 7 d; 30 d is the least",
};

pub(super) const GONE_BEFORE_IT_MOVES: Refused = Refused {
    property: "lifecycle_configuration.rules[0].expiration_in_days",
    build: |stack| refused(stack, vec![moving(Days(60)).expiration_in_days(Days(30))]),
    says: "30 d must be more than 60 d",
};

pub(super) const SIZES: Refused = Refused {
    property: "lifecycle_configuration.rules[0].object_size_greater_than",
    build: |stack| {
        let rule =
            moving(Days(30)).object_size_greater_than(1000_i64).object_size_less_than(100_i64);
        refused(stack, vec![rule]);
    },
    says: "1000 must be less than 100",
};

pub(super) const TWICE: Refused = Refused {
    property: "lifecycle_configuration.rules[1].id",
    build: |stack| refused(stack, vec![moving(Days(30)).id("a"), moving(Days(60)).id("a")]),
    says: "is that of another rule",
};
