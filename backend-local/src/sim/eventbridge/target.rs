//! What is special about a target: what goes with what, what it is given, and how many a rule has.

use std::collections::BTreeSet;

use infra_core::{
    aws::eventbridge::{self, InputTransformerArgs, TargetArnArgs},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::{
    rule::{CODES, INVALID},
    target_settings::Settings,
};
use crate::sim::{
    refusal::{Codes, Refusal},
    sns::topic::check_publisher,
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Target];

type T = eventbridge::Target;

/// AWS: "Targets per rule", not adjustable.
const PER_RULE: usize = 5;
const TEMPLATE: usize = 8192;
const PATHS: usize = 100;
/// How the names of log groups begin that EventBridge writes to.
const LOG_GROUPS: &str = "/aws/events/";
/// What EventBridge itself puts in.
const OWN: [&str; 5] = [
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event",
    "aws.events.event.json",
];

struct Target;

impl Special for Target {
    fn ty(&self) -> &'static TypeDef {
        T::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(arn) = asked.get(T::ARN) else { return Ok(()) };
        let Some(retry) = asked.get(T::RETRY_POLICY) else { return Ok(()) };
        let (ecs, sqs) = (asked.get(T::ECS_PARAMETERS), asked.get(T::SQS_PARAMETERS));
        let settings =
            Settings { within: "", arn: &arn, ecs: ecs.as_ref(), sqs: sqs.as_ref(), retry: &retry };
        settings.check(asked.region())?;
        check_arn(asked, &arn)?;
        if let Some(transformer) = asked.get(T::INPUT_TRANSFORMER) {
            check_transformer(&transformer)?;
        }
        let path = asked.get(T::INPUT_PATH);
        if let Some(path) = path.filter(|path| !path.starts_with('$')) {
            let message = format!("`input_path` {path:?} must begin with $, such as $.detail");
            return refused("input_path", message);
        }
        check_room(asked)
    }
}

fn refused(property: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

fn check_arn(asked: &Asked<'_>, arn: &TargetArnArgs) -> Result<(), Refusal> {
    match arn {
        TargetArnArgs::Topic(topic) => {
            check_publisher(asked, "arn", topic, "events.amazonaws.com")?;
        }
        TargetArnArgs::Cluster(cluster) if asked.get(T::ROLE_ARN).is_none() => {
            let message = format!("`role_arn` is needed to run a task of {cluster}");
            return refused("role_arn", message);
        }
        TargetArnArgs::LogGroup(group) if !group.contains(&format!(":log-group:{LOG_GROUPS}")) => {
            let message = format!(
                "`arn` {group:?} must be the ARN of a log group whose name begins with {LOG_GROUPS}"
            );
            return refused("arn", message);
        }
        _ => {}
    }
    Ok(())
}

/// What a template names stands in its paths, and the other way round.
fn check_transformer(transformer: &InputTransformerArgs) -> Result<(), Refusal> {
    let InputTransformerArgs { input_template: template, input_paths_map: paths } = transformer;
    let length = template.chars().count();
    if !(1..=TEMPLATE).contains(&length) {
        let message = format!(
            "`input_transformer.input_template` has {length} characters; 1 to {TEMPLATE} are allowed"
        );
        return refused("input_transformer.input_template", message);
    }
    let property = "input_transformer.input_paths_map";
    if paths.len() > PATHS {
        let count = paths.len();
        return refused(property, format!("`{property}` has {count} paths; {PATHS} are the most"));
    }
    if let Some((name, path)) = paths.iter().find(|(_, path)| !path.starts_with('$')) {
        let message = format!("`{property}.{name}` {path:?} must begin with $, such as $.detail");
        return refused(property, message);
    }
    let used = names(template);
    if let Some(name) = used.iter().find(|name| !paths.contains_key(**name) && !OWN.contains(name))
    {
        let message = format!("`{property}` has no path for <{name}>, which the template names");
        return refused(property, message);
    }
    Ok(())
}

/// What stands between `<` and `>`.
fn names(template: &str) -> BTreeSet<&str> {
    let parts = template.split('<').skip(1).filter_map(|part| part.split_once('>'));
    let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    parts.map(|(name, _)| name).filter(|name| !name.is_empty() && name.chars().all(known)).collect()
}

fn check_room(asked: &Asked<'_>) -> Result<(), Refusal> {
    let slot = T::RULE.slot;
    if asked.beside(&[slot]) < PER_RULE {
        return Ok(());
    }
    let rule = asked.value(slot);
    let message =
        format!("`rule` {rule}: a rule has {PER_RULE} targets at most; make another rule");
    Err(Refusal::invalid("rule", CODES.quota, message))
}
