//! What a site leans on, deployed to LocalStack: it comes up, stays, changes and goes, and nothing is
//! left; and state in its S3.
//!
//! `INFRA_LOCALSTACK_URL` names one that runs; else Docker runs one.

pub(crate) mod container;
#[allow(dead_code)]
#[path = "../../image/docker.rs"]
mod docker;

use backend_aws::{AwsOptions, S3Options, S3Store};
use infra_core::{
    aws::{
        cloudwatch::{AlarmAction, ComparisonOperator, MetricAlarm, Statistic, TreatMissingData},
        ec2::{
            InternetGateway, IpProtocol, Route, RouteTable, RouteTableAssociation, RuleDirection,
            SecurityGroup, SecurityGroupRule, Subnet, Vpc,
        },
        iam::{InstanceProfile, PolicyDocument, Principal, Role, RolePolicy, Statement},
        kms::{Alias, Key},
        logs::{LogGroup, MetricFilter, MetricTransformation, Retention},
        route53::{HostedZone, Record, RecordType},
        s3::{Bucket, BucketPolicy, Object, VersioningConfiguration},
        secretsmanager::Secret,
        sns::{Topic, TopicPolicy},
        ssm::{Parameter, ParameterType},
    },
    graph::Program,
    local::RandomPassword,
    prelude::*,
    testing::stores::conforms,
};
use infra_tests::{http::ask, world::program};

use crate::{
    inventory::{difference, leant_on as inventory},
    server::{Kind, Server},
    without::taken,
    world::AwsWorld,
};

const SERVER: Kind = Kind::Localstack;

/// How a program differs from another one.
#[derive(Clone, Copy)]
struct Site {
    third_subnet: &'static str,
    kept: Retention,
    threshold: f64,
    text: &'static str,
}

const BEFORE: Site =
    Site { third_subnet: "10.9.2.0/24", kept: Retention::Days30, threshold: 5.0, text: "noon" };
const AFTER: Site =
    Site { third_subnet: "10.9.3.0/24", kept: Retention::Days90, threshold: 9.0, text: "one" };

fn network(stack: &Stack, site: Site) {
    let vpc = Vpc::named("main").cidr_block("10.9.0.0/16").create(stack);
    let gateway = InternetGateway::named("main").vpc_id(&vpc).create(stack);
    let table = RouteTable::named("public").vpc_id(&vpc).create(stack);
    Route::named("out")
        .route_table_id(&table)
        .destination_cidr_block("0.0.0.0/0")
        .gateway_id(&gateway)
        .create(stack);
    let ranges = [("a", "10.9.0.0/24"), ("b", "10.9.1.0/24"), ("c", site.third_subnet)];
    for (name, range) in ranges {
        let subnet = Subnet::named(name).vpc_id(&vpc).cidr_block(range).create(stack);
        RouteTableAssociation::named(name).subnet_id(&subnet).route_table_id(&table).create(stack);
    }
    let [database, application] = ["database", "application"].map(|name| {
        SecurityGroup::named(name).vpc_id(&vpc).group_description("a group").create(stack)
    });
    SecurityGroupRule::named("database-from-application")
        .group_id(&database)
        .direction(RuleDirection::Ingress)
        .ip_protocol(IpProtocol::Tcp)
        .from_port(3306)
        .to_port(3306)
        .referenced_group_id(&application)
        .create(stack);
}

/// Keys, secrets and what is told in files.
fn kept(stack: &Stack, site: Site) -> Key {
    let key = Key::named("data").description(site.text).create(stack);
    Alias::named("data").alias_name("alias/campus").target_key_id(key.arn()).create(stack);
    let password = RandomPassword::named("database").create(stack);
    Secret::named("database").secret_string(password.password()).create(stack);
    Parameter::named("salt")
        .parameter_type(ParameterType::Secure)
        .parameter_name("/campus/salt")
        .secure_value(RandomPassword::named("salt").create(stack).password())
        .create(stack);
    let bucket = Bucket::named("files")
        .versioning_configuration(VersioningConfiguration::enabled())
        .force_destroy(true)
        .create(stack);
    Object::named("maintenance")
        .bucket(&bucket)
        .key("maintenance.html")
        .content(format!("Back at {}", site.text))
        .create(stack);
    let tls_only = Statement::deny()
        .principals([Principal::everyone()])
        .actions(["s3:*"])
        .resources(inputs![bucket.arn(), interpolate!("{}/*", bucket.arn())])
        .conditions([("Bool", [("aws:SecureTransport", ["false"])])]);
    BucketPolicy::named("files")
        .bucket(&bucket)
        .policy_document(PolicyDocument::new([tls_only]))
        .create(stack);
    key
}

