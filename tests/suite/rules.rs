//! The rules of AWS and of a site: the production example keeps all of them, and each is broken by
//! one change of it.

use std::collections::BTreeSet;

use infra_core::{
    aws::{
        KmsKeyArn, SubnetId,
        autoscaling::{Group, LaunchTemplateSpecification},
        cloudwatch::{AlarmAction, ComparisonOperator, MetricAlarm, TreatMissingData},
        ec2::{
            BlockDeviceMapping, EbsBlockDevice, HttpTokens, LaunchTemplate, LaunchTemplateData,
            MetadataOptions, Volume,
        },
        efs::{AccessPoint, FileSystem},
        kms::{Grant, GrantOperation},
        logs::LogGroup,
        rules,
        sns::{Topic, TopicKey},
    },
    check::Severity,
    graph::Program,
    prelude::*,
    value::Value,
};
use infra_tests::world::program;

use crate::edits::Edited;

/// What the rules find, as `rule resource message`.
fn found(program: &Program) -> Vec<String> {
    let all = rules::all().into_iter().chain(moodle_infra::rules());
    let found = all.flat_map(|rule| {
        let name = rule.name().to_owned();
        assert_eq!(rule.severity(), Severity::Rule, "{name}");
        rule.program(program).into_iter().map(move |problem| {
            assert!(problem.help.is_some() && !problem.at.is_empty(), "{problem:?}");
            format!("{name}: {}", problem.to_string().replace("campus/test/", ""))
        })
    });
    found.collect()
}

/// Holds that a change breaks one rule alone, and what is said of it. Where it takes away what
/// would be left after a failure, that is told too.
#[track_caller]
fn breaks(edited: &Edited, expected: &str) {
    let found = found(edited.program());
    assert!(found.iter().any(|found| found.contains(expected)), "{expected}\nin {found:#?}");
    let rules = found.iter().map(|found| found.split(':').next().unwrap());
    let rules: BTreeSet<&str> = rules.filter(|rule| *rule != "single-point-of-failure").collect();
    assert_eq!(rules.len(), 1, "{found:#?}");
}

fn text(text: &str) -> Value {
    text.into()
}

