//! `aws:ses:ConfigurationSet`.

use aws_sdk_sesv2::{
    operation::get_configuration_set::GetConfigurationSetOutput,
    types::{self as sdk},
};
use infra_core::{
    aws::ses::{
        self, DeliveryOptionsArgs, HttpsPolicy, SuppressedReason, SuppressionOptions,
        SuppressionOptionsArgs, TlsPolicy, TrackingOptionsArgs,
    },
    handler::{Deletion, Request, TypedRequest},
    types::{PropertyType, Seconds},
};

use super::{new_tags, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, changed},
    seen::{Seen, word},
};

pub(crate) struct ConfigurationSet;

type Type = ses::ConfigurationSet;

fn delivery(args: &DeliveryOptionsArgs) -> sdk::DeliveryOptions {
    sdk::DeliveryOptions::builder()
        .tls_policy(args.tls_policy.as_str().into())
        .set_max_delivery_seconds(args.max_delivery_seconds.map(|seconds| seconds.0.into()))
        .build()
}

fn tracking(args: &TrackingOptionsArgs) -> sdk::TrackingOptions {
    sdk::TrackingOptions::builder()
        .custom_redirect_domain(&args.custom_redirect_domain)
        .https_policy(args.https_policy.as_str().into())
        .build()
        .expect("it has a domain")
}

fn reasons(args: &SuppressionOptionsArgs) -> Vec<sdk::SuppressionListReason> {
    args.suppressed_reasons.iter().map(|reason| reason.as_str().into()).collect()
}

/// AWS tells its own default too, which is nothing that the program said.
fn delivery_args(
    told: Option<&sdk::DeliveryOptions>,
    is_given: bool,
) -> Option<DeliveryOptionsArgs> {
    let policy = told.and_then(|told| told.tls_policy()).map(sdk::TlsPolicy::as_str);
    let seconds = told.and_then(|told| told.max_delivery_seconds());
    let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok()).map(Seconds);
    let tls_policy = policy.and_then(word::<TlsPolicy>).unwrap_or(TlsPolicy::Optional);
    let is_default = tls_policy == TlsPolicy::Optional && seconds.is_none();
    let args = DeliveryOptionsArgs { tls_policy, max_delivery_seconds: seconds };
    (is_given || !is_default).then_some(args)
}

/// Without any word about reasons the account's hold. Their order means nothing.
fn suppression_args(
    told: Option<&sdk::SuppressionOptions>,
    recorded: Option<SuppressionOptionsArgs>,
) -> Option<SuppressionOptionsArgs> {
    let told = told?;
    if told.suppressed_reasons.is_none() && recorded.is_none() {
        return None;
    }
    let reasons = told.suppressed_reasons().iter();
    let reasons = reasons.filter_map(|reason| word::<SuppressedReason>(reason.as_str()));
    let told = SuppressionOptionsArgs { suppressed_reasons: reasons.collect() };
    let sorted = |args: &SuppressionOptionsArgs| {
        let mut reasons = args.suppressed_reasons.clone();
        reasons.sort();
        reasons
    };
    recorded.filter(|recorded| sorted(recorded) == sorted(&told)).or(Some(told))
}

fn tracking_args(told: &sdk::TrackingOptions) -> Option<TrackingOptionsArgs> {
    let policy = told.https_policy().map(sdk::HttpsPolicy::as_str);
    let args = TrackingOptionsArgs {
        custom_redirect_domain: told.custom_redirect_domain().to_owned(),
        https_policy: policy.and_then(word::<HttpsPolicy>).unwrap_or(HttpsPolicy::Optional),
    };
    (!args.custom_redirect_domain.is_empty()).then_some(args)
}

fn seen(told: &GetConfigurationSetOutput, request: &Request) -> Seen {
    let inputs = &request.inputs;
    let has_delivery = !inputs.get(Type::DELIVERY_OPTIONS.slot).is_null();
    let recorded = SuppressionOptions::decode(inputs.get(Type::SUPPRESSION_OPTIONS.slot)).ok();
    let reputation = told.reputation_options().is_some_and(|it| it.reputation_metrics_enabled());
    let sending = told.sending_options().is_none_or(|it| it.sending_enabled());
    Seen::new(&*request.id)
        .text(Type::NAME, told.configuration_set_name())
        .set(Type::DELIVERY_OPTIONS, delivery_args(told.delivery_options(), has_delivery))
        .set(Type::REPUTATION_METRICS_ENABLED, reputation)
        .set(Type::SENDING_ENABLED, sending)
        .set(Type::SUPPRESSION_OPTIONS, suppression_args(told.suppression_options(), recorded))
        .set(Type::TRACKING_OPTIONS, told.tracking_options().and_then(tracking_args))
        .tags(tags(told.tags()))
}

