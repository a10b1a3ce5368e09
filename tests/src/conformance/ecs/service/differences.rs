//! Where the service differs from CloudFormation's, and why.

pub(super) const RENAMED: &[(&str, &str)] = &[
    (
        "DeploymentConfiguration.DeploymentCircuitBreaker.ThresholdConfiguration.Type",
        "threshold_type",
    ),
    ("HealthCheckGracePeriodSeconds", "health_check_grace_period"),
    ("PlacementConstraints.Type", "constraint_type"),
    ("PlacementStrategies.Type", "strategy_type"),
];

const MEANINGLESS: &str = "required here: without it AWS refuses the whole";
const HOOKS: &str = "left out: what a function is told, and how long somebody is waited for";

pub(super) const ALL: &[(&str, &str)] = &[
    ("CapacityProviderStrategy.CapacityProvider", MEANINGLESS),
    ("Cluster", "required here: the cluster `default` belongs to no program"),
    (
        "DeploymentConfiguration.EarlySuccessCriteria",
        "left out: a service is ready when all of it is",
    ),
    ("DeploymentConfiguration.LifecycleHooks.HookDetails", HOOKS),
    ("DeploymentConfiguration.LifecycleHooks.TimeoutConfiguration", HOOKS),
    (
        "DeploymentController",
        "left out: ECS deploys; what CodeDeploy or task sets deploy, no program can update",
    ),
    ("ForceNewDeployment", "left out: an order, and nothing that a service is"),
    ("GatewayConnectors", "left out: services are reached by load balancers here"),
    ("LaunchType", "without EXTERNAL: machines that are not AWS's"),
    ("LoadBalancers.AdvancedConfiguration.ProductionListenerRule", MEANINGLESS),
    ("LoadBalancers.AdvancedConfiguration.RoleArn", MEANINGLESS),
    ("LoadBalancers.ContainerName", MEANINGLESS),
    ("LoadBalancers.ContainerPort", MEANINGLESS),
    ("LoadBalancers.LoadBalancerName", "left out: of Classic Load Balancers"),
    ("LoadBalancers.TargetGroupArn", "required here: of Classic Load Balancers there are none"),
    ("Monitoring", "read here: DescribeServices tells it, CloudFormation does not"),
    ("Name", "the property `service_name` is known in the same way"),
    ("NetworkConfiguration.AwsvpcConfiguration", MEANINGLESS),
    ("NetworkConfiguration.AwsvpcConfiguration.Subnets", MEANINGLESS),
    ("Role", "left out: AWS uses its service-linked role"),
    ("ServiceConnectConfiguration", "left out: services are reached by load balancers here"),
    ("ServiceRegistries.RegistryArn", MEANINGLESS),
    ("TaskDefinition", "required here: task sets alone have their own"),
    ("VolumeConfigurations", "left out: disks of EBS for each task"),
    ("VpcLatticeConfigurations", "left out: services are reached by load balancers here"),
];
