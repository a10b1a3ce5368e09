//! A site whose data is encrypted with a key of its own: all of it, and read by whom it has to be.

use std::collections::BTreeSet;

use backend_local::sim::Object;
use infra_core::{
    aws::{backup::Vault, iam::RolePolicy, kms},
    dsl::ResourceType,
    graph::Program,
};
use infra_tests::world::{World, program};
use moodle_infra::{
    BackupSettings, Encryption, FlowLogs, GlusterSettings, MoodleBuilder, StorageSettings,
};

use crate::moodle::plain_site;

fn site(build: impl Fn(MoodleBuilder) -> MoodleBuilder) -> Program {
    program(|stack| {
        build(plain_site(stack)).create(stack).unwrap();
    })
}

fn own(site: MoodleBuilder) -> MoodleBuilder {
    site.encryption(Encryption::CustomerKey)
}

/// The types of what names a key, as often as there are such things.
fn encrypted(objects: &[Object], key: &str) -> Vec<String> {
    let short = |it: &&Object| it.ty.name.trim_start_matches("aws:").to_owned();
    let names = |it: &&Object| {
        let apart = ["aws:kms:", "aws:iam:"].iter().any(|service| it.ty.name.starts_with(service));
        !apart && it.ty.props.iter().any(|prop| it.named(prop.name).to_string().contains(key))
    };
    objects.iter().filter(names).map(|it| short(&it)).collect()
}

fn keys(objects: &[Object]) -> Vec<&Object> {
    objects.iter().filter(|it| it.ty.name == kms::Key::definition().name).collect()
}

#[tokio::test]
async fn all_that_keeps_data_has_it_and_the_rules_hold() {
    let world = World::default();
    let program = site(own);
    assert!(world.up(&program).await.is_success());
    assert!(world.preview(&program).await.is_empty());
    let objects = world.objects();
    let [key] = keys(&objects)[..] else { panic!("one key") };
    let found: BTreeSet<String> = encrypted(&objects, &key.id).into_iter().collect();
    let expected = [
        "backup:Vault",
        "ec2:LaunchTemplate",
        "efs:FileSystem",
        "elasticache:ReplicationGroup",
        "logs:LogGroup",
        "rds:DbCluster",
        "s3:Bucket",
        "secretsmanager:Secret",
    ];
    assert!(expected.iter().all(|it| found.contains(*it)), "{found:?}");
    // Nothing of these types is without it.
    for object in &objects {
        let ty = object.ty.name.trim_start_matches("aws:");
        let all = expected.contains(&ty);
        let has =
            object.ty.props.iter().any(|it| object.named(it.name).to_string().contains(&*key.id));
        assert!(!all || has, "{} {}", object.ty.name, object.id);
    }
    let alias = objects.iter().find(|it| it.ty.name == kms::Alias::definition().name).unwrap();
    assert_eq!(alias.text("alias_name"), "alias/campus-test-site");
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn its_policy_locks_nobody_out_and_lets_in_what_it_must() {
    let world = World::default();
    assert!(world.up(&site(own)).await.is_success());
    let objects = world.objects();
    let [key] = keys(&objects)[..] else { panic!("one key") };
    let policy = key.named("key_policy").to_string();
    for part in [
        "arn:aws:iam::123456789012:root",
        "logs.eu-central-1.amazonaws.com",
        "arn:aws:logs:eu-central-1:123456789012:log-group:*",
        "AWSServiceRoleForAutoScaling",
        "kms:GrantIsForAWSResource",
        "kms:CallerAccount",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    // What roles do with the key they do through one service each.
    let roles = objects.iter().filter(|it| it.ty.name == RolePolicy::definition().name);
    let using: Vec<String> = roles
        .map(|it| it.named("policy_document").to_string())
        .filter(|policy| policy.contains("kms:"))
        .collect();
    // The two that start tasks, the two that tasks have, and the rotation.
    assert_eq!(using.len(), 5, "{using:#?}");
    for policy in &using {
        assert!(policy.contains("kms:ViaService") && policy.contains(&*key.id), "{policy}");
    }
    assert_eq!(using.iter().filter(|it| it.contains("kms:GenerateDataKey")).count(), 1);
}

#[tokio::test]
async fn a_copy_in_another_region_has_a_key_of_that_region() {
    let world = World::default();
    let far = || BackupSettings { copy_to: Some("eu-west-1".to_owned()), ..Default::default() };
    let program = site(|site| {
        own(site).backups(far()).flow_logs(FlowLogs::Bucket(infra_core::types::Days(90)))
    });
    assert!(world.up(&program).await.is_success());
    assert!(world.preview(&program).await.is_empty());
    let objects = world.objects();
    assert_eq!(keys(&objects).len(), 2);
    for vault in objects.iter().filter(|it| it.ty.name == Vault::definition().name) {
        let region = vault.scope.rsplit('/').next().unwrap();
        let key = vault.text("encryption_key_arn");
        assert!(key.contains(&format!(":kms:{region}:")), "{region}: {key}");
    }
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn disks_of_ones_own_have_it_and_by_default_there_is_none() {
    let world = World::default();
    let gluster = StorageSettings::Gluster(GlusterSettings::default());
    let program = site(|site| own(site).storage(gluster.clone()));
    assert!(world.up(&program).await.is_success());
    let objects = world.objects();
    let [key] = keys(&objects)[..] else { panic!("one key") };
    let disks = encrypted(&objects, &key.id).into_iter().filter(|it| it == "ec2:Volume").count();
    assert_eq!(disks, 3);

    let plain = World::default();
    assert!(plain.up(&site(|site| site)).await.is_success());
    assert!(keys(&plain.objects()).is_empty());
}
