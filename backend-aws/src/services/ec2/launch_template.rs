//! `aws:ec2:LaunchTemplate`.

mod asked;
mod told;

use aws_sdk_ec2::types::{self as sdk, ResourceType};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use super::{new_tags, of_stack, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE, tagged},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct LaunchTemplate;

fn seen(template: &sdk::LaunchTemplate) -> Seen {
    type Type = ec2::LaunchTemplate;
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    Seen::new(template.launch_template_id().unwrap_or_default())
        .text(Type::LAUNCH_TEMPLATE_NAME, template.launch_template_name())
        .text(Type::LAUNCH_TEMPLATE_ID, template.launch_template_id())
        .text(Type::LATEST_VERSION_NUMBER, number(template.latest_version_number()))
        .text(Type::DEFAULT_VERSION_NUMBER, number(template.default_version_number()))
        .tags(tags(template.tags()))
}

/// The latest version.
pub(super) async fn latest(aws: &Aws, id: &str) -> Answer<Option<sdk::LaunchTemplateVersion>> {
    let asked = aws.ec2().describe_launch_template_versions().launch_template_id(id);
    let told = asked.versions("$Latest").send().await.if_found()?;
    Ok(told.and_then(|told| told.launch_template_versions).and_then(|all| all.into_iter().next()))
}

/// Whether a version is what the program says: then an update made it, and was interrupted.
fn is_wanted(version: &sdk::LaunchTemplateVersion, args: &ec2::LaunchTemplateArgs) -> bool {
    let data = version.launch_template_data().map(told::data);
    data.as_ref() == Some(&args.launch_template_data)
        && description(version) == args.version_description.as_deref()
}

fn description(version: &sdk::LaunchTemplateVersion) -> Option<&str> {
    version.version_description().filter(|text| !text.is_empty())
}

/// Makes a version of what the program says, unless the latest one is that, and the default one of
/// it.
async fn renew(aws: &Aws, request: &TypedRequest<'_, ec2::LaunchTemplate>) -> Answer<()> {
    let (args, id) = (&request.args, &*request.id);
    let latest = latest(aws, id).await?.filter(|version| is_wanted(version, args));
    let version = match latest {
        Some(version) => version,
        None => {
            let made = aws
                .ec2()
                .create_launch_template_version()
                .launch_template_id(id)
                .launch_template_data(asked::data(&args.launch_template_data)?)
                .set_version_description(args.version_description.clone())
                .send()
                .await?;
            let incomplete =
                || Error::incomplete("ec2", "CreateLaunchTemplateVersion", "LaunchTemplateVersion");
            made.launch_template_version.ok_or_else(incomplete)?
        }
    };
    let number = version.version_number().map(|number| number.to_string());
    let modify = aws.ec2().modify_launch_template().launch_template_id(id);
    modify.set_default_version(number).send().await?;
    Ok(())
}

impl Resource for LaunchTemplate {
    type Type = ec2::LaunchTemplate;

    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateLaunchTemplate").on(OWN),
        UPDATE.needs("ec2:CreateLaunchTemplateVersion").on(OWN),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        UPDATE.needs("ec2:ModifyLaunchTemplate").on(OWN).ours(),
        READ.needs("ec2:DescribeLaunchTemplateVersions"),
        READ.and(LIST).needs("ec2:DescribeLaunchTemplates"),
        DELETE.needs("ec2:DeleteLaunchTemplate").on(OWN).ours(),
        tagged!("CreateLaunchTemplate"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::LaunchTemplate>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .ec2()
            .create_launch_template()
            .set_launch_template_name(request.name().map(str::to_owned))
            .launch_template_data(asked::data(&args.launch_template_data)?)
            .set_version_description(args.version_description.clone())
            .client_token(&*request.owner.intent)
            .tag_specifications(new_tags(ResourceType::LaunchTemplate, request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ec2", "CreateLaunchTemplate", "LaunchTemplate");
        Ok(seen(made.launch_template().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::LaunchTemplate>) -> Answer<()> {
        if changed(request, &["launch_template_data", "version_description"]) {
            renew(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        type Type = ec2::LaunchTemplate;
        let id = &*request.id;
        let asked = aws.ec2().describe_launch_templates().launch_template_ids(id);
        let told = asked.send().await.if_found()?;
        let template = told.as_ref().and_then(|told| told.launch_templates().first());
        let Some(template) = template else { return Ok(None) };
        let Some(version) = latest(aws, id).await? else { return Ok(None) };
        let data = version.launch_template_data().map(told::data);
        let seen = seen(template)
            .set(Type::LAUNCH_TEMPLATE_DATA, data)
            .text(Type::VERSION_DESCRIPTION, description(&version));
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ec2().delete_launch_template().launch_template_id(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_launch_templates().set_filters(of_stack(stack));
        let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(all.iter().map(seen).collect())
    }
}
