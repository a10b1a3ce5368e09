//! AWS: backup CreateRestoreTestingSelection, UpdateRestoreTestingSelection,
//! GetRestoreTestingSelection, DeleteRestoreTestingSelection.

use std::collections::BTreeMap;

use super::ProtectedResourceType;
use crate::{
    aws::{RestoreTestingPlanName, RoleArn},
    prelude::*,
    props, resource,
};

/// What a [`RestoreTestingPlan`](super::RestoreTestingPlan) restores, of one kind of resource.
///
/// What was restored is deleted after `validation_window_hours`; until then it costs as any other.
#[resource(
    "aws:backup:RestoreTestingSelection",
    key(restore_testing_plan_name, restore_testing_selection_name),
    create = "1s",
    update = "1s",
    delete = "1s"
)]
pub struct RestoreTestingSelection {
    /// The plan. Changing it replaces the selection. AWS: `RestoreTestingPlanName`.
    #[prop(replace)]
    pub restore_testing_plan_name: RestoreTestingPlanName,
    /// The name, up to 50 letters, digits and `_`, unique in the plan. Changing it replaces the
    /// selection. AWS: `RestoreTestingSelectionName`.
    #[prop(replace)]
    pub restore_testing_selection_name: String,
    /// The kind of resource. Changing it replaces the selection. AWS: `ProtectedResourceType`.
    #[prop(replace)]
    pub protected_resource_type: ProtectedResourceType,
    /// The role that AWS Backup takes on to restore them. Changes in place. AWS: `IamRoleArn`.
    pub iam_role_arn: RoleArn,
    /// Which resources: up to 30 ARNs, or `*` alone. Default: all that fulfil the conditions.
    /// Changes in place. AWS: `ProtectedResourceArns`.
    #[prop(default, set)]
    pub protected_resource_arns: Vec<String>,
    /// What they must fulfil, where no ARNs say which. Default: nothing. Changes in place. AWS:
    /// `ProtectedResourceConditions`.
    pub protected_resource_conditions: Option<ProtectedResourceConditions>,
    /// What is otherwise of what is restored than AWS Backup would have it, such as `dbSubnetGroupName`
    /// of a database. Default: nothing. Changes in place. AWS: `RestoreMetadataOverrides`.
    #[prop(default)]
    pub restore_metadata_overrides: BTreeMap<String, String>,
    /// How long what was restored is there to be looked at, up to 168 hours. Default: it is deleted
    /// at once. Changes in place. AWS: `ValidationWindowHours`.
    #[prop(default = Hours(0))]
    pub validation_window_hours: Hours,
}

/// What resources must fulfil.
#[props]
pub struct ProtectedResourceConditions {
    /// Tags that they have. Default: none. AWS: `StringEquals`.
    #[prop(default)]
    pub string_equals: Vec<KeyValue>,
    /// Tags that they do not have. Default: none. AWS: `StringNotEquals`.
    #[prop(default)]
    pub string_not_equals: Vec<KeyValue>,
}

/// A tag, as conditions write it.
#[props]
pub struct KeyValue {
    /// `aws:ResourceTag/` and the key of the tag. AWS: `Key`.
    pub key: String,
    /// The value of the tag. AWS: `Value`.
    pub value: String,
}
