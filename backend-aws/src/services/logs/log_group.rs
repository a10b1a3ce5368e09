//! `aws:logs:LogGroup`.

use aws_sdk_cloudwatchlogs::types as sdk;
use infra_core::{
    aws::logs,
    handler::{Deletion, Request, TypedRequest},
};

use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
    tags::TagChange,
};

pub(crate) struct LogGroup;

type Type = logs::LogGroup;

/// Says how long events are kept; for ever is no policy.
async fn set_retention(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (logs, name) = (aws.logs(), &*request.id);
    let Some(retention) = request.args.retention_in_days else {
        logs.delete_retention_policy().log_group_name(name).send().await?;
        return Ok(());
    };
    let days = retention.as_str().parse().expect("each is a number of days");
    let put = logs.put_retention_policy().log_group_name(name).retention_in_days(days);
    put.send().await?;
    Ok(())
}

async fn set_protection(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let put = aws.logs().put_log_group_deletion_protection().log_group_identifier(&*request.id);
    let enabled = request.args.deletion_protection_enabled;
    put.deletion_protection_enabled(enabled).send().await?;
    Ok(())
}

async fn set_key(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (logs, name) = (aws.logs(), &*request.id);
    match &request.args.kms_key_id {
        Some(key) => {
            let associate = logs.associate_kms_key().log_group_name(name);
            associate.kms_key_id(key.as_str()).send().await?;
        }
        None => {
            logs.disassociate_kms_key().log_group_name(name).send().await?;
        }
    }
    Ok(())
}

/// The ARN that calls about tags take: that of the group, without its streams.
fn bare(arn: &str) -> &str {
    arn.trim_end_matches(":*")
}

/// The tags of a group, which are told by themselves.
async fn tags(aws: &Aws, group: &sdk::LogGroup) -> Answer<Vec<(String, String)>> {
    let arn = group.log_group_arn().or(group.arn()).map(bare).unwrap_or_default();
    let told = aws.logs().list_tags_for_resource().resource_arn(arn).send().await;
    // It may have gone since.
    let told = told.if_found()?.and_then(|told| told.tags);
    Ok(told.unwrap_or_default().into_iter().collect())
}

/// The group with a name, among those whose names begin so.
async fn one(aws: &Aws, name: &str) -> Answer<Option<sdk::LogGroup>> {
    let asked = aws.logs().describe_log_groups().log_group_name_prefix(name);
    let mut pages = asked.into_paginator().items().send();
    while let Some(group) = pages.next().await {
        let group = group?;
        if group.log_group_name() == Some(name) {
            return Ok(Some(group));
        }
    }
    Ok(None)
}

const GROUP: &[On] = &[On::Own, On::Arn("arn:aws:logs:{region}:{account}:log-group:{id}")];

impl Resource for LogGroup {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("logs:CreateLogGroup").on(GROUP),
        CREATE.and(UPDATE).needs("logs:DeleteRetentionPolicy").on(GROUP),
        CREATE.and(UPDATE).needs("logs:PutLogGroupDeletionProtection").on(GROUP),
        CREATE.and(UPDATE).needs("logs:PutRetentionPolicy").on(GROUP),
        CREATE.and(UPDATE).needs("logs:TagResource").on(GROUP),
        UPDATE.needs("logs:AssociateKmsKey").on(GROUP),
        UPDATE.needs("logs:DisassociateKmsKey").on(GROUP),
        UPDATE.needs("logs:UntagResource").on(GROUP),
        READ.and(LIST).needs("logs:DescribeLogGroups"),
        READ.and(LIST).needs("logs:ListTagsForResource").on(GROUP),
        DELETE.needs("logs:DeleteLogGroup").on(GROUP),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let name = request.name().unwrap_or_default();
        aws.logs()
            .create_log_group()
            .log_group_name(name)
            .log_group_class(args.log_group_class.as_str().into())
            .set_kms_key_id(args.kms_key_id.as_ref().map(ToString::to_string))
            .set_tags(Some(request.all_tags().0.into_iter().collect()))
            .send()
            .await?;
        Ok(Seen::new(name).text(Type::LOG_GROUP_NAME, Some(name)))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if request.args.retention_in_days.is_some() {
            set_retention(aws, request).await?;
        }
        if request.args.deletion_protection_enabled {
            set_protection(aws, request).await?;
        }
        Ok(())
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &["retention_in_days"]) {
            set_retention(aws, request).await?;
        }
        if changed(request, &["deletion_protection_enabled"]) {
            set_protection(aws, request).await?;
        }
        if changed(request, &["kms_key_id"]) {
            set_key(aws, request).await?;
        }
        let Some(change) = TagChange::of(request) else { return Ok(()) };
        let missing = || Error::incomplete("logs", "DescribeLogGroups", "logGroups");
        let group = one(aws, &request.id).await?.ok_or_else(missing)?;
        let arn = group.log_group_arn().or(group.arn()).map(bare).unwrap_or_default();
        if !change.remove.is_empty() {
            let untag = aws.logs().untag_resource().resource_arn(arn);
            untag.set_tag_keys(Some(change.remove)).send().await?;
        }
        let set = change.set.into_iter().collect();
        aws.logs().tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(group) = one(aws, &request.id).await? else { return Ok(None) };
        let class = group.log_group_class().map(sdk::LogGroupClass::as_str);
        let days = group.retention_in_days().map(|days| days.to_string());
        // AWS keeps what is delivered for two days, and nobody can say otherwise.
        let days = days.filter(|_| class != Some(logs::LogGroupClass::Delivery.as_str()));
        let seen = Seen::new(&*request.id)
            .text(Type::LOG_GROUP_NAME, group.log_group_name())
            .text(Type::LOG_GROUP_CLASS, class)
            .text(Type::RETENTION_IN_DAYS, days)
            .text(Type::KMS_KEY_ID, group.kms_key_id())
            .set(
                Type::DELETION_PROTECTION_ENABLED,
                group.deletion_protection_enabled().unwrap_or_default(),
            )
            .text(Type::ARN, group.arn())
            .tags(tags(aws, &group).await?);
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.logs().delete_log_group().log_group_name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// Groups are listed without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.logs().describe_log_groups().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for group in &all {
            let name = group.log_group_name().unwrap_or_default();
            listed.push(Seen::new(name).tags(tags(aws, group).await?));
        }
        Ok(listed)
    }
}
