//! `aws:cloudfront:Distribution`.

mod behavior;
mod config;
mod origin;

use aws_sdk_cloudfront::types::{self as sdk, DistributionConfigWithTags};
use infra_core::{
    aws::cloudfront,
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::{all_distributions, new_tags, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Distribution;

type Type = cloudfront::Distribution;

fn seen(distribution: &sdk::Distribution, request: &Request) -> Seen {
    let seen = Seen::new(distribution.id())
        .text(Type::DISTRIBUTION_ID, Some(distribution.id()))
        .text(Type::ARN, Some(distribution.arn()))
        .text(Type::DOMAIN_NAME, Some(distribution.domain_name()))
        .state(Some(distribution.status()), &["Deployed"], &[], &[]);
    match distribution.distribution_config() {
        Some(told) => config::seen(seen, told, request),
        None => seen,
    }
}

/// Turns it off. What it is otherwise stays.
async fn disable(
    aws: &Aws,
    id: &str,
    mut config: sdk::DistributionConfig,
    version: Option<String>,
) -> Answer<()> {
    config.enabled = false;
    let update = aws.cloudfront().update_distribution().id(id).set_if_match(version);
    update.distribution_config(config).send().await?;
    Ok(())
}

const BUCKETS: &[On] = &[On::Arn("arn:aws:s3:::*")];

impl Resource for Distribution {
    type Type = cloudfront::Distribution;

    const NEEDS: Needs = &[
        CREATE.needs("cloudfront:CreateDistribution"),
        CREATE.and(UPDATE).needs("cloudfront:TagResource").on(OWN),
        UPDATE.needs("cloudfront:UntagResource").on(OWN).ours(),
        UPDATE.and(DELETE).needs("cloudfront:UpdateDistribution").on(OWN).ours(),
        READ.needs("cloudfront:GetDistribution").on(OWN),
        READ.and(LIST).needs("cloudfront:ListTagsForResource").on(OWN),
        DELETE.needs("cloudfront:DeleteDistribution").on(OWN).ours(),
        LIST.needs("cloudfront:ListDistributions"),
        CREATE.and(UPDATE).needs("s3:GetBucketAcl").on(BUCKETS).given("logging"),
        CREATE.and(UPDATE).needs("s3:PutBucketAcl").on(BUCKETS).given("logging"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let config = DistributionConfigWithTags::builder()
            .distribution_config(config::sdk(&request.args, &request.owner.intent))
            .tags(new_tags(request))
            .build();
        let create = aws.cloudfront().create_distribution_with_tags();
        let made = create.distribution_config_with_tags(config).send().await?;
        let incomplete =
            || Error::incomplete("cloudfront", "CreateDistributionWithTags", "Distribution");
        Ok(seen(made.distribution().ok_or_else(incomplete)?, request))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let id = &*request.id;
        let there = aws.cloudfront().get_distribution().id(id).send().await?;
        let incomplete = || Error::incomplete("cloudfront", "GetDistribution", "Distribution");
        let distribution = there.distribution().ok_or_else(incomplete)?;
        let more_than_tags = request.changed.iter().any(|slot| Some(*slot) != request.ty.tags);
        if more_than_tags {
            let told = distribution.distribution_config().ok_or_else(incomplete)?;
            // The reference of its creation can't be changed.
            let config = config::sdk(&request.args, told.caller_reference());
            let update = aws.cloudfront().update_distribution().id(id);
            let update = update.set_if_match(there.e_tag.clone());
            update.distribution_config(config).send().await?;
        }
        retag(aws, request, distribution.arn()).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = aws.cloudfront().get_distribution().id(&*request.id).send().await.if_found()?;
        let Some(distribution) = told.and_then(|told| told.distribution) else { return Ok(None) };
        let tags = tags(aws, distribution.arn()).await?;
        Ok(tags.map(|tags| seen(&distribution, request).tags(tags)))
    }

    /// It is off, and all edges know that, before it can be deleted: that takes minutes, after which
    /// the engine asks again.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let id = &*request.id;
        let there = aws.cloudfront().get_distribution().id(id).send().await?;
        let distribution = there.distribution;
        let (config, status) = match distribution {
            Some(it) => (it.distribution_config, it.status),
            None => (None, String::new()),
        };
        let answers = config.as_ref().is_some_and(|config| config.enabled);
        if let Some(config) = config.filter(|config| config.enabled) {
            disable(aws, id, config, there.e_tag.clone()).await?;
        }
        if answers || status == "InProgress" {
            let message = format!("{id} is being disabled, and some edges still answer");
            let later = Problem::EventuallyConsistent;
            return Err(Error::refused(later, "cloudfront", "DeleteDistribution", message));
        }
        aws.cloudfront().delete_distribution().id(id).set_if_match(there.e_tag).send().await?;
        Ok(Deletion::Gone)
    }

    /// They are listed without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut listed = vec![];
        for distribution in all_distributions(aws).await? {
            // It may have gone since.
            let Some(tags) = tags(aws, distribution.arn()).await? else { continue };
            listed.push(Seen::new(distribution.id()).tags(tags));
        }
        Ok(listed)
    }
}
