//! A site behind an edge: `cargo run --example edge -- -c edge=cloudfront`, `cloudflare` or `direct`.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{
    aws::route53::HostedZone,
    cloudflare::{Plan, zones},
    prelude::*,
};
use moodle_infra::{
    CloudFrontSettings, CloudflareSettings, Domain, Edge, Environment, Moodle, SiteCertificate,
};

fn main() -> ExitCode {
    let app = App::new("edge").command("cargo run --example edge --").place(SimPlace);
    #[cfg(feature = "aws")]
    let app = app.place(backend_aws::AwsPlace::default());
    app.run(site)
}

pub(crate) fn site(stack: &Stack) -> Result<(), ProgramError> {
    let domain: Domain = stack.config_or("domain", "moodle.example.edu".parse()?)?;
    let campus: String = stack.config_or("campus", "192.0.2.0/24".to_owned())?;
    let campus: Vec<Ipv4Net> = vec![campus.parse()?];
    let edge: String = stack.config_or("edge", "cloudflare".to_owned())?;
    let (certificate, edge, zone) = match edge.as_str() {
        "cloudflare" => {
            let plan: String = stack.config_or("plan", "pro".to_owned())?;
            let plan = Plan::ALL.into_iter().find(|it| it.as_str() == plan);
            let plan = plan.ok_or("`plan` is free, pro, business or enterprise")?;
            let parent: Domain = stack.config_or("zone", "example.edu".parse()?)?;
            let zone = zones::Zone::lookup("site").name(parent.as_str()).plan(plan).create(stack);
            let id = zone.zone_id();
            let certificate = SiteCertificate::in_cloudflare(stack, "certificate", &domain, id);
            let settings = CloudflareSettings::new(parent, plan).campus(campus);
            (certificate, Edge::Cloudflare(settings), None)
        }
        other @ ("cloudfront" | "direct") => {
            let zone = HostedZone::named("site").name(domain.as_str()).create(stack);
            let certificate = SiteCertificate::in_zone(stack, "certificate", &domain, &zone);
            let edge = match other {
                "cloudfront" => {
                    let there =
                        certificate.also_in(stack, "certificate-edge", &domain, "us-east-1");
                    Edge::CloudFront(CloudFrontSettings::new(&zone, there.arn()).campus(campus))
                }
                _ => Edge::default(),
            };
            (certificate, edge, Some(zone))
        }
        _ => return Err("`edge` is cloudflare, cloudfront or direct".into()),
    };
    let is_direct = matches!(edge, Edge::Direct { .. });
    let site = Moodle::named("site")
        .domain(domain.clone())
        .certificate(certificate.arn())
        .environment(Environment::NonProduction)
        .edge(edge)
        .create(stack)?;
    if let Some(zone) = zone.filter(|_| is_direct) {
        site.balancer.named_in_zone(stack, "site", &domain, &zone);
    }
    stack.output("url", domain.url());
    Ok(())
}
