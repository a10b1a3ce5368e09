//! A highly available Moodle on AWS, deployed to the simulator unless another backend is named:
//! `cargo run --example production`.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{
    aws::{AmiId, DbClusterSnapshotIdentifier, HostedZoneId, route53::HostedZone},
    prelude::*,
};
use moodle_infra::{
    Capacity, DatabaseSettings, Domain, FinalSnapshot, Moodle, MoodleVersion, Registry, Rollout,
    SiteCertificate,
};

fn main() -> ExitCode {
    let app = App::new("campus").command("cargo run --example production --").place(SimPlace);
    #[cfg(feature = "aws")]
    let app = app.place(backend_aws::AwsPlace::default());
    #[cfg(feature = "containers")]
    let app = app.place(backend_local::containers::place::ContainersPlace);
    app.run(site)
}

pub(crate) fn site(stack: &Stack) -> Result<(), ProgramError> {
    let domain: Domain = stack.config_or("domain", "moodle.example.edu".parse()?)?;
    let zone = zone(stack, &domain)?;
    let certificate = SiteCertificate::in_zone(stack, "certificate", &domain, &zone);
    let students: Option<u32> = stack.config("students")?;
    let capacity = students.map_or_else(Capacity::default, Capacity::for_students);
    let last_snapshot: Option<String> = stack.config("final_snapshot")?;
    let database = DatabaseSettings::default().engine_version;
    let from: Option<MoodleVersion> = stack.config("from")?;
    let snapshot: Option<DbClusterSnapshotIdentifier> = stack.config("snapshot")?;

    let version = stack.config_or("moodle", MoodleVersion::newest())?;
    // The pipeline names the image that it has pushed by its digest.
    let image: Option<String> = stack.config("image")?;

    let mut site = Moodle::named("site")
        .domain(domain.clone())
        .certificate(certificate.arn())
        .capacity(capacity.clone())
        .version(version)
        .database_version(stack.config_or("database", database)?)
        // Also while no image is named yet: what is pushed has a place to go.
        .registry(Registry::Own)
        .rollout(from.map_or(Rollout::ConfigOnly, |from| Rollout::VersionChanging { from }))
        .final_snapshot(last_snapshot.map_or(FinalSnapshot::Skip, FinalSnapshot::Named));
    if let Some(image) = &image {
        site = site.image(image.as_str());
    }
    let host_image: Option<AmiId> = stack.config("host_image")?;
    if let Some(host_image) = host_image {
        site = site.host_image(host_image);
    }
    if let Some(snapshot) = snapshot {
        site = site.restored_from(snapshot);
    }
    let site = site.create(stack)?;
    site.balancer.named_in_zone(stack, "site", &domain, &zone);

    capacity.show(stack);
    site.show(stack);
    stack.output("url", domain.url());
    stack.output("balancer", site.balancer.load_balancer.dns_name());
    stack.output("database", site.database.cluster.endpoint());
    stack.output("files", site.storage.files.id());
    if let Some(images) = &site.images {
        stack.output("repository", images.repository.repository_uri());
    }
    if let Some(image) = &image {
        stack.output("image", image.clone());
    }
    stack.output("moodle", version.to_string());
    stack.output("cluster", site.hosts.cluster.cluster_name());
    stack.output("service", site.app.service.service_name());
    // Who is shown secrets logs in with it, and drills derive those of their users from it.
    stack.output("admin_password", &site.app.admin_password);
    stack.output("configuration", site.storage.configuration.bucket_name());
    Ok(())
}

/// The zone that answers for the domain: one that is there already, or a new one, whose name servers
/// whoever has the domain above is told.
fn zone(stack: &Stack, domain: &Domain) -> Result<Output<HostedZoneId>, ProgramError> {
    if let Some(zone) = stack.config("zone")? {
        return Ok(Output::plain(zone));
    }
    let zone = HostedZone::named("site").name(domain.as_str()).create(stack);
    stack.output("name_servers", zone.name_servers());
    Ok(zone.hosted_zone_id())
}
