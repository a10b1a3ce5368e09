//! `aws:cloudwatch:Dashboard`.

use infra_core::{
    aws::cloudwatch,
    handler::{Deletion, Request, TypedRequest},
};

use super::{dashboard_body::told_body, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, arn_of, changed, is_there, not_taken},
    seen::Seen,
    tags::sdk_tags,
};

pub(crate) struct Dashboard;

type Type = cloudwatch::Dashboard;

async fn put(aws: &Aws, request: &TypedRequest<'_, Type>, name: &str) -> Answer<()> {
    let body = request.args.dashboard_body.to_string();
    aws.cloudwatch().put_dashboard().dashboard_name(name).dashboard_body(body).send().await?;
    Ok(())
}

/// What CloudWatch says of a dashboard, and whether it shows what the request says.
async fn look(aws: &Aws, request: &Request, name: &str) -> Answer<Option<(Seen, bool)>> {
    let asked = aws.cloudwatch().get_dashboard().dashboard_name(name);
    let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
    let arn = arn_of(aws, &Request { id: name.into(), ..request.clone() }).await?;
    let recorded = request.inputs.get(Type::DASHBOARD_BODY.slot);
    let body = told_body(recorded, told.dashboard_body().unwrap_or_default());
    let shows_it = body == *recorded;
    let seen = Seen::new(name)
        .text(Type::DASHBOARD_NAME, Some(name))
        .value(Type::DASHBOARD_BODY, body)
        .text(Type::ARN, told.dashboard_arn())
        .tags(tags(aws, &arn).await?);
    Ok(Some((seen, shows_it)))
}

impl Resource for Dashboard {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("cloudwatch:PutDashboard").on(OWN),
        CREATE.and(UPDATE).needs("cloudwatch:TagResource").on(OWN),
        UPDATE.needs("cloudwatch:UntagResource").on(OWN),
        READ.needs("cloudwatch:GetDashboard").on(OWN),
        READ.and(LIST).needs("cloudwatch:ListTagsForResource").on(OWN),
        DELETE.needs("cloudwatch:DeleteDashboards").on(OWN),
        LIST.needs("cloudwatch:ListDashboards"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        not_taken::<Self>(aws, request).await?;
        let name = request.name().unwrap_or_default();
        put(aws, request, name).await?;
        Ok(Seen::new(name).text(Type::DASHBOARD_NAME, Some(name)))
    }

    /// The SDK does not have the tags of PutDashboard yet.
    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let tags = sdk_tags!(aws_sdk_cloudwatch, request.all_tags().0);
        let arn = arn_of(aws, request).await?;
        aws.cloudwatch().tag_resource().resource_arn(arn).set_tags(Some(tags)).send().await?;
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["dashboard_body"]) {
            put(aws, request, &request.id).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Ok(look(aws, request, &request.id).await?.map(|(seen, _)| seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        is_there::<Self>(aws, request).await?;
        aws.cloudwatch().delete_dashboards().dashboard_names(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// CloudWatch lists dashboards without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.cloudwatch().list_dashboards().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for dashboard in &all {
            let tags = tags(aws, dashboard.dashboard_arn().unwrap_or_default()).await?;
            listed.push(Seen::new(dashboard.dashboard_name().unwrap_or_default()).tags(tags));
        }
        Ok(listed)
    }

    /// One that was made a moment ago has no tags yet: what it shows says whose it is.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = request.name().unwrap_or_default();
        let Some((seen, shows_it)) = look(aws, request, name).await? else { return Ok(None) };
        let is_new = shows_it && !seen.has_tags();
        Ok(Some(if is_new { seen.tags(request.all_tags().0) } else { seen }))
    }
}