#[test]
fn production_keeps_all_of_them() {
    let production = Edited::production();
    assert_eq!(found(production.program()), [""; 0]);
    let names: BTreeSet<String> =
        production.program().checks.iter().map(|rule| rule.name().to_owned()).collect();
    let all = rules::all().into_iter().chain(moodle_infra::rules());
    let missing: Vec<String> =
        all.map(|rule| rule.name().to_owned()).filter(|rule| !names.contains(rule)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn zones() {
    let edited = Edited::production().cut("DbSubnetGroup/database", "subnet_ids", 2);
    breaks(
        &edited,
        "DbSubnetGroup/database: `subnet_ids` cover zone-a and zone-b and not zone-c, where `site/",
    );
    let edited = Edited::production().without("MountTarget/files-c");
    breaks(&edited, "same-zones: site/storage/aws:efs:FileSystem/files: `mount targets` cover");
    let edited = Edited::production().copy("Route/app-b", "nat_gateway_id", "Route/app-a");
    breaks(
        &edited,
        "nat-in-its-zone: site/network/aws:ec2:Route/app-b: `nat_gateway_id` leads from zone-b \
         to `site/network/aws:ec2:NatGateway/a` in zone-a",
    );
}

#[test]
fn room() {
    let target = "ScalableTarget/moodle";
    let small = "container_definitions.0.memory";
    let edited = Edited::production().set("AccountSetting/trunking", "value", "disabled");
    breaks(&edited, "task-interfaces: site/hosts/aws:autoscaling:Group/web: `max_size` 6");
    let large = Edited::production().set("TaskDefinition/moodle", small, 7168);
    breaks(&large, "rollout-fits: site/hosts/aws:autoscaling:Group/web: `max_size` 6 is too few");
    let many = found(large.set(target, "max_capacity", 15).program());
    let told = many.iter().any(|it| it.contains("tasks-fit") && it.contains("of the 21 tasks"));
    assert!(told, "{many:#?}");
    let edited = Edited::production()
        .set("Group/web", "max_size", 10)
        .set(target, "max_capacity", 12)
        .set("Subnet/app-a", "cidr_block", "10.0.0.0/28");
    breaks(&edited, "subnet-addresses: site/network/aws:ec2:Subnet/app-a");
}

#[test]
fn times() {
    let edited = Edited::production().set(
        "TaskDefinition/moodle",
        "container_definitions.0.stop_timeout",
        59,
    );
    breaks(
        &edited,
        "`container_definitions.moodle.stop_timeout` is 59 s, and \
         `site/balancer/aws:elbv2:TargetGroup/web` sends it requests and lets it finish them for 60 s",
    );
    let edited = Edited::production().set("Service/moodle", "health_check_grace_period", 79);
    breaks(&edited, "`health_check_grace_period` is 79 s, and a task takes up to 80 s");
    let edited =
        Edited::production().set("Service/moodle", "health_check_grace_period", Value::Null);
    breaks(&edited, "`health_check_grace_period` is 0 s");
    let breaker = "deployment_configuration.deployment_circuit_breaker.rollback";
    let edited = Edited::production().set("Service/adhoc", breaker, false);
    breaks(&edited, "rollout-guarded: site/app/aws:ecs:Service/adhoc");
    let edited = Edited::production().set("LoadBalancer/web", "idle_timeout", 299);
    breaks(&edited, "`idle_timeout` is 299 s, and `site/app/aws:ecs:Service/moodle` may be at a");
}

#[test]
fn paths() {
    let rule = "SecurityGroupRule/database-from-app";
    let open = Edited::production().set(rule, "referenced_group_id", Value::Null);
    let open = found(open.set(rule, "cidr_ipv4", "0.0.0.0/0").program());
    assert!(open.iter().any(|it| it.contains("opens port 3306 of `site/database/")), "{open:#?}");
    let edited = Edited::production().without("SecurityGroupRule/cache-from-app");
    breaks(&edited, "SecurityGroupRule/app-to-cache opens port 6379 to what may not come in there");
    let edited = Edited::production().without("SecurityGroupRule/app-to-files");
    breaks(
        &edited,
        "SecurityGroupRule/files-from-app opens port 2049 to what may not go out there",
    );
    let edited = Edited::production().set(rule, "to_port", 3307);
    breaks(&edited, "opens ports 3306 to 3307, and what is in the group listens at 3306 alone");
    let (narrow, wide) = ("SecurityGroupRule/balancer-80", "SecurityGroupRule/balancer-443");
    let edited = Edited::production().copy(narrow, "from_port", wide).copy(narrow, "to_port", wide);
    breaks(
        &edited,
        "balancer-80 opens what `site/security/aws:ec2:SecurityGroupRule/balancer-443`",
    );
    let edited = Edited::production().without("Listener/http");
    breaks(&edited, "opens port 80, and what is in the group listens at 443 alone");
}

#[test]
fn data() {
    let cluster = "DbCluster/database";
    let edited = Edited::production().set(cluster, "deletion_protection", false);
    breaks(&edited, "data-protected: site/database/aws:rds:DbCluster/database");
    let edited = Edited::production().set("Secret/admin-password", "recovery_window_in_days", 0);
    breaks(&edited, "data-protected: site/app/aws:secretsmanager:Secret/admin-password");
    let public = "public_access_block_configuration.block_public_policy";
    let edited = Edited::production().set("Bucket/configuration", public, false);
    breaks(&edited, "`public_access_block_configuration.block_public_policy` is off");
    for (name, property) in [
        (cluster, "storage_encrypted"),
        ("FileSystem/files", "encrypted"),
        ("ReplicationGroup/sessions", "at_rest_encryption_enabled"),
        ("ReplicationGroup/store", "transit_encryption_enabled"),
        ("LaunchTemplate/web", "launch_template_data.block_device_mappings.0.ebs.encrypted"),
    ] {
        let edited = Edited::production().set(name, property, false);
        breaks(&edited, "data-encrypted: site/");
    }
    let edited = Edited::production().set(cluster, "backup_retention_period", 6);
    breaks(&edited, "`backup_retention_period` brings it back for 6 d alone");
    let edited = Edited::production().without("Selection/files");
    breaks(&edited, "data-backed-up: site/storage/aws:efs:FileSystem/files");
    let versions = "versioning_configuration";
    let edited = Edited::production().set("Bucket/configuration", versions, Value::Null);
    breaks(&edited, "data-backed-up: site/storage/aws:s3:Bucket/configuration");
}

#[test]
fn secrets() {
    let variable = "container_definitions.0.environment.SMTP_PASSWORD";
    let edited = Edited::production().set("TaskDefinition/cron", variable, "hunter2");
    breaks(&edited, "`container_definitions.moodle.environment.SMTP_PASSWORD` stands in");
    assert!(!found(edited.program()).concat().contains("hunter2"));
    let variable = "container_definitions.0.environment.HARMLESS";
    let secret = Value::from("hunter2").into_secret();
    let edited = Edited::production().set("TaskDefinition/cron", variable, secret.clone());
    breaks(&edited, "no-plain-secrets: site/app/aws:ecs:TaskDefinition/cron");
    let data = "launch_template_data.user_data";
    let edited = Edited::production().set("LaunchTemplate/web", data, secret);
    breaks(&edited, "`launch_template_data.user_data` holds a secret");
}

#[test]
fn files() {
    let tls = "volumes.0.efs_volume_configuration.transit_encryption";
    let edited = Edited::production().set("TaskDefinition/moodle", tls, "DISABLED");
    breaks(&edited, "transit_encryption` is off, and an access point asks for TLS");
    let root = "volumes.0.efs_volume_configuration.root_directory";
    let edited = Edited::production().set("TaskDefinition/moodle", root, "/data");
    breaks(&edited, "root_directory` is \"/data\", and the access point says");
}

#[test]
fn instances_that_mount_by_plain_nfs() {
    let mounted = |how: &'static str| {
        let program = program(move |stack| {
            stack.checks(rules::all());
            stack.allow("data-backed-up", "FileSystem/files", "a test");
            let files = FileSystem::named("files").create(stack);
            AccessPoint::named("files").file_system_id(&files).create(stack);
            let host = files.dns_name();
            let data = LaunchTemplateData::new()
                .image_id("ami-0123456789abcdef0")
                .instance_type("m7g.large")
                .user_data(interpolate!("#!/bin/sh\nmount -t {how} {host}:/ /srv\n"));
            LaunchTemplate::named("web").launch_template_data(data).create(stack);
        });
        program.problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(mounted("efs -o tls,accesspoint=fsap-1"), [""; 0]);
    let said = mounted("nfs4 -o nfsvers=4.1");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("by plain NFS, and its access point works with TLS alone"),
        "{said:?}"
    );
}

#[test]
fn hosts_and_caches() {
    let tokens = "launch_template_data.metadata_options.http_tokens";
    let edited =
        Edited::production().set("LaunchTemplate/web", tokens, text(HttpTokens::Optional.as_str()));
    breaks(&edited, "imdsv2: site/hosts/aws:ec2:LaunchTemplate/web");
    let protection = "new_instances_protected_from_scale_in";
    let edited = Edited::production().set("Group/web", protection, false);
    breaks(&edited, "scale-in-protection: site/hosts/aws:autoscaling:Group/web");
    for property in ["automatic_failover_enabled", "multi_az_enabled"] {
        let edited = Edited::production().set("ReplicationGroup/sessions", property, false);
        breaks(&edited, "cache-failover: site/caches/aws:elasticache:ReplicationGroup/sessions");
    }
}

#[test]
fn keys() {
    let key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let disk = "launch_template_data.block_device_mappings.0.ebs.kms_key_id";
    let edited = Edited::production().set("LaunchTemplate/web", disk, key);
    breaks(&edited, "is a key that AWSServiceRoleForAutoScaling may not use");
    let replica = Value::map([("region", text("eu-west-1")), ("kms_key_id", text(key))]);
    let edited = Edited::production().set(
        "Secret/admin-password",
        "replica_regions",
        Value::list([replica]),
    );
    breaks(&edited, "is a key of eu-central-1, and the copy lies in eu-west-1");
    let algorithm = "bucket_encryption.server_side_encryption_configuration.0.\
                     server_side_encryption_by_default.sse_algorithm";
    let edited = Edited::production().set("Bucket/configuration", algorithm, "aws:kms");
    assert_eq!(found(edited.program()), [""; 0]);
    // The bucket as tasks name it, in the place of the balancer's logs.
    let edited =
        edited.copy_into("LoadBalancer/web", "access_logs.bucket", "Object/config", "bucket");
    breaks(&edited, "go to `site/storage/aws:s3:Bucket/configuration`, which encrypts with KMS");
}

/// What the rules of AWS find in a program that registers them.
fn told(build: impl Fn(&Stack)) -> Vec<String> {
    let program = program(|stack| {
        stack.checks(rules::all());
        build(stack);
    });
    program.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn keys_of_disks_need_a_grant() {
    let key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let key = KmsKeyArn::parse(key).unwrap();
    let group = |granted_to: Option<&'static str>| {
        told(|stack| {
            let disk = EbsBlockDevice::new().volume_size(GiB(30)).kms_key_id(key.clone());
            let data = LaunchTemplateData::new()
                .image_id("ami-0123456789abcdef0")
                .instance_type("m7g.large")
                .block_device_mappings([BlockDeviceMapping::new("/dev/xvda").ebs(disk)]);
            let template = LaunchTemplate::named("web").launch_template_data(data).create(stack);
            let subnets = ["a", "b"].map(|zone| SubnetId::parse(&format!("subnet-{zone:0>17}")));
            Group::named("web")
                .min_size(2_u32)
                .max_size(2_u32)
                .vpc_zone_identifier(subnets.map(Result::unwrap))
                .launch_template(LaunchTemplateSpecification::latest(&template))
                .create(stack);
            if let Some(role) = granted_to {
                let role = format!("arn:aws:iam::123456789012:role/{role}");
                Grant::named("web")
                    .key_id(key.clone())
                    .grantee_principal(&*role)
                    .operations([GrantOperation::CreateGrant, GrantOperation::Decrypt])
                    .create(stack);
            }
        })
    };
    assert!(group(None)[0].contains("is a key that AWSServiceRoleForAutoScaling may not use"));
    assert_eq!(group(Some("somebody")).len(), 1);
    let role = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    assert_eq!(group(Some(role)), [""; 0]);
}

#[test]
fn keys_lie_where_what_they_encrypt_does() {
    let logs = |region: &'static str| {
        told(|stack| {
            stack.use_provider(Provider::aws("eu-central-1"));
            let key = "key/1234abcd-12ab-34cd-56ef-1234567890ab";
            let key =
                KmsKeyArn::parse(&format!("arn:aws:kms:{region}:123456789012:{key}")).unwrap();
            LogGroup::named("web").kms_key_id(key).create(stack);
        })
    };
    assert_eq!(logs("eu-central-1"), [""; 0]);
    let said = logs("eu-west-1");
    let expected = "`kms_key_id` is a key of eu-west-1, and it encrypts what lies in eu-central-1";
    assert!(said[0].contains(expected), "{said:?}");
}

