//! The quotas that a site can run into.

use crate::props;

/// A quota of a service. AWS: `ServiceCode`, a slash, `QuotaCode`.
///
/// These are the ones that an architecture of this kind meets first: what grows with the season,
/// and what new accounts have little of.
#[props]
pub enum Quota {
    /// Groups of instances in a region.
    #[prop("autoscaling/L-CDE20ADC")]
    AutoScalingGroups,
    /// TiB of gp3 volumes in a region.
    #[prop("ebs/L-7A658B76")]
    Gp3StorageTib,
    /// Virtual processors of running instances of the types A, C, D, H, I, M, R, T and Z, on demand.
    /// New accounts have few; AWS raises it by itself as an account is used, and when asked.
    #[prop("ec2/L-1216C47A")]
    OnDemandStandardVcpus,
    /// The same of spare capacity.
    #[prop("ec2/L-34B43A08")]
    SpotStandardVcpus,
    /// Elastic IP addresses in a region.
    #[prop("ec2/L-0263D0A3")]
    ElasticIps,
    /// Nodes of caches in a region.
    #[prop("elasticache/L-DFE45DF3")]
    CacheNodes,
    /// File systems in a region.
    #[prop("elasticfilesystem/L-848C634D")]
    FileSystems,
    /// Application load balancers in a region.
    #[prop("elasticloadbalancing/L-53DA6B97")]
    ApplicationLoadBalancers,
    /// Target groups in a region.
    #[prop("elasticloadbalancing/L-B22855CB")]
    TargetGroups,
    /// Targets of an application load balancer.
    #[prop("elasticloadbalancing/L-7E6692B2")]
    TargetsPerApplicationLoadBalancer,
    /// Virtual processors of tasks on Fargate, on demand.
    #[prop("fargate/L-3032A538")]
    FargateVcpus,
    /// Clusters of databases in a region.
    #[prop("rds/L-952B80B8")]
    DbClusters,
    /// Database instances in a region.
    #[prop("rds/L-7B6409FD")]
    DbInstances,
    /// NAT gateways in a zone.
    #[prop("vpc/L-FE5A380F")]
    NatGatewaysPerZone,
    /// Network interfaces in a region: of instances, tasks, load balancers and endpoints.
    #[prop("vpc/L-DF5E4CA3")]
    NetworkInterfaces,
    /// Rules of a security group, in and out counted apart.
    #[prop("vpc/L-0EA8095F")]
    RulesPerSecurityGroup,
    /// Security groups in a region.
    #[prop("vpc/L-E79EC296")]
    SecurityGroups,
    /// Subnets of a VPC.
    #[prop("vpc/L-407747CB")]
    SubnetsPerVpc,
    /// VPCs in a region.
    #[prop("vpc/L-F678F1CE")]
    Vpcs,
}

impl Quota {
    /// How AWS calls service and quota: `("ec2", "L-1216C47A")`.
    #[must_use]
    pub fn codes(self) -> (&'static str, &'static str) {
        self.as_str().split_once('/').expect("each is written with a slash")
    }
}
