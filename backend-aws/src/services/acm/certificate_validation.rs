//! `aws:acm:CertificateValidation`.

use aws_sdk_acm::types::{CertificateStatus, FailureReason};
use infra_core::{
    aws::acm,
    handler::{Deletion, Request, TypedRequest},
};

use super::{FAILED, detail};
use crate::{
    aws::Aws,
    error::Answer,
    needs::{Needs, On, READ},
    resource::{Resource, is_there},
    seen::Seen,
};

pub(crate) struct CertificateValidation;

impl Resource for CertificateValidation {
    type Type = acm::CertificateValidation;

    const NEEDS: Needs =
        &[READ.needs("acm:DescribeCertificate").on(&[On::Arn("{certificate_arn}")])];

    /// Nothing is made: it begins to wait.
    async fn create(_: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        Ok(Seen::new(request.args.certificate_arn.as_str()))
    }

    async fn update(_: &Aws, _: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        type Type = acm::CertificateValidation;
        let arn = &*request.id;
        let Some(certificate) = detail(aws, arn).await? else { return Ok(None) };
        let names = request.inputs.get(Type::RECORD_NAMES.slot);
        let state = certificate.status().map(CertificateStatus::as_str);
        let mut seen = Seen::new(arn)
            .text(Type::CERTIFICATE_ARN, Some(arn))
            // Nobody but the program knows them.
            .value(Type::RECORD_NAMES, names.clone())
            .state(state, &["ISSUED"], &[], FAILED);
        if certificate.status() == Some(&CertificateStatus::Issued) {
            seen = seen.text(Type::ISSUED_ARN, Some(arn));
        }
        if let (Some(why), Some(reason)) = (&mut seen.failed, certificate.failure_reason()) {
            *why = format!("{why}: {}", FailureReason::as_str(reason));
        }
        Ok(Some(seen))
    }

    /// The certificate stays, and goes by itself.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        is_there::<Self>(aws, request).await?;
        Ok(Deletion::Gone)
    }

    async fn by_token(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Self::by_name(aws, request).await
    }
}
