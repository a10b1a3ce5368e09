//! The types, service by service.
//!
//! To add a type, write its file (copy one of the same service) and add one line to `services!`.

use std::sync::Arc;

use infra_core::handler::Registry;

#[allow(unused_imports, reason = "a program may use services that have no lookup or no task")]
use crate::{
    aws::Factory,
    once::{LookedUp, Ran},
    resource::Served,
};

/// Declares the modules of the services and registers what is in them. A file has the name that it
/// has in the catalogue, and its type that of the catalogue; what it is stands before it.
macro_rules! services {
    ($($feature:literal $service:ident { $($kind:ident $file:ident: $handler:ident;)* })*) => {
        $(
            #[cfg(feature = $feature)]
            mod $service;
        )*

        /// The handlers of all types that were compiled in.
        pub(crate) fn registry(factory: &Arc<Factory>) -> Registry {
            let mut registry = Registry::new();
            $(
                #[cfg(feature = $feature)]
                {
                    $(services!(@add $kind registry, factory, $service::$file::$handler);)*
                }
            )*
            registry
        }
    };
    (@add resource $registry:ident, $factory:ident, $handler:path) => {
        $registry.add(Served::<$handler>::ty(), Arc::new(Served::<$handler>::new($factory)))
    };
    (@add lookup $registry:ident, $factory:ident, $handler:path) => {
        $registry.add(LookedUp::<$handler>::ty(), Arc::new(LookedUp::<$handler>::new($factory)))
    };
    (@add task $registry:ident, $factory:ident, $handler:path) => {
        $registry.add(Ran::<$handler>::ty(), Arc::new(Ran::<$handler>::new($factory)))
    };
}

services! {
    "acm" acm {
        resource certificate: Certificate;
        resource certificate_validation: CertificateValidation;
    }
    "applicationautoscaling" applicationautoscaling {
        resource scalable_target: ScalableTarget;
        resource scaling_policy: ScalingPolicy;
        resource scheduled_action: ScheduledAction;
    }
    "autoscaling" autoscaling {
        resource group: Group;
        resource lifecycle_hook: LifecycleHook;
        resource scheduled_action: ScheduledAction;
    }
    "backup" backup {
        resource plan: Plan;
        resource restore_testing_plan: RestoreTestingPlan;
        resource restore_testing_selection: RestoreTestingSelection;
        resource selection: Selection;
        resource vault: Vault;
    }
    "budgets" budgets {
        resource budget: Budget;
    }
    "cloudfront" cloudfront {
        resource cache_policy: CachePolicy;
        resource distribution: Distribution;
        resource origin_access_control: OriginAccessControl;
        resource origin_request_policy: OriginRequestPolicy;
        resource vpc_origin: VpcOrigin;
    }
    "cloudwatch" cloudwatch {
        resource composite_alarm: CompositeAlarm;
        resource dashboard: Dashboard;
        resource metric_alarm: MetricAlarm;
    }
    "ec2" ec2 {
        lookup availability_zones: AvailabilityZones;
        resource elastic_ip: ElasticIp;
        resource flow_log: FlowLog;
        resource instance: Instance;
        resource internet_gateway: InternetGateway;
        resource launch_template: LaunchTemplate;
        lookup managed_prefix_list: ManagedPrefixList;
        resource nat_gateway: NatGateway;
        resource network_interface: NetworkInterface;
        resource prefix_list: PrefixList;
        resource route: Route;
        resource route_table: RouteTable;
        resource route_table_association: RouteTableAssociation;
        resource security_group: SecurityGroup;
        resource security_group_rule: SecurityGroupRule;
        resource subnet: Subnet;
        resource volume: Volume;
        resource volume_attachment: VolumeAttachment;
        resource vpc: Vpc;
        resource vpc_endpoint: VpcEndpoint;
    }
    "ecr" ecr {
        resource repository: Repository;
    }
    "ecs" ecs {
        resource account_setting: AccountSetting;
        resource capacity_provider: CapacityProvider;
        resource cluster: Cluster;
        resource cluster_capacity_providers: ClusterCapacityProviders;
        task run_task: RunTask;
        resource service: Service;
        resource task_definition: TaskDefinition;
    }
    "efs" efs {
        resource access_point: AccessPoint;
        resource file_system: FileSystem;
        resource mount_target: MountTarget;
    }
    "elasticache" elasticache {
        resource parameter_group: ParameterGroup;
        resource replication_group: ReplicationGroup;
        resource subnet_group: SubnetGroup;
        resource user: User;
        resource user_group: UserGroup;
    }
    "elbv2" elbv2 {
        resource listener: Listener;
        resource listener_rule: ListenerRule;
        resource load_balancer: LoadBalancer;
        resource target_group: TargetGroup;
        resource trust_store: TrustStore;
    }
    "eventbridge" eventbridge {
        resource rule: Rule;
        resource target: Target;
    }
    "iam" iam {
        resource instance_profile: InstanceProfile;
        resource policy: Policy;
        resource role: Role;
        resource role_policy: RolePolicy;
        resource role_policy_attachment: RolePolicyAttachment;
        resource service_linked_role: ServiceLinkedRole;
    }
    "kms" kms {
        resource alias: Alias;
        resource grant: Grant;
        resource key: Key;
    }
    "logs" logs {
        resource log_group: LogGroup;
        resource metric_filter: MetricFilter;
    }
    "rds" rds {
        resource db_cluster: DbCluster;
        resource db_cluster_parameter_group: DbClusterParameterGroup;
        resource db_cluster_snapshot: DbClusterSnapshot;
        resource db_instance: DbInstance;
        resource db_parameter_group: DbParameterGroup;
        resource db_subnet_group: DbSubnetGroup;
        resource event_subscription: EventSubscription;
    }
    "route53" route53 {
        resource hosted_zone: HostedZone;
        resource record: Record;
    }
    "s3" s3 {
        resource bucket: Bucket;
        resource bucket_policy: BucketPolicy;
        resource object: Object;
    }
    "scheduler" scheduler {
        resource schedule: Schedule;
        resource schedule_group: ScheduleGroup;
    }
    "secretsmanager" secretsmanager {
        resource resource_policy: ResourcePolicy;
        resource rotation_schedule: RotationSchedule;
        resource secret: Secret;
    }
    "servicequotas" servicequotas {
        lookup service_quota: ServiceQuota;
    }
    "ses" ses {
        resource configuration_set: ConfigurationSet;
        resource email_identity: EmailIdentity;
        resource event_destination: EventDestination;
    }
    "sns" sns {
        resource subscription: Subscription;
        resource topic: Topic;
        resource topic_policy: TopicPolicy;
    }
    "ssm" ssm {
        lookup debian_ami: DebianAmi;
        lookup ecs_optimized_ami: EcsOptimizedAmi;
        resource parameter: Parameter;
    }
    "sdk" sts {
        lookup caller_identity: CallerIdentity;
    }
    "wafv2" wafv2 {
        resource ip_set: IpSet;
        resource logging_configuration: LoggingConfiguration;
        resource web_acl: WebAcl;
        resource web_acl_association: WebAclAssociation;
    }
}
