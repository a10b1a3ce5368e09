//! `aws:ses:EmailIdentity`.

use aws_sdk_sesv2::{
    operation::get_email_identity::GetEmailIdentityOutput,
    types::{self as sdk, DkimSigningAttributes, DkimSigningAttributesOrigin, DkimStatus},
};
use infra_core::{
    aws::ses::{self, BehaviorOnMxFailure, MailFromAttributesArgs},
    handler::{Deletion, Request, TypedRequest},
};

use super::{new_tags, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::{Seen, word},
};

pub(crate) struct EmailIdentity;

type Type = ses::EmailIdentity;

/// Where most regions have their keys.
const ZONE: &str = "dkim.amazonses.com";

/// Keys are those of domains; an address is signed by those of its domain.
fn has_keys(identity: &str) -> bool {
    !identity.contains('@')
}

/// What AWS signs with, and the records that say so.
fn with_dkim(seen: Seen, dkim: &sdk::DkimAttributes) -> Seen {
    let (identity, zone) = (seen.id.clone(), dkim.signing_hosted_zone().unwrap_or(ZONE));
    let names = dkim.tokens().iter().map(|token| format!("{token}._domainkey.{identity}"));
    let values = dkim.tokens().iter().map(|token| format!("{token}.{zone}"));
    seen.texts(Type::DKIM_RECORD_NAMES, names).texts(Type::DKIM_RECORD_VALUES, values)
}

fn mail_from(told: &sdk::MailFromAttributes) -> Option<MailFromAttributesArgs> {
    let behavior = word::<BehaviorOnMxFailure>(told.behavior_on_mx_failure().as_str());
    let args = MailFromAttributesArgs {
        mail_from_domain: told.mail_from_domain().to_owned(),
        behavior_on_mx_failure: behavior.unwrap_or(BehaviorOnMxFailure::UseDefaultValue),
    };
    // Without a domain it is AWS's own.
    (!args.mail_from_domain.is_empty()).then_some(args)
}

fn seen(told: &GetEmailIdentityOutput, request: &Request) -> Seen {
    let (id, inputs) = (&*request.id, &request.inputs);
    let dkim = told.dkim_attributes();
    let mut seen = Seen::new(id)
        .text(Type::EMAIL_IDENTITY, Some(id))
        .set(Type::MAIL_FROM_ATTRIBUTES, told.mail_from_attributes().and_then(mail_from))
        .set(Type::EMAIL_FORWARDING_ENABLED, told.feedback_forwarding_status())
        .text(Type::CONFIGURATION_SET_NAME, told.configuration_set_name())
        .tags(tags(told.tags()));
    let length = dkim.and_then(|dkim| dkim.next_signing_key_length());
    seen = match length.filter(|_| has_keys(id)) {
        Some(length) => seen.text(Type::NEXT_SIGNING_KEY_LENGTH, Some(length.as_str())),
        None => {
            let recorded = inputs.get(Type::NEXT_SIGNING_KEY_LENGTH.slot);
            seen.value(Type::NEXT_SIGNING_KEY_LENGTH, recorded.clone())
        }
    };
    // Whether an address could be signed is a matter of its domain.
    let is_set = |dkim: &&sdk::DkimAttributes| {
        has_keys(id) || dkim.status().is_some_and(|status| *status != DkimStatus::NotStarted)
    };
    match dkim.filter(is_set) {
        Some(dkim) => with_dkim(seen.set(Type::DKIM_SIGNING_ENABLED, dkim.signing_enabled()), dkim),
        None => {
            let recorded = inputs.get(Type::DKIM_SIGNING_ENABLED.slot);
            seen.value(Type::DKIM_SIGNING_ENABLED, recorded.clone())
        }
    }
}

fn key_length(args: &ses::EmailIdentityArgs) -> DkimSigningAttributes {
    let length = args.next_signing_key_length.as_str();
    DkimSigningAttributes::builder().next_signing_key_length(length.into()).build()
}

async fn put_signing(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let put = aws.ses().put_email_identity_dkim_attributes().email_identity(&*request.id);
    put.signing_enabled(request.args.dkim_signing_enabled).send().await?;
    Ok(())
}

