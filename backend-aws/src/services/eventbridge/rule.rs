//! `aws:eventbridge:Rule`.

use infra_core::{
    aws::eventbridge,
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::parts;
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, arn_of, changed, is_there, not_taken},
    seen::Seen,
    tags::{TagChange, sdk_tags},
    targets::{json, told_json},
};

pub(crate) struct Rule;

type Type = eventbridge::Rule;

/// The bus that AWS's own events go over, which programs do not name.
const OWN_BUS: &str = "default";

/// Puts the whole rule; what it does not say is gone. Tags are taken of a new one alone.
async fn put(aws: &Aws, request: &TypedRequest<'_, Type>, name: &str) -> Answer<String> {
    let args = &request.args;
    let made = aws
        .eventbridge()
        .put_rule()
        .name(name)
        .set_event_bus_name(args.event_bus_name.clone())
        .set_description(args.description.clone())
        .set_event_pattern(args.event_pattern.as_ref().and_then(json))
        .set_schedule_expression(args.schedule_expression.as_ref().map(ToString::to_string))
        .state(args.state.as_str().into())
        .set_tags(Some(sdk_tags!(aws_sdk_eventbridge, request.all_tags().0, checked)))
        .send()
        .await?;
    made.rule_arn.ok_or_else(|| Error::incomplete("eventbridge", "PutRule", "RuleArn"))
}

async fn tags(aws: &Aws, arn: &str) -> Answer<Vec<(String, String)>> {
    let told = aws.eventbridge().list_tags_for_resource().resource_arn(arn).send().await;
    // It may have gone since.
    let Some(told) = told.if_found()? else { return Ok(vec![]) };
    let tags = told.tags().iter();
    Ok(tags.map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect())
}

/// All buses, by name.
async fn buses(aws: &Aws) -> Answer<Vec<String>> {
    let (mut all, mut next) = (vec![], None);
    loop {
        let page = aws.eventbridge().list_event_buses().set_next_token(next).send().await?;
        all.extend(page.event_buses().iter().filter_map(|bus| bus.name.clone()));
        next = page.next_token;
        if next.is_none() {
            return Ok(all);
        }
    }
}

/// All rules of a bus, by ARN.
async fn rules(aws: &Aws, bus: &str) -> Answer<Vec<String>> {
    let (mut all, mut next) = (vec![], None);
    loop {
        let asked = aws.eventbridge().list_rules().event_bus_name(bus).set_next_token(next);
        // It may have gone since.
        let Some(page) = asked.send().await.if_found()? else { return Ok(all) };
        all.extend(page.rules().iter().filter_map(|rule| rule.arn.clone()));
        next = page.next_token;
        if next.is_none() {
            return Ok(all);
        }
    }
}

/// The targets of a rule, by their ids.
async fn targets(aws: &Aws, rule: &str) -> Answer<Vec<String>> {
    let (bus, name) = parts(rule);
    let asked = aws.eventbridge().list_targets_by_rule().rule(name);
    let told = asked.set_event_bus_name(bus.map(str::to_owned)).send().await?;
    Ok(told.targets().iter().map(|target| format!("the target {}", target.id())).collect())
}

impl Resource for Rule {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("events:PutRule").on(OWN),
        CREATE.and(UPDATE).needs("events:TagResource").on(OWN),
        UPDATE.needs("events:UntagResource").on(OWN),
        READ.needs("events:DescribeRule").on(OWN),
        READ.and(LIST).needs("events:ListTagsForResource").on(OWN),
        DELETE.needs("events:DeleteRule").on(OWN),
        DELETE.needs("events:ListTargetsByRule").on(OWN),
        LIST.needs("events:ListEventBuses"),
        LIST.needs("events:ListRules"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        not_taken::<Self>(aws, request).await?;
        let arn = put(aws, request, request.name().unwrap_or_default()).await?;
        Ok(Seen::new(&arn).text(Type::ARN, Some(&arn)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let of_it = ["description", "event_pattern", "schedule_expression", "state"];
        if changed(request, &of_it) {
            put(aws, request, parts(&request.id).1).await?;
        }
        let Some(change) = TagChange::of(request) else { return Ok(()) };
        let (events, arn) = (aws.eventbridge(), &*request.id);
        if !change.remove.is_empty() {
            let untag = events.untag_resource().resource_arn(arn);
            untag.set_tag_keys(Some(change.remove)).send().await?;
        }
        let set = sdk_tags!(aws_sdk_eventbridge, change.set, checked);
        events.tag_resource().resource_arn(arn).set_tags(Some(set)).send().await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (bus, name) = parts(&request.id);
        let asked = aws.eventbridge().describe_rule().name(name);
        let asked = asked.set_event_bus_name(bus.map(str::to_owned)).send().await;
        let Some(told) = asked.if_found()? else { return Ok(None) };
        let seen = Seen::new(&*request.id)
            .text(Type::NAME, Some(name))
            .text(Type::DESCRIPTION, told.description().filter(|text| !text.is_empty()))
            .text(Type::EVENT_BUS_NAME, told.event_bus_name().filter(|bus| *bus != OWN_BUS))
            .set(Type::EVENT_PATTERN, told.event_pattern().map(told_json))
            .text(
                Type::SCHEDULE_EXPRESSION,
                told.schedule_expression().filter(|text| !text.is_empty()),
            )
            .text(Type::STATE, told.state().map(|state| state.as_str()))
            .text(Type::ARN, told.arn())
            .tags(tags(aws, &request.id).await?);
        Ok(Some(seen))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        is_there::<Self>(aws, request).await?;
        let (bus, name) = parts(&request.id);
        let delete = aws.eventbridge().delete_rule().name(name);
        let gone = delete.set_event_bus_name(bus.map(str::to_owned)).send().await;
        match gone.map_err(Error::from) {
            Err(error) if matches!(error.0.problem, Problem::InUse { .. }) => {
                Err(error.in_use(targets(aws, &request.id).await?))
            }
            Err(error) => Err(error),
            Ok(_) => Ok(Deletion::Gone),
        }
    }

    /// Rules are listed bus by bus and without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut listed = vec![];
        for bus in buses(aws).await? {
            for arn in rules(aws, &bus).await? {
                let tags = tags(aws, &arn).await?;
                listed.push(Seen::new(arn).tags(tags));
            }
        }
        Ok(listed)
    }

    /// Bus and name are the end of the ARN.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = arn_of(aws, request).await?;
        Self::read(aws, &Request { id: id.into(), ..request.clone() }).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_told_by_bus_and_name() {
        let arn = "arn:aws:events:eu-central-1:123456789012:rule/";
        assert_eq!(parts(&format!("{arn}failed")), (None, "failed"));
        assert_eq!(parts(&format!("{arn}campus/failed")), (Some("campus"), "failed"));
    }
}
