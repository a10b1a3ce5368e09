//! How often AWS lets an account call in a region: what it publishes, and a cautious guess where it
//! publishes nothing. An account can have more; then it is called less often than it could be.

/// Whether calls of several operations take from one bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shared {
    /// All that the line names.
    Yes,
    /// Each operation has its own.
    No,
}

/// A rate: so many calls at once, and so many more in a second.
#[derive(Debug)]
pub(super) struct Rate {
    /// The service, by the name of its SDK crate; empty for any.
    service: &'static str,
    /// The operations: by name, or how names begin (`Describe*`).
    operations: &'static [&'static str],
    pub(super) shared: Shared,
    pub(super) burst: f64,
    /// In a second.
    pub(super) refill: f64,
}

impl Rate {
    pub(super) const fn new(
        service: &'static str,
        operations: &'static [&'static str],
        shared: Shared,
        burst: f64,
        refill: f64,
    ) -> Self {
        Self { service, operations, shared, burst, refill }
    }

    fn is_for(&self, service: &str, operation: &str) -> bool {
        let fits = |pattern: &&str| match pattern.strip_suffix('*') {
            Some(start) => operation.starts_with(start),
            None => **pattern == *operation,
        };
        (self.service.is_empty() || self.service == service) && self.operations.iter().any(fits)
    }
}

const fn each(
    service: &'static str,
    operations: &'static [&'static str],
    burst: f64,
    refill: f64,
) -> Rate {
    Rate::new(service, operations, Shared::No, burst, refill)
}

const fn together(
    service: &'static str,
    operations: &'static [&'static str],
    burst: f64,
    refill: f64,
) -> Rate {
    Rate::new(service, operations, Shared::Yes, burst, refill)
}

/// The rate of an operation, and where it stands in the table.
pub(super) fn of(service: &str, operation: &str) -> (usize, &'static Rate) {
    let found = RATES.iter().enumerate().find(|(_, rate)| rate.is_for(service, operation));
    found.expect("the last line of the table is for everything")
}

