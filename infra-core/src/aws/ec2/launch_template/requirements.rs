//! What types of instances are to have, for whoever chooses among several.

use crate::props;

/// What types of instances are to have. An Auto Scaling group chooses among all that fit, which
/// makes it rarer that a zone has none left.
#[props]
pub struct InstanceRequirements {
    /// Virtual processors. AWS: `VCpuCount`.
    pub v_cpu_count: IntRange,
    /// Memory in MiB. AWS: `MemoryMiB`.
    pub memory_mib: IntRange,
    /// GiB of memory for each virtual processor. Default: any. AWS: `MemoryGiBPerVCpu`.
    pub memory_gib_per_v_cpu: Option<FloatRange>,
    /// Makers of the processor; together they must fit the image. Default: all. AWS:
    /// `CpuManufacturers`.
    pub cpu_manufacturers: Option<Vec<CpuManufacturer>>,
    /// Generations of types. Default: all. AWS: `InstanceGenerations`.
    pub instance_generations: Option<Vec<InstanceGeneration>>,
    /// Types that alone are allowed, such as `m7g.*`; excludes `excluded_instance_types`. Default:
    /// all. AWS: `AllowedInstanceTypes`.
    pub allowed_instance_types: Option<Vec<String>>,
    /// Types that are not allowed. Default: none. AWS: `ExcludedInstanceTypes`.
    pub excluded_instance_types: Option<Vec<String>>,
    /// Machines without a hypervisor. Default: excluded. AWS: `BareMetal`.
    #[prop(default = Inclusion::Excluded)]
    pub bare_metal: Inclusion,
    /// Types that live on credits. Default: excluded. AWS: `BurstablePerformance`.
    #[prop(default = Inclusion::Excluded)]
    pub burstable_performance: Inclusion,
    /// Types with disks of their own. Default: included. AWS: `LocalStorage`.
    #[prop(default = Inclusion::Included)]
    pub local_storage: Inclusion,
    /// The kind of these disks. Default: any. AWS: `LocalStorageTypes`.
    pub local_storage_types: Option<Vec<LocalStorageType>>,
    /// GB of these disks together. Default: any. AWS: `TotalLocalStorageGB`.
    pub total_local_storage_gb: Option<FloatRange>,
    /// Network interfaces. Default: any. AWS: `NetworkInterfaceCount`.
    pub network_interface_count: Option<IntRange>,
    /// Gigabits a second to the network. Default: any. AWS: `NetworkBandwidthGbps`.
    pub network_bandwidth_gbps: Option<FloatRange>,
    /// Megabits a second to volumes. Default: any. AWS: `BaselineEbsBandwidthMbps`.
    pub baseline_ebs_bandwidth_mbps: Option<IntRange>,
    /// Whether memory can be kept over a stop. Default: false. AWS: `RequireHibernateSupport`.
    #[prop(default = false)]
    pub require_hibernate_support: bool,
    /// How many percent dearer than the cheapest type that fits a type may be on demand. Default:
    /// 20. AWS: `OnDemandMaxPricePercentageOverLowestPrice`.
    pub on_demand_max_price_percentage_over_lowest_price: Option<u32>,
    /// The same for spare capacity. Default: 100; excludes
    /// `max_spot_price_as_percentage_of_optimal_on_demand_price`. AWS:
    /// `SpotMaxPricePercentageOverLowestPrice`.
    pub spot_max_price_percentage_over_lowest_price: Option<u32>,
    /// How many percent of the cheapest fitting type's price on demand spare capacity may cost.
    /// Default: none. AWS: `MaxSpotPriceAsPercentageOfOptimalOnDemandPrice`.
    pub max_spot_price_as_percentage_of_optimal_on_demand_price: Option<u32>,
}

/// Whole numbers from one to another, both included.
#[props]
pub struct IntRange {
    /// The least. Default: no limit. AWS: `Min`.
    pub min: Option<u32>,
    /// The most. Default: no limit. AWS: `Max`.
    pub max: Option<u32>,
}

/// Numbers from one to another, both included.
#[props]
pub struct FloatRange {
    /// The least. Default: no limit. AWS: `Min`.
    pub min: Option<f64>,
    /// The most. Default: no limit. AWS: `Max`.
    pub max: Option<f64>,
}

/// Who makes a processor.
#[props(words = "kebab")]
pub enum CpuManufacturer {
    /// AWS: Graviton, 64-bit ARM.
    AmazonWebServices,
    /// AMD.
    Amd,
    /// Intel.
    Intel,
}

/// A generation of types.
#[props(words = "lower")]
pub enum InstanceGeneration {
    /// What AWS recommends.
    Current,
    /// What came before.
    Previous,
}

/// Whether types with some quality are chosen.
#[props(words = "lower")]
pub enum Inclusion {
    /// They may be.
    Included,
    /// They alone are.
    Required,
    /// They are not.
    Excluded,
}

/// The kind of disks of a machine itself.
#[props(words = "lower")]
pub enum LocalStorageType {
    /// Magnetic.
    Hdd,
    /// Solid state.
    Ssd,
}
