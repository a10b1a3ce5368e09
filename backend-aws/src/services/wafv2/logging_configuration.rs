//! `aws:wafv2:LoggingConfiguration`.

use aws_sdk_wafv2::types as sdk;
use infra_core::{
    aws::wafv2::{
        self, FilterBehavior, FilterRequirement, LogConditionArgs, LogFilterArgs, LoggedAction,
        LoggingConfigurationArgs, LoggingFilterArgs, RedactedField, RedactedFieldArgs, WholeArgs,
    },
    handler::{Deletion, Request, TypedRequest},
    types::{IntoValue, PropertyType},
    value::Value,
};

use super::field::{single_header, whole};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE, linked},
    resource::Resource,
    seen::{Seen, word},
};

pub(crate) struct LoggingConfiguration;

type Type = wafv2::LoggingConfiguration;

/// What ARNs of log groups may have at their end, and need not.
const STREAMS: &str = ":*";

fn redacted(args: &RedactedFieldArgs) -> sdk::FieldToMatch {
    let field = sdk::FieldToMatch::builder();
    let field = match args {
        RedactedFieldArgs::SingleHeader(name) => field.single_header(single_header(name)),
        RedactedFieldArgs::UriPath(_) => field.uri_path(whole!(UriPath)),
        RedactedFieldArgs::QueryString(_) => field.query_string(whole!(QueryString)),
        RedactedFieldArgs::Method(_) => field.method(whole!(Method)),
    };
    field.build()
}

fn filter(args: &LogFilterArgs) -> sdk::Filter {
    let conditions = args.conditions.iter().map(|condition| {
        let it = sdk::Condition::builder();
        let it = match condition {
            LogConditionArgs::Action(action) => {
                let action = sdk::ActionCondition::builder().action(action.as_str().into());
                it.action_condition(action.build().expect("it has an action"))
            }
            LogConditionArgs::Label(label) => {
                let label = sdk::LabelNameCondition::builder().label_name(label).build();
                it.label_name_condition(label.expect("it has a name"))
            }
        };
        it.build()
    });
    sdk::Filter::builder()
        .behavior(args.behavior.as_str().into())
        .requirement(args.requirement.as_str().into())
        .set_conditions(Some(conditions.collect()))
        .build()
        .expect("it has a behaviour, a requirement and conditions")
}

fn document(args: &LoggingConfigurationArgs) -> sdk::LoggingConfiguration {
    let destination = &args.log_destination;
    let filters = args.logging_filter.as_ref().map(|it| {
        sdk::LoggingFilter::builder()
            .default_behavior(it.default_behavior.as_str().into())
            .set_filters(Some(it.filters.iter().map(filter).collect()))
            .build()
            .expect("it has a behaviour and filters")
    });
    let fields = args.redacted_fields.iter().map(redacted);
    sdk::LoggingConfiguration::builder()
        .resource_arn(args.resource_arn.as_str())
        .log_destination_configs(destination.strip_suffix(STREAMS).unwrap_or(destination))
        .set_redacted_fields((fields.len() > 0).then(|| fields.collect()))
        .set_logging_filter(filters)
        .build()
        .expect("it has an ACL and a destination")
}

/// `None` if no program could say it.
fn redacted_args(told: &sdk::FieldToMatch) -> Option<RedactedFieldArgs> {
    match told {
        it if it.uri_path().is_some() => Some(RedactedFieldArgs::UriPath(WholeArgs {})),
        it if it.query_string().is_some() => Some(RedactedFieldArgs::QueryString(WholeArgs {})),
        it if it.method().is_some() => Some(RedactedFieldArgs::Method(WholeArgs {})),
        it => Some(RedactedFieldArgs::SingleHeader(it.single_header()?.name().to_owned())),
    }
}

/// Neither their order nor the case of headers means anything.
fn redacted_value(told: &[sdk::FieldToMatch], recorded: &Value) -> Value {
    let told: Option<Vec<RedactedFieldArgs>> = told.iter().map(redacted_args).collect();
    let Some(told) = told else { return Value::from("fields that can't be left out") };
    let plain = |fields: &[RedactedFieldArgs]| {
        let small = |field: &RedactedFieldArgs| format!("{field:?}").to_lowercase();
        let mut fields: Vec<String> = fields.iter().map(small).collect();
        fields.sort();
        fields
    };
    match Vec::<RedactedField>::decode(recorded) {
        Ok(known) if plain(&known) == plain(&told) => recorded.clone(),
        _ => told.into_value(),
    }
}

