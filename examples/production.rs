//! A highly available Moodle on AWS, deployed to the simulator unless another backend is named:
//! `cargo run --example production`.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{
    aws::{CertificateArn, DbClusterSnapshotIdentifier},
    prelude::*,
};
use moodle_infra::{
    Capacity, DatabaseSettings, Domain, FinalSnapshot, Moodle, MoodleVersion, Rollout,
};

fn main() -> ExitCode {
    App::new("campus").command("cargo run --example production --").place(SimPlace).run(site)
}

/// The certificate of the domain; it is issued apart, since its owner confirms it by DNS.
pub(crate) const CERTIFICATE: &str =
    "arn:aws:acm:eu-central-1:123456789012:certificate/0d4f1c1e-6f0a-4c53-9f4f-3b1b7c9d2a10";

pub(crate) fn site(stack: &Stack) -> Result<(), ProgramError> {
    let domain: Domain = stack.config_or("domain", "moodle.example.edu".parse()?)?;
    let certificate: CertificateArn = stack.config_or("certificate", CERTIFICATE.parse()?)?;
    let students: Option<u32> = stack.config("students")?;
    let capacity = students.map_or_else(Capacity::default, Capacity::for_students);
    let last_snapshot: Option<String> = stack.config("final_snapshot")?;
    let database = DatabaseSettings::default().engine_version;
    let from: Option<MoodleVersion> = stack.config("from")?;
    let snapshot: Option<DbClusterSnapshotIdentifier> = stack.config("snapshot")?;

    let mut site = Moodle::named("site")
        .domain(domain.clone())
        .certificate(certificate)
        .capacity(capacity.clone())
        .version(stack.config_or("moodle", MoodleVersion::newest())?)
        .database_version(stack.config_or("database", database)?)
        .rollout(from.map_or(Rollout::ConfigOnly, |from| Rollout::VersionChanging { from }))
        .final_snapshot(last_snapshot.map_or(FinalSnapshot::Skip, FinalSnapshot::Named));
    if let Some(snapshot) = snapshot {
        site = site.restored_from(snapshot);
    }
    let site = site.create(stack)?;

    capacity.show(stack);
    stack.output("url", domain.url());
    stack.output("balancer", site.balancer.load_balancer.dns_name());
    stack.output("database", site.database.cluster.endpoint());
    stack.output("files", site.storage.files.file_system_id());
    stack.output("configuration", site.storage.configuration.bucket_name());
    Ok(())
}
