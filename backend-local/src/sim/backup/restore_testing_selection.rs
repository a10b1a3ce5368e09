//! What is special about what a plan restores: by ARN or by tags, and for how long it is there.

use infra_core::{aws::backup, dsl::ResourceType, schema::TypeDef, types::Hours};

use super::{
    restore_testing_plan::WEEK,
    selection::check_trust,
    vault::{CODES, check_test_name, refused},
};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&RestoreTestingSelection];

type S = backup::RestoreTestingSelection;

/// AWS: "ARNs per protected resource selection" and "Conditions per protected resource selection".
const MOST: usize = 30;
/// What keys of conditions begin with.
const TAG: &str = "aws:ResourceTag/";

struct RestoreTestingSelection;

impl Special for RestoreTestingSelection {
    fn ty(&self) -> &'static TypeDef {
        S::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let name = asked.get(S::RESTORE_TESTING_SELECTION_NAME).unwrap_or_default();
        check_test_name("restore_testing_selection_name", &name)?;
        check_arns(asked)?;
        check_conditions(asked)?;
        let Hours(hours) = asked.get(S::VALIDATION_WINDOW_HOURS).unwrap_or(Hours(0));
        if hours > WEEK {
            return refused("validation_window_hours", format!("{hours} is more than {WEEK}"));
        }
        asked.get(S::IAM_ROLE_ARN).map_or(Ok(()), |role| check_trust(asked, &role))
    }
}

fn check_arns(asked: &Asked<'_>) -> Result<(), Refusal> {
    const PROPERTY: &str = "protected_resource_arns";
    let arns = asked.get(S::PROTECTED_RESOURCE_ARNS).unwrap_or_default();
    if arns.len() > MOST {
        return refused(PROPERTY, format!("has {} ARNs; {MOST} are the most", arns.len()));
    }
    let all = arns.iter().any(|arn| arn == "*");
    if all && arns.len() > 1 {
        return refused(PROPERTY, "names resources beside `*`, which is all of them");
    }
    match arns.iter().find(|arn| !(all || arn.starts_with("arn:"))) {
        Some(bad) => refused(PROPERTY, format!("{bad:?} is neither an ARN nor `*`")),
        None => Ok(()),
    }
}

fn check_conditions(asked: &Asked<'_>) -> Result<(), Refusal> {
    const PROPERTY: &str = "protected_resource_conditions";
    let Some(conditions) = asked.get(S::PROTECTED_RESOURCE_CONDITIONS) else { return Ok(()) };
    let arns = asked.get(S::PROTECTED_RESOURCE_ARNS).unwrap_or_default();
    if arns.iter().any(|arn| arn != "*") {
        return refused(PROPERTY, "can't be given beside ARNs that say which resources it is");
    }
    let all = || conditions.string_equals.iter().chain(&conditions.string_not_equals);
    if all().count() > MOST {
        return refused(PROPERTY, format!("has {} tags; {MOST} are the most", all().count()));
    }
    match all().find(|tag| !tag.key.starts_with(TAG)) {
        Some(bad) => {
            refused(PROPERTY, format!("{:?} is no key; it looks like `{TAG}backup`", bad.key))
        }
        None => Ok(()),
    }
}