#[test]
fn alarms_reach_their_topics() {
    let alarm = |key: Option<&'static str>| {
        told(|stack| {
            let topic = Topic::named("alarms").topic_name("alarms");
            let topic = match key {
                Some(key) => topic.kms_master_key_id(TopicKey::alias(key)).create(stack),
                None => topic.create(stack),
            };
            MetricAlarm::named("slow")
                .namespace("AWS/ApplicationELB")
                .metric_name("TargetResponseTime")
                .statistic("p95")
                .period(Seconds(60))
                .evaluation_periods(5_u32)
                .comparison_operator(ComparisonOperator::GreaterThanThreshold)
                .threshold(2.0)
                .treat_missing_data(TreatMissingData::NotBreaching)
                .alarm_actions([AlarmAction::topic(&topic)])
                .create(stack);
        })
    };
    assert_eq!(alarm(None), [""; 0]);
    assert_eq!(alarm(Some("alias/campus")), [""; 0]);
    // That is no rule that could be allowed to be broken: AWS would refuse to publish.
    let said = alarm(Some("alias/aws/sns"));
    assert!(said[0].contains("where cloudwatch.amazonaws.com can't publish"), "{said:?}");
}

#[test]
fn a_trunk_makes_room_for_tasks() {
    let small = |trunked: bool| {
        let value = if trunked { "enabled" } else { "disabled" };
        let edited = Edited::production().set("Group/web", "max_size", 5).set(
            "AccountSetting/trunking",
            "value",
            value,
        );
        found(edited.program()).iter().any(|it| it.starts_with("task-interfaces: "))
    };
    assert_eq!((small(false), small(true)), (true, false));
}

