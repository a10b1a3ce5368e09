//! The cases of `aws:ec2:Instance`: in a subnet, with an interface that exists, and from a launch
//! template.

mod refused;

use crate::conformance::{Case, Cfn};
use infra_core::{
    aws::{
        autoscaling::LaunchTemplateSpecification,
        ec2::{
            BlockDeviceMapping, CpuCredits, CpuOptions, CreditSpecification, EbsBlockDevice,
            HostnameType, Instance, InstanceTenancy, LaunchTemplate, LaunchTemplateData,
            MetadataOptions, NetworkInterface, NetworkInterfaceSpecification,
            PrivateDnsNameOptions, SecurityGroup, ShutdownBehavior, Subnet, Vpc,
        },
        iam::{InstanceProfile, Role},
    },
    prelude::*,
};

use crate::conformance::iam::role::trust;

const IMAGE: &str = "ami-0123456789abcdef0";

fn vpc(stack: &Stack) -> Vpc {
    Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack)
}

fn subnet(stack: &Stack, vpc: &Vpc, name: &str, range: &str) -> Subnet {
    Subnet::named(name).vpc_id(vpc).cidr_block(range).create(stack)
}

fn profile(stack: &Stack, name: &str) -> InstanceProfile {
    let trust = trust("ec2.amazonaws.com");
    let role = Role::named(name).assume_role_policy_document(trust).create(stack);
    InstanceProfile::named(name).role_name(&role).create(stack)
}

fn disk(size: u32) -> BlockDeviceMapping {
    BlockDeviceMapping::new("/dev/xvda").ebs(EbsBlockDevice::new().volume_size(GiB(size)))
}

fn by_name(kind: HostnameType) -> PrivateDnsNameOptions {
    PrivateDnsNameOptions::new().hostname_type(kind)
}

const IN_A_SUBNET: &str = "excludes `subnet_id`; the second case has it in its place";
const NO_CASE: &str = "left out: not part of the architecture";
const IPV4: &str = "left out: the architecture is IPv4 inside";
const SHARED: &str = "the structure is that of launch templates, as RunInstances has it";

