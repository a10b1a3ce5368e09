//! The data of launch templates: everything that there is, what is refused, and where it differs
//! from CloudFormation.

use crate::conformance::Refused;
use infra_core::{
    aws::ec2::{
        AutoRecovery, BlockDeviceMapping, CapacityReservationPreference,
        CapacityReservationSpecification, CapacityReservationTarget,
        ConnectionTrackingSpecification, CpuCredits, CpuManufacturer, CpuOptions,
        CreditSpecification, EbsBlockDevice, FloatRange, HostnameType, HttpTokens,
        IamInstanceProfile, Inclusion, InstanceGeneration, InstanceMarketOptions,
        InstanceRequirements, InstanceTenancy, IntRange, InterfaceType, InterruptionBehavior,
        LaunchTemplate, LaunchTemplateData, LocalStorageType, MaintenanceOptions, MarketType,
        MetadataOptions, MetadataState, Monitoring, NetworkInterface,
        NetworkInterfaceSpecification, Placement, PrivateDnsNameOptions,
        PrivateIpAddressSpecification, SecurityGroup, ShutdownBehavior, SpotInstanceType,
        SpotOptions, Subnet, TagSpecification, TaggedResourceType, VolumeType, Vpc,
    },
    aws::iam::{InstanceProfile, Role},
    aws::kms::Key,
    prelude::*,
};

use crate::conformance::{iam::role::trust, kms::key::key};

fn profile(stack: &Stack) -> InstanceProfile {
    let trust = trust("ec2.amazonaws.com");
    let role = Role::named("web").assume_role_policy_document(trust).create(stack);
    InstanceProfile::named("web").role_name(&role).create(stack)
}

/// What the data refers to.
pub(super) struct Things {
    subnet: Subnet,
    group: SecurityGroup,
    profile: InstanceProfile,
    key: Key,
}

impl Things {
    pub(super) fn new(stack: &Stack) -> Self {
        let vpc = Vpc::named("vpc").cidr_block("10.0.0.0/16").create(stack);
        let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(stack);
        let group =
            SecurityGroup::named("web").vpc_id(&vpc).group_description("instances").create(stack);
        Self { subnet, group, profile: profile(stack), key: key(stack, "disks") }
    }

    /// Everything that goes together with a type, but the type.
    pub(super) fn everything(&self) -> LaunchTemplateData {
        LaunchTemplateData::new()
            .image_id("ami-0123456789abcdef0")
            .iam_instance_profile(IamInstanceProfile::new().arn(self.profile.arn()))
            .user_data("#!/bin/sh\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\n")
            .network_interfaces([self.interface()])
            .block_device_mappings(devices(&self.key))
            .metadata_options(
                MetadataOptions::new()
                    .http_tokens(HttpTokens::Required)
                    .http_put_response_hop_limit(2)
                    .http_endpoint(MetadataState::Enabled)
                    .instance_metadata_tags(MetadataState::Enabled),
            )
            .monitoring(Monitoring::new(true))
            .credit_specification(CreditSpecification::new(CpuCredits::Unlimited))
            .placement(
                Placement::new()
                    .availability_zone("eu-central-1a")
                    .group_name("apart")
                    .partition_number(1)
                    .tenancy(InstanceTenancy::Default),
            )
            .cpu_options(CpuOptions::new().core_count(2).threads_per_core(1))
            .capacity_reservation_specification(
                CapacityReservationSpecification::new()
                    .capacity_reservation_preference(CapacityReservationPreference::Open),
            )
            .instance_market_options(
                InstanceMarketOptions::new(MarketType::Spot).spot_options(
                    SpotOptions::new()
                        .max_price("0.05")
                        .spot_instance_type(SpotInstanceType::Persistent)
                        .instance_interruption_behavior(InterruptionBehavior::Stop)
                        .valid_until("2030-12-31T23:59:59Z"),
                ),
            )
            .ebs_optimized(true)
            .key_name("rescue")
            .disable_api_stop(true)
            .disable_api_termination(true)
            .instance_initiated_shutdown_behavior(ShutdownBehavior::Terminate)
            .maintenance_options(MaintenanceOptions::new().auto_recovery(AutoRecovery::Disabled))
            .private_dns_name_options(
                PrivateDnsNameOptions::new()
                    .hostname_type(HostnameType::ResourceName)
                    .enable_resource_name_dns_a_record(true),
            )
            .tag_specifications([
                TagSpecification::new(TaggedResourceType::Instance, [("a", "b")]),
                TagSpecification::new(TaggedResourceType::Volume, [("a", "c")]),
            ])
    }

