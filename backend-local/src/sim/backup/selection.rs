//! What is special about a selection of a backup plan: what ARNs and conditions look like, and that
//! AWS Backup may take its role on.

use infra_core::{
    aws::{
        RoleArn,
        backup::{self, SelectionConditionsArgs},
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use super::vault::{CODES, INVALID, check_name};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Selection];

type S = backup::Selection;

/// AWS: ARNs of a selection without a wildcard, and with one.
const PLAIN: usize = 500;
const WILD: usize = 30;
/// What keys of conditions begin with.
const TAG: &str = "aws:ResourceTag/";
const SERVICE: &str = "backup.amazonaws.com";

struct Selection;

impl Special for Selection {
    fn ty(&self) -> &'static TypeDef {
        S::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name("selection_name", &asked.get(S::SELECTION_NAME).unwrap_or_default())?;
        let resources = asked.get(S::RESOURCES).unwrap_or_default();
        let not_resources = asked.get(S::NOT_RESOURCES).unwrap_or_default();
        check_arns("resources", &resources)?;
        check_arns("not_resources", &not_resources)?;
        if let Some(conditions) = asked.get(S::CONDITIONS) {
            check_conditions(&conditions)?;
        }
        asked.get(S::IAM_ROLE_ARN).map_or(Ok(()), |role| check_trust(asked, &role))
    }
}

fn check_arns(property: &str, arns: &[String]) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid(property, INVALID, message));
    if let Some(bad) = arns.iter().find(|arn| !(arn.as_str() == "*" || arn.starts_with("arn:"))) {
        return refused(format!("`{property}` {bad:?} is neither an ARN nor `*`"));
    }
    let wild = arns.iter().filter(|arn| arn.contains('*')).count();
    for (what, count, most) in
        [("with a wildcard", wild, WILD), ("without a wildcard", arns.len() - wild, PLAIN)]
    {
        if count > most {
            return refused(format!("`{property}` has {count} ARNs {what}; {most} are the most"));
        }
    }
    Ok(())
}

fn check_conditions(conditions: &SelectionConditionsArgs) -> Result<(), Refusal> {
    let SelectionConditionsArgs { string_equals, string_not_equals, string_like, string_not_like } =
        conditions;
    let all = [string_equals, string_not_equals, string_like, string_not_like];
    let Some(bad) =
        all.into_iter().flatten().find(|condition| !condition.condition_key.starts_with(TAG))
    else {
        return Ok(());
    };
    let key = &bad.condition_key;
    let message = format!("`conditions` {key:?} is no key; it looks like `{TAG}backup`");
    Err(Refusal::invalid("conditions", INVALID, message))
}

/// AWS Backup must be allowed to take a role on, or it makes no backup.
pub(super) fn check_trust(asked: &Asked<'_>, role: &RoleArn) -> Result<(), Refusal> {
    if asked.can_take_on(SERVICE, role) {
        return Ok(());
    }
    let message = format!(
        "`iam_role_arn` {role} can't be taken on by AWS Backup: its `assume_role_policy_document` \
         does not let {SERVICE} do so"
    );
    Err(Refusal::invalid("iam_role_arn", INVALID, message))
}
