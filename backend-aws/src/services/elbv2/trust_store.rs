//! `aws:elbv2:TrustStore`.

use aws_sdk_elasticloadbalancingv2::types::{self as sdk, TrustStoreStatus};
use infra_core::{
    aws::elbv2,
    handler::{Deletion, Request, TypedRequest},
};

use super::{all_with_tags, new_tags, retag, with_tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct TrustStore;

const BUNDLE: [&str; 3] = [
    "ca_certificates_bundle_s3_bucket",
    "ca_certificates_bundle_s3_key",
    "ca_certificates_bundle_s3_object_version",
];

fn seen(store: &sdk::TrustStore) -> Seen {
    type Type = elbv2::TrustStore;
    let arn = store.trust_store_arn();
    let count = store.number_of_ca_certificates().and_then(|count| u32::try_from(count).ok());
    let state = store.status().map(TrustStoreStatus::as_str);
    Seen::new(arn.unwrap_or_default())
        .text(Type::NAME, store.name())
        .text(Type::TRUST_STORE_ARN, arn)
        .set(Type::NUMBER_OF_CA_CERTIFICATES, count)
        .state(state, &["ACTIVE"], &[], &[])
}

async fn users(aws: &Aws, arn: &str) -> Answer<Vec<String>> {
    let all = aws.elbv2().describe_trust_store_associations().trust_store_arn(arn);
    let all = all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await?;
    Ok(all.into_iter().filter_map(|association| association.resource_arn).collect())
}

impl Resource for TrustStore {
    type Type = elbv2::TrustStore;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticloadbalancing:AddTags").on(OWN),
        CREATE.needs("elasticloadbalancing:CreateTrustStore").on(OWN),
        UPDATE.needs("elasticloadbalancing:ModifyTrustStore").on(OWN),
        UPDATE.needs("elasticloadbalancing:RemoveTags").on(OWN),
        READ.and(LIST).needs("elasticloadbalancing:DescribeTags"),
        READ.and(LIST).needs("elasticloadbalancing:DescribeTrustStores"),
        DELETE.needs("elasticloadbalancing:DeleteTrustStore").on(OWN),
        DELETE.needs("elasticloadbalancing:DescribeTrustStoreAssociations"),
        CREATE.and(UPDATE).needs("s3:GetObject").on(&[On::Arn("arn:aws:s3:::*/*")]),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .elbv2()
            .create_trust_store()
            .set_name(request.name().map(str::to_owned))
            .ca_certificates_bundle_s3_bucket(args.ca_certificates_bundle_s3_bucket.as_str())
            .ca_certificates_bundle_s3_key(&args.ca_certificates_bundle_s3_key)
            .set_ca_certificates_bundle_s3_object_version(
                args.ca_certificates_bundle_s3_object_version.clone(),
            )
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete =
            || Error::incomplete("elasticloadbalancingv2", "CreateTrustStore", "TrustStore");
        Ok(seen(made.trust_stores().first().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let args = &request.args;
        if changed(request, &BUNDLE) {
            aws.elbv2()
                .modify_trust_store()
                .trust_store_arn(&*request.id)
                .ca_certificates_bundle_s3_bucket(args.ca_certificates_bundle_s3_bucket.as_str())
                .ca_certificates_bundle_s3_key(&args.ca_certificates_bundle_s3_key)
                .set_ca_certificates_bundle_s3_object_version(
                    args.ca_certificates_bundle_s3_object_version.clone(),
                )
                .send()
                .await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let asked = aws.elbv2().describe_trust_stores().trust_store_arns(&*request.id);
        let told = asked.send().await.if_found()?;
        match told.and_then(|told| told.trust_stores().first().map(seen)) {
            Some(seen) => with_tags(aws, seen).await,
            None => Ok(None),
        }
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let arn = &*request.id;
        let deleted = aws.elbv2().delete_trust_store().trust_store_arn(arn).send().await;
        match deleted.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Gone),
            Err(error) if error.is_in_use() => Err(error.in_use(users(aws, arn).await?)),
            Err(error) => Err(error),
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.elbv2().describe_trust_stores().into_paginator().items().send();
        let all = all.collect::<Result<Vec<_>, _>>().await?;
        let arns = all.into_iter().filter_map(|store| store.trust_store_arn).collect();
        all_with_tags(aws, arns).await
    }

    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = request.name().unwrap_or_default();
        let told = aws.elbv2().describe_trust_stores().names(name).send().await.if_found()?;
        match told.and_then(|told| told.trust_stores().first().map(seen)) {
            Some(seen) => with_tags(aws, seen).await,
            None => Ok(None),
        }
    }
}