#[test]
fn disks_of_ones_own_are_encrypted() {
    let disk = |encrypted: bool| {
        told(|stack| {
            Volume::named("brick")
                .availability_zone("eu-central-1a")
                .size(GiB(100))
                .encrypted(encrypted)
                .create(stack);
        })
    };
    assert_eq!(disk(true), [""; 0]);
    assert!(disk(false)[0].contains("Volume/brick: `encrypted` false leaves what it holds"));
}

#[test]
fn connections_of_the_database() {
    let workers = "container_definitions.0.environment.PHP_WORKERS";
    let edited = Edited::production().set("TaskDefinition/moodle", workers, "64");
    breaks(
        &edited,
        "database-connections: site/database/aws:rds:DbInstance/database-0: `db_instance_class` \
         \"db.r7g.large\" allows 1000 connections, of which 900 are for the site, and 905 requests",
    );
    let edited = Edited::production().set("TaskDefinition/moodle", workers, "63");
    assert_eq!(found(edited.program()), [""; 0]);
}

/// A program with a template that breaks `imdsv2`, and whatever else is done.
fn template(more: impl Fn(&Stack)) -> Program {
    program(|stack| {
        stack.checks(rules::all());
        let options = MetadataOptions::new().http_tokens(HttpTokens::Optional);
        let data = LaunchTemplateData::new()
            .image_id("ami-0123456789abcdef0")
            .instance_type("m7g.large")
            .metadata_options(options);
        LaunchTemplate::named("old").launch_template_data(data).create(&stack.component("inner"));
        more(stack);
    })
}

