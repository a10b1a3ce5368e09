//! `aws:ec2:FlowLog`.

use aws_sdk_ec2::{
    operation::create_flow_logs::builders::CreateFlowLogsFluentBuilder,
    types::{self as sdk, DestinationOptionsRequest, FlowLogsResourceType, LogDestinationType},
};
use infra_core::{
    aws::{
        BucketArn, LogGroupName, NetworkInterfaceId, RoleArn, SubnetId, VpcId,
        ec2::{
            self, AggregationInterval, CloudWatchFlowLogsArgs, FlowLogDestinationArgs,
            FlowLogFileFormat, FlowLogResourceArgs, S3FlowLogsArgs,
        },
    },
    handler::{Deletion, Request, TypedRequest},
    types::PropertyType,
    value::Value,
};

use super::{new_tags, of_stack, refusals, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, of_ec2, passed, tagged},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct FlowLog;

/// AWS's own lines, where nothing was asked for. AWS: VPC user guide, "Flow log records".
const DEFAULT: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol \
                       packets bytes start end action log-status";

fn resource(log: &sdk::FlowLog) -> Option<FlowLogResourceArgs> {
    let id = log.resource_id()?;
    VpcId::parse(id)
        .map(FlowLogResourceArgs::WholeVpc)
        .or_else(|_| SubnetId::parse(id).map(FlowLogResourceArgs::WholeSubnet))
        .or_else(|_| NetworkInterfaceId::parse(id).map(FlowLogResourceArgs::OneInterface))
        .ok()
}

fn destination(log: &sdk::FlowLog) -> Option<FlowLogDestinationArgs> {
    if log.log_destination_type() != Some(&LogDestinationType::S3) {
        return Some(FlowLogDestinationArgs::CloudWatchLogs(CloudWatchFlowLogsArgs {
            log_group_name: LogGroupName::parse(log.log_group_name()?).ok()?,
            deliver_logs_permission_arn: RoleArn::parse(log.deliver_logs_permission_arn()?).ok()?,
        }));
    }
    let place = log.log_destination()?.trim_end_matches('/');
    let (bucket, prefix) = match place.split_once('/') {
        Some((bucket, prefix)) => (bucket, Some(prefix.to_owned())),
        None => (place, None),
    };
    let options = log.destination_options();
    let format = options.and_then(|it| it.file_format()).map(|format| format.as_str());
    let format = format.and_then(|word| FlowLogFileFormat::decode(&word.into()).ok());
    let hive = options.and_then(|it| it.hive_compatible_partitions());
    Some(FlowLogDestinationArgs::S3(S3FlowLogsArgs {
        bucket_arn: BucketArn::parse(bucket).ok()?,
        prefix,
        file_format: format.unwrap_or(FlowLogFileFormat::PlainText),
        hive_compatible_partitions: hive.unwrap_or_default(),
        per_hour_partition: options.and_then(|it| it.per_hour_partition()).unwrap_or_default(),
    }))
}

/// The fields of `${version} ${account-id}`. AWS's own are told of a log that asked for none.
fn fields(log: &sdk::FlowLog, recorded: &Value) -> Vec<String> {
    let fields = log.log_format().unwrap_or_default().split_whitespace();
    let fields = fields.map(|field| field.trim_start_matches("${").trim_end_matches('}'));
    let fields: Vec<&str> = fields.collect();
    if recorded.is_null() && fields.join(" ") == DEFAULT {
        return vec![];
    }
    fields.into_iter().map(str::to_owned).collect()
}

fn seen(log: &sdk::FlowLog, request: &Request) -> Seen {
    type Type = ec2::FlowLog;
    let recorded = request.inputs.get(Type::LOG_FORMAT.slot);
    bare(log)
        .set(Type::RESOURCE, resource(log))
        .set(Type::DESTINATION, destination(log))
        .text(Type::TRAFFIC_TYPE, log.traffic_type().map(sdk::TrafficType::as_str))
        .texts(Type::LOG_FORMAT, fields(log, recorded))
        .text(
            Type::MAX_AGGREGATION_INTERVAL,
            log.max_aggregation_interval().map(|seconds| seconds.to_string()),
        )
}

