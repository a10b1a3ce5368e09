//! The case of `aws:efs:FileSystem`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        efs::{
            BackupPolicy, FileSystem, FileSystemProtection, LifecyclePolicy, PerformanceMode,
            ReplicationConfiguration, ReplicationDestination, Switch, ThroughputMode, Transition,
        },
        iam::{PolicyDocument, Principal, Statement},
    },
    prelude::*,
};

use crate::conformance::kms::key::{far_key, key, keys};

fn policy(statement: Statement) -> PolicyDocument {
    PolicyDocument::new([statement.principals([Principal::everyone()]).resources(["*"])])
}

fn mounting(actions: &[&str]) -> PolicyDocument {
    policy(Statement::allow().actions(actions))
}

fn refused_lifecycle(stack: &Stack, policies: Vec<LifecyclePolicy>) {
    FileSystem::named("subject").lifecycle_policies(policies).create(stack);
}

pub(crate) const CASES: &[Case] = &[ELASTIC, ONE_ZONE, PROVISIONED, ENCRYPTED, REPLICATED];

const ELASTIC: Case = Case {
    ty: FileSystem::definition,
    build: |stack, v| {
        let [one, other] = keys(stack);
        FileSystem::named("subject")
            .throughput_mode(v.pick(
                "throughput_mode",
                ThroughputMode::Elastic,
                ThroughputMode::Bursting,
            ))
            .lifecycle_policies(v.pick(
                "lifecycle_policies",
                vec![
                    LifecyclePolicy::to_ia(Transition::After30Days),
                    LifecyclePolicy::back_after_1_access(),
                ],
                vec![
                    LifecyclePolicy::to_ia(Transition::After14Days),
                    LifecyclePolicy::to_archive(Transition::After90Days),
                ],
            ))
            .backup_policy(v.pick(
                "backup_policy",
                BackupPolicy::enabled(),
                BackupPolicy::disabled(),
            ))
            .file_system_protection(v.pick(
                "file_system_protection",
                FileSystemProtection::new(),
                FileSystemProtection::new().replication_overwrite_protection(Switch::Disabled),
            ))
            .file_system_policy(v.pick(
                "file_system_policy",
                mounting(&["elasticfilesystem:ClientMount"]),
                mounting(&["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]),
            ))
            .bypass_policy_lockout_safety_check(v.pick(
                "bypass_policy_lockout_safety_check",
                false,
                true,
            ))
            .tags(v.pick("tags", [("Name", "moodledata")], [("Name", "files")]))
            .kms_key_id(v.pick("kms_key_id", &one, &other))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "provisioned_throughput_in_mibps",
            build: |stack| {
                FileSystem::named("subject")
                    .throughput_mode(ThroughputMode::Elastic)
                    .provisioned_throughput_in_mibps(64.0)
                    .create(stack);
            },
            says: "only for the throughput mode provisioned",
        },
        Refused {
            property: "throughput_mode",
            build: |stack| {
                FileSystem::named("subject").performance_mode(PerformanceMode::MaxIo).create(stack);
            },
            says: "needs the performance mode generalPurpose",
        },
        Refused {
            property: "lifecycle_policies",
            build: |stack| refused_lifecycle(stack, vec![LifecyclePolicy::new()]),
            says: "must each say one transition",
        },
        Refused {
            property: "lifecycle_policies",
            build: |stack| {
                let after = [Transition::After7Days, Transition::After14Days];
                refused_lifecycle(stack, after.map(LifecyclePolicy::to_ia).to_vec());
            },
            says: "say one kind of transition twice",
        },
        Refused {
            property: "lifecycle_policies",
            build: |stack| {
                let ia = LifecyclePolicy::to_ia(Transition::After90Days);
                let archive = LifecyclePolicy::to_archive(Transition::After30Days);
                refused_lifecycle(stack, vec![ia, archive]);
            },
            says: "must be later than AFTER_90_DAYS",
        },
        Refused {
            property: "lifecycle_policies",
            build: |stack| {
                FileSystem::named("subject")
                    .throughput_mode(ThroughputMode::Bursting)
                    .lifecycle_policies([LifecyclePolicy::to_archive(Transition::After90Days)])
                    .create(stack);
            },
            says: "need the throughput mode elastic",
        },
        Refused {
            property: "file_system_policy.statements[0]",
            build: |stack| {
                let nothing = policy(Statement::allow());
                FileSystem::named("subject").file_system_policy(nothing).create(stack);
            },
            says: "either `actions` or `not_actions`",
        },
    ],
    fixed: &[
        ("availability_zone_name", "the second case has it"),
        ("encrypted", "a key excludes `false`; the fourth case has it"),
        ("performance_mode", "elastic throughput excludes maxIO; the third case has it"),
        ("provisioned_throughput_in_mibps", "only with provisioned throughput: the third case"),
        ("replication_configuration", "the fifth case has it"),
    ],
    cfn: Cfn {
        name: "AWS::EFS::FileSystem",
        differs: &[
            (
                "ReplicationConfiguration.Destinations",
                "required here: without it there is nothing to say",
            ),
            (
                "ReplicationConfiguration.Destinations.AvailabilityZoneName",
                "left out: of a file system that AWS would make, and that no program would own",
            ),
            (
                "ReplicationConfiguration.Destinations.FileSystemId",
                "required here, so that the destination is one that a program owns",
            ),
            (
                "ReplicationConfiguration.Destinations.KmsKeyId",
                "left out: of a file system that AWS would make, and that no program would own",
            ),
            ("ReplicationConfiguration.Destinations.Region", "the ARN of the destination says it"),
            ("ReplicationConfiguration.Destinations.Status", "left out: a state, nothing to say"),
            (
                "ReplicationConfiguration.Destinations.StatusMessage",
                "left out: a state, nothing to say",
            ),
            ("dns_name", "made of id and region; CloudFormation does not tell it"),
        ],
        renamed: &[("FileSystemTags", "tags")],
    },
};

const ONE_ZONE: Case = Case {
    ty: FileSystem::definition,
    build: |stack, v| {
        FileSystem::named("subject")
            .availability_zone_name(v.pick(
                "availability_zone_name",
                "eu-central-1a",
                "eu-central-1b",
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "availability_zone_name",
            build: |stack| {
                FileSystem::named("subject").availability_zone_name("eu-west-1a").create(stack);
            },
            says: "there are eu-central-1a, eu-central-1b, eu-central-1c",
        },
        Refused {
            property: "availability_zone_name",
            build: |stack| {
                FileSystem::named("subject")
                    .availability_zone_name("eu-central-1a")
                    .performance_mode(PerformanceMode::MaxIo)
                    .throughput_mode(ThroughputMode::Bursting)
                    .create(stack);
            },
            says: "can't be maxIO",
        },
    ],
    fixed: &[("*", "the other cases have second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const PROVISIONED: Case = Case {
    ty: FileSystem::definition,
    build: |stack, v| {
        FileSystem::named("subject")
            .throughput_mode(ThroughputMode::Provisioned)
            .provisioned_throughput_in_mibps(v.pick("provisioned_throughput_in_mibps", 64.0, 128.0))
            .performance_mode(v.pick(
                "performance_mode",
                PerformanceMode::GeneralPurpose,
                PerformanceMode::MaxIo,
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "provisioned_throughput_in_mibps",
            build: |stack| {
                FileSystem::named("subject")
                    .throughput_mode(ThroughputMode::Provisioned)
                    .create(stack);
            },
            says: "is needed with",
        },
        Refused {
            property: "provisioned_throughput_in_mibps",
            build: |stack| {
                FileSystem::named("subject")
                    .throughput_mode(ThroughputMode::Provisioned)
                    .provisioned_throughput_in_mibps(0.5)
                    .create(stack);
            },
            says: "0.5 must be 1 at least",
        },
    ],
    fixed: &[("*", "the other cases have second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

const ENCRYPTED: Case = Case {
    ty: FileSystem::definition,
    build: |stack, v| {
        FileSystem::named("subject").encrypted(v.pick("encrypted", true, false)).create(stack);
    },
    refused: &[
        Refused {
            property: "kms_key_id",
            build: |stack| {
                FileSystem::named("subject")
                    .encrypted(false)
                    .kms_key_id(&key(stack, "key"))
                    .create(stack);
            },
            says: "`encrypted` is false",
        },
        Refused {
            property: "kms_key_id",
            build: |stack| {
                FileSystem::named("subject").kms_key_id(&far_key(stack)).create(stack);
            },
            says: "another region than eu-central-1",
        },
    ],
    fixed: &[("*", "the other cases have second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

fn copy(stack: &Stack, name: &str) -> FileSystem {
    let open = FileSystemProtection::new().replication_overwrite_protection(Switch::Disabled);
    FileSystem::named(name)
        .file_system_protection(open)
        .provider(&Provider::aws("eu-west-1"))
        .create(stack)
}

fn refused_copies(stack: &Stack, copies: Vec<ReplicationDestination>) {
    let replication = ReplicationConfiguration::new(copies);
    FileSystem::named("subject").replication_configuration(replication).create(stack);
}

const REPLICATED: Case = Case {
    ty: FileSystem::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| copy(stack, name).arn());
        FileSystem::named("subject")
            .replication_configuration(v.pick(
                "replication_configuration",
                ReplicationConfiguration::to(one),
                ReplicationConfiguration::to(other),
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "replication_configuration.destinations",
            build: |stack| {
                let copies = ["one", "other"].map(|name| copy(stack, name).arn());
                refused_copies(stack, copies.map(ReplicationDestination::new).to_vec());
            },
            says: "has 2 file systems; one is allowed",
        },
        Refused {
            property: "replication_configuration.destinations",
            build: |stack| {
                let shut = FileSystem::named("shut").create(stack);
                refused_copies(stack, vec![ReplicationDestination::new(shut.arn())]);
            },
            says: "which may not be overwritten",
        },
        Refused {
            property: "replication_configuration.destinations",
            build: |stack| {
                let open =
                    FileSystemProtection::new().replication_overwrite_protection(Switch::Disabled);
                let plain =
                    FileSystem::named("plain").encrypted(false).file_system_protection(open);
                refused_copies(stack, vec![ReplicationDestination::new(plain.create(stack).arn())]);
            },
            says: "which is not encrypted",
        },
        Refused {
            property: "replication_configuration.destinations",
            build: |stack| {
                let copy = copy(stack, "copy").arn();
                for name in ["first", "subject"] {
                    FileSystem::named(name)
                        .replication_configuration(ReplicationConfiguration::to(&copy))
                        .create(stack);
                }
            },
            says: "is part of another replication",
        },
    ],
    fixed: &[("*", "the other cases have second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};