/// `None` if no program could say it.
fn filter_args(told: &sdk::LoggingFilter) -> Option<LoggingFilterArgs> {
    let filters = told.filters().iter().map(|filter| {
        let conditions = filter.conditions().iter().map(|condition| {
            if let Some(action) = condition.action_condition() {
                let action = word::<LoggedAction>(action.action().as_str())?;
                return Some(LogConditionArgs::Action(action));
            }
            let label = condition.label_name_condition()?.label_name();
            Some(LogConditionArgs::Label(label.to_owned()))
        });
        Some(LogFilterArgs {
            behavior: word::<FilterBehavior>(filter.behavior().as_str())?,
            requirement: word::<FilterRequirement>(filter.requirement().as_str())?,
            conditions: conditions.collect::<Option<_>>()?,
        })
    });
    Some(LoggingFilterArgs {
        default_behavior: word::<FilterBehavior>(told.default_behavior().as_str())?,
        filters: filters.collect::<Option<_>>()?,
    })
}

fn destination<'a>(told: &'a str, recorded: &'a Value) -> &'a str {
    let bare = |arn: &'a str| arn.strip_suffix(STREAMS).unwrap_or(arn);
    recorded.as_str().filter(|recorded| bare(recorded) == bare(told)).unwrap_or(told)
}

fn seen(told: &sdk::LoggingConfiguration, request: &Request) -> Seen {
    let inputs = &request.inputs;
    let recorded = inputs.get(Type::LOG_DESTINATION.slot);
    let arn = told.log_destination_configs().first().map(|arn| destination(arn, recorded));
    let fields = inputs.get(Type::REDACTED_FIELDS.slot);
    Seen::new(&*request.id)
        .text(Type::RESOURCE_ARN, Some(told.resource_arn()))
        .text(Type::LOG_DESTINATION, arn)
        .value(Type::REDACTED_FIELDS, redacted_value(told.redacted_fields(), fields))
        .set(Type::LOGGING_FILTER, told.logging_filter().and_then(filter_args))
}

/// Puts another configuration in the place of the first, too.
async fn put(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let put = aws.wafv2().put_logging_configuration();
    put.logging_configuration(document(&request.args)).send().await?;
    Ok(())
}

const RESOURCE: &[On] = &[On::Arn("{resource_arn}")];
const BUCKET: &[On] = &[On::Of(&["aws:s3:Bucket"])];

impl Resource for LoggingConfiguration {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("wafv2:PutLoggingConfiguration").on(RESOURCE),
        READ.needs("wafv2:GetLoggingConfiguration").on(RESOURCE),
        DELETE.needs("wafv2:DeleteLoggingConfiguration").on(RESOURCE),
        linked!(CREATE.and(UPDATE), "wafv2.amazonaws.com"),
        CREATE.and(UPDATE).and(DELETE).needs("logs:CreateLogDelivery"),
        CREATE.and(UPDATE).and(DELETE).needs("logs:DeleteLogDelivery"),
        CREATE.and(UPDATE).needs("logs:PutResourcePolicy"),
        CREATE.and(UPDATE).needs("logs:DescribeResourcePolicies"),
        CREATE.and(UPDATE).needs("logs:DescribeLogGroups"),
        CREATE.and(UPDATE).needs("s3:GetBucketPolicy").on(BUCKET),
        CREATE.and(UPDATE).needs("s3:PutBucketPolicy").on(BUCKET),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, request).await?;
        Ok(Seen::new(request.args.resource_arn.as_str()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.wafv2().get_logging_configuration().resource_arn(&*request.id);
        let told = asked.send().await.if_found()?;
        let told = told.as_ref().and_then(|told| told.logging_configuration());
        Ok(told.map(|told| seen(told, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.wafv2().delete_logging_configuration();
        delete.resource_arn(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }
}
