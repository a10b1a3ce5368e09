//! `aws:backup:RestoreTestingSelection`.

use std::collections::BTreeMap;

use aws_sdk_backup::types as sdk;
use infra_core::{
    aws::backup::{
        self, KeyValueArgs, ProtectedResourceConditionsArgs, RestoreTestingSelectionArgs,
    },
    handler::{Deletion, Request, TypedRequest},
    types::{Hours, IntoValue, PropertyType},
    value::Value,
};

use super::count;
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE, passed},
    plain::int,
    resource::Resource,
    seen::Seen,
};

pub(crate) struct RestoreTestingSelection;

type Type = backup::RestoreTestingSelection;

/// All resources of the kind, of which conditions may leave some.
const ALL: &str = "*";

/// The plan and the name, neither of which has a slash in it.
fn key(request: &Request) -> (&str, &str) {
    request.id.split_once('/').unwrap_or_default()
}

fn arns(args: &RestoreTestingSelectionArgs) -> Vec<String> {
    let arns = &args.protected_resource_arns;
    if arns.is_empty() { vec![ALL.to_owned()] } else { arns.clone() }
}

fn conditions(args: &ProtectedResourceConditionsArgs) -> sdk::ProtectedResourceConditions {
    let all = |tags: &[KeyValueArgs]| {
        let tag = |tag: &KeyValueArgs| {
            let tag = sdk::KeyValue::builder().key(&tag.key).value(&tag.value).build();
            tag.expect("it has a key and a value")
        };
        Some(tags.iter().map(tag).collect())
    };
    sdk::ProtectedResourceConditions::builder()
        .set_string_equals(all(&args.string_equals))
        .set_string_not_equals(all(&args.string_not_equals))
        .build()
}

/// Conditions that AWS tells; empty ones are none.
fn conditions_args(
    told: &sdk::ProtectedResourceConditions,
) -> Option<ProtectedResourceConditionsArgs> {
    let all = |tags: &[sdk::KeyValue]| {
        let tag = |tag: &sdk::KeyValue| KeyValueArgs {
            key: tag.key().to_owned(),
            value: tag.value().to_owned(),
        };
        tags.iter().map(tag).collect::<Vec<_>>()
    };
    let args = ProtectedResourceConditionsArgs {
        string_equals: all(told.string_equals()),
        string_not_equals: all(told.string_not_equals()),
    };
    (!args.string_equals.is_empty() || !args.string_not_equals.is_empty()).then_some(args)
}

/// The case of their keys means nothing.
fn overrides(recorded: &Value, told: BTreeMap<String, String>) -> Value {
    let small = |all: &BTreeMap<String, String>| {
        let small = all.iter().map(|(key, value)| (key.to_lowercase(), value.clone()));
        small.collect::<BTreeMap<_, _>>()
    };
    match BTreeMap::<String, String>::decode(recorded) {
        Ok(known) if small(&known) == small(&told) => recorded.clone(),
        _ => told.into_value(),
    }
}

fn seen(told: &sdk::RestoreTestingSelectionForGet, request: &Request) -> Seen {
    let inputs = &request.inputs;
    let mut arns = told.protected_resource_arns();
    if arns == [ALL] && inputs.get(Type::PROTECTED_RESOURCE_ARNS.slot).is_null() {
        arns = &[];
    }
    let conditions = told.protected_resource_conditions().and_then(conditions_args);
    let metadata = told.restore_metadata_overrides().cloned().unwrap_or_default();
    let recorded = inputs.get(Type::RESTORE_METADATA_OVERRIDES.slot);
    let metadata = overrides(recorded, metadata.into_iter().collect());
    let hours = count(told.validation_window_hours());
    Seen::new(&*request.id)
        .text(Type::RESTORE_TESTING_PLAN_NAME, Some(told.restore_testing_plan_name()))
        .text(Type::RESTORE_TESTING_SELECTION_NAME, Some(told.restore_testing_selection_name()))
        .text(Type::PROTECTED_RESOURCE_TYPE, Some(told.protected_resource_type()))
        .text(Type::IAM_ROLE_ARN, Some(told.iam_role_arn()))
        .texts(Type::PROTECTED_RESOURCE_ARNS, arns)
        .set(Type::PROTECTED_RESOURCE_CONDITIONS, conditions)
        .value(Type::RESTORE_METADATA_OVERRIDES, metadata)
        .set(Type::VALIDATION_WINDOW_HOURS, Hours(hours))
}

