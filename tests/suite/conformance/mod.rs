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

        /// The cases of all types.
        fn cases() -> Vec<&'static Case> {
            let mut all: Vec<&'static Case> = vec![];
            $($(all.extend($service::$file::CASES);)*)*
            all
        }
    };
}

cases! {
    autoscaling {
        group,
    }
    crypto {
        random_password, self_signed_certificate,
    }
    ec2 {
        availability_zones, elastic_ip, internet_gateway, launch_template, managed_prefix_list,
        nat_gateway, route, route_table, route_table_association, security_group,
        security_group_rule, subnet, vpc, vpc_endpoint,
    }
    ecs {
        capacity_provider, cluster, cluster_capacity_providers, run_task, service, task_definition,
    }
    efs {
        access_point, file_system, mount_target,
    }
    elasticache {
        parameter_group, replication_group, subnet_group,
    }
    elbv2 {
        listener, listener_rule, load_balancer, target_group,
    }
    iam {
        instance_profile, role, role_policy, role_policy_attachment,
    }
    logs {
        log_group,
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
        alias,
    }
    route53 {
        hosted_zone, record,
    }
    applicationautoscaling {
        scalable_target, scaling_policy,
    }
    acm {
        certificate, certificate_validation,
    }
    backup {
    }
    budgets {
    }
    cloudfront {
        cache_policy, distribution, origin_access_control, origin_request_policy, vpc_origin,
    }
    cloudwatch {
    }
    ecr {
    }
    eventbridge {
    }
    scheduler {
    }
    servicequotas {
    }
    ses {
    }
    sns {
    }
    wafv2 {
        ip_set, logging_configuration, web_acl, web_acl_association,
    }
}
