//! What the test of secrets deploys: a site with everything that has a password.

use std::process::ExitCode;

use backend_local::sim::SimPlace;
use infra_cli::{App, ProgramError};
use infra_core::{
    aws::{
        iam::{PolicyDocument, Role},
        route53::HostedZone,
        secretsmanager,
    },
    prelude::*,
};
use moodle_infra::{
    DeliverySettings, Domain, GitRepository, ImageRepository, Mail, Moodle, SiteCertificate, Smtp,
};

fn main() -> ExitCode {
    App::new("whole").place(SimPlace).run(program)
}

fn program(stack: &Stack) -> Result<(), ProgramError> {
    let domain: Domain = "moodle.example.edu".parse()?;
    let zone = HostedZone::named("site").name(domain.as_str()).create(stack);
    let certificate = SiteCertificate::in_zone(stack, "certificate", &domain, &zone);
    let site = Moodle::named("site")
        .domain(domain)
        .certificate(certificate.arn())
        .reached_from(["0.0.0.0/0".parse()?])
        .mail(mail(stack)?)
        .delivery(delivery(stack)?)
        .create(stack)?;
    stack.output("balancer", site.balancer.load_balancer.dns_name());
    Ok(())
}

/// The university's own server, with a login that somebody has set.
fn mail(stack: &Stack) -> Result<Mail, ProgramError> {
    let password: Secret<String> = stack.config("mail_password")?;
    // Somebody shows it by mistake: it is a secret all the same.
    stack.output("mail", Output::<Secret<String>>::plain(password.clone()));
    let login = secretsmanager::Secret::named("mail").secret_string(password).create(stack);
    let smtp = Smtp::new("smtp.example.edu".parse()?, "noreply@example.edu")?;
    Ok(Mail::Smtp(smtp.login(login.arn())))
}

fn delivery(stack: &Stack) -> Result<DeliverySettings, ProgramError> {
    let registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    let trust = PolicyDocument::assumed_by_service("ec2.amazonaws.com");
    let deploy = Role::named("deploy").assume_role_policy_document(trust).create(stack);
    Ok(DeliverySettings::new(
        "delivery.example.edu".parse()?,
        ["192.0.2.0/24".parse()?],
        format!("{registry}/controller:1"),
        GitRepository::public("https://git.example.edu/site.git"),
        ImageRepository::new(
            format!("{registry}/moodle"),
            "arn:aws:ecr:eu-central-1:123456789012:repository/moodle",
        ),
        deploy.arn(),
    ))
}
