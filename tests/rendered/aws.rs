//! What is asked of AWS, against what AWS publishes: the schemas of its resources, and the tables of
//! its actions, their resources and their conditions.

use std::ffi::OsString;

use infra_core::{
    aws::iam::{PolicyDocument, RolePolicy},
    dsl::ResourceType,
    types::PropertyType,
};
use infra_tests::tools::cfn_schemas;
use serde_json::{Value as Json, json};

use crate::{
    sites::{Site, deployed},
    tools::python,
};

/// A policy, as AWS gets it.
pub(crate) struct Policy {
    /// Whose it is.
    pub(crate) of: String,
    /// What it is attached to: `identity`, `trust`, `resource`.
    kind: &'static str,
    pub(crate) document: Json,
}

/// All policies of a site.
pub(crate) fn policies(site: &Site) -> Vec<Policy> {
    let mut found = vec![];
    for object in site.all() {
        for (slot, value) in object.inputs.iter() {
            if value.field("statements").is_none() {
                continue;
            }
            let property = object.ty.prop(slot).name;
            let kind = match property {
                "assume_role_policy_document" => "trust",
                _ if object.ty.name == RolePolicy::definition().name => "identity",
                _ => "resource",
            };
            let document = PolicyDocument::decode(value).unwrap().to_json();
            let of = format!("{} {}: {property}", object.ty.name, object.id);
            found.push(Policy { of, kind, document });
        }
    }
    assert!(found.len() > 10, "{}: {}", site.name, found.len());
    found
}

/// What is wrong with policies, by the tables of AWS's actions.
fn wrong_of(
    policies: impl IntoIterator<Item = (String, &'static str, Json)>,
) -> Option<Vec<String>> {
    let asked: Vec<Json> = policies
        .into_iter()
        .map(|(of, kind, policy)| json!({ "where": of, "kind": kind, "policy": policy }))
        .collect();
    python("policies.py", &[], &json!(asked).to_string())
}

#[test]
fn roles_are_allowed_actions_that_there_are_on_resources_that_these_know() {
    for site in deployed() {
        let all = policies(site).into_iter();
        let Some(wrong) = wrong_of(all.map(|it| (it.of, it.kind, it.document))) else { return };
        assert!(wrong.is_empty(), "{}: {wrong:#?}", site.name);
    }
}

/// What is said of one of those that were asked about together, each by its place.
fn said_of(place: usize, said: &[String]) -> Vec<&str> {
    let own = format!("{place}: ");
    said.iter().filter_map(|it| it.strip_prefix(&*own)).collect()
}

/// Of each kind of mistake, one.
#[test]
fn a_policy_that_is_wrong_is_found() {
    let task = "arn:aws:ecs:eu-central-1:123456789012:task/web/*";
    let mistakes = [
        ("ecs:UpdateTaskProtektion", task, "", "AWS knows no action ecs:UpdateTaskProtektion"),
        ("ecs:UpdateTaskProtection", "*", "", "on *, and AWS knows task of it"),
        ("ecs:UpdateService", task, "", "ecs:UpdateService is on service, and not on"),
        ("ecr:GetAuthorizationToken", task, "", "knows no resources: it takes * alone"),
        ("s3:GetObject", "arn:aws:s3:::bucket", "", "s3:GetObject is on"),
        ("ecs:StopTask", task, "ecs:weather", "ecs:StopTask knows no condition ecs:weather"),
        ("*", "*", "", "allows every action"),
    ];
    let wrong = mistakes.map(|(action, resource, condition, _)| {
        let mut statement =
            json!({ "Effect": "Allow", "Action": [action], "Resource": [resource] });
        if !condition.is_empty() {
            statement["Condition"] = json!({ "StringEquals": { condition: ["fair"] } });
        }
        json!({ "Statement": [statement] })
    });
    let right =
        json!({ "Statement": { "Effect": "Allow", "Action": "ecs:StopTask", "Resource": task } });
    let asked = wrong.into_iter().chain([right]).enumerate();
    let asked = asked.map(|(place, policy)| (place.to_string(), "identity", policy));
    let Some(said) = wrong_of(asked) else { return };
    for (place, (action, _, _, says)) in mistakes.iter().enumerate() {
        let wrong = said_of(place, &said);
        assert!(wrong.iter().any(|it| it.contains(says)), "{action}: {wrong:?}");
    }
    assert_eq!(said_of(mistakes.len(), &said), [""; 0]);
}

/// What is wrong with resources by AWS's schemas, and how many values were looked at.
fn wrong_by_schema(asked: &[Json]) -> Option<(Vec<String>, usize)> {
    let folder = cfn_schemas()?;
    let mut said = python("schemas.py", &[OsString::from(folder)], &json!(asked).to_string())?;
    let values = said.pop().unwrap().parse().unwrap();
    Some((said, values))
}

fn asked_of(site: &Site) -> Vec<Json> {
    let of_resources = site.all().map(|object| {
        let inputs = object.inputs.iter().filter(|(slot, _)| !object.ty.prop(*slot).secret());
        let properties: serde_json::Map<String, Json> = inputs
            .map(|(slot, value)| {
                (object.ty.prop(slot).name.to_owned(), serde_json::to_value(value).unwrap())
            })
            .collect();
        let of = format!("{} {}", object.ty.name, object.id);
        json!({ "where": of, "type": object.ty.name, "properties": properties })
    });
    of_resources.collect()
}

#[test]
fn what_is_asked_for_is_what_the_schemas_of_aws_take() {
    for site in deployed() {
        let Some((wrong, values)) = wrong_by_schema(&asked_of(site)) else { return };
        assert!(wrong.is_empty(), "{}: {wrong:#?}", site.name);
        assert!(values > 500, "{}: {values} values were looked at", site.name);
    }
}

/// Of each kind of value, one.
#[test]
fn a_value_that_aws_does_not_take_is_found() {
    let mistakes = [
        ("aws:efs:FileSystem", json!({ "throughput_mode": "fast" }), "'fast' is not one of"),
        ("aws:logs:LogGroup", json!({ "retention_in_days": 6 }), "6 is not one of"),
        ("aws:logs:LogGroup", json!({ "log_group_name": "a b" }), "does not match"),
        ("aws:backup:Vault", json!({ "backup_vault_name": "a b" }), "does not match"),
        (
            "aws:ecs:TaskDefinition",
            json!({ "volumes": [{ "efs_volume_configuration": { "transit_encryption": "yes" } }] }),
            "'yes' is not one of",
        ),
        ("aws:none:Such", json!({}), "what is it called in CloudFormation?"),
    ];
    let asked: Vec<Json> = mistakes
        .iter()
        .enumerate()
        .map(|(place, (ty, properties, _))| {
            json!({ "where": place.to_string(), "type": ty, "properties": properties })
        })
        .collect();
    let Some((said, _)) = wrong_by_schema(&asked) else { return };
    for (place, (ty, _, says)) in mistakes.iter().enumerate() {
        let wrong = said_of(place, &said);
        assert!(wrong.iter().any(|it| it.contains(says)), "{ty}: {wrong:?}");
    }
}
