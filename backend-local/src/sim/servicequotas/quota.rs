//! How much AWS gives everybody: the defaults of quotas.
//!
//! Source: what AWS answers to ListAWSDefaultServiceQuotas, as published lists of it have it that
//! were found in November 2026; no account was asked. What an account really has depends on its age,
//! on its use and on what was granted.

use infra_core::aws::servicequotas::Quota;

use crate::sim::special::Special;

/// A table alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// How much there is of a quota, and what AWS calls it.
pub(super) fn default(quota: Quota) -> (u32, &'static str) {
    match quota {
        Quota::AutoScalingGroups => (500, "Auto Scaling groups per region"),
        Quota::Gp3StorageTib => (50, "Storage for General Purpose SSD (gp3) volumes, in TiB"),
        Quota::OnDemandStandardVcpus => {
            (5, "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances")
        }
        Quota::SpotStandardVcpus => {
            (5, "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests")
        }
        Quota::ElasticIps => (5, "EC2-VPC Elastic IPs"),
        Quota::CacheNodes => (300, "Nodes per Region"),
        Quota::FileSystems => (1000, "File systems per account"),
        Quota::ApplicationLoadBalancers => (50, "Application Load Balancers per Region"),
        Quota::TargetGroups => (3000, "Target Groups per Region"),
        Quota::TargetsPerApplicationLoadBalancer => (1000, "Targets per Application Load Balancer"),
        Quota::FargateVcpus => (6, "Fargate On-Demand vCPU resource count"),
        Quota::DbClusters => (40, "DB clusters"),
        Quota::DbInstances => (40, "DB instances"),
        Quota::NatGatewaysPerZone => (5, "NAT gateways per Availability Zone"),
        Quota::NetworkInterfaces => (5000, "Network interfaces per Region"),
        Quota::RulesPerSecurityGroup => (60, "Inbound or outbound rules per security group"),
        Quota::SecurityGroups => (2500, "VPC security groups per Region"),
        Quota::SubnetsPerVpc => (200, "Subnets per VPC"),
        Quota::Vpcs => (5, "VPCs per Region"),
    }
}

#[cfg(test)]
mod tests {
    use infra_core::{
        aws::{autoscaling, ec2, efs, elbv2, rds},
        dsl::ResourceType,
    };

    use super::*;
    use crate::sim::specials;

    /// What the simulator refuses is what it tells.
    #[test]
    fn quotas_of_types_are_those_that_are_told() {
        for (quota, ty) in [
            (Quota::AutoScalingGroups, autoscaling::Group::definition()),
            (Quota::ElasticIps, ec2::ElasticIp::definition()),
            (Quota::NetworkInterfaces, ec2::NetworkInterface::definition()),
            (Quota::SecurityGroups, ec2::SecurityGroup::definition()),
            (Quota::Vpcs, ec2::Vpc::definition()),
            (Quota::FileSystems, efs::FileSystem::definition()),
            (Quota::TargetGroups, elbv2::TargetGroup::definition()),
            (Quota::DbClusters, rds::DbCluster::definition()),
            (Quota::DbInstances, rds::DbInstance::definition()),
        ] {
            let special = specials().into_iter().find(|special| special.ty().name == ty.name);
            let refused = special.and_then(Special::quota).unwrap();
            assert_eq!(refused, default(quota).0 as usize, "{}", ty.name);
        }
    }

    #[test]
    fn each_quota_has_codes_of_its_own() {
        let all = Quota::ALL.map(Quota::codes);
        for (place, (service, code)) in all.iter().enumerate() {
            assert!(code.starts_with("L-") && code.len() == 10, "{service}/{code}");
            assert!(!all[..place].contains(&(*service, *code)), "{service}/{code}");
        }
    }
}
