//! The cases of `aws:ec2:FlowLog`: one to a bucket, one to a log group.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        ec2::{
            AggregationInterval, CloudWatchFlowLogs, FlowLog, FlowLogDestination, FlowLogField,
            FlowLogFileFormat, FlowLogResource, NetworkInterface, S3FlowLogs, Subnet, TrafficType,
            Vpc,
        },
        iam::Role,
        logs::LogGroup,
        s3::Bucket,
    },
    prelude::*,
};

use super::network_interface::subnet;
use crate::conformance::iam::role::trust;

fn vpc(stack: &Stack) -> Vpc {
    Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack)
}

fn role(stack: &Stack, service: &str) -> Role {
    Role::named("logging").assume_role_policy_document(trust(service)).create(stack)
}

fn bucket(stack: &Stack, name: &str) -> Bucket {
    Bucket::named(name).create(stack)
}

fn refused_prefix(stack: &Stack, prefix: &str) {
    let files = S3FlowLogs::new(bucket(stack, "logs").arn()).prefix(prefix);
    FlowLog::named("subject")
        .resource(FlowLogResource::whole_vpc(&vpc(stack)))
        .destination(FlowLogDestination::s3(files))
        .create(stack);
}

fn refused_format<const N: usize>(stack: &Stack, format: [FlowLogField; N]) {
    let files = S3FlowLogs::new(bucket(stack, "logs").arn());
    FlowLog::named("subject")
        .resource(FlowLogResource::whole_vpc(&vpc(stack)))
        .destination(FlowLogDestination::s3(files))
        .log_format(format)
        .create(stack);
}

const DESTINATION: &str = "a part of `destination`, which is one of several kinds here";
const RESOURCE: &str = "a part of `resource`, which is one of several kinds here";

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: FlowLog::definition,
        build: |stack, v| {
            let vpc = vpc(stack);
            let [one, two] = ["one", "two"].map(|name| bucket(stack, name));
            let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(stack);
            let files = |bucket: &Bucket| {
                let files = S3FlowLogs::new(bucket.arn()).prefix("network/refused");
                let files = files.file_format(FlowLogFileFormat::Parquet);
                let files = files.hive_compatible_partitions(true).per_hour_partition(true);
                FlowLogDestination::s3(files)
            };
            FlowLog::named("subject")
                .resource(v.pick(
                    "resource",
                    FlowLogResource::whole_vpc(&vpc),
                    FlowLogResource::whole_subnet(&subnet),
                ))
                .destination(v.pick("destination", files(&one), files(&two)))
                .traffic_type(v.pick("traffic_type", TrafficType::Reject, TrafficType::All))
                .log_format(v.pick(
                    "log_format",
                    vec![FlowLogField::Srcaddr, FlowLogField::Dstaddr, FlowLogField::Verdict],
                    vec![FlowLogField::Srcaddr, FlowLogField::RejectReason],
                ))
                .max_aggregation_interval(v.pick(
                    "max_aggregation_interval",
                    AggregationInterval::Minute,
                    AggregationInterval::TenMinutes,
                ))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "log_format",
                build: |stack| refused_format(stack, []),
                says: "has no field",
            },
            Refused {
                property: "log_format",
                build: |stack| {
                    refused_format(stack, [FlowLogField::PktSrcaddr, FlowLogField::PktSrcaddr]);
                },
                says: "has the field pkt-srcaddr twice",
            },
            Refused {
                property: "destination",
                build: |stack| refused_prefix(stack, "network/"),
                says: "must be a folder without slashes at its ends",
            },
            Refused {
                property: "destination",
                build: |stack| refused_prefix(stack, "AWSLogs"),
                says: "which AWS adds itself",
            },
            Refused {
                property: "",
                build: |stack| {
                    let (vpc, bucket) = (vpc(stack), bucket(stack, "logs"));
                    for name in ["one", "subject"] {
                        let files = S3FlowLogs::new(bucket.arn());
                        FlowLog::named(name)
                            .resource(FlowLogResource::whole_vpc(&vpc))
                            .destination(FlowLogDestination::s3(files))
                            .create(stack);
                    }
                },
                says: "exists already",
            },
        ],
        fixed: &[],
        cfn: Cfn {
            name: "AWS::EC2::FlowLog",
            differs: &[
                ("DeliverCrossAccountRole", "left out: one account gets its own logs"),
                ("DeliverLogsPermissionArn", DESTINATION),
                ("DestinationOptions", DESTINATION),
                ("LogDestination", DESTINATION),
                ("LogDestinationType", DESTINATION),
                ("LogGroupName", DESTINATION),
                ("ResourceId", RESOURCE),
                ("ResourceType", RESOURCE),
                ("TagFieldSpecifications", "left out: who talks is told by addresses"),
                ("arn", "made of region, account and id; CloudFormation does not tell it"),
                ("destination", "in place of several properties that depend on each other"),
                ("resource", "in place of an id and its kind"),
            ],
            renamed: &[("Id", "flow_log_id")],
        },
    },
    Case {
        ty: FlowLog::definition,
        build: |stack, v| {
            let interface = NetworkInterface::named("eni").subnet_id(&subnet(stack)).create(stack);
            let role = role(stack, "vpc-flow-logs.amazonaws.com");
            let [one, two] = ["one", "two"].map(|name| LogGroup::named(name).create(stack));
            let group = v.pick("destination", &one, &two);
            let logs = CloudWatchFlowLogs::new(group, role.arn());
            FlowLog::named("subject")
                .resource(FlowLogResource::one_interface(&interface))
                .destination(FlowLogDestination::cloud_watch_logs(logs))
                .create(stack);
        },
        refused: &[Refused {
            property: "destination",
            build: |stack| {
                let role = role(stack, "ec2.amazonaws.com");
                let group = LogGroup::named("logs").create(stack);
                let logs = CloudWatchFlowLogs::new(&group, role.arn());
                FlowLog::named("subject")
                    .resource(FlowLogResource::whole_vpc(&vpc(stack)))
                    .destination(FlowLogDestination::cloud_watch_logs(logs))
                    .create(stack);
            },
            says: "does not let vpc-flow-logs.amazonaws.com take it on",
        }],
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