const DIFFERS: &[(&str, &str)] = &[
    ("AdditionalInfo", "left out: AWS reserves it for itself"),
    ("Affinity", "left out: hosts are not part of the architecture"),
    ("AvailabilityZone", "told: the zone is that of the subnet"),
    ("BlockDeviceMappings.Ebs.throughput", SHARED),
    ("BlockDeviceMappings.Ebs.volume_initialization_rate", SHARED),
    ("CreditSpecification.CPUCredits", "required here: it is the only field"),
    ("ElasticGpuSpecifications", "left out: AWS offers them no more"),
    ("ElasticInferenceAccelerators", "left out: AWS offers them no more"),
    ("EnclaveOptions", NO_CASE),
    ("HibernationOptions", NO_CASE),
    ("HostId", "left out: hosts are not part of the architecture"),
    ("HostResourceGroupArn", "left out: hosts are not part of the architecture"),
    ("Ipv6AddressCount", IPV4),
    ("Ipv6Addresses", IPV4),
    ("KernelId", "left out: for paravirtual images, which no current type runs"),
    ("LaunchTemplate.LaunchTemplateId", "required here: templates are named by id alone"),
    ("LaunchTemplate.LaunchTemplateName", "left out: templates are named by id alone"),
    ("LaunchTemplate.Version", "required here: who names no version gets another one some day"),
    ("LicenseSpecifications", "left out: licences are not managed"),
    ("MetadataOptions.HttpProtocolIpv6", IPV4),
    (
        "NetworkInterfaces.AssociateCarrierIpAddress",
        "left out: Wavelength zones are not part of it",
    ),
    ("NetworkInterfaces.EnaSrdSpecification", "left out: for computing clusters"),
    ("NetworkInterfaces.Ipv6AddressCount", IPV4),
    ("NetworkInterfaces.Ipv6Addresses", IPV4),
    ("NetworkInterfaces.connection_tracking_specification", SHARED),
    ("NetworkInterfaces.interface_type", SHARED),
    ("NetworkInterfaces.ipv4_prefix_count", SHARED),
    ("NetworkInterfaces.network_card_index", SHARED),
    ("PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord", IPV4),
    ("PropagateTagsToVolumeOnCreation", "left out: volumes that matter are resources"),
    ("RamdiskId", "left out: for paravirtual images, which no current type runs"),
    ("SecurityGroups", "left out: groups are named by id alone"),
    ("SsmAssociations", "left out: an image or user data brings what runs"),
    ("State", "left out: it changes without anybody asking"),
    ("Volumes", "attachments are resources of their own"),
    ("arn", "made of region, account and id; CloudFormation does not tell it"),
];

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: Instance::definition,
        build: |stack, v| {
            let vpc = vpc(stack);
            let [a, b] = [("a", "10.0.1.0/24"), ("b", "10.0.2.0/24")]
                .map(|(name, range)| subnet(stack, &vpc, name, range));
            let [one, two] = ["one", "two"].map(|name| {
                SecurityGroup::named(name).vpc_id(&vpc).group_description("a group").create(stack)
            });
            let [files, mail] = ["files", "mail"].map(|name| profile(stack, name));
            let credits = CreditSpecification::new;
            let address = Ipv4Addr::new(10, 0, 1, 10);
            Instance::named("subject")
                .image_id(v.pick("image_id", IMAGE, "ami-0123456789abcdef1"))
                .instance_type(v.pick("instance_type", "t4g.large", "t4g.xlarge"))
                .subnet_id(v.pick("subnet_id", &a, &b))
                .maybe_private_ip_address(v.pick("private_ip_address", None, Some(address)))
                .security_group_ids([v.pick("security_group_ids", &one, &two)])
                .iam_instance_profile(v.pick("iam_instance_profile", &files, &mail))
                .user_data(v.pick("user_data", "#!/bin/sh\n", "#!/bin/bash\n"))
                .block_device_mappings([v.pick("block_device_mappings", disk(30), disk(40))])
                .metadata_options(v.pick(
                    "metadata_options",
                    MetadataOptions::new(),
                    MetadataOptions::new().http_put_response_hop_limit(2),
                ))
                .monitoring(v.pick("monitoring", true, false))
                .credit_specification(v.pick(
                    "credit_specification",
                    credits(CpuCredits::Standard),
                    credits(CpuCredits::Unlimited),
                ))
                .cpu_options(v.pick(
                    "cpu_options",
                    CpuOptions::new().core_count(2),
                    CpuOptions::new().core_count(1),
                ))
                .ebs_optimized(v.pick("ebs_optimized", true, false))
                .key_name(v.pick("key_name", "rescue", "rescue-2"))
                .disable_api_termination(v.pick("disable_api_termination", true, false))
                .instance_initiated_shutdown_behavior(v.pick(
                    "instance_initiated_shutdown_behavior",
                    ShutdownBehavior::Stop,
                    ShutdownBehavior::Terminate,
                ))
                .source_dest_check(v.pick("source_dest_check", true, false))
                .tenancy(v.pick("tenancy", InstanceTenancy::Default, InstanceTenancy::Dedicated))
                .placement_group_name(v.pick("placement_group_name", "apart", "together"))
                .private_dns_name_options(v.pick(
                    "private_dns_name_options",
                    by_name(HostnameType::IpName),
                    by_name(HostnameType::ResourceName),
                ))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: refused::REFUSED,
        fixed: &[
            ("network_interfaces", IN_A_SUBNET),
            ("launch_template", "the third case has it, and says the rest there"),
        ],
        cfn: Cfn {
            name: "AWS::EC2::Instance",
            differs: DIFFERS,
            renamed: &[
                ("PrivateIp", "private_ip_address"),
                ("CreditSpecification.CPUCredits", "cpu_credits"),
                ("NetworkInterfaces.GroupSet", "groups"),
            ],
        },
    },
    Case {
        ty: Instance::definition,
        build: |stack, v| {
            let subnet = subnet(stack, &vpc(stack), "a", "10.0.1.0/24");
            let [one, two] = ["one", "two"]
                .map(|name| NetworkInterface::named(name).subnet_id(&subnet).create(stack));
            let interface = v.pick("network_interfaces", &one, &two);
            Instance::named("subject")
                .image_id(IMAGE)
                .instance_type("m7g.large")
                .network_interfaces([NetworkInterfaceSpecification::existing(interface)])
                .create(stack);
        },
        refused: refused::INTERFACES,
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
    Case {
        ty: Instance::definition,
        build: |stack, v| {
            let subnet = subnet(stack, &vpc(stack), "a", "10.0.1.0/24");
            let data = LaunchTemplateData::new().image_id(IMAGE).instance_type("m7g.large");
            let [one, two] = ["one", "two"].map(|name| {
                LaunchTemplate::named(name).launch_template_data(data.clone()).create(stack)
            });
            let template = v.pick("launch_template", &one, &two);
            Instance::named("subject")
                .launch_template(LaunchTemplateSpecification::latest(template))
                .subnet_id(&subnet)
                .create(stack);
        },
        refused: refused::MACHINE,
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];
