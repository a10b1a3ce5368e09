//! What the handlers say that they need, against the table that AWS publishes of its actions,
//! against what they call, and against a server that refuses what is not allowed. That each call
//! stands in the table of its type is a clause of the conformance suite.

use std::{collections::BTreeSet, fs, path::Path};

use backend_aws::{AwsBackend, AwsOptions};
use infra_core::{
    analysis::permissions::{LIMIT, Permissions},
    aws::{
        ec2::{SecurityGroup, Subnet, Vpc},
        iam::{PolicyDocument, Role, RolePolicy, Statement},
        sns::Topic,
    },
    graph::Program,
    handler::{Backend, Need},
    prelude::*,
};
use infra_tests::{
    conformance::{Variant, cases},
    world::program,
};
use serde_json::{Value as Json, json};

use crate::{
    server::{Kind, Server},
    tools::python,
    world::AwsWorld,
};

fn backend() -> AwsBackend {
    AwsBackend::new(AwsOptions::default())
}

/// The policies of a program that is deployed nowhere yet, nobody being asked.
fn policies(program: &Program) -> Vec<Json> {
    let policies = Permissions::of(program, None, &backend()).policies();
    policies.into_iter().map(|policy| policy.document.to_json()).collect()
}

/// Where the table of AWS's actions has no type of resource that the action is about all the same:
/// what is said then, and what AWS says.
const MISSING: [(&[&str], &str); 1] = [(
    &["cloudwatch:", "dashboard/"],
    "API TagResource: \"alarms, dashboards, metric streams and Contributor Insights rules\"",
)];

