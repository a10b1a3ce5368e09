//! Domains and what they lead to: certificates that wait for records, and zones that are not empty.

use infra_core::{
    aws::{
        acm::{Certificate, CertificateValidation},
        route53::{HostedZone, Record, RecordType},
    },
    graph::Program,
    handler::Problem,
    prelude::*,
};
use infra_tests::{
    certificates::issued,
    world::{World, program},
};

use crate::network::delete;

const DOMAIN: &str = "campus.example.org";

/// A certificate that is waited for; the record that confirms it is left out, or is there.
fn waiting(confirmed: bool) -> Program {
    program(|stack| {
        let zone = HostedZone::named("campus").name(DOMAIN).create(stack);
        let certificate = Certificate::named("campus").domain_name(DOMAIN).create(stack);
        let record = confirmed.then(|| {
            let record = certificate.validation_records().index(0);
            Record::that_validates("campus", &zone, &record).create(stack).fqdn()
        });
        let validation = CertificateValidation::named("campus")
            .certificate_arn(&certificate)
            .record_names(record.into_iter().collect::<Vec<_>>())
            .create(stack);
        stack.output("certificate", validation.issued_arn());
    })
}

#[tokio::test]
async fn a_wait_that_was_in_vain_goes_on_when_the_record_is_there() {
    let world = World::default();
    let said = world.refusals(&waiting(false)).await;
    assert!(said.iter().any(|said| said.contains("not issued within 72 hours")), "{said:?}");
    let there = world.objects().len();
    let outcome = world.up(&waiting(true)).await;
    assert!(outcome.is_success(), "{outcome:?}");
    assert_eq!(world.objects().len(), there + 1, "the record alone is new");
    world.assert_in_step("the wait went on").await;
    world.destroy().await;
    assert!(world.objects().is_empty());
}

/// A program that does not say so, and begins to wait before the record is there.
#[tokio::test]
async fn the_order_of_record_and_wait_does_not_matter() {
    let world = World::default();
    let program = program(|stack| {
        let zone = HostedZone::named("campus").name(DOMAIN).create(stack);
        let certificate = Certificate::named("campus").domain_name(DOMAIN).create(stack);
        let record = certificate.validation_records().index(0);
        Record::that_validates("campus", &zone, &record).create(stack);
        CertificateValidation::named("campus")
            .certificate_arn(&certificate)
            .record_names(Vec::<String>::new())
            .create(stack);
    });
    assert!(world.up(&program).await.is_success());
    assert!(world.preview(&program).await.is_empty());
}

/// One record confirms a domain for all certificates of the account, whatever their region.
#[tokio::test]
async fn a_second_certificate_of_a_domain_needs_no_record_of_its_own() {
    let world = World::default();
    let outcome = world
        .up(&program(|stack| {
            let first = issued(stack, "campus", DOMAIN);
            let abroad = ComponentOptions::default().provider(Provider::aws("us-east-1"));
            let stack = stack.component_with("edge", abroad);
            let certificate = Certificate::named("campus")
                .domain_name(DOMAIN)
                .subject_alternative_names([interpolate!("*.{DOMAIN}")])
                .create(&stack);
            let second = CertificateValidation::named("campus")
                .certificate_arn(&certificate)
                .record_names(Vec::<String>::new())
                .create(&stack)
                .issued_arn();
            stack.output(
                "arns",
                Output::all((&first, &second)).map(|(one, other)| format!("{one} {other}")),
            );
        }))
        .await;
    let (_, arns) = &outcome.outputs[0];
    let regions: Vec<&str> =
        arns.as_str().unwrap().split(' ').map(|arn| arn.split(':').nth(3).unwrap()).collect();
    assert_eq!(regions, ["eu-central-1", "us-east-1"]);
}

#[tokio::test]
async fn a_zone_with_records_is_not_deleted() {
    let world = World::default();
    let program = program(|stack| {
        let zone = HostedZone::named("campus").name(DOMAIN).create(stack);
        Record::named("www")
            .hosted_zone_id(&zone)
            .name("www.campus.example.org")
            .record_type(RecordType::A)
            .ttl(Seconds(300))
            .resource_records(["192.0.2.1"])
            .create(stack);
    });
    world.up(&program).await;
    let state = world.state().await;
    let error = delete(&world, &state, "campus", "aws:route53:HostedZone").await.unwrap_err();
    assert!(matches!(error.problem, Problem::InUse { .. }), "{error}");
    assert_eq!(error.code, "HostedZoneNotEmpty");
    world.destroy().await;
    assert!(world.objects().is_empty());
}
