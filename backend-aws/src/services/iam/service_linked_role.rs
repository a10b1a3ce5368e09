//! `aws:iam:ServiceLinkedRole`.

use aws_sdk_iam::types::{self as sdk, DeletionTaskStatusType as Status};
use infra_core::{
    aws::iam::{self, LinkedService},
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::key;
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct ServiceLinkedRole;

type Type = iam::ServiceLinkedRole;

/// How the paths of such roles begin; the service follows.
const PATH: &str = "/aws-service-role/";

/// What the service calls the role: what it said, or what is known of it before.
fn name(request: &Request) -> String {
    if let Some(told) = request.outputs.get(Type::ROLE_NAME.slot).as_str() {
        return told.to_owned();
    }
    let (service, suffix) = key(request);
    let known = LinkedService::ALL.into_iter().find(|known| known.as_str() == service);
    let name = known.map_or(service, |known| known.role_name());
    // An absent part of a key is a hyphen.
    if suffix == "-" { name.to_owned() } else { format!("{name}_{suffix}") }
}

fn seen(role: &sdk::Role, request: &Request) -> Seen {
    let (_, suffix) = key(request);
    let service = role.path().strip_prefix(PATH).map(|rest| rest.trim_end_matches('/'));
    // The service describes its role where the program does not.
    let is_described = !request.inputs.get(Type::DESCRIPTION.slot).is_null();
    let description = role.description().filter(|text| is_described && !text.is_empty());
    Seen::new(&*request.id)
        .text(Type::AWS_SERVICE_NAME, service)
        .text(Type::CUSTOM_SUFFIX, Some(suffix).filter(|suffix| *suffix != "-"))
        .text(Type::DESCRIPTION, description)
        .text(Type::ROLE_NAME, Some(role.role_name()))
        .text(Type::ARN, Some(role.arn()))
}

/// What the service's own checks came to. They take seconds where nothing uses the role.
async fn outcome(aws: &Aws, task: &str) -> Answer<Deletion> {
    let asked = aws.iam().get_service_linked_role_deletion_status().deletion_task_id(task);
    let Some(told) = asked.send().await.if_found()? else { return Ok(Deletion::Started) };
    match told.status() {
        Status::Succeeded => Ok(Deletion::Gone),
        Status::Failed => {
            let reason = told.reason();
            let why = reason.and_then(|reason| reason.reason()).unwrap_or("the service keeps it");
            let used = reason.map(|reason| reason.role_usage_list()).unwrap_or_default();
            let by = used.iter().flat_map(|usage| usage.resources().iter().cloned()).collect();
            let problem = Problem::InUse { by };
            Err(Error::refused(problem, "iam", "DeleteServiceLinkedRole", why))
        }
        _ => Ok(Deletion::Started),
    }
}

const ROLE: &[On] = &[On::Arn("arn:aws:iam::{account}:role/aws-service-role/{aws_service_name}/*")];

impl Resource for ServiceLinkedRole {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("iam:CreateServiceLinkedRole").on(ROLE),
        CREATE.needs("iam:ListRoles"),
        UPDATE.needs("iam:UpdateRole").on(ROLE),
        READ.needs("iam:GetRole").on(ROLE),
        DELETE.needs("iam:DeleteServiceLinkedRole").on(ROLE),
        DELETE.needs("iam:GetServiceLinkedRoleDeletionStatus").on(ROLE),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .iam()
            .create_service_linked_role()
            .aws_service_name(args.aws_service_name.as_str())
            .set_custom_suffix(args.custom_suffix.clone())
            .set_description(args.description.clone())
            .send()
            .await?;
        let incomplete = || Error::incomplete("iam", "CreateServiceLinkedRole", "Role");
        let role = made.role().ok_or_else(incomplete)?;
        let suffix = args.custom_suffix.as_deref().unwrap_or("-");
        let id = format!("{}/{suffix}", args.aws_service_name.as_str());
        Ok(seen(role, &Request { id: id.into(), ..(**request).clone() }))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["description"]) {
            let description = request.args.description.clone().unwrap_or_default();
            let update = aws.iam().update_role().role_name(name(request));
            update.description(description).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = aws.iam().get_role().role_name(name(request)).send().await.if_found()?;
        Ok(told.and_then(|told| told.role.map(|role| seen(&role, request))))
    }

    /// By the path, which the service gives it as well: what it is called is no promise.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(id) = request.ty.natural_id(&request.inputs) else { return Ok(None) };
        let request = Request { id: id.into(), ..request.clone() };
        let (service, suffix) = key(&request);
        let all = aws.iam().list_roles().path_prefix(format!("{PATH}{service}/"));
        let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        let usual = name(&request);
        let ours = all.iter().find(|role| match suffix {
            "-" => role.role_name() == usual || all.len() == 1,
            suffix => role.role_name().ends_with(&format!("_{suffix}")),
        });
        Ok(ours.map(|role| seen(role, &request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.iam().delete_service_linked_role().role_name(name(request));
        let begun = delete.send().await?;
        outcome(aws, begun.deletion_task_id()).await
    }
}