    fn interface(&self) -> NetworkInterfaceSpecification {
        NetworkInterfaceSpecification::new()
            .device_index(0)
            .network_card_index(0)
            .subnet_id(&self.subnet)
            .groups([&self.group])
            .associate_public_ip_address(false)
            .delete_on_termination(true)
            .description("the first")
            .interface_type(InterfaceType::Interface)
            .private_ip_addresses([
                PrivateIpAddressSpecification::new("10.0.1.10").primary(true),
                PrivateIpAddressSpecification::new("10.0.1.11"),
            ])
            .ipv4_prefix_count(1)
            .connection_tracking_specification(
                ConnectionTrackingSpecification::new()
                    .tcp_established_timeout(Seconds(3_600))
                    .udp_stream_timeout(Seconds(60))
                    .udp_timeout(Seconds(30)),
            )
    }
}

fn devices(key: &Key) -> [BlockDeviceMapping; 3] {
    let volume = EbsBlockDevice::new()
        .volume_size(GiB(50))
        .volume_type(VolumeType::Gp3)
        .iops(4_000)
        .throughput(250)
        .encrypted(true)
        .kms_key_id(key)
        .snapshot_id("snap-0123456789abcdef0")
        .volume_initialization_rate(200)
        .delete_on_termination(true);
    [
        BlockDeviceMapping::new("/dev/xvda").ebs(volume),
        BlockDeviceMapping::new("/dev/xvdb").virtual_name("ephemeral0"),
        BlockDeviceMapping::new("/dev/xvdc").no_device(""),
    ]
}

/// Data without a type, for types with so many processors.
pub(super) fn by_requirements(processors: u32) -> LaunchTemplateData {
    let range = |min: u32, max: u32| IntRange::new().min(min).max(max);
    let requirements = InstanceRequirements::new(range(processors, 8), range(8_192, 65_536))
        .memory_gib_per_v_cpu(FloatRange::new().min(2.0).max(8.0))
        .cpu_manufacturers([CpuManufacturer::AmazonWebServices])
        .instance_generations([InstanceGeneration::Current])
        .allowed_instance_types(["m7g.*", "m8g.*"])
        .bare_metal(Inclusion::Excluded)
        .burstable_performance(Inclusion::Included)
        .local_storage(Inclusion::Required)
        .local_storage_types([LocalStorageType::Ssd])
        .total_local_storage_gb(FloatRange::new().min(50.0))
        .network_interface_count(range(1, 8))
        .network_bandwidth_gbps(FloatRange::new().min(1.5))
        .baseline_ebs_bandwidth_mbps(range(500, 10_000))
        .require_hibernate_support(false)
        .on_demand_max_price_percentage_over_lowest_price(20)
        .spot_max_price_percentage_over_lowest_price(100);
    LaunchTemplateData::new().instance_requirements(requirements)
}

fn template(stack: &Stack, data: LaunchTemplateData) {
    LaunchTemplate::named("subject").launch_template_data(data).create(stack);
}

fn interfaces<const N: usize>(stack: &Stack, all: [NetworkInterfaceSpecification; N]) {
    template(stack, LaunchTemplateData::new().network_interfaces(all));
}

/// A security group of another VPC.
fn elsewhere(stack: &Stack) -> SecurityGroup {
    let vpc = Vpc::named("other").cidr_block("10.1.0.0/16").create(stack);
    let group = SecurityGroup::named("elsewhere").vpc_id(&vpc);
    group.group_description("instances elsewhere").create(stack)
}

