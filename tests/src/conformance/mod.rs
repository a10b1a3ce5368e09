//! The conformance suite: what every type must do on every backend.
//!
//! A type has one [`Case`]: a program with a resource named `subject`, written once, in which
//! every property is [picked](Variant::pick) between two values. The suite runs the program as it
//! is and once for each property, and holds what happens against the type's schema.
//!
//! To add a type, write its case (copy one of the same service) and add one line to `cases!`.

use std::{cell::RefCell, collections::BTreeSet};

use infra_core::{Stack, schema::TypeDef};

/// How the tests know a type.
#[derive(Debug)]
pub struct Case {
    /// The type.
    pub ty: fn() -> &'static TypeDef,
    /// Builds what the type needs and a resource of it named `subject`.
    pub build: fn(&Stack, &Variant),
    /// Programs that are refused: the property that is wrong, the program, and a part of what
    /// must be said about it. None only where no wrong value can be written.
    pub refused: &'static [Refused],
    /// Properties that have no second value here, and why. `*` stands for all that are not picked:
    /// for a further case of a type, beside one that picks them.
    pub fixed: &'static [(&'static str, &'static str)],
    /// What AWS's own schema of the type is called, and where it differs.
    pub cfn: Cfn,
}

impl Case {
    /// Whether its resources stand in an account, where the suite looks for them. Those that live
    /// in state alone stand nowhere else.
    #[must_use]
    pub fn is_in_account(&self) -> bool {
        (self.ty)().provider() != infra_core::local::KIND
    }
}

/// A program that is refused.
#[derive(Debug)]
pub struct Refused {
    /// The property that is wrong.
    pub property: &'static str,
    /// Builds it.
    pub build: fn(&Stack),
    /// A part of what must be said.
    pub says: &'static str,
}

/// AWS's own schema of a type, as CloudFormation publishes it.
#[derive(Debug)]
pub struct Cfn {
    /// Its name: `AWS::EC2::VPC`. Empty if there is none.
    pub name: &'static str,
    /// Where ours differs and why. The path is CloudFormation's (`MetadataOptions.HttpTokens`), or
    /// ours for what CloudFormation does not have.
    pub differs: &'static [(&'static str, &'static str)],
    /// Properties that have another name here: CloudFormation's path, our name. `*` for a structure
    /// whose fields are properties of their own here.
    pub renamed: &'static [(&'static str, &'static str)],
}

/// Which program of a case is built: as it is, or with one property changed.
#[derive(Debug)]
pub struct Variant {
    changed: Option<&'static str>,
    seen: RefCell<BTreeSet<&'static str>>,
}

impl Variant {
    /// The program as it is.
    #[must_use]
    pub fn base() -> Self {
        Self { changed: None, seen: RefCell::default() }
    }

    /// The program with one property changed.
    #[must_use]
    pub fn of(property: &'static str) -> Self {
        Self { changed: Some(property), seen: RefCell::default() }
    }

    /// One of two values for a property: the second where the property is the changed one.
    pub fn pick<T>(&self, property: &'static str, base: T, changed: T) -> T {
        self.seen.borrow_mut().insert(property);
        if self.changed == Some(property) { changed } else { base }
    }

    /// Whether a property is the changed one, where picking a value does not do.
    pub fn is(&self, property: &'static str) -> bool {
        self.seen.borrow_mut().insert(property);
        self.changed == Some(property)
    }

    /// The properties that were picked.
    #[must_use]
    pub fn seen(&self) -> BTreeSet<&'static str> {
        self.seen.borrow().clone()
    }
}

/// Declares the modules of the cases and the list of them; the files have the names that they
/// have in the catalogue.
macro_rules! cases {
    ($($service:ident { $($file:ident),* $(,)? })*) => {
        $(mod $service { $(pub(crate) mod $file;)* })*

        /// The cases of all types of these services.
        pub(crate) fn listed() -> Vec<&'static Case> {
            let mut all: Vec<&'static Case> = vec![];
            $($(all.extend($service::$file::CASES);)*)*
            all
        }
    };
}

mod cloudflare;

/// The cases of all types.
#[must_use]
pub fn cases() -> Vec<&'static Case> {
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
