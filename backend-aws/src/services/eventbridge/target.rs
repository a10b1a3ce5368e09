//! `aws:eventbridge:Target`.

use aws_sdk_eventbridge::types as sdk;
use infra_core::{
    aws::eventbridge,
    handler::{Deletion, Request, TypedRequest},
    types::structure,
    value::Value,
};

use super::parts;
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE, passed},
    resource::Resource,
    seen::Seen,
    targets::{arn, json, target_settings, told_arn, told_json},
};

target_settings!(aws_sdk_eventbridge);

pub(crate) struct Target;

type Type = eventbridge::Target;

/// The rule and the id of the target that a request is about.
fn names(request: &Request) -> (&str, &str) {
    let word = |slot| request.inputs.get(slot).as_str().unwrap_or_default();
    (word(Type::RULE.slot), word(Type::TARGET_ID.slot))
}

fn transformer(args: &eventbridge::InputTransformerArgs) -> sdk::InputTransformer {
    let paths = args.input_paths_map.clone().into_iter().collect();
    sdk::InputTransformer::builder()
        .input_template(&args.input_template)
        .set_input_paths_map(Some(paths).filter(|_| !args.input_paths_map.is_empty()))
        .build()
        .expect("the template is there")
}

fn target(args: &eventbridge::TargetArgs, id: &str) -> sdk::Target {
    let queue = |arn: &str| sdk::DeadLetterConfig::builder().arn(arn).build();
    let group = |group: &str| sdk::SqsParameters::builder().message_group_id(group).build();
    let sqs = args.sqs_parameters.as_ref().map(|sqs| group(&sqs.message_group_id));
    let lost = args.dead_letter_config.as_ref().map(|lost| queue(lost.arn.as_str()));
    sdk::Target::builder()
        .id(id)
        .arn(arn(&args.arn))
        .set_role_arn(args.role_arn.as_ref().map(ToString::to_string))
        .set_input(args.input.as_ref().and_then(json))
        .set_input_path(args.input_path.clone())
        .set_input_transformer(args.input_transformer.as_ref().map(transformer))
        .set_ecs_parameters(args.ecs_parameters.as_ref().map(ecs))
        .set_sqs_parameters(sqs)
        .retry_policy(retry(&args.retry_policy))
        .set_dead_letter_config(lost)
        .build()
        .expect("id and ARN are there")
}

/// Puts the whole target; what it does not say is gone.
async fn put(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (rule, id) = names(request);
    let (bus, name) = parts(rule);
    let put = aws.eventbridge().put_targets().rule(name).targets(target(&request.args, id));
    let told = put.set_event_bus_name(bus.map(str::to_owned)).send().await?;
    match told.failed_entries().first() {
        None => Ok(()),
        Some(failed) => {
            let code = failed.error_code().unwrap_or_default();
            let message = failed.error_message().unwrap_or_default();
            Err(Error::of_part("eventbridge", "PutTargets", code, message))
        }
    }
}

/// The target of a rule that has an id.
async fn one(aws: &Aws, rule: &str, id: &str) -> Answer<Option<sdk::Target>> {
    let (bus, name) = parts(rule);
    let mut next = None;
    loop {
        let asked = aws.eventbridge().list_targets_by_rule().rule(name).set_next_token(next);
        let asked = asked.set_event_bus_name(bus.map(str::to_owned));
        // Its rule may have gone, and it with that.
        let Some(page) = asked.send().await.if_found()? else { return Ok(None) };
        if let Some(target) = page.targets().iter().find(|target| target.id() == id) {
            return Ok(Some(target.clone()));
        }
        next = page.next_token;
        if next.is_none() {
            return Ok(None);
        }
    }
}

fn told_transformer(told: &sdk::InputTransformer) -> Value {
    let paths = told.input_paths_map().into_iter().flatten();
    let paths = paths.map(|(name, path)| (name.as_str(), path.as_str().into()));
    structure([
        ("input_template", told.input_template().into()),
        ("input_paths_map", Value::map(paths)),
    ])
}

fn seen(told: &sdk::Target, request: &Request) -> Seen {
    let group = told.sqs_parameters().and_then(|sqs| sqs.message_group_id());
    let group = group.map_or(Value::Null, |it| structure([("message_group_id", it.into())]));
    let lost = told.dead_letter_config().and_then(|lost| lost.arn());
    let lost = lost.map_or(Value::Null, |arn| structure([("arn", arn.into())]));
    let transformer = told.input_transformer().map_or(Value::Null, told_transformer);
    let task = told.ecs_parameters().map_or(Value::Null, told_ecs);
    Seen::new(&*request.id)
        .text(Type::RULE, request.inputs.get(Type::RULE.slot).as_str())
        .text(Type::TARGET_ID, Some(told.id()))
        .value(Type::ARN, told_arn(told.arn(), request.inputs.get(Type::ARN.slot)))
        .text(Type::ROLE_ARN, told.role_arn().filter(|arn| !arn.is_empty()))
        .set(Type::INPUT, told.input().filter(|text| !text.is_empty()).map(told_json))
        .text(Type::INPUT_PATH, told.input_path().filter(|path| !path.is_empty()))
        .structured(Type::INPUT_TRANSFORMER, request, transformer)
        .structured(Type::ECS_PARAMETERS, request, task)
        .value(Type::SQS_PARAMETERS, group)
        .structured(Type::RETRY_POLICY, request, told_retry(told.retry_policy()))
        .value(Type::DEAD_LETTER_CONFIG, lost)
}

const RULE: &[On] = &[On::Arn("{rule}")];

impl Resource for Target {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("events:PutTargets").on(RULE),
        READ.needs("events:ListTargetsByRule").on(RULE),
        DELETE.needs("events:RemoveTargets").on(RULE),
        passed!(CREATE.and(UPDATE), "events.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, request).await?;
        Ok(Seen::new(request.ty.natural_id(&request.inputs).unwrap_or_default()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (rule, id) = names(request);
        Ok(one(aws, rule, id).await?.map(|told| seen(&told, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (rule, id) = names(request);
        let (bus, name) = parts(rule);
        let remove = aws.eventbridge().remove_targets().rule(name).ids(id);
        let told = remove.set_event_bus_name(bus.map(str::to_owned)).send().await?;
        match told.failed_entries().first() {
            None => Ok(Deletion::Gone),
            Some(failed) => {
                let code = failed.error_code().unwrap_or_default();
                let message = failed.error_message().unwrap_or_default();
                Err(Error::of_part("eventbridge", "RemoveTargets", code, message))
            }
        }
    }
}
