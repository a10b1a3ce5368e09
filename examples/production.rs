//! A highly available Moodle on AWS, deployed to the simulator unless another backend is named:
//! `cargo run --example production`.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{
    aws::{CertificateArn, sts::CallerIdentity},
    prelude::*,
};
use moodle_infra::{
    AppSettings, Balancer, CacheSettings, Caches, Database, DatabaseSettings, Domain,
    FinalSnapshot, Foundation, HostSettings, Hosts, Network, NetworkSettings, SecurityGroups,
    Storage,
};

fn main() -> ExitCode {
    App::new("campus").command("cargo run --example production --").place(SimPlace).run(site)
}

/// The certificate of the domain; it is issued apart, since its owner confirms it by DNS.
const CERTIFICATE: &str =
    "arn:aws:acm:eu-central-1:123456789012:certificate/0d4f1c1e-6f0a-4c53-9f4f-3b1b7c9d2a10";

pub(crate) fn site(stack: &Stack) -> Result<(), ProgramError> {
    let domain: Domain = stack.config_or("domain", "moodle.example.edu".parse()?)?;
    let certificate: CertificateArn = stack.config_or("certificate", CERTIFICATE.parse()?)?;
    let version = stack.config_or("moodle", "5.2.0".to_owned())?;

    let network = Network::create(stack, "network", &NetworkSettings::default())?;
    let edge = ["0.0.0.0/0".parse()?];
    let groups = SecurityGroups::create(stack, "security", &network.vpc, &edge);
    let storage = Storage::create(stack, "storage", &network, &groups.files);
    let last_snapshot: Option<String> = stack.config("final_snapshot")?;
    let database = DatabaseSettings {
        final_snapshot: last_snapshot.map_or(FinalSnapshot::Skip, FinalSnapshot::Named),
        ..DatabaseSettings::default()
    };
    let database = Database::create(stack, "database", &network, &groups.database, &database)?;
    let caches = CacheSettings::default();
    let caches = Caches::create(stack, "caches", &network, &groups.cache, &caches);
    let hosts = Hosts::create(stack, "hosts", &network, &groups.hosts, &HostSettings::default())?;
    let balancer = Balancer::create(stack, "balancer", &network, &groups.balancer, certificate);

    let account = CallerIdentity::lookup("account").create(stack).account();
    let region = &network.region;
    let image = interpolate!("{account}.dkr.ecr.{region}.amazonaws.com/moodle:{version}");
    let on = Foundation {
        network: &network,
        hosts: &hosts,
        balancer: &balancer,
        storage: &storage,
        database: &database,
        caches: &caches,
    };
    let settings = AppSettings::new(domain.clone());
    moodle_infra::App::create(stack, "app", &on, image, &groups.app, &settings)?;

    stack.output("url", domain.url());
    stack.output("balancer", balancer.load_balancer.dns_name());
    stack.output("database", database.cluster.endpoint());
    stack.output("files", storage.files.file_system_id());
    stack.output("configuration", storage.configuration.bucket_name());
    Ok(())
}
