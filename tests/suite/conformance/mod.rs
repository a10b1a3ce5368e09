//! The conformance suite on the simulator. See [`infra_tests::conformance`].
//!
//! To add a type, write its case (copy one of the same service) and add one line to `cases!`.

mod checks;
mod lookups;
mod tasks;
mod truth;

use infra_tests::conformance::Case;

/// Declares the modules of the cases and the list of them; the files have the names that they
/// have in the catalogue.
macro_rules! cases {
    ($($service:ident { $($file:ident),* $(,)? })*) => {
        $(mod $service { $(pub(in crate::conformance) mod $file;)* })*

        /// The cases of all types of these services.
        pub(in crate::conformance) fn listed() -> Vec<&'static Case> {
            let mut all: Vec<&'static Case> = vec![];
            $($(all.extend($service::$file::CASES);)*)*
            all
        }
    };
}

mod cloudflare;

/// The cases of all types.
fn cases() -> Vec<&'static Case> {
    listed().into_iter().chain(cloudflare::listed()).collect()
}

cases! {
    autoscaling {
        group, lifecycle_hook, scheduled_action,
    }
    crypto {
        client_certificate, random_password, self_signed_certificate,
    }
    ec2 {
        availability_zones, elastic_ip, flow_log, instance, internet_gateway, launch_template,
        managed_prefix_list, nat_gateway, network_interface, prefix_list, route, route_table,
        route_table_association, security_group, security_group_rule, subnet, volume,
        volume_attachment, vpc, vpc_endpoint,
    }
    ecs {
        account_setting, capacity_provider, cluster, cluster_capacity_providers, run_task, service,
        task_definition,
    }
    efs {
        access_point, file_system, mount_target,
    }
    elasticache {
        parameter_group, replication_group, subnet_group, user, user_group,
    }
    elbv2 {
        listener, listener_rule, load_balancer, target_group, trust_store,
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
        cache_policy, distribution, origin_access_control, origin_request_policy, vpc_origin,
    }
    cloudwatch {
        composite_alarm, dashboard, metric_alarm,
    }
    ecr {
        lifecycle_policy, repository,
    }
    eventbridge {
        rule, target,
    }
    scheduler {
        schedule, schedule_group,
    }
    servicequotas {
        service_quota,
    }
    ses {
        configuration_set, email_identity, event_destination,
    }
    sns {
        subscription, topic, topic_policy,
    }
    wafv2 {
        ip_set, logging_configuration, web_acl, web_acl_association,
    }
}
