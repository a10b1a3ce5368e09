//! Of `ec2`.

use super::{Deviation, ministack, moto};

/// Said of both.

/// Said of what an instance stands behind too.

pub(super) const ALL: &[Deviation] = &[
    ministack(
        "aws:ec2:Instance",
        "destroyed",
        "has ModifyInstanceAttribute, which takes DisableApiTermination back",
    ),
    moto(
        "aws:ec2:LaunchTemplate",
        "update tags",
        "DescribeLaunchTemplates tells the Tags that CreateTags has set",
    ),
    moto(
        "aws:ec2:PrefixList",
        "deleted",
        "DeleteManagedPrefixList of what is not there is InvalidPrefixListID.NotFound",
    ),
    moto("aws:ec2:PrefixList", "update max_entries", "ModifyManagedPrefixList takes MaxEntries"),
    ministack(
        "aws:ec2:SecurityGroupRule",
        "update description",
        "has UpdateSecurityGroupRuleDescriptionsIngress and ...Egress",
    ),
    ministack("aws:ec2:Vpc", "update instance_tenancy", "has ModifyVpcTenancy"),
    moto("aws:ec2:VpcEndpoint", "update ip_address_type", "ModifyVpcEndpoint takes IpAddressType"),
    ministack(
        "aws:ec2:ElasticIp",
        "network_border_group",
        "DescribeAddresses tells it as it was given",
    ),
    ministack("aws:ec2:Instance", "metadata_options", "DescribeInstances tells it as it was given"),
    ministack(
        "aws:ec2:Instance",
        "without source_dest_check",
        "ModifyInstanceAttribute changes SourceDestCheck",
    ),
    ministack(
        "aws:ec2:LaunchTemplate",
        "launch_template_data",
        "DescribeLaunchTemplateVersions tells it as it was given",
    ),
    ministack(
        "aws:ec2:NatGateway",
        "allocation_id",
        "DescribeNatGateways tells it as it was given",
    ),
    ministack(
        "aws:ec2:NatGateway",
        "secondary_allocation_ids",
        "DescribeNatGateways tells it as it was given",
    ),
    ministack(
        "aws:ec2:NetworkInterface",
        "without source_dest_check",
        "ModifyNetworkInterfaceAttribute changes SourceDestCheck",
    ),
    ministack("aws:ec2:PrefixList", "tags", "DescribeManagedPrefixLists tells it as it was given"),
    ministack(
        "aws:ec2:SecurityGroupRule",
        "description",
        "DescribeSecurityGroupRules tells it as it was given",
    ),
    ministack(
        "aws:ec2:SecurityGroupRule",
        "prefix_list_id",
        "DescribeSecurityGroupRules tells it as it was given",
    ),
    ministack("aws:ec2:Volume", "kms_key_id", "DescribeVolumes tells it as it was given"),
    ministack("aws:ec2:Volume", "throughput", "DescribeVolumes tells it as it was given"),
    ministack(
        "aws:ec2:VpcEndpoint",
        "dns_options",
        "DescribeVpcEndpoints tells it as it was given",
    ),
    ministack(
        "aws:ec2:VpcEndpoint",
        "ip_address_type",
        "DescribeVpcEndpoints tells it as it was given",
    ),
    ministack(
        "aws:ec2:VpcEndpoint",
        "policy_document",
        "DescribeVpcEndpoints tells it as it was given",
    ),
    ministack(
        "aws:ec2:VpcEndpoint",
        "private_dns_enabled",
        "DescribeVpcEndpoints tells it as it was given",
    ),
    ministack(
        "aws:ec2:VpcEndpoint",
        "security_group_ids",
        "DescribeVpcEndpoints tells it as it was given",
    ),
    moto("aws:ec2:ElasticIp", "network_border_group", "DescribeAddresses tells it as it was given"),
    moto(
        "aws:ec2:FlowLog",
        "without destination.s3.prefix",
        "LogDestination may name a folder of the bucket (CreateFlowLogs)",
    ),
    moto("aws:ec2:Instance", "cpu_options", "DescribeInstances tells it as it was given"),
    moto(
        "aws:ec2:Instance",
        "disable_api_termination",
        "DescribeInstances tells it as it was given",
    ),
    moto("aws:ec2:Instance", "placement_group_name", "DescribeInstances tells it as it was given"),
    moto(
        "aws:ec2:Instance",
        "private_dns_name_options",
        "DescribeInstances tells it as it was given",
    ),
    moto(
        "aws:ec2:NatGateway",
        "secondary_allocation_ids",
        "DescribeNatGateways tells it as it was given",
    ),
    moto(
        "aws:ec2:NetworkInterface",
        "connection_tracking_specification",
        "DescribeNetworkInterfaces tells it as it was given",
    ),
    moto(
        "aws:ec2:SecurityGroupRule",
        "description",
        "DescribeSecurityGroupRules tells it as it was given",
    ),
    moto(
        "aws:ec2:Volume",
        "without snapshot_id",
        "CreateVolume takes a SnapshotId of the account; there a snapshot has an id that nobody can choose",
    ),
    moto("aws:ec2:VpcEndpoint", "dns_options", "DescribeVpcEndpoints tells it as it was given"),
    moto("aws:ec2:VpcEndpoint", "ip_address_type", "DescribeVpcEndpoints tells it as it was given"),
    ministack(
        "aws:ec2:FlowLog",
        "destination",
        "DescribeFlowLogs tells the DestinationOptions and the LogGroupName that were given",
    ),
    ministack(
        "aws:ec2:FlowLog",
        "log_format",
        "DescribeFlowLogs tells the LogFormat that was given",
    ),
    ministack(
        "aws:ec2:FlowLog",
        "max_aggregation_interval",
        "DescribeFlowLogs tells the MaxAggregationInterval that was given",
    ),
    ministack("aws:ec2:FlowLog", "tags", "DescribeFlowLogs tells the tags of vpc-flow-log"),
];
