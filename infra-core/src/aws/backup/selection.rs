//! AWS: backup CreateBackupSelection, GetBackupSelection, DeleteBackupSelection.

use crate::{
    aws::{BackupPlanId, RoleArn},
    prelude::*,
    props, resource,
};

/// What a [`Plan`](super::Plan) makes backups of: resources by ARN, by tags, or both.
///
/// One that names neither ARNs nor tags is about everything that AWS Backup knows in the region.
///
/// AWS has no call that changes one: every change replaces it, and no backup is missed meanwhile.
///
/// ```
/// use infra_core::{
///     aws::{
///         backup::{BackupRule, Plan, Selection, TagCondition, Vault},
///         iam::{PolicyDocument, Role, RolePolicyAttachment},
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let vault = Vault::named("campus").create(&stack);
/// # let rule = BackupRule::new("nightly", vault.backup_vault_name(), "rate(1 day)");
/// # let plan = Plan::named("nightly").backup_plan_name("nightly").rules([rule]).create(&stack);
/// let role = Role::named("backup")
///     .assume_role_policy_document(PolicyDocument::assumed_by_service("backup.amazonaws.com"))
///     .create(&stack);
/// Selection::named("marked")
///     .backup_plan_id(&plan)
///     .selection_name("marked")
///     .iam_role_arn(role.arn())
///     .list_of_tags([TagCondition::new("backup", "nightly")])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:backup:Selection", find = token, create = "1s", delete = "1s")]
pub struct Selection {
    /// The plan. Changing it replaces the selection. AWS: `BackupPlanId`.
    #[prop(replace)]
    pub backup_plan_id: BackupPlanId,
    /// The name, up to 50 letters, digits and `-_.`. Changing it replaces the selection. AWS:
    /// `SelectionName`.
    #[prop(replace)]
    pub selection_name: String,
    /// The role that AWS Backup takes on to make backups. Changing it replaces the selection. AWS:
    /// `IamRoleArn`.
    #[prop(replace)]
    pub iam_role_arn: RoleArn,
    /// The ARNs, with `*` for all: up to 500 without a wildcard, 30 with one. Default: what
    /// `list_of_tags` says. Changing it replaces the selection. AWS: `Resources`.
    #[prop(default, set, replace)]
    pub resources: Vec<String>,
    /// ARNs that are left out again. Default: none. Changing it replaces the selection. AWS:
    /// `NotResources`.
    #[prop(default, set, replace)]
    pub not_resources: Vec<String>,
    /// Tags of which a resource has any, beside what `resources` names. Default: none. Changing it
    /// replaces the selection. AWS: `ListOfTags`.
    #[prop(default, set, replace)]
    pub list_of_tags: Vec<TagCondition>,
    /// What all of `resources` must fulfil. Default: nothing. Changing it replaces the selection.
    /// AWS: `Conditions`.
    #[prop(replace)]
    pub conditions: Option<SelectionConditions>,
    /// The id. AWS: `SelectionId`.
    #[output(id(uuid), at = exists)]
    pub selection_id: String,
}

/// A tag that a resource has.
#[props]
pub struct TagCondition {
    /// Its key. AWS: `ConditionKey`.
    pub condition_key: String,
    /// Its value. AWS: `ConditionValue`.
    pub condition_value: String,
}

/// What resources must fulfil, all of it.
#[props]
pub struct SelectionConditions {
    /// Tags that they have. Default: none. AWS: `StringEquals`.
    #[prop(default)]
    pub string_equals: Vec<ConditionParameter>,
    /// Tags that they do not have. Default: none. AWS: `StringNotEquals`.
    #[prop(default)]
    pub string_not_equals: Vec<ConditionParameter>,
    /// Tags that they have, `*` standing for anything. Default: none. AWS: `StringLike`.
    #[prop(default)]
    pub string_like: Vec<ConditionParameter>,
    /// Tags that they do not have, `*` standing for anything. Default: none. AWS:
    /// `StringNotLike`.
    #[prop(default)]
    pub string_not_like: Vec<ConditionParameter>,
}

/// A tag, as conditions write it.
#[props]
pub struct ConditionParameter {
    /// `aws:ResourceTag/` and the key of the tag. AWS: `ConditionKey`.
    pub condition_key: String,
    /// The value of the tag. AWS: `ConditionValue`.
    pub condition_value: String,
}

impl ConditionParameter {
    /// The tag with a key.
    pub fn tag(key: &str, value: impl IntoInput<String>) -> Self {
        Self::new(format!("{TAG}{key}").as_str(), value)
    }
}

/// What keys of conditions begin with.
const TAG: &str = "aws:ResourceTag/";
