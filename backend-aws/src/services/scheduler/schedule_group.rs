//! `aws:scheduler:ScheduleGroup`.

use infra_core::{
    aws::scheduler,
    handler::{Deletion, Request, TypedRequest},
};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::{Resource, arn_of},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct ScheduleGroup;

type Type = scheduler::ScheduleGroup;

async fn tags(aws: &Aws, arn: &str) -> Answer<Vec<(String, String)>> {
    let told = aws.scheduler().list_tags_for_resource().resource_arn(arn).send().await;
    // It may have gone since.
    let Some(told) = told.if_found()? else { return Ok(vec![]) };
    let tags = told.tags().iter();
    Ok(tags.map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect())
}

impl Resource for ScheduleGroup {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("scheduler:CreateScheduleGroup").on(OWN),
        CREATE.and(UPDATE).needs("scheduler:TagResource").on(OWN),
        UPDATE.needs("scheduler:UntagResource").on(OWN),
        READ.needs("scheduler:GetScheduleGroup").on(OWN),
        READ.and(LIST).needs("scheduler:ListTagsForResource").on(OWN),
        DELETE.needs("scheduler:DeleteScheduleGroup").on(OWN),
        LIST.needs("scheduler:ListScheduleGroups"),
        DELETE
            .needs("scheduler:DeleteSchedule")
            .on(&[On::Arn("arn:aws:scheduler:{region}:{account}:schedule/{name}/*")]),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let name = request.name().unwrap_or_default();
        let made = aws
            .scheduler()
            .create_schedule_group()
            .name(name)
            .client_token(&*request.owner.intent)
            .set_tags(Some(sdk_tags!(aws_sdk_scheduler, request.all_tags().0, checked)))
            .send()
            .await?;
        let arn = made.schedule_group_arn();
        Ok(Seen::new(name).text(Type::NAME, Some(name)).text(Type::ARN, Some(arn)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let Some(change) = TagChange::of(request) else { return Ok(()) };
        let arn = arn_of(aws, request).await?;
        if !change.remove.is_empty() {
            let untag = aws.scheduler().untag_resource().resource_arn(&arn);
            untag.set_tag_keys(Some(change.remove)).send().await?;
        }
        let set = sdk_tags!(aws_sdk_scheduler, change.set, checked);
        aws.scheduler().tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = aws.scheduler().get_schedule_group().name(&*request.id).send().await;
        let Some(told) = told.if_found()? else { return Ok(None) };
        let seen = Seen::new(&*request.id)
            .text(Type::NAME, told.name())
            .text(Type::ARN, told.arn())
            .tags(tags(aws, told.arn().unwrap_or_default()).await?)
            .state(told.state().map(|state| state.as_str()), &["ACTIVE"], &["DELETING"], &[]);
        Ok(Some(seen))
    }

    /// Its schedules go with it, after a while.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.scheduler().delete_schedule_group().name(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    /// Groups are listed without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.scheduler().list_schedule_groups().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for group in &all {
            let state = group.state().map(|state| state.as_str());
            let seen = Seen::new(group.name().unwrap_or_default())
                .tags(tags(aws, group.arn().unwrap_or_default()).await?)
                .state(state, &["ACTIVE"], &["DELETING"], &[]);
            listed.push(seen);
        }
        Ok(listed)
    }
}