/// Who may do what with that, and who is told when it goes wrong.
fn watched(stack: &Stack, site: Site, key: &Key) {
    let trust = PolicyDocument::assumed_by_service("ec2.amazonaws.com");
    let role = Role::named("host").assume_role_policy_document(trust).create(stack);
    InstanceProfile::named("host").role_name(&role).create(stack);
    let opens = Statement::allow().actions(["kms:Decrypt"]).resources([key.arn()]);
    RolePolicy::named("opens")
        .role_name(&role)
        .policy_name("opens")
        .policy_document(PolicyDocument::new([opens]))
        .create(stack);
    let topic = Topic::named("operators").create(stack);
    let alarms = Statement::allow()
        .principals([Principal::service("cloudwatch.amazonaws.com")])
        .actions(["sns:Publish"])
        .resources([topic.topic_arn()]);
    TopicPolicy::named("operators")
        .topic_arn(&topic)
        .policy_document(PolicyDocument::new([alarms]))
        .create(stack);
    let logs = LogGroup::named("cron").retention_in_days(site.kept).create(stack);
    MetricFilter::named("done")
        .log_group_name(&logs)
        .filter_pattern("\"Cron run completed\"")
        .metric_transformation(MetricTransformation::new("CronRuns", "Campus", "1"))
        .create(stack);
    MetricAlarm::named("cron")
        .namespace("Campus")
        .metric_name("CronRuns")
        .statistic(Statistic::Sum)
        .period(Seconds(60))
        .evaluation_periods(5_u32)
        .comparison_operator(ComparisonOperator::LessThanThreshold)
        .threshold(site.threshold)
        .treat_missing_data(TreatMissingData::Breaching)
        .alarm_actions([AlarmAction::topic(&topic)])
        .create(stack);
    // The server wants a comment, which AWS does not.
    let zone = HostedZone::named("campus").name("campus.example.org").comment("ours").create(stack);
    Record::named("www")
        .hosted_zone_id(&zone)
        .name("www.campus.example.org")
        .record_type(RecordType::Cname)
        .ttl(Seconds(300))
        .resource_records(["moodle.campus.example.org"])
        .create(stack);
}

fn deployed(site: Site) -> Program {
    let built = program(|stack| {
        network(stack, site);
        let key = kept(stack, site);
        watched(stack, site, &key);
    });
    assert_eq!(built.problems, []);
    taken(built, SERVER, None)
}

#[tokio::test]
async fn what_a_site_leans_on_comes_up_stays_changes_and_goes() {
    let Some(server) = Server::with_other(SERVER) else { return };
    let empty = inventory(&server);
    let programs = [deployed(BEFORE), deployed(AFTER)];
    let world = AwsWorld::of(&server, "", &[&programs[0]]);
    for program in &programs {
        let outcome = world.up(program).await.unwrap();
        assert!(outcome.counts.create + outcome.counts.update > 3, "{:?}", outcome.counts);
        let again = world.preview(program).await.unwrap();
        assert!(again.is_empty(), "{:?}", again.changes);
        assert_eq!(world.refresh().await.unwrap().drift, []);
    }
    let there = difference(&empty, &inventory(&server));
    let kinds = inventory(&server).len();
    assert_eq!(there.len(), kinds, "of each kind there is something more: {there:?}");
    world.destroy().await.unwrap();
    assert_eq!(difference(&empty, &inventory(&server)), [""; 0]);
    assert_eq!(usable_keys(&server), 0);
}

/// A key is gone when it waits for its end, which takes days.
fn usable_keys(server: &Server) -> usize {
    let asked = |operation: &str, body: &str| {
        let target = ("x-amz-target", format!("TrentService.{operation}"));
        let json = ("content-type", "application/x-amz-json-1.1".to_owned());
        ask("POST", server.place(), "/", &[server.signed("kms"), target, json], body)
    };
    let listed = asked("ListKeys", "{}");
    let ids = listed.split("\"KeyId\"").skip(1).filter_map(|rest| rest.split('"').nth(1));
    let ids: Vec<&str> = ids.collect();
    assert!(!ids.is_empty(), "there was a key: {listed}");
    let is_usable = |id: &&&str| {
        let told = asked("DescribeKey", &format!("{{\"KeyId\":\"{id}\"}}"));
        !told.contains("PendingDeletion")
    };
    ids.iter().filter(is_usable).count()
}

#[tokio::test]
async fn the_store_conforms() {
    let Some(server) = Server::start(SERVER) else { return };
    // Names of buckets are the same for all accounts.
    let bucket = format!("campus-state-{}", server.key());
    let body = "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint>\
                </CreateBucketConfiguration>";
    ask("PUT", server.place(), &format!("/{bucket}"), &[server.signed("s3")], body);
    let aws = AwsOptions {
        region: Some("eu-central-1".to_owned()),
        endpoint: Some(server.url.clone()),
        credentials: Some((server.key(), "testing".to_owned())),
        ..AwsOptions::default()
    };
    conforms(&S3Store::new(aws, &S3Options::new(bucket, "conforms"))).await;
}
