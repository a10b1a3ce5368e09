//! `aws:servicequotas:ServiceQuota`.

use infra_core::{aws::servicequotas, handler::TypedRequest};

use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{Needs, On, READ},
    once::Look,
};

pub(crate) struct ServiceQuota;

/// AWS counts in numbers with fractions, of which these quotas have none.
fn whole(number: Option<f64>) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    number.map(|number| number as u32)
}

impl Look for ServiceQuota {
    type Type = servicequotas::ServiceQuota;

    const NEEDS: Needs = &[
        READ.needs("servicequotas:GetAWSDefaultServiceQuota"),
        READ.needs("servicequotas:GetServiceQuota")
            .on(&[On::Arn("arn:aws:servicequotas:{region}:{account}:*/*")]),
    ];

    async fn look(
        aws: &Aws,
        request: &TypedRequest<'_, Self::Type>,
    ) -> Answer<servicequotas::ServiceQuotaOutputs> {
        let (service, quota) = request.args.quota.codes();
        let quotas = aws.servicequotas();
        let usual = quotas.get_aws_default_service_quota().service_code(service);
        let usual = usual.quota_code(quota).send().await?.quota;
        let incomplete =
            || Error::incomplete("servicequotas", "GetAWSDefaultServiceQuota", "Quota");
        let usual = usual.ok_or_else(incomplete)?;
        // Of some quotas AWS has no other value than the usual one.
        let own = quotas.get_service_quota().service_code(service).quota_code(quota);
        let own = own.send().await.if_found()?.and_then(|told| told.quota);
        let value = own.as_ref().and_then(|own| own.value);
        Ok(servicequotas::ServiceQuotaOutputs {
            value: whole(value.or(usual.value)),
            default_value: whole(usual.value),
            adjustable: Some(own.as_ref().unwrap_or(&usual).adjustable),
            quota_name: usual.quota_name,
        })
    }
}
