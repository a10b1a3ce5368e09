//! A site that writes to people: its server is reached, and its password stays a secret.

use infra_core::{
    aws::{
        ec2::SecurityGroupRule,
        iam::RolePolicy,
        route53::{self, HostedZone},
        s3::Object as S3Object,
        secretsmanager::Secret,
        ses::{ConfigurationSet, EmailIdentity},
    },
    cloudflare::{Plan, dns, zones::Zone},
    graph::Program,
    local::RandomPassword,
};
use infra_tests::world::{World, of, program};
use moodle_infra::{Environment, Mail, MailZone, Ses, Smtp};

use crate::moodle::plain_site;

#[tokio::test]
async fn the_server_is_reached_by_tasks_and_its_login_by_nobody_else() {
    let world = World::default();
    let program = program(|stack| {
        let password = RandomPassword::named("mail").length(40_u32).create(stack);
        let login = Secret::named("mail").secret_string(password.password()).create(stack);
        let smtp = Smtp::new("smtp.example.edu".parse().unwrap(), "noreply@example.edu").unwrap();
        plain_site(stack).mail(Mail::Smtp(smtp.login(&login))).create(stack).unwrap();
    });
    assert!(world.up(&program).await.is_success());
    assert!(world.preview(&program).await.is_empty());

    let objects = world.objects();
    let rules = of::<SecurityGroupRule>(&objects)
        .into_iter()
        .filter(|rule| rule.named("from_port").as_int() == Some(587))
        .map(|rule| rule.text("direction"));
    assert_eq!(rules.collect::<Vec<_>>(), ["egress", "egress"]);
    let config =
        of::<S3Object>(&objects).into_iter().find(|it| it.text("key") == "config.php").unwrap();
    let config = config.text("content");
    assert!(config.contains("$CFG->smtphosts = 'smtp.example.edu:587';"), "{config}");
    assert!(config.contains("$CFG->smtppass = getenv('SMTP_PASSWORD');"), "{config}");

    let login = of::<Secret>(&objects).into_iter().find(|it| it.id.contains("mail")).unwrap();
    let readers = of::<RolePolicy>(&objects)
        .into_iter()
        .filter(|it| it.named("policy_document").to_string().contains(&*login.id));
    assert_eq!(readers.map(|it| it.text("policy_name")).collect::<Vec<_>>(), ["secrets"]);
}

/// A site whose mail is sent by SES, from a domain that one or the other answers for.
fn by_ses(cloudflare: bool) -> Program {
    program(|stack| {
        let zone = if cloudflare {
            let zone = Zone::lookup("mail").name("example.edu").plan(Plan::Pro).create(stack);
            MailZone::cloudflare(zone.zone_id())
        } else {
            let zone = HostedZone::named("mail").name("example.edu").create(stack);
            MailZone::route53(&zone)
        };
        let password = RandomPassword::named("mail").length(40_u32).create(stack);
        let login = Secret::named("mail").secret_string(password.password()).create(stack);
        let domain = "example.edu".parse().unwrap();
        let ses = Ses::new(domain, "noreply@example.edu", zone, login.arn()).unwrap();
        plain_site(stack)
            .environment(Environment::NonProduction)
            .mail(Mail::Ses(ses))
            .create(stack)
            .unwrap();
    })
}

/// The records about mail: name and what they say.
async fn records(cloudflare: bool) -> Vec<(String, String)> {
    let world = World::default();
    assert!(world.up(&by_ses(cloudflare)).await.is_success());
    world.assert_in_step("mail").await;
    assert!(world.preview(&by_ses(cloudflare)).await.is_empty());
    let objects = world.objects();
    let identity = of::<EmailIdentity>(&objects)[0];
    let rules = of::<ConfigurationSet>(&objects)[0];
    assert_eq!(identity.text("configuration_set_name"), rules.text("name"));
    let config =
        of::<S3Object>(&objects).into_iter().find(|it| it.text("key") == "config.php").unwrap();
    let host = "smtphosts = 'email-smtp.eu-central-1.amazonaws.com:587'";
    assert!(config.text("content").contains(host), "{}", config.text("content"));
    let (records, says) = match cloudflare {
        true => (of::<dns::Record>(&objects), "content"),
        false => (of::<route53::Record>(&objects), "resource_records"),
    };
    let about = records
        .into_iter()
        .filter(|it| it.text("name").contains("_domainkey") || it.text("name").contains("bounces"));
    let mut found: Vec<(String, String)> =
        about.map(|it| (it.text("name").to_owned(), it.named(says).to_string())).collect();
    found.sort();
    world.destroy().await;
    assert!(world.objects().is_empty());
    found
}

#[tokio::test]
async fn ses_signs_for_the_domain_and_takes_back_what_nobody_gets() {
    for cloudflare in [false, true] {
        let records = records(cloudflare).await;
        assert_eq!(records.len(), 5, "{records:?}");
        let says = |part: &str| records.iter().filter(|(_, says)| says.contains(part)).count();
        assert_eq!(says(".dkim.amazonses.com"), 3, "{records:?}");
        assert_eq!(says("feedback-smtp.eu-central-1.amazonses.com"), 1, "{records:?}");
        assert_eq!(says("v=spf1 include:amazonses.com ~all"), 1, "{records:?}");
    }
}