/// What is left out of a call is as AWS has it again.
async fn put_options(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let (args, name, ses) = (&request.args, &*request.id, aws.ses());
    if changed(request, &["delivery_options"]) {
        let put = ses.put_configuration_set_delivery_options().configuration_set_name(name);
        let options = args.delivery_options.as_ref().map(delivery);
        let policy = options.as_ref().and_then(|options| options.tls_policy.clone());
        let seconds = options.and_then(|options| options.max_delivery_seconds);
        put.set_tls_policy(policy).set_max_delivery_seconds(seconds).send().await?;
    }
    if changed(request, &["suppression_options"]) {
        let put = ses.put_configuration_set_suppression_options().configuration_set_name(name);
        let reasons = args.suppression_options.as_ref().map(reasons);
        put.set_suppressed_reasons(reasons).send().await?;
    }
    if changed(request, &["tracking_options"]) {
        let put = ses.put_configuration_set_tracking_options().configuration_set_name(name);
        let options = args.tracking_options.as_ref().map(tracking);
        let policy = options.as_ref().and_then(|options| options.https_policy.clone());
        let domain = options.map(|options| options.custom_redirect_domain);
        put.set_custom_redirect_domain(domain).set_https_policy(policy).send().await?;
    }
    Ok(())
}

impl Resource for ConfigurationSet {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("ses:CreateConfigurationSet").on(OWN),
        CREATE.and(UPDATE).needs("ses:TagResource").on(OWN),
        UPDATE.needs("ses:PutConfigurationSetDeliveryOptions").on(OWN),
        UPDATE.needs("ses:PutConfigurationSetReputationOptions").on(OWN),
        UPDATE.needs("ses:PutConfigurationSetSendingOptions").on(OWN),
        UPDATE.needs("ses:PutConfigurationSetSuppressionOptions").on(OWN),
        UPDATE.needs("ses:PutConfigurationSetTrackingOptions").on(OWN),
        UPDATE.needs("ses:UntagResource").on(OWN),
        READ.and(LIST).needs("ses:GetConfigurationSet").on(OWN),
        DELETE.needs("ses:DeleteConfigurationSet").on(OWN),
        LIST.needs("ses:ListConfigurationSets"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let name = request.name().unwrap_or_default();
        let reputation = sdk::ReputationOptions::builder()
            .reputation_metrics_enabled(args.reputation_metrics_enabled)
            .build();
        let sending = sdk::SendingOptions::builder().sending_enabled(args.sending_enabled).build();
        let suppression = args.suppression_options.as_ref().map(|options| {
            let reasons = Some(reasons(options));
            sdk::SuppressionOptions::builder().set_suppressed_reasons(reasons).build()
        });
        aws.ses()
            .create_configuration_set()
            .configuration_set_name(name)
            .set_delivery_options(args.delivery_options.as_ref().map(delivery))
            .reputation_options(reputation)
            .sending_options(sending)
            .set_suppression_options(suppression)
            .set_tracking_options(args.tracking_options.as_ref().map(tracking))
            .set_tags(new_tags(request))
            .send()
            .await?;
        Ok(Seen::new(name))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (args, name, ses) = (&request.args, &*request.id, aws.ses());
        if changed(request, &["reputation_metrics_enabled"]) {
            let put = ses.put_configuration_set_reputation_options().configuration_set_name(name);
            put.reputation_metrics_enabled(args.reputation_metrics_enabled).send().await?;
        }
        if changed(request, &["sending_enabled"]) {
            let put = ses.put_configuration_set_sending_options().configuration_set_name(name);
            put.sending_enabled(args.sending_enabled).send().await?;
        }
        put_options(aws, request).await?;
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.ses().get_configuration_set().configuration_set_name(&*request.id);
        let told = asked.send().await.if_found()?;
        Ok(told.map(|told| seen(&told, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let delete = aws.ses().delete_configuration_set();
        delete.configuration_set_name(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// SES lists sets by their names alone: each is asked for its tags.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut pages = aws.ses().list_configuration_sets().into_paginator().send();
        let mut listed = vec![];
        while let Some(page) = pages.next().await {
            for name in page?.configuration_sets() {
                let asked = aws.ses().get_configuration_set().configuration_set_name(name);
                // It may have gone since.
                let Some(told) = asked.send().await.if_found()? else { continue };
                listed.push(Seen::new(name).tags(tags(told.tags())));
            }
        }
        Ok(listed)
    }
}
