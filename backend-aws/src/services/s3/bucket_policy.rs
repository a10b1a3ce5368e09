//! `aws:s3:BucketPolicy`.

use infra_core::{
    aws::s3,
    handler::{Deletion, Request, TypedRequest},
};

use crate::{
    aws::Aws,
    documents::policy,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct BucketPolicy;

type Type = s3::BucketPolicy;

async fn put(aws: &Aws, args: &s3::BucketPolicyArgs) -> Answer<()> {
    let put = aws.s3().put_bucket_policy().bucket(args.bucket.as_str());
    put.policy(args.policy_document.to_string()).send().await?;
    Ok(())
}

const BUCKET: &[On] = &[On::Arn("arn:aws:s3:::{bucket}")];

impl Resource for BucketPolicy {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("s3:PutBucketPolicy").on(BUCKET),
        READ.needs("s3:GetBucketPolicy").on(BUCKET),
        DELETE.needs("s3:DeleteBucketPolicy").on(BUCKET),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        put(aws, &request.args).await?;
        Ok(Seen::new(request.args.bucket.as_str()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        put(aws, &request.args).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let bucket = &*request.id;
        let told = aws.s3().get_bucket_policy().bucket(bucket).send().await.if_found()?;
        let recorded = request.inputs.get(Type::POLICY_DOCUMENT.slot);
        let told = told.and_then(|told| told.policy).filter(|policy| !policy.is_empty());
        Ok(told.map(|told| {
            Seen::new(bucket)
                .text(Type::BUCKET, Some(bucket))
                .value(Type::POLICY_DOCUMENT, policy(recorded, &told))
        }))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.s3().delete_bucket_policy().bucket(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }
}