/// What does not go together in data.
pub(super) const REFUSED: &[Refused] = &[
    Refused {
        property: "instance_requirements",
        build: |stack| template(stack, by_requirements(2).instance_type("m7g.large")),
        says: "both `instance_type` and `instance_requirements` are given",
    },
    Refused {
        property: "instance_requirements",
        build: |stack| {
            let requirements =
                InstanceRequirements::new(IntRange::new().max(8), IntRange::new().min(1));
            template(stack, LaunchTemplateData::new().instance_requirements(requirements));
        },
        says: "v_cpu_count` needs a `min`",
    },
    Refused {
        property: "credit_specification",
        build: |stack| {
            let credits = CreditSpecification::new(CpuCredits::Unlimited);
            let data = LaunchTemplateData::new().credit_specification(credits);
            template(stack, data.instance_type("m7g.large"));
        },
        says: "fits types such as t4g, not m7g.large",
    },
    Refused {
        property: "security_group_ids",
        build: |stack| {
            let things = Things::new(stack);
            template(stack, things.everything().security_group_ids([&things.group]));
        },
        says: "an interface has `groups` of its own",
    },
    Refused {
        property: "security_group_ids",
        build: |stack| {
            let groups = [&Things::new(stack).group, &elsewhere(stack)];
            template(stack, LaunchTemplateData::new().security_group_ids(groups));
        },
        says: "both must belong to one network",
    },
    Refused {
        property: "groups",
        build: |stack| {
            let (here, there) = (Things::new(stack).subnet, elsewhere(stack));
            let interface = NetworkInterfaceSpecification::new().subnet_id(&here);
            interfaces(stack, [interface.groups([&there])]);
        },
        says: "both must belong to one network",
    },
    Refused {
        property: "network_interfaces",
        build: |stack| {
            interfaces(stack, [(), ()].map(|()| NetworkInterfaceSpecification::new()));
        },
        says: "have the `device_index` 0",
    },
    Refused {
        property: "network_interface_id",
        build: |stack| {
            let subnet = Things::new(stack).subnet;
            let existing = NetworkInterface::named("eni").subnet_id(&subnet).create(stack);
            let existing = NetworkInterfaceSpecification::existing(&existing);
            interfaces(stack, [existing.associate_public_ip_address(true)]);
        },
        says: "names an interface that exists",
    },
    Refused {
        property: "tcp_established_timeout",
        build: |stack| {
            let tracking =
                ConnectionTrackingSpecification::new().tcp_established_timeout(Seconds(30));
            let interface = NetworkInterfaceSpecification::new();
            interfaces(stack, [interface.connection_tracking_specification(tracking)]);
        },
        says: "30 s is not within 60 to 432000 s",
    },
    Refused {
        property: "http_put_response_hop_limit",
        build: |stack| {
            let options = MetadataOptions::new().http_put_response_hop_limit(65);
            template(stack, LaunchTemplateData::new().metadata_options(options));
        },
        says: "65 is not within 1 to 64",
    },
    Refused {
        property: "iam_instance_profile",
        build: |stack| {
            let profile = profile(stack);
            let profile =
                IamInstanceProfile::new().name(profile.instance_profile_name()).arn(profile.arn());
            template(stack, LaunchTemplateData::new().iam_instance_profile(profile));
        },
        says: "takes one of `arn` and `name`",
    },
    Refused {
        property: "capacity_reservation_specification",
        build: |stack| {
            let target =
                CapacityReservationTarget::new().capacity_reservation_id("cr-0123456789abcdef0");
            let capacity = CapacityReservationSpecification::new()
                .capacity_reservation_preference(CapacityReservationPreference::Open)
                .capacity_reservation_target(target);
            let data = LaunchTemplateData::new();
            template(stack, data.capacity_reservation_specification(capacity));
        },
        says: "takes one of",
    },
    Refused {
        property: "device_name",
        build: |stack| {
            let [device, ..] = devices(&key(stack, "key"));
            let devices = [device.clone(), device];
            template(stack, LaunchTemplateData::new().block_device_mappings(devices));
        },
        says: "two `block_device_mappings` have",
    },
    Refused {
        property: "kms_key_id",
        build: |stack| {
            let volume = EbsBlockDevice::new().encrypted(false).kms_key_id(&key(stack, "key"));
            let device = BlockDeviceMapping::new("/dev/xvda").ebs(volume);
            template(stack, LaunchTemplateData::new().block_device_mappings([device]));
        },
        says: "only an encrypted volume has a key",
    },
];

