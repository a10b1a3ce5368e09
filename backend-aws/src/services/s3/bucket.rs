//! `aws:s3:Bucket`.

use aws_sdk_s3::types as sdk;
use infra_core::{
    aws::s3,
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::{bucket_settings, bucket_state, versions};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, passed},
    resource::Resource,
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct Bucket;

type Type = s3::Bucket;

/// The region that is named by being named nowhere.
const FIRST: &str = "us-east-1";

/// What stands under a name, of which there is one in all of AWS.
enum Named {
    Nothing,
    Ours,
    /// Somebody else's, or one of another region.
    Foreign,
}

async fn look(aws: &Aws, name: &str) -> Answer<Named> {
    let Err(error) = aws.s3().head_bucket().bucket(name).send().await else {
        return Ok(Named::Ours);
    };
    // The answer has a status, and no words.
    match error.raw_response().map(|answer| answer.status().as_u16()) {
        Some(404) => Ok(Named::Nothing),
        Some(301 | 403) => Ok(Named::Foreign),
        _ => Err(error.into()),
    }
}

/// What follows from the name.
fn seen(aws: &Aws, name: &str) -> Seen {
    let region = aws.region();
    Seen::new(name)
        .text(Type::BUCKET_NAME, Some(name))
        .text(Type::DOMAIN_NAME, Some(format!("{name}.s3.amazonaws.com")))
        .text(Type::REGIONAL_DOMAIN_NAME, Some(format!("{name}.s3.{region}.amazonaws.com")))
        .text(
            Type::DUAL_STACK_DOMAIN_NAME,
            Some(format!("{name}.s3.dualstack.{region}.amazonaws.com")),
        )
}

/// All tags at once: S3 takes the place of those that there were.
async fn tag(aws: &Aws, request: &Request) -> Answer<()> {
    let tags = sdk_tags!(aws_sdk_s3, request.all_tags().0, checked);
    let tags = sdk::Tagging::builder().set_tag_set(Some(tags)).build();
    let tags = tags.expect("the tags are there");
    aws.s3().put_bucket_tagging().bucket(&*request.id).tagging(tags).send().await?;
    Ok(())
}

const OBJECTS: &[On] = &[On::Arn("arn:aws:s3:::{id}/*")];

impl Resource for Bucket {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("s3:CreateBucket").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutBucketCORS").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutBucketLogging").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutBucketNotification").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutBucketObjectLockConfiguration").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutBucketOwnershipControls").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutBucketPublicAccessBlock").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutBucketTagging").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutBucketVersioning").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutEncryptionConfiguration").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutLifecycleConfiguration").on(OWN),
        CREATE.and(UPDATE).needs("s3:PutReplicationConfiguration").on(OWN),
        READ.needs("s3:GetBucketCORS").on(OWN),
        READ.needs("s3:GetBucketLogging").on(OWN),
        READ.needs("s3:GetBucketNotification").on(OWN),
        READ.needs("s3:GetBucketObjectLockConfiguration").on(OWN),
        READ.needs("s3:GetBucketOwnershipControls").on(OWN),
        READ.needs("s3:GetBucketPublicAccessBlock").on(OWN),
        READ.and(LIST).needs("s3:GetBucketTagging").on(OWN),
        READ.needs("s3:GetBucketVersioning").on(OWN),
        READ.needs("s3:GetEncryptionConfiguration").on(OWN),
        READ.needs("s3:GetLifecycleConfiguration").on(OWN),
        READ.needs("s3:GetReplicationConfiguration").on(OWN),
        READ.needs("s3:ListBucket").on(OWN),
        DELETE.needs("s3:DeleteBucket").on(OWN),
        DELETE.needs("s3:DeleteObject").on(OBJECTS),
        DELETE.needs("s3:DeleteObjectVersion").on(OBJECTS),
        DELETE.needs("s3:ListBucketVersions").on(OWN),
        LIST.needs("s3:ListAllMyBuckets"),
        CREATE.needs("s3:TagResource").on(OWN),
        passed!(CREATE.and(UPDATE), "s3.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let name = request.name().unwrap_or_default();
        let region = Some(aws.region()).filter(|region| *region != FIRST);
        let configuration = sdk::CreateBucketConfiguration::builder()
            .set_location_constraint(region.map(Into::into))
            .set_tags(Some(sdk_tags!(aws_sdk_s3, request.all_tags().0, checked)))
            .build();
        aws.s3()
            .create_bucket()
            .bucket(name)
            .create_bucket_configuration(configuration)
            .object_lock_enabled_for_bucket(request.args.object_lock_enabled)
            .send()
            .await?;
        Ok(seen(aws, name))
    }

    /// Servers that speak S3 of an older day take no tags at creation.
    async fn configure(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        tag(aws, request).await?;
        let said = request.inputs.iter().map(|(slot, _)| request.ty.prop(slot));
        // That objects may be locked is said by now.
        let due: Vec<&str> =
            said.map(|prop| prop.name).filter(|name| *name != "object_lock_enabled").collect();
        bucket_settings::apply(aws, request, &due).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let due = request.changed.iter().map(|slot| request.ty.prop(*slot).name);
        let due: Vec<&str> = due.collect();
        bucket_settings::apply(aws, request, &due).await?;
        if TagChange::of(request).is_some() {
            tag(aws, request).await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let name = &*request.id;
        match look(aws, name).await? {
            Named::Nothing => Ok(None),
            Named::Ours => Ok(Some(bucket_state::read(aws, request, seen(aws, name)).await?)),
            Named::Foreign => {
                let message = format!("{name} is somebody else's, or of another region");
                Err(Error::refused(Problem::Denied, "s3", "HeadBucket", message))
            }
        }
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let name = &*request.id;
        if request.inputs.get(Type::FORCE_DESTROY.slot).as_bool() == Some(true) {
            versions::delete_all(aws, name, None).await?;
        }
        let Err(error) = aws.s3().delete_bucket().bucket(name).send().await else {
            return Ok(Deletion::Gone);
        };
        let error = Error::from(error);
        if !matches!(error.0.problem, Problem::InUse { .. }) {
            return Err(error);
        }
        let by = versions::some(aws, name).await?;
        Err(error.in_use(by))
    }

    /// S3 lists buckets without their tags: each is asked for them.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        // Those of other regions can't be asked from here.
        let pages = aws.s3().list_buckets().bucket_region(aws.region()).max_buckets(1000);
        let pages = pages.into_paginator().send().collect::<Result<Vec<_>, _>>().await?;
        let mut listed = vec![];
        for name in pages.iter().flat_map(|page| page.buckets()).filter_map(|it| it.name()) {
            match bucket_state::tags(aws, name).await {
                Ok(tags) => listed.push(Seen::new(name).tags(tags)),
                // Its policy shuts us out, which that of none of ours does.
                Err(error) if error.0.problem == Problem::Denied => {}
                Err(error) => return Err(error),
            }
        }
        Ok(listed)
    }

    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(name) = request.name() else { return Ok(None) };
        match look(aws, name).await? {
            Named::Nothing => Ok(None),
            Named::Ours => {
                let tags = bucket_state::tags(aws, name).await?;
                Ok(Some(seen(aws, name).tags(tags)))
            }
            Named::Foreign => Ok(Some(Seen::new(name))),
        }
    }
}
