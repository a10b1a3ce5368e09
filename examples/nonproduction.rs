//! The cheap twin of `production.rs`: the same parts, each of them once and small.
//! `cargo run --example nonproduction`.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{aws::CertificateArn, prelude::*};
use moodle_infra::{Domain, Environment, Moodle, MoodleVersion};

fn main() -> ExitCode {
    let command = "cargo run --example nonproduction --";
    App::new("campus-try").command(command).place(SimPlace).run(site)
}

/// The certificate of the domain; it is issued apart, since its owner confirms it by DNS.
const CERTIFICATE: &str =
    "arn:aws:acm:eu-central-1:123456789012:certificate/0d4f1c1e-6f0a-4c53-9f4f-3b1b7c9d2a10";

pub(crate) fn site(stack: &Stack) -> Result<(), ProgramError> {
    let domain: Domain = stack.config_or("domain", "try.moodle.example.edu".parse()?)?;
    let certificate: CertificateArn = stack.config_or("certificate", CERTIFICATE.parse()?)?;
    let site = Moodle::named("campus")
        .domain(domain.clone())
        .certificate(certificate)
        .environment(Environment::NonProduction)
        .version(stack.config_or("moodle", MoodleVersion::newest())?)
        .create(stack)?;

    stack.output("url", domain.url());
    stack.output("balancer", site.balancer.load_balancer.dns_name());
    Ok(())
}
