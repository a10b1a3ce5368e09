//! The typed AWS catalogue: one file per type of resource, under its service.
//!
//! To add a type, write its file (copy one of the same service) and add one line to the
//! `catalogue!` below, which declares the module and registers the type. A file that only holds
//! structures stands there by its name alone.

pub(crate) mod checks;
mod ids;

pub use ids::*;

use crate::{dsl::ResourceType, schema::TypeDef};

/// Declares the modules of the catalogue and the list of its types.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $service:ident { $($file:ident $(: $($ty:ident),+)?;)* })*) => {
        $(
            $(#[$doc])*
            pub mod $service {
                $(mod $file; pub use $file::*;)*
            }
        )*

        /// All types of the catalogue.
        #[must_use]
        pub fn types() -> Vec<&'static TypeDef> {
            vec![$($($($($service::$ty::definition(),)+)?)*)*]
        }
    };
}

catalogue! {
    /// Groups of instances.
    autoscaling {
        group: Group;
    }
    /// Virtual networks and machines.
    ec2 {
        availability_zones: AvailabilityZones;
        elastic_ip: ElasticIp;
        internet_gateway: InternetGateway;
        launch_template: LaunchTemplate;
        managed_prefix_list: ManagedPrefixList;
        nat_gateway: NatGateway;
        route: Route;
        route_table: RouteTable;
        route_table_association: RouteTableAssociation;
        security_group: SecurityGroup;
        security_group_rule: SecurityGroupRule;
        subnet: Subnet;
        vpc: Vpc;
        vpc_endpoint: VpcEndpoint;
    }
    /// Parameters, those that AWS publishes among them.
    ssm {
        ecs_optimized_ami: EcsOptimizedAmi;
    }
    /// Credentials.
    sts {
        caller_identity: CallerIdentity;
    }
    /// Files that many machines share.
    efs {
        access_point: AccessPoint;
        file_system: FileSystem;
        mount_target: MountTarget;
    }
    /// Containers.
    ecs {
        capacity_provider: CapacityProvider;
        cluster: Cluster;
        cluster_capacity_providers: ClusterCapacityProviders;
        placement;
        run_task: RunTask;
        service: Service;
        task_definition: TaskDefinition;
    }
    /// Caches that hold everything in memory.
    elasticache {
        engine;
        log_delivery;
        parameter_group: ParameterGroup;
        replication_group: ReplicationGroup;
        subnet_group: SubnetGroup;
    }
    /// Load balancers.
    elbv2 {
        action;
        condition;
        listener: Listener;
        listener_rule: ListenerRule;
        load_balancer: LoadBalancer;
        target_group: TargetGroup;
    }
    /// Relational databases.
    rds {
        aurora;
        db_cluster: DbCluster;
        db_cluster_parameter_group: DbClusterParameterGroup;
        db_cluster_snapshot: DbClusterSnapshot;
        db_instance: DbInstance;
        db_subnet_group: DbSubnetGroup;
    }
    /// Who may do what.
    iam {
        instance_profile: InstanceProfile;
        policy_document;
        role: Role;
        role_policy: RolePolicy;
        role_policy_attachment: RolePolicyAttachment;
    }
    /// Logs.
    logs {
        log_group: LogGroup;
    }
    /// Buckets and what is in them.
    s3 {
        bucket: Bucket;
        bucket_lifecycle;
        bucket_notification;
        bucket_policy: BucketPolicy;
        bucket_replication;
        object: Object;
    }
    /// Secrets.
    secretsmanager {
        secret: Secret;
    }
    /// Keys that encrypt.
    kms {
        alias: Alias;
    }
    /// The domain name system.
    route53 {
        hosted_zone: HostedZone;
        record: Record;
    }
    /// Bounds, policies and schedules of what grows and shrinks.
    applicationautoscaling {
        scalable_target: ScalableTarget;
        scaling_policy: ScalingPolicy;
    }
    /// Certificates.
    acm {
        certificate: Certificate;
        certificate_validation: CertificateValidation;
    }
    /// Backups of many services by one plan.
    backup {
    }
    /// What may be spent.
    budgets {
    }
    /// The edge of AWS.
    cloudfront {
        behavior;
        cache_policy: CachePolicy;
        distribution: Distribution;
        managed_policies;
        origin;
        origin_access_control: OriginAccessControl;
        origin_request_policy: OriginRequestPolicy;
        vpc_origin: VpcOrigin;
    }
    /// Metrics, alarms and dashboards.
    cloudwatch {
    }
    /// Images of containers.
    ecr {
    }
    /// What happens in an account, and where that is told.
    eventbridge {
    }
    /// Schedules that call AWS.
    scheduler {
    }
    /// How much of each service an account may have.
    servicequotas {
    }
    /// Mail.
    ses {
    }
    /// Messages to people and programs.
    sns {
    }
    /// Filters of requests.
    wafv2 {
        action;
        condition;
        field;
        ip_set: IpSet;
        logging_configuration: LoggingConfiguration;
        managed_rule_group;
        rate_based;
        web_acl: WebAcl;
        web_acl_association: WebAclAssociation;
    }
}
