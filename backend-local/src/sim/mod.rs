//! A simulator of AWS in this process, and of what stands in front of it (`cloudflare/`).
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
mod shadow;
mod simulator;
mod special;
mod task;
mod view;
mod windows;
mod workload;
mod world;
mod zones;

#[cfg(feature = "containers")]
pub(crate) use cloudwatch::composite_alarm::rule::Tree as AlarmRule;
pub use faults::{Faults, Hook, Point};
pub use object::{Life, Object};
pub use shadow::Shadow;
#[cfg(feature = "containers")]
pub(crate) use simulator::{ACCOUNT as ACCOUNT_NUMBER, REGION as USUAL_REGION};
pub use simulator::{Sim, SimError, SimOptions, SimPlace};
#[cfg(all(test, feature = "containers"))]
pub(crate) use view::made_up;
pub use view::{Thing, View};
pub use workload::{End, Starting, Workload};
pub use world::World;

use special::Special;

/// Declares the modules of the specials and the list of them; the files have the names that they
/// have in the catalogue.
macro_rules! specials {
    ($($service:ident { $($file:ident),* $(,)? })*) => {
        $(mod $service { $(pub(super) mod $file;)* })*

        /// What is special about each type of these services.
        pub(in crate::sim) fn listed() -> Vec<&'static dyn Special> {
            let mut all: Vec<&'static dyn Special> = vec![];
            $($(all.extend($service::$file::SPECIALS);)*)*
            all
        }
    };
}

mod cloudflare;

/// What is special about each type of every provider.
fn specials() -> Vec<&'static dyn Special> {
    listed().into_iter().chain(cloudflare::listed()).collect()
}

specials! {
    autoscaling {
        group, lifecycle_hook, scheduled_action,
    }
    ec2 {
        availability_zones, elastic_ip, flow_log, instance, internet_gateway, launch_template,
        managed_prefix_list, nat_gateway, network_interface, prefix_list, route, route_table,
        route_table_association, security_group, security_group_rule, subnet, volume,
        volume_attachment, vpc, vpc_endpoint,
    }
    ecs {
        account_setting, capacity_provider, cluster, cluster_capacity_providers, placement,
        run_task, service, task_definition,
    }
    efs {
        access_point, file_system, mount_target,
    }
    elasticache {
        engine, parameter_group, replication_group, subnet_group, user, user_group,
    }
    elbv2 {
        action, condition, listener, listener_rule, load_balancer, target_group, trust_store,
    }
    iam {
        instance_profile, policy, role, role_policy, role_policy_attachment, service_linked_role,
    }
    logs {
        log_group, metric_filter,
    }
    rds {
        aurora, db_cluster, db_cluster_parameter_group, db_cluster_snapshot, db_instance,
        db_parameter_group, db_subnet_group, event_subscription,
    }
    s3 {
        bucket, bucket_lifecycle, bucket_notification, bucket_policy, bucket_replication, object,
    }
    secretsmanager {
        resource_policy, rotation_schedule, secret,
    }
    ssm {
        debian_ami, ecs_optimized_ami, parameter,
    }
    sts {
        caller_identity,
    }
    kms {
        alias, grant, key,
    }
    route53 {
        hosted_zone, record,
    }
    applicationautoscaling {
        scalable_target, scaling_policy, scheduled_action,
    }
    acm {
        certificate, certificate_validation,
    }
    backup {
        plan, restore_testing_plan, restore_testing_selection, selection, vault,
    }
    budgets {
        budget,
    }
    cloudfront {
        behavior, cache_policy, distribution, origin, origin_access_control, origin_request_policy,
        vpc_origin,
    }
    cloudwatch {
        alarm_action, composite_alarm, dashboard, metric_alarm, metric_query,
    }
    ecr {
        lifecycle_policy, repository,
    }
    eventbridge {
        rule, target, target_settings,
    }
    scheduler {
        schedule, schedule_group,
    }
    servicequotas {
        quota, service_quota,
    }
    ses {
        configuration_set, email_identity, event_destination,
    }
    sns {
        delivery_policy, subscription, topic, topic_policy,
    }
    wafv2 {
        ip_set, logging_configuration, web_acl, web_acl_association,
    }
}
