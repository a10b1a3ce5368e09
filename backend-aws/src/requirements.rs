//! What types of instances are to have: the same in launch templates and in groups of instances,
//! by types of two SDKs.

/// A range as an SDK takes it.
macro_rules! range {
    ($ty:ty, $range:expr) => {
        <$ty>::builder().set_min($range.min.map(int)).set_max($range.max.map(int)).build()
    };
    (fraction $ty:ty, $range:expr) => {
        <$ty>::builder().set_min($range.min).set_max($range.max).build()
    };
}

/// A range as an SDK tells it.
macro_rules! told_range {
    ($range:expr) => {
        $range.map(|range| IntRangeArgs {
            min: range.min().and_then(count),
            max: range.max().and_then(count),
        })
    };
    (fraction $range:expr) => {
        $range.map(|range| FloatRangeArgs { min: range.min(), max: range.max() })
    };
}

/// Makes the module that says requirements to one SDK and reads what it tells: the types of both,
/// and that of the processors.
macro_rules! requirements {
    ($module:ident, $sdk:ident, $asked:ident, $told:ident, $processors:ident) => {
        pub(crate) mod $module {
            use infra_core::aws::ec2::{
                CpuManufacturer, FloatRangeArgs, Inclusion, InstanceGeneration,
                InstanceRequirementsArgs, IntRangeArgs, LocalStorageType,
            };
            use $sdk::types as sdk;

            use crate::{
                plain::{count, int},
                seen::{all_told, told as word},
            };

            /// Requirements, as the API takes them.
            pub(crate) fn asked(args: &InstanceRequirementsArgs) -> sdk::$asked {
                let args = args.clone();
                let manufacturers = args.cpu_manufacturers;
                let manufacturers = manufacturers
                    .map(|all| all.into_iter().map(|it| it.as_str().into()).collect());
                let generations = args.instance_generations;
                let generations = generations
                    .map(|all| all.into_iter().map(|it| it.as_str().into()).collect());
                let storage = args.local_storage_types;
                let storage =
                    storage.map(|all| all.into_iter().map(|it| it.as_str().into()).collect());
                sdk::$asked::builder()
                    .v_cpu_count(range!(sdk::$processors, args.v_cpu_count))
                    .memory_mib(range!(sdk::MemoryMiBRequest, args.memory_mib))
                    .set_memory_gib_per_v_cpu(
                        args.memory_gib_per_v_cpu
                            .map(|it| range!(fraction sdk::MemoryGiBPerVCpuRequest, it)),
                    )
                    .set_cpu_manufacturers(manufacturers)
                    .set_instance_generations(generations)
                    .set_allowed_instance_types(args.allowed_instance_types)
                    .set_excluded_instance_types(args.excluded_instance_types)
                    .bare_metal(args.bare_metal.as_str().into())
                    .burstable_performance(args.burstable_performance.as_str().into())
                    .local_storage(args.local_storage.as_str().into())
                    .set_local_storage_types(storage)
                    .set_total_local_storage_gb(
                        args.total_local_storage_gb
                            .map(|it| range!(fraction sdk::TotalLocalStorageGbRequest, it)),
                    )
                    .set_network_interface_count(
                        args.network_interface_count
                            .map(|it| range!(sdk::NetworkInterfaceCountRequest, it)),
                    )
                    .set_network_bandwidth_gbps(
                        args.network_bandwidth_gbps
                            .map(|it| range!(fraction sdk::NetworkBandwidthGbpsRequest, it)),
                    )
                    .set_baseline_ebs_bandwidth_mbps(
                        args.baseline_ebs_bandwidth_mbps
                            .map(|it| range!(sdk::BaselineEbsBandwidthMbpsRequest, it)),
                    )
                    .require_hibernate_support(args.require_hibernate_support)
                    .set_on_demand_max_price_percentage_over_lowest_price(
                        args.on_demand_max_price_percentage_over_lowest_price.map(int),
                    )
                    .set_spot_max_price_percentage_over_lowest_price(
                        args.spot_max_price_percentage_over_lowest_price.map(int),
                    )
                    .set_max_spot_price_as_percentage_of_optimal_on_demand_price(
                        args.max_spot_price_as_percentage_of_optimal_on_demand_price.map(int),
                    )
                    .build()
            }

            fn names(all: &[String]) -> Option<Vec<String>> {
                (!all.is_empty()).then(|| all.to_vec())
            }

            /// Requirements, as AWS tells them.
            pub(crate) fn told(it: &sdk::$told) -> InstanceRequirementsArgs {
                let all = || IntRangeArgs { min: None, max: None };
                let manufacturers = it.cpu_manufacturers().iter().map(|it| it.as_str());
                let generations = it.instance_generations().iter().map(|it| it.as_str());
                let storage = it.local_storage_types().iter().map(|it| it.as_str());
                let bare_metal = it.bare_metal().map(|it| it.as_str());
                let burstable = it.burstable_performance().map(|it| it.as_str());
                let local_storage = it.local_storage().map(|it| it.as_str());
                InstanceRequirementsArgs {
                    v_cpu_count: told_range!(it.v_cpu_count()).unwrap_or_else(all),
                    memory_mib: told_range!(it.memory_mib()).unwrap_or_else(all),
                    memory_gib_per_v_cpu: told_range!(fraction it.memory_gib_per_v_cpu()),
                    cpu_manufacturers: all_told::<CpuManufacturer>(manufacturers),
                    instance_generations: all_told::<InstanceGeneration>(generations),
                    allowed_instance_types: names(it.allowed_instance_types()),
                    excluded_instance_types: names(it.excluded_instance_types()),
                    bare_metal: word::<Inclusion>(bare_metal).unwrap_or(Inclusion::Excluded),
                    burstable_performance: word::<Inclusion>(burstable)
                        .unwrap_or(Inclusion::Excluded),
                    local_storage: word::<Inclusion>(local_storage).unwrap_or(Inclusion::Included),
                    local_storage_types: all_told::<LocalStorageType>(storage),
                    total_local_storage_gb: told_range!(fraction it.total_local_storage_gb()),
                    network_interface_count: told_range!(it.network_interface_count()),
                    network_bandwidth_gbps: told_range!(fraction it.network_bandwidth_gbps()),
                    baseline_ebs_bandwidth_mbps: told_range!(it.baseline_ebs_bandwidth_mbps()),
                    require_hibernate_support: it.require_hibernate_support().unwrap_or_default(),
                    on_demand_max_price_percentage_over_lowest_price: it
                        .on_demand_max_price_percentage_over_lowest_price()
                        .and_then(count),
                    spot_max_price_percentage_over_lowest_price: it
                        .spot_max_price_percentage_over_lowest_price()
                        .and_then(count),
                    max_spot_price_as_percentage_of_optimal_on_demand_price: it
                        .max_spot_price_as_percentage_of_optimal_on_demand_price()
                        .and_then(count),
                }
            }
        }
    };
}

#[cfg(feature = "ec2")]
requirements!(
    ec2,
    aws_sdk_ec2,
    InstanceRequirementsRequest,
    InstanceRequirements,
    VCpuCountRangeRequest
);

#[cfg(feature = "autoscaling")]
requirements!(
    autoscaling,
    aws_sdk_autoscaling,
    InstanceRequirements,
    InstanceRequirements,
    VCpuCountRequest
);
