//! Of `ec2`.

use super::{Deviation, ministack, moto};

/// Said of both.
const BORDER_GROUP: &str = "AllocateAddress takes and Address tells NetworkBorderGroup";

/// Said of what an instance stands behind too.
const METADATA: &str = "RunInstances takes and Instance tells MetadataOptions";

pub(super) const ALL: &[Deviation] = &[
    ministack("aws:ec2:ElasticIp", "create", BORDER_GROUP),
    moto("aws:ec2:ElasticIp", "create", BORDER_GROUP),
    ministack(
        "aws:ec2:FlowLog",
        "create",
        "FlowLog tells what CreateFlowLogs was given: LogFormat, MaxAggregationInterval, \
              LogGroupName, DestinationOptions and the tags of vpc-flow-log",
    ),
    moto(
        "aws:ec2:FlowLog",
        "create",
        "LogDestination may name a folder of the bucket (CreateFlowLogs)",
    ),
    ministack("aws:ec2:Instance", "create", METADATA),
    ministack(
        "aws:ec2:Instance",
        "destroyed",
        "has ModifyInstanceAttribute, which takes DisableApiTermination back",
    ),
    moto(
        "aws:ec2:Instance",
        "create",
        "RunInstances takes CpuOptions, Placement, PrivateDnsNameOptions and \
              DisableApiTermination, and Instance and DescribeInstanceAttribute tell them",
    ),
    ministack(
        "aws:ec2:LaunchTemplate",
        "create",
        "ResponseLaunchTemplateData has all that RequestLaunchTemplateData was given, such as \
              InstanceRequirements",
    ),
    moto(
        "aws:ec2:LaunchTemplate",
        "update tags",
        "DescribeLaunchTemplates tells the Tags that CreateTags has set",
    ),
    ministack(
        "aws:ec2:NatGateway",
        "create",
        "DescribeNatGateways tells NatGatewayAddresses, those of the allocation ids that \
              CreateNatGateway was given",
    ),
    moto(
        "aws:ec2:NatGateway",
        "create",
        "CreateNatGateway takes SecondaryAllocationIds and PrivateIpAddress, and \
              NatGatewayAddresses tells them with IsPrimary",
    ),
    ministack("aws:ec2:NetworkInterface", "create", "has ModifyNetworkInterfaceAttribute"),
    moto(
        "aws:ec2:NetworkInterface",
        "create",
        "CreateNetworkInterface takes ConnectionTrackingSpecification, and NetworkInterface \
              tells it as ConnectionTrackingConfiguration",
    ),
    ministack(
        "aws:ec2:PrefixList",
        "create",
        "CreateManagedPrefixList takes TagSpecifications, and ManagedPrefixList tells Tags",
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
    moto(
        "aws:ec2:SecurityGroupRule",
        "create",
        "SecurityGroupRule tells the Description that PrefixListId and UserIdGroupPair were \
              given too, not IpRange alone (AuthorizeSecurityGroupIngress)",
    ),
    ministack(
        "aws:ec2:Volume",
        "create",
        "CreateVolume takes and Volume tells KmsKeyId and Throughput",
    ),
    moto(
        "aws:ec2:Volume",
        "create",
        "CreateVolume takes a SnapshotId of the account; there a snapshot has an id that \
              nobody can choose",
    ),
    ministack("aws:ec2:VolumeAttachment", "create", METADATA),
    ministack("aws:ec2:Vpc", "update instance_tenancy", "has ModifyVpcTenancy"),
    ministack(
        "aws:ec2:VpcEndpoint",
        "create",
        "VpcEndpoint tells what CreateVpcEndpoint was given: PolicyDocument, Groups, \
              PrivateDnsEnabled, IpAddressType, DnsOptions",
    ),
    moto(
        "aws:ec2:VpcEndpoint",
        "create",
        "CreateVpcEndpoint takes and VpcEndpoint tells IpAddressType and DnsOptions",
    ),
    moto("aws:ec2:VpcEndpoint", "update ip_address_type", "ModifyVpcEndpoint takes IpAddressType"),
    ministack(
        "aws:ec2:SecurityGroupRule",
        "create",
        "SecurityGroupRule tells the PrefixListId and the Description that AuthorizeSecurityGroupIngress was given",
    ),
];