/// Where the data differs from CloudFormation's, and why.
pub(super) const DIFFERENCES: &[(&str, &str)] = &[
    ("LaunchTemplateData", "told by DescribeLaunchTemplateVersions; CloudFormation does not ask"),
    (
        "LaunchTemplateData.BlockDeviceMappings.DeviceName",
        "required here: a mapping without a device says nothing",
    ),
    (
        "LaunchTemplateData.BlockDeviceMappings.Ebs.EbsCardIndex",
        "left out: of use to a few large types alone",
    ),
    (
        "LaunchTemplateData.CpuOptions.AmdSevSnp",
        "left out: confidential computing is not part of the architecture",
    ),
    (
        "LaunchTemplateData.CpuOptions.NestedVirtualization",
        "left out: instances run containers, not machines",
    ),
    ("LaunchTemplateData.CreditSpecification.CpuCredits", "required here: it is the only field"),
    ("LaunchTemplateData.EnclaveOptions", "left out: enclaves are not part of the architecture"),
    ("LaunchTemplateData.HibernationOptions", "left out: instances are replaced, not put to sleep"),
    (
        "LaunchTemplateData.InstanceMarketOptions.MarketType",
        "required here; the absence of the options is the word `on-demand`",
    ),
    (
        "LaunchTemplateData.InstanceMarketOptions.SpotOptions.BlockDurationMinutes",
        "left out: AWS takes it no more",
    ),
    (
        "LaunchTemplateData.InstanceRequirements.AcceleratorCount",
        "left out: the architecture needs no accelerators",
    ),
    (
        "LaunchTemplateData.InstanceRequirements.AcceleratorManufacturers",
        "left out: no accelerators",
    ),
    ("LaunchTemplateData.InstanceRequirements.AcceleratorNames", "left out: no accelerators"),
    (
        "LaunchTemplateData.InstanceRequirements.AcceleratorTotalMemoryMiB",
        "left out: no accelerators",
    ),
    ("LaunchTemplateData.InstanceRequirements.AcceleratorTypes", "left out: no accelerators"),
    (
        "LaunchTemplateData.InstanceRequirements.BaselinePerformanceFactors",
        "left out: processors and memory say enough",
    ),
    (
        "LaunchTemplateData.InstanceRequirements.CpuManufacturers",
        "the word `apple` is left out: its machines run macOS",
    ),
    (
        "LaunchTemplateData.InstanceRequirements.MemoryMiB",
        "required here: AWS refuses requirements without it",
    ),
    (
        "LaunchTemplateData.InstanceRequirements.VCpuCount",
        "required here: AWS refuses requirements without it",
    ),
    ("LaunchTemplateData.KernelId", "left out: for paravirtual images, which no current type runs"),
    ("LaunchTemplateData.LicenseSpecifications", "left out: licences are not managed"),
    (
        "LaunchTemplateData.MetadataOptions.HttpProtocolIpv6",
        "left out: the architecture is IPv4 inside",
    ),
    ("LaunchTemplateData.Monitoring.Enabled", "required here: it is the only field"),
    (
        "LaunchTemplateData.NetworkInterfaces.AssociateCarrierIpAddress",
        "left out: Wavelength zones are not part of the architecture",
    ),
    (
        "LaunchTemplateData.NetworkInterfaces.EnaQueueCount",
        "left out: AWS's number of queues is kept",
    ),
    (
        "LaunchTemplateData.NetworkInterfaces.EnaSrdSpecification",
        "left out: for computing clusters",
    ),
    (
        "LaunchTemplateData.NetworkInterfaces.Ipv4Prefixes",
        "left out: ranges are counted, not chosen",
    ),
    (
        "LaunchTemplateData.NetworkInterfaces.Ipv6AddressCount",
        "left out: the architecture is IPv4 inside",
    ),
    (
        "LaunchTemplateData.NetworkInterfaces.Ipv6Addresses",
        "left out: the architecture is IPv4 inside",
    ),
    (
        "LaunchTemplateData.NetworkInterfaces.Ipv6PrefixCount",
        "left out: the architecture is IPv4 inside",
    ),
    (
        "LaunchTemplateData.NetworkInterfaces.Ipv6Prefixes",
        "left out: the architecture is IPv4 inside",
    ),
    (
        "LaunchTemplateData.NetworkInterfaces.PrimaryIpv6",
        "left out: the architecture is IPv4 inside",
    ),
    (
        "LaunchTemplateData.NetworkInterfaces.PrivateIpAddresses.PrivateIpAddress",
        "required here: an address without an address says nothing",
    ),
    (
        "LaunchTemplateData.NetworkPerformanceOptions",
        "left out: AWS's balance of network and volumes is kept",
    ),
    ("LaunchTemplateData.Placement.Affinity", "left out: hosts are not part of the architecture"),
    ("LaunchTemplateData.Placement.GroupId", "left out: groups are named"),
    ("LaunchTemplateData.Placement.HostId", "left out: hosts are not part of the architecture"),
    (
        "LaunchTemplateData.Placement.HostResourceGroupArn",
        "left out: hosts are not part of the architecture",
    ),
    ("LaunchTemplateData.Placement.SpreadDomain", "left out: AWS reserves it for itself"),
    (
        "LaunchTemplateData.Placement.Tenancy",
        "the word `host` is left out: hosts are not part of the architecture",
    ),
    (
        "LaunchTemplateData.PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord",
        "left out: the architecture is IPv4 inside",
    ),
    (
        "LaunchTemplateData.RamDiskId",
        "left out: for paravirtual images, which no current type runs",
    ),
    ("LaunchTemplateData.SecurityGroups", "left out: groups are named by id alone"),
    (
        "LaunchTemplateData.TagSpecifications.ResourceType",
        "required here, with the kinds that are made when an instance is started",
    ),
    (
        "LaunchTemplateData.TagSpecifications.Tags",
        "required here: a specification without tags says nothing",
    ),
    ("TagSpecifications", "the template's tags, which are told; CloudFormation does not ask"),
    ("VersionDescription", "told by DescribeLaunchTemplateVersions; CloudFormation does not ask"),
    ("arn", "made of region, account and id; CloudFormation does not tell it"),
];
