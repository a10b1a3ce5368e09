//! A simulator of AWS in this process.
//!
//! A generic core is driven by the catalogue's schema: ids and ARNs in AWS's formats, existence of
//! what is referred to, refusal to delete what is in use, cascades, unique names, immutability,
//! asynchronous states on virtual time. What is special about a type stands in one small file of
//! the catalogue's name (`Special`).
//!
//! ```text
//!   Sim (Backend) ─► SimHandler (one for each type) ─► Api ─► World ─► AccountLog
//!                                                      faults  objects   one record a mutation
//! ```
//!
//! To add a type, write its file (copy one of the same service) and add one line to `specials!`.

mod account;
mod api;
mod faults;
mod handler;
mod identity;
mod instances;
mod log;
mod lookup;
mod names;
mod network;
mod object;
mod policy;
mod prefix_lists;
mod refusal;
mod simulator;
mod special;
mod task;
mod windows;
mod workload;
mod world;
mod zones;

pub use faults::{Faults, Hook, Point};
pub use object::{Life, Object};
pub use simulator::{Sim, SimError, SimOptions, SimPlace};
pub use workload::{End, Starting, Workload};
pub use world::World;

use special::Special;

/// Declares the modules of the specials and the list of them; the files have the names that they
/// have in the catalogue.
macro_rules! specials {
    ($($service:ident { $($file:ident),* $(,)? })*) => {
        $(mod $service { $(pub(super) mod $file;)* })*

        /// What is special about each type.
        fn specials() -> Vec<&'static dyn Special> {
            let mut all: Vec<&'static dyn Special> = vec![];
            $($(all.extend($service::$file::SPECIALS);)*)*
            all
        }
    };
}

specials! {
    autoscaling {
        group, lifecycle_hook, scheduled_action,
    }
    ec2 {
        availability_zones, elastic_ip, internet_gateway, launch_template, managed_prefix_list,
        nat_gateway, route, route_table, route_table_association, security_group,
        security_group_rule, subnet, vpc, vpc_endpoint,
    }
    ecs {
        capacity_provider, cluster, cluster_capacity_providers, placement, run_task, service, task_definition,
    }
    efs {
        access_point, file_system, mount_target,
    }
    elasticache {
        engine, parameter_group, replication_group, subnet_group,
    }
    elbv2 {
        action, condition, listener, listener_rule, load_balancer, target_group,
    }
    iam {
        instance_profile, policy, role, role_policy, role_policy_attachment, service_linked_role,
    }
    logs {
        log_group, metric_filter,
    }
    rds {
        aurora, db_cluster, db_cluster_parameter_group, db_cluster_snapshot, db_instance,
        db_subnet_group,
    }
    s3 {
        bucket, bucket_lifecycle, bucket_notification, bucket_policy, bucket_replication, object,
    }
    secretsmanager {
        secret,
    }
    ssm {
        ecs_optimized_ami,
    }
    sts {
        caller_identity,
    }
    kms {
        alias, grant, key,
    }
    route53 {
        hosted_zone,
    }
    applicationautoscaling {
        scalable_target, scaling_policy, scheduled_action,
    }
    acm {
    }
    backup {
    }
    budgets {
        budget,
    }
    cloudfront {
    }
    cloudwatch {
        alarm_action, composite_alarm, dashboard, metric_alarm, metric_query,
    }
    ecr {
    }
    eventbridge {
        rule, target, target_settings,
    }
    scheduler {
        schedule, schedule_group,
    }
    servicequotas {
    }
    ses {
    }
    sns {
        delivery_policy, subscription, topic, topic_policy,
    }
    wafv2 {
    }
}
