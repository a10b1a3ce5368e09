//! The first program for an account that is really there: it shows most of what there is to see, and
//! costs about a cent a day.
//!
//! ```text
//! cargo run --example sandbox                            # on the simulator
//! cargo run --features aws --example sandbox -- --backend aws --emulator moto
//! cargo run --features aws --example sandbox -- --backend aws
//! cargo run --features aws --example sandbox -- destroy --delete-data --backend aws
//! ```
//!
//! It has a network with a way to the internet, groups and their rules, a bucket, a topic, a role with
//! its policy, a parameter, a log group, and a secret with a password that nobody has seen. So it shows
//! ids, names and tokens, policies that name ARNs, secrets in state, and deletion in the right order.
//!
//! It has nothing that computes: no instance, gateway, balancer or database, which are what takes
//! minutes and costs. And it has nothing that stays behind: a key of KMS would wait a week for its end,
//! a secret keeps its name for as long unless it is told not to.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{
    analysis::cost::{Cost, Prices, Season},
    aws::{
        ec2::{
            InternetGateway, IpProtocol, Route, RouteTable, RouteTableAssociation, RuleDirection,
            SecurityGroup, SecurityGroupRule, Subnet, Vpc, VpcEndpoint,
        },
        iam::{PolicyDocument, Role, RolePolicy, Statement},
        logs::{LogGroup, Retention},
        s3::{Bucket, BucketEncryption, VersioningConfiguration},
        secretsmanager::Secret,
        sns::Topic,
        ssm::{Parameter, ParameterType},
    },
    local::RandomPassword,
    prelude::*,
};

/// Where it goes unless somebody says otherwise; its prices are those of this region.
const REGION: &str = "eu-central-1";

fn main() -> ExitCode {
    let app = App::new("sandbox")
        .command("cargo run --example sandbox --")
        .default_region(REGION)
        .place(SimPlace);
    #[cfg(feature = "aws")]
    let app = app.place(backend_aws::AwsPlace::default());
    app.run(sandbox)
}

pub(crate) fn sandbox(stack: &Stack) -> Result<(), ProgramError> {
    parts(stack);
    stack.output("usd_a_day", format!("{:.3}", usd_a_day()?));
    Ok(())
}

/// What all of it costs in a day, whether anybody comes or not.
pub(crate) fn usd_a_day() -> Result<f64, ProgramError> {
    let stack = Stack::new("sandbox", "reckoned", Config::default())?;
    parts(&stack);
    let prices = Prices::of(REGION).ok_or("there are no prices of the sandbox's region")?;
    let monthly = Cost::of(&stack.finish(), prices, &[Season::base()]).total(0);
    Ok(monthly * 12.0 / 365.0)
}

fn parts(stack: &Stack) {
    network(&stack.component("network"));
    let bucket = Bucket::named("files")
        .versioning_configuration(VersioningConfiguration::enabled())
        .bucket_encryption(BucketEncryption::aes256())
        // What was put there goes with it.
        .force_destroy(true)
        .create(stack);
    let topic = Topic::named("events").create(stack);
    let logs = LogGroup::named("events").retention_in_days(Retention::Days1).create(stack);

    let role = Role::named("reader")
        .assume_role_policy_document(PolicyDocument::assumed_by_service("ec2.amazonaws.com"))
        .create(stack);
    let lists = Statement::allow().actions(["s3:ListBucket"]).resources([bucket.arn()]);
    let tells = Statement::allow().actions(["sns:Publish"]).resources([topic.topic_arn()]);
    RolePolicy::named("reader")
        .role_name(&role)
        .policy_name("reader")
        .policy_document(PolicyDocument::new([lists, tells]))
        .create(stack);

    let password = RandomPassword::named("door").create(stack);
    let secret = Secret::named("door")
        .secret_string(password.password())
        // For good at once: its name is free again.
        .recovery_window_in_days(Days(0))
        .create(stack);
    Parameter::named("where").parameter_type(ParameterType::Text).value(secret.arn()).create(stack);

    stack.output("bucket", bucket.bucket_name());
    stack.output("topic", topic.topic_arn());
    stack.output("logs", logs.log_group_name());
    stack.output("secret", secret.arn());
}

/// Two zones, a way out, and a group whose members alone reach another one.
fn network(stack: &Stack) {
    let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
    let gateway = InternetGateway::named("main").vpc_id(&vpc).create(stack);
    let table = RouteTable::named("public").vpc_id(&vpc).create(stack);
    Route::named("internet")
        .route_table_id(&table)
        .destination_cidr_block("0.0.0.0/0")
        .gateway_id(&gateway)
        .create(stack);
    for (number, zone) in ["a", "b"].into_iter().enumerate() {
        let subnet = Subnet::named(zone)
            .vpc_id(&vpc)
            .cidr_block(format!("10.0.{number}.0/24").as_str())
            .availability_zone(format!("{REGION}{zone}"))
            .create(stack);
        RouteTableAssociation::named(zone).subnet_id(&subnet).route_table_id(&table).create(stack);
    }
    // Of this kind, that costs nothing.
    VpcEndpoint::named("s3")
        .vpc_id(&vpc)
        .service_name(format!("com.amazonaws.{REGION}.s3"))
        .route_table_ids_push(&table)
        .create(stack);

    let [web, database] = ["web", "database"].map(|name| {
        SecurityGroup::named(name)
            .vpc_id(&vpc)
            .group_description(format!("{name} of the sandbox"))
            .create(stack)
    });
    SecurityGroupRule::named("database-from-web")
        .group_id(&database)
        .direction(RuleDirection::Ingress)
        .ip_protocol(IpProtocol::Tcp)
        .from_port(3306)
        .to_port(3306)
        .referenced_group_id(&web)
        .create(stack);
    stack.output("vpc", vpc.vpc_id());
}