#[test]
fn what_is_allowed_is_kept_with_its_reason() {
    let bare = template(|_| {});
    assert_eq!((bare.problems.len(), bare.allowed.len()), (1, 0));
    assert_eq!(bare.problems[0].severity, Severity::Rule);
    assert_eq!(bare.problems[0].check.as_deref(), Some("imdsv2"));
    for pattern in ["old", "LaunchTemplate/old", "inner/*", "*"] {
        let allowed = template(|stack| stack.allow("imdsv2", pattern, "goes in March"));
        assert_eq!(allowed.problems, [], "{pattern}");
        assert_eq!(allowed.allowed[0].reason, "goes in March");
        assert_eq!(allowed.allowed[0].problem, bare.problems[0], "but for lines");
    }
}

#[test]
fn a_component_allows_nothing_outside_of_it() {
    let outside = template(|stack| stack.component("other").allow("imdsv2", "*", "no matter"));
    let said: Vec<String> = outside.problems.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[1].contains("`imdsv2` is allowed to be broken by `*`, and nothing there"),
        "{said:?}"
    );
}

#[test]
fn an_allowance_that_comes_to_nothing_is_told() {
    let told = |check: &str, pattern: &str, reason: &str| {
        let (check, pattern, reason) = (check.to_owned(), pattern.to_owned(), reason.to_owned());
        let program = template(move |stack| stack.allow(&check, &pattern, &reason));
        let last = program.problems.last().unwrap().clone();
        assert_eq!(last.severity, Severity::Error);
        format!("{last}; {}", last.help.as_deref().unwrap())
    };
    let said = told("imdsv2", "LaunchTemplate/new", "goes in March");
    assert!(
        said.contains("`LaunchTemplate/new`, and nothing there breaks it; remove it"),
        "{said}"
    );
    let said = told("imdsv2", "*", " ");
    assert!(said.contains("without a reason; say why"), "{said}");
    let said = told("imds", "*", "goes in March");
    assert!(said.contains("the program has no rule `imds`"), "{said}");
    assert!(said.contains("its rules are same-zones, "), "{said}");
    let said = told("subnet-ranges", "*", "goes in March");
    assert!(said.contains("`subnet-ranges` can't be allowed"), "{said}");
}

#[test]
fn rules_that_are_given_twice_find_once() {
    let twice = template(|stack| stack.checks(rules::all()));
    assert_eq!(twice.problems.len(), 1);
}
