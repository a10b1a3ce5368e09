//! Of `ec2`.

use super::{Deviation, localstack, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
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
    ministack(
        "aws:ec2:ElasticIp",
        "network_border_group",
        "DescribeAddresses tells it as it was given",
    ),
    ministack("aws:ec2:Instance", "metadata_options", "DescribeInstances tells it as it was given"),
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
    ministack("aws:ec2:FlowLog", "found", "DescribeFlowLogs tells the tags of vpc-flow-log"),
    ministack(
        "aws:ec2:FlowLog",
        "deleted",
        "DeleteFlowLogs tells as Unsuccessful what is not there",
    ),
    ministack(
        "aws:ec2:FlowLog",
        "create",
        "has ModifyNetworkInterfaceAttribute, for the interface that is watched",
    ),
    ministack(
        "aws:ec2:Instance",
        "create",
        "has ModifyNetworkInterfaceAttribute, and DescribeInstances tells what RunInstances was given",
    ),
    ministack("aws:ec2:NetworkInterface", "create", "has ModifyNetworkInterfaceAttribute"),
    ministack(
        "aws:ec2:NatGateway",
        "update private_ip_address",
        "DescribeNatGateways tells it as it was given",
    ),
    ministack(
        "aws:ec2:NatGateway",
        "update secondary_allocation_ids",
        "has AssociateNatGatewayAddress",
    ),
    ministack(
        "aws:ec2:PrefixList",
        "found",
        "DescribeManagedPrefixLists tells the tags that CreateManagedPrefixList was given",
    ),
    ministack(
        "aws:ec2:SecurityGroupRule",
        "update prefix_list_id",
        "DescribeSecurityGroupRules tells the rules of prefix lists",
    ),
    moto(
        "aws:ec2:FlowLog",
        "create",
        "the LogDestination is a bucket of the account (CreateFlowLogs), wherever it is",
    ),
    moto(
        "aws:ec2:Instance",
        "update credit_specification",
        "has ModifyInstanceCreditSpecification",
    ),
    moto(
        "aws:ec2:Instance",
        "update iam_instance_profile",
        "DescribeIamInstanceProfileAssociations tells the profile that was given last",
    ),
    moto(
        "aws:ec2:Instance",
        "update instance_initiated_shutdown_behavior",
        "DescribeInstanceAttribute tells instanceInitiatedShutdownBehavior",
    ),
    moto("aws:ec2:Instance", "update monitoring", "has UnmonitorInstances"),
    moto(
        "aws:ec2:Instance",
        "update tenancy",
        "DescribeInstances tells the Tenancy that RunInstances was given",
    ),
    moto(
        "aws:ec2:NatGateway",
        "update private_ip_address",
        "an address of a gateway that was deleted is free again (DeleteNatGateway)",
    ),
    moto("aws:ec2:NatGateway", "update secondary_allocation_ids", "has AssociateNatGatewayAddress"),
    moto(
        "aws:ec2:NatGateway",
        "update subnet_id",
        "an address of a gateway that was deleted is free again (DeleteNatGateway)",
    ),
    moto(
        "aws:ec2:NetworkInterface",
        "update interface_type",
        "DescribeNetworkInterfaces tells the InterfaceType that was given",
    ),
    moto(
        "aws:ec2:Volume",
        "create",
        "CreateVolume takes a SnapshotId of the account; there a snapshot has an id that nobody can choose",
    ),
    moto(
        "aws:ec2:VpcEndpoint",
        "update private_dns_enabled",
        "ModifyVpcEndpoint takes PrivateDnsEnabled",
    ),
    ministack("aws:ec2:Instance", "destroyed", "has ModifyInstanceAttribute"),
    localstack(
        "aws:ec2:ElasticIp",
        "network_border_group",
        "DescribeAddresses tells it as it was given",
    ),
    localstack(
        "aws:ec2:FlowLog",
        "destination",
        "DescribeFlowLogs tells the DestinationOptions that were given",
    ),
    localstack("aws:ec2:Instance", "cpu_options", "DescribeInstances tells it as it was given"),
    localstack(
        "aws:ec2:Instance",
        "disable_api_termination",
        "DescribeInstances tells it as it was given",
    ),
    localstack(
        "aws:ec2:Instance",
        "placement_group_name",
        "DescribeInstances tells it as it was given",
    ),
    localstack(
        "aws:ec2:Instance",
        "private_dns_name_options",
        "DescribeInstances tells it as it was given",
    ),
    localstack(
        "aws:ec2:LaunchTemplate",
        "update tags",
        "DescribeLaunchTemplates tells the Tags that CreateTags has set",
    ),
    localstack(
        "aws:ec2:NatGateway",
        "secondary_allocation_ids",
        "DescribeNatGateways tells it as it was given",
    ),
    localstack(
        "aws:ec2:NetworkInterface",
        "connection_tracking_specification",
        "DescribeNetworkInterfaces tells it as it was given",
    ),
    localstack(
        "aws:ec2:PrefixList",
        "deleted",
        "DeleteManagedPrefixList of what is not there is InvalidPrefixListID.NotFound",
    ),
    localstack(
        "aws:ec2:PrefixList",
        "update max_entries",
        "ModifyManagedPrefixList takes MaxEntries",
    ),
    localstack(
        "aws:ec2:SecurityGroupRule",
        "description",
        "DescribeSecurityGroupRules tells it as it was given",
    ),
    localstack(
        "aws:ec2:Volume",
        "create",
        "CreateVolume takes a SnapshotId of the account; there a snapshot has an id that nobody can choose",
    ),
    localstack(
        "aws:ec2:VpcEndpoint",
        "ip_address_type",
        "DescribeVpcEndpoints tells it as it was given",
    ),
    localstack(
        "aws:ec2:VpcEndpoint",
        "policy_document",
        "DescribeVpcEndpoints tells it as it was given",
    ),
    localstack(
        "aws:ec2:Instance",
        "update credit_specification",
        "has ModifyInstanceCreditSpecification",
    ),
    localstack(
        "aws:ec2:Instance",
        "update iam_instance_profile",
        "DescribeIamInstanceProfileAssociations tells the profile that was given last",
    ),
    localstack(
        "aws:ec2:Instance",
        "update instance_initiated_shutdown_behavior",
        "DescribeInstanceAttribute tells instanceInitiatedShutdownBehavior",
    ),
    localstack("aws:ec2:Instance", "update monitoring", "has UnmonitorInstances"),
    localstack(
        "aws:ec2:Instance",
        "update tenancy",
        "DescribeInstances tells the Tenancy that RunInstances was given",
    ),
    localstack(
        "aws:ec2:NatGateway",
        "update private_ip_address",
        "an address of a gateway that was deleted is free again (DeleteNatGateway)",
    ),
    localstack(
        "aws:ec2:NatGateway",
        "update secondary_allocation_ids",
        "has AssociateNatGatewayAddress",
    ),
    localstack(
        "aws:ec2:NatGateway",
        "update subnet_id",
        "an address of a gateway that was deleted is free again (DeleteNatGateway)",
    ),
    localstack(
        "aws:ec2:NetworkInterface",
        "update interface_type",
        "DescribeNetworkInterfaces tells the InterfaceType that was given",
    ),
    localstack(
        "aws:ec2:VpcEndpoint",
        "dns_options",
        "DescribeVpcEndpoints tells it as it was given",
    ),
    localstack(
        "aws:ec2:VpcEndpoint",
        "update security_group_ids",
        "ModifyVpcEndpoint takes AddSecurityGroupIds and RemoveSecurityGroupIds",
    ),
];