#[test]
fn every_action_is_one_that_aws_knows_on_things_that_it_is_about() {
    let cases = cases().into_iter().filter(|case| (case.ty)().provider() == "aws");
    let asked = cases.flat_map(|case| {
        let program = program(|stack| (case.build)(stack, &Variant::base()));
        let policies = policies(&program).into_iter();
        policies.map(
            |policy| json!({ "where": (case.ty)().name, "kind": "identity", "policy": policy }),
        )
    });
    let asked: Vec<Json> = asked.collect();
    assert!(asked.len() > 90, "{}", asked.len());
    let Some(said) = python("policies.py", &[], &json!(asked).to_string()) else { return };
    let is_known = |said: &String| {
        MISSING.iter().find(|(words, _)| words.iter().all(|word| said.contains(word)))
    };
    let (known, wrong): (Vec<&String>, Vec<&String>) =
        said.iter().partition(|said| is_known(said).is_some());
    assert!(MISSING.len() <= known.len(), "the table knows more than it did: {known:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Actions that nobody calls, of a type or, without one, of all: AWS does them in the caller's name,
/// or asks for them beside those that are called.
const IMPLIED: [(&str, &str, &str); 34] = [
    ("", "iam:PassRole", "roles are passed on to services (IAM guide, passing a role)"),
    ("", "iam:CreateServiceLinkedRole", "services make their roles at their first use"),
    ("", "kms:CreateGrant", "services use keys in the name of the caller (kms:ViaService)"),
    ("", "kms:Decrypt", "the same"),
    ("", "kms:DescribeKey", "the same"),
    ("", "kms:Encrypt", "the same"),
    ("", "kms:GenerateDataKey", "the same"),
    ("", "kms:RetireGrant", "the same"),
    ("", "logs:CreateLogDelivery", "services deliver logs (CloudWatch Logs guide, vended logs)"),
    ("", "logs:DeleteLogDelivery", "the same"),
    ("", "logs:DescribeLogGroups", "the same"),
    ("", "logs:DescribeResourcePolicies", "the same"),
    ("", "logs:GetLogDelivery", "the same"),
    ("", "logs:ListLogDeliveries", "the same"),
    ("", "logs:PutResourcePolicy", "the same"),
    ("", "logs:UpdateLogDelivery", "the same"),
    ("aws:applicationautoscaling:ScalableTarget", "ecs:", "what is scaled is looked at"),
    ("aws:applicationautoscaling:ScalingPolicy", "cloudwatch:", "target tracking makes alarms"),
    ("aws:autoscaling:Group", "ec2:", "a group's launch template is tried out"),
    ("aws:backup:Vault", "backup-storage:MountCapsule", "CreateBackupVault"),
    ("aws:cloudfront:Distribution", "s3:", "standard logs take an ACL of the bucket"),
    ("aws:ec2:VpcEndpoint", "route53:AssociateVPCWithHostedZone", "private names of endpoints"),
    ("aws:ecs:CapacityProvider", "autoscaling:CreateOrUpdateTags", "ECS tags the group"),
    ("aws:efs:MountTarget", "ec2:", "CreateMountTarget and others, required permissions"),
    ("aws:elasticache:ReplicationGroup", "ec2:", "nodes stand in the VPC"),
    ("aws:elasticache:SubnetGroup", "ec2:", "the same"),
    ("aws:elbv2:TrustStore", "s3:GetObject", "the certificates are read from a bucket"),
    ("aws:rds:DbCluster", "secretsmanager:", "the password that RDS manages is a secret"),
    ("aws:route53:HostedZone", "ec2:DescribeVpcs", "CreateHostedZone of a private zone"),
    ("aws:s3:Bucket", "s3:TagResource", "CreateBucket with tags"),
    ("aws:secretsmanager:RotationSchedule", "lambda:InvokeFunction", "RotateSecret"),
    ("aws:wafv2:LoggingConfiguration", "s3:", "logs to a bucket take a policy of it"),
    ("aws:wafv2:WebAcl", "elasticloadbalancing:", "ListResourcesForWebACL"),
    ("aws:wafv2:WebAclAssociation", "elasticloadbalancing:", "AssociateWebACL and others"),
];

/// Whether an action that a type needs is one of those, and which.
fn implied(ty: &str, action: &str) -> Option<usize> {
    let is_it = |(of, begin, _): &(&str, &str, &str)| {
        (of.is_empty() || *of == ty) && action.starts_with(begin)
    };
    IMPLIED.iter().position(is_it)
}

/// The methods that a service's files call, without the underscores of their names.
fn called(service: &str) -> BTreeSet<String> {
    fn read(path: &Path, all: &mut String) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                read(&entry.unwrap().path(), all);
            }
        } else {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../backend-aws/src/services");
    let mut text = String::new();
    read(&root.join(service), &mut text);
    read(&root.join(format!("{service}.rs")), &mut text);
    let calls = text.split('.').filter_map(|rest| {
        let (name, _) = rest.split_once('(')?;
        let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
        name.chars().all(is_name).then(|| name.replace('_', ""))
    });
    calls.collect()
}

#[test]
fn what_is_needed_is_called_or_implied() {
    let backend = backend();
    let registry = backend.registry();
    let mut stray = BTreeSet::new();
    let mut unused: BTreeSet<usize> = (0..IMPLIED.len()).collect();
    for ty in registry.types().iter().filter(|ty| ty.provider() == "aws") {
        let needs = registry.get(ty.name).unwrap().needs();
        assert!(!needs.is_empty(), "{} needs nothing", ty.name);
        let methods = called(ty.service());
        for need in needs {
            let (_, name) = need.action.split_once(':').unwrap();
            let is_called = methods.contains(&name.to_lowercase())
                || crate::asking::operations(need.action)
                    .any(|operation| methods.contains(&operation.to_lowercase()));
            match implied(ty.name, need.action) {
                _ if is_called => {}
                Some(line) => drop(unused.remove(&line)),
                None => drop(stray.insert(format!("{}: {}", ty.name, need.action))),
            }
        }
    }
    assert!(stray.is_empty(), "neither called nor implied: {stray:#?}");
    let unused: Vec<_> = unused.into_iter().map(|line| IMPLIED[line]).collect();
    assert!(unused.is_empty(), "nothing needs {unused:?}");
}

#[test]
fn a_table_says_nothing_twice() {
    let backend = backend();
    let registry = backend.registry();
    for ty in registry.types().iter() {
        let needs = registry.get(ty.name).unwrap().needs();
        for (place, need) in needs.iter().enumerate() {
            let same = |other: &&Need| {
                other.action == need.action
                    && (other.on, other.when, other.given) == (need.on, need.when, need.given)
            };
            assert!(needs[..place].iter().find(same).is_none(), "{}: {}", ty.name, need.action);
        }
    }
}

#[test]
fn policies_are_no_longer_than_aws_takes() {
    let all = program(|stack| {
        for at in 0..80 {
            let name = format!("a-topic-of-the-campus-with-a-long-name-{at}");
            Topic::named(format!("topic{at}")).topic_name(name).create(stack);
        }
    });
    let policies = policies(&all);
    assert!(policies.len() > 1, "{}", policies.len());
    for policy in policies {
        let length = policy.to_string().len();
        assert!(length <= LIMIT, "{length}");
    }
}

/// A small program of services in which moto looks at policies.
fn small(stack: &Stack) {
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
    Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(stack);
    SecurityGroup::named("web").vpc_id(&vpc).group_description("web").create(stack);
    let trust = PolicyDocument::assumed_by_service("ec2.amazonaws.com");
    let role = Role::named("host").assume_role_policy_document(trust).create(stack);
    let read = Statement::allow().actions(["s3:GetObject"]).resources(["arn:aws:s3:::campus/*"]);
    RolePolicy::named("read")
        .role_name(role.role_name())
        .policy_name("read")
        .policy_document(PolicyDocument::new([read]))
        .create(stack);
    Topic::named("alarms").create(stack);
}

/// What moto can read of policies: the actions alone. It takes every resource for `*`, and refuses
/// whatever has a condition (its `iam/access_control.py`).
fn actions_of(program: &Program, without: Option<&str>) -> Json {
    let permissions = Permissions::of(program, None, &backend());
    let actions = permissions.actions().into_iter().filter(|action| Some(*action) != without);
    let actions: Vec<&str> = actions.collect();
    let statement = json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

/// Deploys, refreshes and destroys with a policy; moto asks for the action of each call.
async fn live(server: &Server, program: &Program, policy: &Json) -> (AwsWorld, Result<(), String>) {
    server.reset();
    let (key, secret) = server.user("deployer", &policy.to_string());
    let world = AwsWorld::of_user(server, &[program], (&key, &secret));
    server.enforce(true);
    let all = async {
        world.up(program).await?;
        world.refresh().await?;
        world.destroy().await
    };
    let result = all.await;
    server.enforce(false);
    (world, result)
}

#[tokio::test]
async fn the_policy_is_enough_and_without_any_of_its_actions_it_is_not() {
    let Some(server) = Server::start(Kind::Moto) else { return };
    let program = program(small);
    let (world, result) = live(&server, &program, &actions_of(&program, None)).await;
    result.unwrap();
    let called: BTreeSet<String> = world.calls().iter().flat_map(|call| call.actions()).collect();
    // Whoever asks is told who that is, whatever is denied.
    let called = called.iter().filter(|action| *action != "sts:GetCallerIdentity");
    let mut enough = vec![];
    let mut tried = 0;
    for action in called {
        let (_, result) = live(&server, &program, &actions_of(&program, Some(action))).await;
        tried += 1;
        // Some refusals of moto are none that the SDK can read: that the very call fails is enough.
        let (_, operation) = action.split_once(':').unwrap();
        if !matches!(&result, Err(why) if why.contains(operation)) {
            enough.push(format!("{action}: {result:?}"));
        }
    }
    assert!(tried > 20, "{tried} actions");
    assert!(enough.is_empty(), "{enough:#?}");
}
