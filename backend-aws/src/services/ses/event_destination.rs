//! `aws:ses:EventDestination`.

use aws_sdk_sesv2::types as sdk;
use infra_core::{
    aws::{
        EventBusArn, TopicArn,
        ses::{
            self, CloudWatchDestinationArgs, DimensionConfigurationArgs, DimensionValueSource,
            EventBridgeDestinationArgs, EventDestinationArgs, SnsDestinationArgs,
        },
    },
    handler::{Deletion, Request, TypedRequest},
};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::{Seen, word},
};

pub(crate) struct EventDestination;

type Type = ses::EventDestination;

/// The set and the name, neither of which has a slash in it.
fn key(request: &Request) -> (&str, &str) {
    request.id.split_once('/').unwrap_or_default()
}

fn definition(args: &EventDestinationArgs) -> sdk::EventDestinationDefinition {
    let types = args.matching_event_types.iter().map(|it| it.as_str().into());
    let topic = args.sns_destination.as_ref().map(|sns| {
        let topic = sdk::SnsDestination::builder().topic_arn(sns.topic_arn.as_str()).build();
        topic.expect("it has a topic")
    });
    let bus = args.event_bridge_destination.as_ref().map(|events| {
        let bus = sdk::EventBridgeDestination::builder();
        bus.event_bus_arn(events.event_bus_arn.as_str()).build().expect("it has a bus")
    });
    sdk::EventDestinationDefinition::builder()
        .enabled(args.enabled)
        .set_matching_event_types(Some(types.collect()))
        .set_sns_destination(topic)
        .set_cloud_watch_destination(args.cloud_watch_destination.as_ref().map(metrics))
        .set_event_bridge_destination(bus)
        .build()
}

fn metrics(args: &CloudWatchDestinationArgs) -> sdk::CloudWatchDestination {
    let dimensions = args.dimension_configurations.iter().map(|dimension| {
        sdk::CloudWatchDimensionConfiguration::builder()
            .dimension_name(&dimension.dimension_name)
            .dimension_value_source(dimension.dimension_value_source.as_str().into())
            .default_dimension_value(&dimension.default_dimension_value)
            .build()
            .expect("it has a name, a source and a value")
    });
    sdk::CloudWatchDestination::builder()
        .set_dimension_configurations(Some(dimensions.collect()))
        .build()
        .expect("it has dimensions")
}

/// `None` if no program could say it.
fn metrics_args(told: &sdk::CloudWatchDestination) -> Option<CloudWatchDestinationArgs> {
    let dimensions = told.dimension_configurations().iter().map(|dimension| {
        let source = dimension.dimension_value_source().as_str();
        Some(DimensionConfigurationArgs {
            dimension_name: dimension.dimension_name().to_owned(),
            dimension_value_source: word::<DimensionValueSource>(source)?,
            default_dimension_value: dimension.default_dimension_value().to_owned(),
        })
    });
    Some(CloudWatchDestinationArgs { dimension_configurations: dimensions.collect::<Option<_>>()? })
}

fn seen(told: &sdk::EventDestination, request: &Request) -> Seen {
    let types = told.matching_event_types().iter().map(sdk::EventType::as_str);
    let topic = told.sns_destination().and_then(|sns| word::<TopicArn>(sns.topic_arn()));
    let bus = told.event_bridge_destination();
    let bus = bus.and_then(|events| word::<EventBusArn>(events.event_bus_arn()));
    Seen::new(&*request.id)
        .text(Type::CONFIGURATION_SET_NAME, Some(key(request).0))
        .text(Type::EVENT_DESTINATION_NAME, Some(told.name()))
        .set(Type::ENABLED, told.enabled())
        .texts(Type::MATCHING_EVENT_TYPES, types)
        .set(Type::SNS_DESTINATION, topic.map(|topic_arn| SnsDestinationArgs { topic_arn }))
        .set(Type::CLOUD_WATCH_DESTINATION, told.cloud_watch_destination().and_then(metrics_args))
        .set(
            Type::EVENT_BRIDGE_DESTINATION,
            bus.map(|event_bus_arn| EventBridgeDestinationArgs { event_bus_arn }),
        )
}

const SET: &[On] =
    &[On::Arn("arn:aws:ses:{region}:{account}:configuration-set/{configuration_set_name}")];

impl Resource for EventDestination {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("ses:CreateConfigurationSetEventDestination").on(SET),
        UPDATE.needs("ses:UpdateConfigurationSetEventDestination").on(SET),
        READ.needs("ses:GetConfigurationSetEventDestinations").on(SET),
        DELETE.needs("ses:DeleteConfigurationSetEventDestination").on(SET),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        aws.ses()
            .create_configuration_set_event_destination()
            .configuration_set_name(args.configuration_set_name.as_str())
            .event_destination_name(&args.event_destination_name)
            .event_destination(definition(args))
            .send()
            .await?;
        let id = request.ty.natural_id(&request.inputs);
        Ok(Seen::new(id.unwrap_or_default()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (set, name) = key(request);
        aws.ses()
            .update_configuration_set_event_destination()
            .configuration_set_name(set)
            .event_destination_name(name)
            .event_destination(definition(&request.args))
            .send()
            .await?;
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (set, name) = key(request);
        let asked = aws.ses().get_configuration_set_event_destinations();
        let told = asked.configuration_set_name(set).send().await.if_found()?;
        let all = told.and_then(|told| told.event_destinations).unwrap_or_default();
        let it = all.iter().find(|destination| destination.name() == name);
        Ok(it.map(|destination| seen(destination, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (set, name) = key(request);
        let delete = aws.ses().delete_configuration_set_event_destination();
        delete.configuration_set_name(set).event_destination_name(name).send().await?;
        Ok(Deletion::Gone)
    }
}