/// Without a domain it is AWS's own again.
async fn put_mail_from(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let put = aws.ses().put_email_identity_mail_from_attributes().email_identity(&*request.id);
    let attributes = request.args.mail_from_attributes.as_ref();
    let domain = attributes.map(|attributes| attributes.mail_from_domain.clone());
    let behavior = attributes.map(|attributes| attributes.behavior_on_mx_failure.as_str().into());
    put.set_mail_from_domain(domain).set_behavior_on_mx_failure(behavior).send().await?;
    Ok(())
}

async fn put_forwarding(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let put = aws.ses().put_email_identity_feedback_attributes().email_identity(&*request.id);
    put.email_forwarding_enabled(request.args.email_forwarding_enabled).send().await?;
    Ok(())
}

impl Resource for EmailIdentity {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("ses:CreateEmailIdentity").on(OWN),
        CREATE.and(UPDATE).needs("ses:PutEmailIdentityDkimAttributes").on(OWN),
        CREATE.and(UPDATE).needs("ses:PutEmailIdentityFeedbackAttributes").on(OWN),
        CREATE.and(UPDATE).needs("ses:PutEmailIdentityMailFromAttributes").on(OWN),
        CREATE.and(UPDATE).needs("ses:TagResource").on(OWN),
        UPDATE
            .needs("ses:PutEmailIdentityConfigurationSetAttributes")
            .on(&[On::Own, On::Arn("arn:aws:ses:{region}:{account}:configuration-set/*")]),
        UPDATE.needs("ses:PutEmailIdentityDkimSigningAttributes").on(OWN),
        UPDATE.needs("ses:UntagResource").on(OWN),
        READ.and(LIST).needs("ses:GetEmailIdentity").on(OWN),
        DELETE.needs("ses:DeleteEmailIdentity").on(OWN),
        LIST.needs("ses:ListEmailIdentities"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let identity = args.email_identity.as_str();
        let set = args.configuration_set_name.as_ref().map(ToString::to_string);
        let made = aws
            .ses()
            .create_email_identity()
            .email_identity(identity)
            .set_dkim_signing_attributes(has_keys(identity).then(|| key_length(args)))
            .set_configuration_set_name(set)
            .set_tags(new_tags(request))
            .send()
            .await?;
        let seen = Seen::new(identity);
        Ok(match made.dkim_attributes() {
            Some(dkim) => with_dkim(seen, dkim),
            None => seen,
        })
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        // Of an address it is on wherever its domain is, and can't be put on elsewhere.
        if has_keys(&request.id) || !request.args.dkim_signing_enabled {
            put_signing(aws, request).await?;
        }
        if request.args.mail_from_attributes.is_some() {
            put_mail_from(aws, request).await?;
        }
        put_forwarding(aws, request).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (args, id) = (&request.args, &*request.id);
        if changed(request, &["dkim_signing_enabled"]) {
            put_signing(aws, request).await?;
        }
        if changed(request, &["next_signing_key_length"]) && has_keys(id) {
            let put = aws.ses().put_email_identity_dkim_signing_attributes().email_identity(id);
            let put = put.signing_attributes_origin(DkimSigningAttributesOrigin::AwsSes);
            put.signing_attributes(key_length(args)).send().await?;
        }
        if changed(request, &["mail_from_attributes"]) {
            put_mail_from(aws, request).await?;
        }
        if changed(request, &["email_forwarding_enabled"]) {
            put_forwarding(aws, request).await?;
        }
        if changed(request, &["configuration_set_name"]) {
            let put = aws.ses().put_email_identity_configuration_set_attributes();
            let set = args.configuration_set_name.as_ref().map(ToString::to_string);
            put.email_identity(id).set_configuration_set_name(set).send().await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.ses().get_email_identity().email_identity(&*request.id);
        Ok(asked.send().await.if_found()?.map(|told| seen(&told, request)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ses().delete_email_identity().email_identity(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// SES lists identities without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut pages = aws.ses().list_email_identities().into_paginator().send();
        let mut listed = vec![];
        while let Some(page) = pages.next().await {
            let page = page?;
            for name in page.email_identities().iter().filter_map(|it| it.identity_name()) {
                let asked = aws.ses().get_email_identity().email_identity(name);
                // It may have gone since.
                let Some(told) = asked.send().await.if_found()? else { continue };
                listed.push(Seen::new(name).tags(tags(told.tags())));
            }
        }
        Ok(listed)
    }
}