/// The first line that fits counts.
#[rustfmt::skip]
static RATES: &[Rate] = &[
    // docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html: each operation has a bucket.
    each("ec2", &["CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints"], 4.0, 0.3),
    each("ec2", &["RunInstances", "StartInstances"], 5.0, 2.0),
    each("ec2", &["CreateNatGateway", "DeleteNatGateway"], 10.0, 1.0),
    each("ec2", &["CreateTags", "DeleteTags"], 100.0, 10.0),
    each("ec2", &[
        "CreateLaunchTemplateVersion", "ModifyLaunchTemplate",
        "CreateNetworkInterface", "DeleteNetworkInterface", "ModifyNetworkInterfaceAttribute",
        "CreateVolume", "DeleteVolume", "TerminateInstances", "ModifyInstanceMetadataOptions",
        "AssociateIamInstanceProfile", "DisassociateIamInstanceProfile",
    ], 100.0, 5.0),
    // With a filter or by pages they count as other questions; not all of ours do.
    each("ec2", &[
        "DescribeInstances", "DescribeInstanceStatus", "DescribeNetworkInterfaces",
        "DescribeSecurityGroups", "DescribeSnapshots", "DescribeVolumes",
    ], 50.0, 10.0),
    each("ec2", &["Describe*", "Get*", "List*", "Search*"], 100.0, 20.0),
    each("ec2", &["*"], 50.0, 5.0),
    // docs.aws.amazon.com/AmazonECS/latest/developerguide/request-throttling.html: by categories.
    together("ecs", &["CreateCluster", "DeleteCluster", "PutClusterCapacityProviders", "UpdateCluster", "UpdateClusterSettings"], 20.0, 1.0),
    together("ecs", &["DescribeClusters", "ListClusters"], 50.0, 20.0),
    together("ecs", &["RegisterTaskDefinition", "DeregisterTaskDefinition"], 20.0, 1.0),
    together("ecs", &["DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"], 50.0, 20.0),
    together("ecs", &["DeleteTaskDefinitions"], 5.0, 1.0),
    together("ecs", &["CreateCapacityProvider", "DeleteCapacityProvider", "UpdateCapacityProvider"], 10.0, 1.0),
    together("ecs", &["TagResource", "UntagResource"], 20.0, 10.0),
    together("ecs", &["PutAccountSetting*", "DeleteAccountSetting"], 10.0, 1.0),
    together("ecs", &["RunTask", "StopTask", "DeregisterContainerInstance", "UpdateContainerInstancesState"], 100.0, 40.0),
    together("ecs", &["DescribeContainerInstances", "ListContainerInstances", "DescribeTasks", "ListTasks"], 100.0, 20.0),
    together("ecs", &["CreateService", "UpdateService", "DeleteService"], 50.0, 5.0),
    together("ecs", &["DescribeServices", "ListServices"], 100.0, 20.0),
    each("ecs", &["Describe*", "List*"], 50.0, 20.0),
    // docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
    together("elasticloadbalancingv2", &["CreateLoadBalancer", "SetSubnets"], 10.0, 0.2),
    together("elasticloadbalancingv2", &["RegisterTargets", "DeregisterTargets"], 20.0, 4.0),
    together("elasticloadbalancingv2", &["Describe*"], 40.0, 10.0),
    together("elasticloadbalancingv2", &["*"], 20.0, 3.0),
    // docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html: in any one second.
    each("kms", &["DescribeKey", "Encrypt", "Decrypt", "GenerateDataKey"], 1000.0, 1000.0),
    each("kms", &["CreateGrant"], 50.0, 50.0),
    each("kms", &["DeleteAlias", "EnableKeyRotation"], 15.0, 15.0),
    each("kms", &["Get*", "List*"], 30.0, 30.0),
    each("kms", &["*"], 5.0, 5.0),
    // docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
    each("cloudwatch", &["DescribeAlarms"], 9.0, 9.0),
    each("cloudwatch", &["TagResource", "UntagResource"], 20.0, 20.0),
    each("cloudwatch", &["GetDashboard", "ListDashboards", "PutDashboard", "DeleteDashboards", "ListTagsForResource"], 10.0, 10.0),
    each("cloudwatch", &["PutMetricAlarm", "PutCompositeAlarm", "DeleteAlarms"], 3.0, 3.0),
    // docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
    each("cloudwatchlogs", &["CreateLogGroup", "DescribeLogGroups"], 10.0, 10.0),
    each("cloudwatchlogs", &["*"], 5.0, 5.0),
    // docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html: all requests, of the
    // account everywhere.
    together("route53", &["*"], 5.0, 5.0),
    // docs.aws.amazon.com/waf/latest/developerguide/limits.html
    each("wafv2", &["Create*", "Put*", "Update*"], 1.0, 1.0),
    // docs.aws.amazon.com/ses/latest/APIReference-V2: "no more than once per second".
    each("sesv2", &["*"], 1.0, 1.0),
    // docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
    together("secretsmanager", &["*"], 50.0, 50.0),
    // docs.aws.amazon.com/general/latest/gr/ssm.html, default throughput
    together("ssm", &["GetParameter*"], 40.0, 40.0),
    each("ssm", &["PutParameter"], 3.0, 3.0),
    // docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html, for each prefix
    each("s3", &["PutObject", "DeleteObject"], 3500.0, 3500.0),
    each("s3", &["GetObject", "HeadObject", "ListObjects*"], 5500.0, 5500.0),
    // Nothing is published, or nothing was found: questions go four times as often as changes.
    together("", &["Describe*", "Get*", "Head*", "List*", "Search*"], 100.0, 20.0),
    together("", &["*"], 25.0, 5.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(service: &str, operation: &str) -> (f64, f64) {
        let (_, rate) = of(service, operation);
        (rate.burst, rate.refill)
    }

    #[test]
    fn the_first_line_that_fits_counts() {
        assert_eq!(rate("ec2", "CreateVpcEndpoint"), (4.0, 0.3));
        assert_eq!(rate("ec2", "DescribeVpcs"), (100.0, 20.0));
        assert_eq!(rate("ec2", "DescribeVolumes"), (50.0, 10.0));
        assert_eq!(rate("ec2", "CreateVpc"), (50.0, 5.0));
        assert_eq!(rate("route53", "ListHostedZones"), (5.0, 5.0));
        assert_eq!(rate("iam", "GetRole"), (100.0, 20.0));
        assert_eq!(rate("iam", "CreateRole"), (25.0, 5.0));
    }

    #[test]
    fn every_line_can_be_reached_and_gives_something() {
        for (place, line) in RATES.iter().enumerate() {
            assert!(line.burst >= 1.0 && line.refill > 0.0, "{line:?}");
            let service = if line.service.is_empty() { "iam" } else { line.service };
            for operation in line.operations {
                let example = operation.replace('*', "Anything");
                assert_eq!(of(service, &example).0, place, "{service} {operation}");
            }
        }
    }
}
