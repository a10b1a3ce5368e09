//! Of `ec2`.

use super::Deviation;
use crate::server::Kind;

/// Said of both.
const BORDER_GROUP: &str = "AllocateAddress takes and Address tells NetworkBorderGroup";

/// Said of what an instance stands behind too.
const METADATA: &str = "RunInstances takes and Instance tells MetadataOptions";

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:ElasticIp",
        what: "create",
        aws: BORDER_GROUP,
    },
    Deviation { server: Kind::Moto, ty: "aws:ec2:ElasticIp", what: "create", aws: BORDER_GROUP },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:FlowLog",
        what: "create",
        aws: "FlowLog tells what CreateFlowLogs was given: LogFormat, MaxAggregationInterval, \
              LogGroupName, DestinationOptions and the tags of vpc-flow-log",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:FlowLog",
        what: "create",
        aws: "LogDestination may name a folder of the bucket (CreateFlowLogs)",
    },
    Deviation { server: Kind::Ministack, ty: "aws:ec2:Instance", what: "create", aws: METADATA },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:Instance",
        what: "destroyed",
        aws: "has ModifyInstanceAttribute, which takes DisableApiTermination back",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:Instance",
        what: "create",
        aws: "RunInstances takes CpuOptions, Placement, PrivateDnsNameOptions and \
              DisableApiTermination, and Instance and DescribeInstanceAttribute tell them",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:LaunchTemplate",
        what: "create",
        aws: "ResponseLaunchTemplateData has all that RequestLaunchTemplateData was given, such as \
              InstanceRequirements",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:LaunchTemplate",
        what: "update tags",
        aws: "DescribeLaunchTemplates tells the Tags that CreateTags has set",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:NatGateway",
        what: "create",
        aws: "DescribeNatGateways tells NatGatewayAddresses, those of the allocation ids that \
              CreateNatGateway was given",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:NatGateway",
        what: "create",
        aws: "CreateNatGateway takes SecondaryAllocationIds and PrivateIpAddress, and \
              NatGatewayAddresses tells them with IsPrimary",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:NetworkInterface",
        what: "create",
        aws: "has ModifyNetworkInterfaceAttribute",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:NetworkInterface",
        what: "create",
        aws: "CreateNetworkInterface takes ConnectionTrackingSpecification, and NetworkInterface \
              tells it as ConnectionTrackingConfiguration",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:PrefixList",
        what: "create",
        aws: "CreateManagedPrefixList takes TagSpecifications, and ManagedPrefixList tells Tags",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:PrefixList",
        what: "deleted",
        aws: "DeleteManagedPrefixList of what is not there is InvalidPrefixListID.NotFound",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:PrefixList",
        what: "update max_entries",
        aws: "ModifyManagedPrefixList takes MaxEntries",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:SecurityGroupRule",
        what: "update description",
        aws: "has UpdateSecurityGroupRuleDescriptionsIngress and ...Egress",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:SecurityGroupRule",
        what: "create",
        aws: "SecurityGroupRule tells the Description that PrefixListId and UserIdGroupPair were \
              given too, not IpRange alone (AuthorizeSecurityGroupIngress)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:Volume",
        what: "create",
        aws: "CreateVolume takes and Volume tells KmsKeyId and Throughput",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:Volume",
        what: "create",
        aws: "CreateVolume takes a SnapshotId of the account; there a snapshot has an id that \
              nobody can choose",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:VolumeAttachment",
        what: "create",
        aws: METADATA,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:Vpc",
        what: "update instance_tenancy",
        aws: "has ModifyVpcTenancy",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:VpcEndpoint",
        what: "create",
        aws: "VpcEndpoint tells what CreateVpcEndpoint was given: PolicyDocument, Groups, \
              PrivateDnsEnabled, IpAddressType, DnsOptions",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:VpcEndpoint",
        what: "create",
        aws: "CreateVpcEndpoint takes and VpcEndpoint tells IpAddressType and DnsOptions",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ec2:VpcEndpoint",
        what: "update ip_address_type",
        aws: "ModifyVpcEndpoint takes IpAddressType",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ec2:SecurityGroupRule",
        what: "create",
        aws: "SecurityGroupRule tells the PrefixListId and the Description that AuthorizeSecurityGroupIngress was given",
    },
];