const PLAN: &[On] = &[On::Arn(
    "arn:aws:backup:{region}:{account}:restore-testing-plan:{restore_testing_plan_name}-*",
)];

impl Resource for RestoreTestingSelection {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("backup:CreateRestoreTestingSelection").on(PLAN),
        UPDATE.needs("backup:UpdateRestoreTestingSelection").on(PLAN),
        READ.needs("backup:GetRestoreTestingSelection").on(PLAN),
        DELETE.needs("backup:DeleteRestoreTestingSelection").on(PLAN),
        passed!(CREATE.and(UPDATE), "backup.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let hours = args.validation_window_hours.0;
        let selection = sdk::RestoreTestingSelectionForCreate::builder()
            .restore_testing_selection_name(&args.restore_testing_selection_name)
            .protected_resource_type(args.protected_resource_type.as_str())
            .iam_role_arn(args.iam_role_arn.as_str())
            .set_protected_resource_arns(Some(arns(args)))
            .set_protected_resource_conditions(
                args.protected_resource_conditions.as_ref().map(conditions),
            )
            .set_restore_metadata_overrides(Some(
                args.restore_metadata_overrides.clone().into_iter().collect(),
            ))
            .validation_window_hours(int(hours))
            .build()
            .expect("it has a name, a kind and a role");
        aws.backup()
            .create_restore_testing_selection()
            .restore_testing_plan_name(args.restore_testing_plan_name.as_str())
            .restore_testing_selection(selection)
            .creator_request_id(&*request.owner.intent)
            .send()
            .await?;
        let id = request.ty.natural_id(&request.inputs);
        Ok(Seen::new(id.unwrap_or_default()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (args, (plan, name)) = (&request.args, key(request));
        let hours = args.validation_window_hours.0;
        // Those that go are said to be empty; beside ARNs that say which AWS takes none at all.
        let had = !request.old_inputs.get(Type::PROTECTED_RESOURCE_CONDITIONS.slot).is_null();
        let none =
            ProtectedResourceConditionsArgs { string_equals: vec![], string_not_equals: vec![] };
        let all = args.protected_resource_conditions.as_ref().or(had.then_some(&none));
        let selection = sdk::RestoreTestingSelectionForUpdate::builder()
            .iam_role_arn(args.iam_role_arn.as_str())
            .set_protected_resource_arns(Some(arns(args)))
            .set_protected_resource_conditions(all.map(conditions))
            .set_restore_metadata_overrides(Some(
                args.restore_metadata_overrides.clone().into_iter().collect(),
            ))
            .validation_window_hours(int(hours))
            .build();
        aws.backup()
            .update_restore_testing_selection()
            .restore_testing_plan_name(plan)
            .restore_testing_selection_name(name)
            .restore_testing_selection(selection)
            .send()
            .await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (plan, name) = key(request);
        let asked = aws.backup().get_restore_testing_selection().restore_testing_plan_name(plan);
        let told = asked.restore_testing_selection_name(name).send().await.if_found()?;
        let told = told.as_ref().and_then(|told| told.restore_testing_selection());
        Ok(told.map(|selection| seen(selection, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (plan, name) = key(request);
        let delete = aws.backup().delete_restore_testing_selection();
        let delete = delete.restore_testing_plan_name(plan).restore_testing_selection_name(name);
        delete.send().await?;
        Ok(Deletion::Gone)
    }
}
