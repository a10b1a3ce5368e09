//! The cheap twin of `production.rs`: the same parts, each of them once and small.
//! `cargo run --example nonproduction`.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{
    aws::{HostedZoneId, route53::HostedZone},
    prelude::*,
};
use moodle_infra::{Domain, Environment, Moodle, MoodleVersion, SiteCertificate};

fn main() -> ExitCode {
    let command = "cargo run --example nonproduction --";
    let app = App::new("campus-try").command(command).place(SimPlace);
    #[cfg(feature = "aws")]
    let app = app.place(backend_aws::AwsPlace::default());
    app.run(site)
}

pub(crate) fn site(stack: &Stack) -> Result<(), ProgramError> {
    let domain: Domain = stack.config_or("domain", "try.moodle.example.edu".parse()?)?;
    let zone = zone(stack, &domain)?;
    let certificate = SiteCertificate::in_zone(stack, "certificate", &domain, &zone);
    let site = Moodle::named("campus")
        .domain(domain.clone())
        .certificate(certificate.arn())
        .environment(Environment::NonProduction)
        .version(stack.config_or("moodle", MoodleVersion::newest())?)
        .create(stack)?;
    site.balancer.named_in_zone(stack, "site", &domain, &zone);

    stack.output("url", domain.url());
    stack.output("balancer", site.balancer.load_balancer.dns_name());
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
