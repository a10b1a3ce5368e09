//! `aws:acm:Certificate`.

use aws_sdk_acm::types::{self as sdk, CertificateTransparencyLoggingPreference as Logging};
use infra_core::{
    aws::acm::{self, ValidationRecordArgs},
    handler::{Deletion, Request, TypedRequest},
};

use super::{FAILED, detail};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct Certificate;

/// The records that confirm the domains, in the order of the domains; none while AWS has not made
/// all of them up.
fn records(certificate: &sdk::CertificateDetail) -> Option<Vec<ValidationRecordArgs>> {
    let others = certificate.subject_alternative_names().iter().map(String::as_str);
    let domains = acm::Certificate::confirmed_domains(certificate.domain_name()?, others);
    let record = |domain: &str| {
        let of_it = |it: &&sdk::DomainValidation| {
            it.domain_name.strip_prefix("*.").unwrap_or(&it.domain_name) == domain
        };
        let told = certificate.domain_validation_options().iter().find(of_it)?;
        let record = told.resource_record()?;
        let bare = |text: &str| text.strip_suffix('.').unwrap_or(text).to_owned();
        Some(ValidationRecordArgs {
            domain_name: domain.to_owned(),
            name: bare(record.name()),
            record_type: record.r#type().as_str().to_owned(),
            value: bare(record.value()),
        })
    };
    domains.into_iter().map(record).collect()
}

fn seen(certificate: &sdk::CertificateDetail, request: &Request) -> Seen {
    type Type = acm::Certificate;
    let arn = certificate.certificate_arn();
    let domain = certificate.domain_name();
    let recorded = request.inputs.get(Type::SUBJECT_ALTERNATIVE_NAMES.slot);
    // AWS counts the domain itself among the others.
    let said = |name: &str| recorded.items().iter().any(|item| item.as_str() == Some(name));
    let others = certificate.subject_alternative_names().iter().cloned();
    let others = others.filter(|name| Some(name.as_str()) != domain || said(name));
    // AWS writes some with hyphens here, and with underscores where it takes them.
    let algorithm = certificate.key_algorithm().map(|it| it.as_str().replace('-', "_"));
    let logging = certificate.options();
    let logging = logging.and_then(|it| it.certificate_transparency_logging_preference());
    let records = records(certificate);
    let state = match certificate.status().map(sdk::CertificateStatus::as_str) {
        Some(state) if FAILED.contains(&state) => state,
        _ if records.is_none() => "without its records",
        _ => "ready",
    };
    Seen::new(arn.unwrap_or_default())
        .text(Type::DOMAIN_NAME, domain)
        .unordered(Type::SUBJECT_ALTERNATIVE_NAMES, request, others.collect::<Vec<_>>())
        .text(Type::KEY_ALGORITHM, algorithm)
        .set(Type::CERTIFICATE_TRANSPARENCY_LOGGING, logging != Some(&Logging::Disabled))
        .text(Type::CERTIFICATE_ARN, arn)
        .set(Type::VALIDATION_RECORDS, records)
        .state(Some(state), &["ready"], &[], FAILED)
}

fn options(args: &acm::CertificateArgs) -> sdk::CertificateOptions {
    let logging = match args.certificate_transparency_logging {
        true => Logging::Enabled,
        false => Logging::Disabled,
    };
    let options = sdk::CertificateOptions::builder();
    options.certificate_transparency_logging_preference(logging).build()
}

async fn tags(aws: &Aws, arn: &str) -> Answer<Option<Vec<(String, String)>>> {
    let told =
        aws.acm().list_tags_for_certificate().certificate_arn(arn).send().await.if_found()?;
    let pair = |tag: sdk::Tag| (tag.key, tag.value.unwrap_or_default());
    Ok(told.map(|told| told.tags.unwrap_or_default().into_iter().map(pair).collect()))
}

async fn retag(aws: &Aws, request: &Request) -> Answer<()> {
    let Some(change) = TagChange::of(request) else { return Ok(()) };
    let arn = &*request.id;
    if !change.remove.is_empty() {
        let gone = change.remove.into_iter().map(|key| {
            let tag = sdk::Tag::builder().key(key).build();
            tag.expect("the key is there")
        });
        let remove = aws.acm().remove_tags_from_certificate().certificate_arn(arn);
        remove.set_tags(Some(gone.collect())).send().await?;
    }
    let set = sdk_tags!(aws_sdk_acm, change.set, checked);
    let add = aws.acm().add_tags_to_certificate().certificate_arn(arn);
    add.set_tags(Some(set)).send().await?;
    Ok(())
}

impl Resource for Certificate {
    type Type = acm::Certificate;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("acm:AddTagsToCertificate").on(OWN),
        CREATE.needs("acm:RequestCertificate"),
        UPDATE.needs("acm:RemoveTagsFromCertificate").on(OWN).ours(),
        UPDATE.needs("acm:UpdateCertificateOptions").on(OWN).ours(),
        READ.needs("acm:DescribeCertificate").on(OWN),
        READ.and(LIST).needs("acm:ListTagsForCertificate").on(OWN),
        DELETE.needs("acm:DeleteCertificate").on(OWN).ours(),
        LIST.needs("acm:ListCertificates"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let args = &request.args;
        let others = args.subject_alternative_names.clone();
        let made = aws
            .acm()
            .request_certificate()
            .domain_name(&args.domain_name)
            .set_subject_alternative_names(Some(others).filter(|others| !others.is_empty()))
            .validation_method(sdk::ValidationMethod::Dns)
            .key_algorithm(args.key_algorithm.as_str().into())
            .options(options(args))
            .idempotency_token(&*request.owner.intent)
            .set_tags(Some(sdk_tags!(aws_sdk_acm, request.all_tags().0, checked)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("acm", "RequestCertificate", "CertificateArn");
        let arn = made.certificate_arn().ok_or_else(incomplete)?;
        Ok(Seen::new(arn).text(acm::Certificate::CERTIFICATE_ARN, Some(arn)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        if changed(request, &["certificate_transparency_logging"]) {
            let update = aws.acm().update_certificate_options().certificate_arn(&*request.id);
            update.options(options(&request.args)).send().await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let arn = &*request.id;
        let Some(certificate) = detail(aws, arn).await? else { return Ok(None) };
        let Some(tags) = tags(aws, arn).await? else { return Ok(None) };
        Ok(Some(seen(&certificate, request).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let arn = &*request.id;
        let Err(error) = aws.acm().delete_certificate().certificate_arn(arn).send().await else {
            return Ok(Deletion::Gone);
        };
        let error = Error::from(error);
        if !error.is_in_use() {
            return Err(error);
        }
        let by = detail(aws, arn).await?.and_then(|certificate| certificate.in_use_by);
        Err(error.in_use(by.unwrap_or_default()))
    }

    /// ACM lists those with keys of RSA alone if it is not asked for all kinds, and without their
    /// tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let kinds = sdk::KeyAlgorithm::values().iter().map(|kind| (*kind).into());
        let filters = sdk::Filters::builder().set_key_types(Some(kinds.collect())).build();
        let all = aws.acm().list_certificates().includes(filters).into_paginator().items().send();
        let mut listed = vec![];
        for certificate in all.collect::<Result<Vec<_>, _>>().await? {
            let Some(arn) = certificate.certificate_arn() else { continue };
            // It may have gone since.
            let Some(tags) = tags(aws, arn).await? else { continue };
            listed
                .push(Seen::new(arn).text(acm::Certificate::CERTIFICATE_ARN, Some(arn)).tags(tags));
        }
        Ok(listed)
    }
}
