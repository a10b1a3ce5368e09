//! `aws:iam:Policy`.

use aws_sdk_iam::types::{self as sdk, PolicyScopeType};
use infra_core::{
    aws::iam,
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::{decoded, tags};
use crate::{
    aws::Aws,
    documents,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct Policy;

type Type = iam::Policy;

/// IAM keeps so many versions of a policy.
const VERSIONS: usize = 5;

fn seen(policy: &sdk::Policy) -> Seen {
    let description = policy.description().filter(|text| !text.is_empty());
    Seen::new(policy.arn().unwrap_or_default())
        .text(Type::POLICY_NAME, policy.policy_name())
        .text(Type::PATH, policy.path())
        .text(Type::DESCRIPTION, description)
        .text(Type::POLICY_ARN, policy.arn())
        .text(Type::POLICY_ID, policy.policy_id())
        .text(Type::DEFAULT_VERSION_ID, policy.default_version_id())
        .tags(tags(policy.tags()))
}

/// The versions that do not count, the oldest first.
async fn older_versions(aws: &Aws, arn: &str) -> Answer<Vec<String>> {
    let all = aws.iam().list_policy_versions().policy_arn(arn).into_paginator().items().send();
    let mut all = all.collect::<Result<Vec<_>, _>>().await?;
    all.retain(|version| !version.is_default_version());
    all.sort_by_key(|version| version.create_date().map(|date| date.as_nanos()));
    Ok(all.into_iter().filter_map(|version| version.version_id).collect())
}

async fn delete_version(aws: &Aws, arn: &str, version: &str) -> Answer<()> {
    let delete = aws.iam().delete_policy_version().policy_arn(arn).version_id(version);
    delete.send().await.if_found()?;
    Ok(())
}

/// Who has it, as IAM does not say when it refuses a deletion.
async fn holders(aws: &Aws, arn: &str) -> Answer<Vec<String>> {
    let mut pages = aws.iam().list_entities_for_policy().policy_arn(arn).into_paginator().send();
    let mut all = vec![];
    while let Some(page) = pages.next().await {
        let page = page?;
        let roles = page.policy_roles().iter().filter_map(|it| it.role_name());
        all.extend(roles.map(|name| format!("the role {name}")));
        let users = page.policy_users().iter().filter_map(|it| it.user_name());
        all.extend(users.map(|name| format!("the user {name}")));
        let groups = page.policy_groups().iter().filter_map(|it| it.group_name());
        all.extend(groups.map(|name| format!("the group {name}")));
    }
    Ok(all)
}

impl Resource for Policy {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("iam:CreatePolicy").on(OWN),
        CREATE.and(LIST).needs("iam:ListPolicies"),
        CREATE.and(UPDATE).needs("iam:TagPolicy").on(OWN),
        UPDATE.needs("iam:CreatePolicyVersion").on(OWN),
        UPDATE.and(DELETE).needs("iam:DeletePolicyVersion").on(OWN),
        UPDATE.and(DELETE).needs("iam:ListPolicyVersions").on(OWN),
        UPDATE.needs("iam:UntagPolicy").on(OWN),
        READ.needs("iam:GetPolicy").on(OWN),
        READ.needs("iam:GetPolicyVersion").on(OWN),
        DELETE.needs("iam:DeletePolicy").on(OWN),
        DELETE.needs("iam:ListEntitiesForPolicy").on(OWN),
        LIST.needs("iam:ListPolicyTags").on(OWN),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .iam()
            .create_policy()
            .set_policy_name(request.name().map(str::to_owned))
            .path(&args.path)
            .policy_document(args.policy_document.to_string())
            .set_description(args.description.clone())
            .set_tags(Some(sdk_tags!(aws_sdk_iam, request.all_tags().0, checked)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("iam", "CreatePolicy", "Policy");
        Ok(seen(made.policy().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let (arn, iam) = (&*request.id, aws.iam());
        if changed(request, &["policy_document"]) {
            let older = older_versions(aws, arn).await?;
            if let Some(oldest) = older.first().filter(|_| older.len() + 1 >= VERSIONS) {
                delete_version(aws, arn, oldest).await?;
            }
            let document = request.args.policy_document.to_string();
            let version = iam.create_policy_version().policy_arn(arn).policy_document(document);
            version.set_as_default(true).send().await?;
        }
        if let Some(change) = TagChange::of(request) {
            if !change.remove.is_empty() {
                let untag = iam.untag_policy().policy_arn(arn).set_tag_keys(Some(change.remove));
                untag.send().await?;
            }
            let tags = sdk_tags!(aws_sdk_iam, change.set, checked);
            iam.tag_policy().policy_arn(arn).set_tags(Some(tags)).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let arn = &*request.id;
        let told = aws.iam().get_policy().policy_arn(arn).send().await.if_found()?;
        let Some(policy) = told.and_then(|told| told.policy) else { return Ok(None) };
        let version = policy.default_version_id().unwrap_or_default();
        let version = aws.iam().get_policy_version().policy_arn(arn).version_id(version);
        // It may have gone in between.
        let Some(version) = version.send().await.if_found()? else { return Ok(None) };
        let document = version.policy_version().and_then(|version| version.document());
        let recorded = request.inputs.get(Type::POLICY_DOCUMENT.slot);
        let document = documents::policy(recorded, &decoded(document.unwrap_or_default()));
        Ok(Some(seen(&policy).value(Type::POLICY_DOCUMENT, document)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let arn = &*request.id;
        for version in older_versions(aws, arn).await? {
            delete_version(aws, arn, &version).await?;
        }
        let Err(error) = aws.iam().delete_policy().policy_arn(arn).send().await else {
            return Ok(Deletion::Gone);
        };
        let error = Error::from(error);
        if !matches!(error.0.problem, Problem::InUse { .. }) {
            return Err(error);
        }
        let by = holders(aws, arn).await?;
        Err(error.in_use(by))
    }

    /// IAM lists policies without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut listed = vec![];
        for policy in of_account(aws).await? {
            let arn = policy.arn().unwrap_or_default();
            // It may have gone since.
            let asked = aws.iam().list_policy_tags().policy_arn(arn).send().await.if_found()?;
            let Some(asked) = asked else { continue };
            listed.push(Seen::new(arn).tags(tags(asked.tags())));
        }
        Ok(listed)
    }

    /// Names are unique, whatever the path, which is a part of the ARN.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let all = of_account(aws).await?;
        let named = all.into_iter().find(|policy| policy.policy_name() == request.name());
        match named.and_then(|policy| policy.arn) {
            Some(arn) => Self::read(aws, &Request { id: arn.into(), ..request.clone() }).await,
            None => Ok(None),
        }
    }
}

/// The account's own.
async fn of_account(aws: &Aws) -> Answer<Vec<sdk::Policy>> {
    let all = aws.iam().list_policies().scope(PolicyScopeType::Local).into_paginator();
    Ok(all.items().send().collect::<Result<Vec<_>, _>>().await?)
}
