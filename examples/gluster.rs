//! A site whose files lie on three machines of its own, under GlusterFS, in place of EFS.
//! `cargo run --example gluster`.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{aws::route53::HostedZone, prelude::*};
use moodle_infra::{Domain, GlusterSettings, Moodle, SiteCertificate, StorageSettings};

fn main() -> ExitCode {
    let command = "cargo run --example gluster --";
    let app = App::new("campus-gluster").command(command).place(SimPlace);
    #[cfg(feature = "aws")]
    let app = app.place(backend_aws::AwsPlace::default());
    app.run(site)
}

pub(crate) fn site(stack: &Stack) -> Result<(), ProgramError> {
    let domain: Domain = stack.config_or("domain", "moodle.example.edu".parse()?)?;
    let zone = HostedZone::named("site").name(domain.as_str()).create(stack);
    let certificate = SiteCertificate::in_zone(stack, "certificate", &domain, &zone);
    let disk: u32 = stack.config_or("disk", 500)?;
    let files = GlusterSettings { disk: GiB(disk), ..GlusterSettings::default() };
    let site = Moodle::named("site")
        .domain(domain.clone())
        .certificate(certificate.arn())
        .storage(StorageSettings::Gluster(files))
        .create(stack)?;
    site.balancer.named_in_zone(stack, "site", &domain, &zone);
    site.show(stack);

    stack.output("url", domain.url());
    stack.output("name_servers", zone.name_servers());
    stack.output("balancer", site.balancer.load_balancer.dns_name());
    Ok(())
}