fn bare(log: &sdk::FlowLog) -> Seen {
    Seen::new(log.flow_log_id().unwrap_or_default())
        .text(ec2::FlowLog::FLOW_LOG_ID, log.flow_log_id())
        .tags(tags(log.tags()))
}

fn of(
    call: CreateFlowLogsFluentBuilder,
    resource: &FlowLogResourceArgs,
) -> CreateFlowLogsFluentBuilder {
    let (kind, id) = match resource {
        FlowLogResourceArgs::WholeVpc(id) => (FlowLogsResourceType::Vpc, id.as_str()),
        FlowLogResourceArgs::WholeSubnet(id) => (FlowLogsResourceType::Subnet, id.as_str()),
        FlowLogResourceArgs::OneInterface(id) => {
            (FlowLogsResourceType::NetworkInterface, id.as_str())
        }
    };
    call.resource_type(kind).resource_ids(id)
}

fn to(
    call: CreateFlowLogsFluentBuilder,
    destination: &FlowLogDestinationArgs,
) -> CreateFlowLogsFluentBuilder {
    match destination {
        FlowLogDestinationArgs::CloudWatchLogs(logs) => call
            .log_destination_type(LogDestinationType::CloudWatchLogs)
            .log_group_name(logs.log_group_name.as_str())
            .deliver_logs_permission_arn(logs.deliver_logs_permission_arn.as_str()),
        FlowLogDestinationArgs::S3(files) => {
            let bucket = &files.bucket_arn;
            let place = match &files.prefix {
                Some(prefix) => format!("{bucket}/{prefix}/"),
                None => bucket.to_string(),
            };
            let options = DestinationOptionsRequest::builder()
                .file_format(files.file_format.as_str().into())
                .hive_compatible_partitions(files.hive_compatible_partitions)
                .per_hour_partition(files.per_hour_partition);
            call.log_destination_type(LogDestinationType::S3)
                .log_destination(place)
                .destination_options(options.build())
        }
    }
}

impl Resource for FlowLog {
    type Type = ec2::FlowLog;

    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateFlowLogs").on(&[
            On::Own,
            of_ec2::NETWORK_INTERFACE,
            of_ec2::SUBNET,
            of_ec2::VPC,
        ]),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        READ.and(LIST).needs("ec2:DescribeFlowLogs"),
        DELETE.needs("ec2:DeleteFlowLogs").on(OWN).ours(),
        tagged!("CreateFlowLogs"),
        passed!(CREATE, "vpc-flow-logs.amazonaws.com"),
        CREATE.needs("logs:CreateLogDelivery"),
        DELETE.needs("logs:DeleteLogDelivery"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::FlowLog>) -> Answer<Seen> {
        let args = &request.args;
        let format = args.log_format.as_ref().map(|fields| {
            let fields = fields.iter().map(|field| format!("${{{field}}}"));
            fields.collect::<Vec<_>>().join(" ")
        });
        let seconds = match args.max_aggregation_interval {
            AggregationInterval::Minute => 60,
            AggregationInterval::TenMinutes => 600,
        };
        let call = to(of(aws.ec2().create_flow_logs(), &args.resource), &args.destination);
        let made = call
            .traffic_type(args.traffic_type.as_str().into())
            .set_log_format(format)
            .max_aggregation_interval(seconds)
            .client_token(&*request.owner.intent)
            .tag_specifications(new_tags(sdk::ResourceType::VpcFlowLog, request))
            .send()
            .await?;
        refusals("CreateFlowLogs", made.unsuccessful())?;
        let incomplete = || Error::incomplete("ec2", "CreateFlowLogs", "FlowLogIds");
        let id = made.flow_log_ids().first().ok_or_else(incomplete)?;
        Ok(Seen::new(id).text(ec2::FlowLog::FLOW_LOG_ID, Some(id)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::FlowLog>) -> Answer<()> {
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.ec2().describe_flow_logs().flow_log_ids(&*request.id);
        let told = asked.send().await.if_found()?;
        Ok(told.and_then(|told| told.flow_logs().first().map(|log| seen(log, request))))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.ec2().delete_flow_logs().flow_log_ids(&*request.id);
        refusals("DeleteFlowLogs", delete.send().await?.unsuccessful())?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_flow_logs().set_filter(of_stack(stack)).into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
        Ok(all.iter().map(bare).collect())
    }
}
