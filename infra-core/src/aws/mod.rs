//! The typed AWS catalogue: one file per type of resource, under its service.
//!
//! To add a type, write its file (copy one of the same service) and add one line to the
//! `catalogue!` below, which declares the module and registers the type. A file that only holds
//! structures stands there by its name alone.

pub(crate) mod checks;
mod ids;
mod reserved;
pub mod rules;

pub use ids::*;
pub use reserved::ReservedDomains;

use crate::catalogue::catalogue;

catalogue! {
    /// Groups of instances.
    autoscaling {
        group: Group;
        lifecycle_hook: LifecycleHook;
        scheduled_action: ScheduledAction;
    }
    /// Virtual networks and machines.
    ec2 {
        availability_zones: AvailabilityZones;
        elastic_ip: ElasticIp;
        flow_log: FlowLog;
        instance: Instance;
        instance_size;
        internet_gateway: InternetGateway;
        launch_template: LaunchTemplate;
        managed_prefix_list: ManagedPrefixList;
        nat_gateway: NatGateway;
        network_interface: NetworkInterface;
        prefix_list: PrefixList;
        route: Route;
        route_table: RouteTable;
        route_table_association: RouteTableAssociation;
        security_group: SecurityGroup;
        security_group_rule: SecurityGroupRule;
        subnet: Subnet;
        volume: Volume;
        volume_attachment: VolumeAttachment;
        vpc: Vpc;
        vpc_endpoint: VpcEndpoint;
    }
    /// Parameters, those that AWS publishes among them.
    ssm {
        debian_ami: DebianAmi;
        ecs_optimized_ami: EcsOptimizedAmi;
        parameter: Parameter;
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
        account_setting: AccountSetting;
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
        user: User;
        user_group: UserGroup;
    }
    /// Load balancers.
    elbv2 {
        action;
        condition;
        listener: Listener;
        listener_rule: ListenerRule;
        load_balancer: LoadBalancer;
        target_group: TargetGroup;
        trust_store: TrustStore;
    }
    /// Relational databases.
    rds {
        aurora;
        db_cluster: DbCluster;
        db_cluster_parameter_group: DbClusterParameterGroup;
        db_cluster_snapshot: DbClusterSnapshot;
        db_instance: DbInstance;
        db_parameter_group: DbParameterGroup;
        db_subnet_group: DbSubnetGroup;
        event_subscription: EventSubscription;
    }
    /// Who may do what.
    iam {
        instance_profile: InstanceProfile;
        policy: Policy;
        policy_document;
        role: Role;
        role_policy: RolePolicy;
        role_policy_attachment: RolePolicyAttachment;
        service_linked_role: ServiceLinkedRole;
    }
    /// Logs.
    logs {
        log_group: LogGroup;
        metric_filter: MetricFilter;
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
        resource_policy: ResourcePolicy;
        rotation_schedule: RotationSchedule;
        secret: Secret;
    }
    /// Keys that encrypt.
    kms {
        alias: Alias;
        grant: Grant;
        key: Key;
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
        scheduled_action: ScheduledAction;
    }
    /// Certificates.
    acm {
        certificate: Certificate;
        certificate_validation: CertificateValidation;
    }
    /// Backups of many services by one plan.
    backup {
        plan: Plan;
        protected_resource;
        restore_testing_plan: RestoreTestingPlan;
        restore_testing_selection: RestoreTestingSelection;
        selection: Selection;
        vault: Vault;
    }
    /// What may be spent.
    budgets {
        budget: Budget;
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
        alarm_action;
        composite_alarm: CompositeAlarm;
        dashboard: Dashboard;
        dashboard_body;
        metric_alarm: MetricAlarm;
        metric_query;
        statistic;
    }
    /// Images of containers.
    ecr {
        lifecycle_policy;
        repository: Repository;
    }
    /// What happens in an account, and where that is told.
    eventbridge {
        rule: Rule;
        target: Target;
        target_settings;
    }
    /// Schedules that call AWS.
    scheduler {
        schedule: Schedule;
        schedule_group: ScheduleGroup;
    }
    /// How much of each service an account may have.
    servicequotas {
        quota;
        service_quota: ServiceQuota;
    }
    /// Mail.
    ses {
        configuration_set: ConfigurationSet;
        email_identity: EmailIdentity;
        event_destination: EventDestination;
    }
    /// Messages to people and programs.
    sns {
        delivery_policy;
        subscription: Subscription;
        topic: Topic;
        topic_policy: TopicPolicy;
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
