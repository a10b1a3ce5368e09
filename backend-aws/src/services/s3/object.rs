//! `aws:s3:Object`.

use std::collections::BTreeMap;

use aws_sdk_s3::{
    operation::{head_object::HeadObjectOutput, put_object::builders::PutObjectFluentBuilder},
    primitives::ByteStream,
    types as sdk,
};
use infra_core::{
    aws::s3,
    handler::{Deletion, Problem, Request, TypedRequest},
    value::Value,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::versions;
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE, sealed},
    resource::Resource,
    seen::Seen,
    tags::{TagChange, sdk_tags},
};

pub(crate) struct Object;

type Type = s3::Object;

/// The bucket, whose name has no slash, and the name of the object.
fn key(request: &Request) -> (&str, &str) {
    request.id.split_once('/').unwrap_or((&request.id, ""))
}

/// The tags as a header has them: `a=b&c=d`.
fn tagging(request: &Request) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let tags = request.all_tags().0;
    let tags = tags.iter().map(|(key, value)| format!("{}={}", escaped(key), escaped(value)));
    tags.collect::<Vec<_>>().join("&")
}

/// The content and all that goes with it: S3 changes no part of an object.
fn put(aws: &Aws, request: &TypedRequest<'_, Type>) -> PutObjectFluentBuilder {
    let args = &request.args;
    aws.s3()
        .put_object()
        .bucket(args.bucket.as_str())
        .key(&args.key)
        .body(ByteStream::from(args.content.clone().into_bytes()))
        .content_type(&args.content_type)
        .set_content_encoding(args.content_encoding.clone())
        .set_content_disposition(args.content_disposition.clone())
        .set_content_language(args.content_language.clone())
        .set_cache_control(args.cache_control.clone())
        .set_metadata(Some(args.metadata.clone().into_iter().collect()))
        .storage_class(args.storage_class.as_str().into())
        .set_server_side_encryption(args.server_side_encryption.map(|it| it.as_str().into()))
        .set_ssekms_key_id(args.ssekms_key_id.as_ref().map(ToString::to_string))
        .tagging(tagging(request))
}

/// What was made, or last put.
fn made(seen: Seen, etag: Option<&str>, version: Option<&str>) -> Seen {
    // What was put while versions were suspended has the version "null".
    let version = version.filter(|version| *version != "null");
    seen.text(Type::ETAG, etag).text(Type::VERSION_ID, version)
}

fn seen(told: &HeadObjectOutput, request: &Request) -> Seen {
    let (bucket, name) = key(request);
    // The standard one is not told.
    let class = told.storage_class().unwrap_or(&sdk::StorageClass::Standard);
    let encryption = told.server_side_encryption().map(sdk::ServerSideEncryption::as_str);
    // The bucket's own key is nothing that the program said.
    let is_unsaid = request.inputs.get(Type::SSEKMS_KEY_ID.slot).is_null();
    let metadata = told.metadata().into_iter().flatten();
    let metadata: BTreeMap<String, String> =
        metadata.map(|(key, value)| (key.clone(), value.clone())).collect();
    let seen = Seen::new(&*request.id)
        .text(Type::BUCKET, Some(bucket))
        .text(Type::KEY, Some(name))
        .text(Type::CONTENT_TYPE, told.content_type())
        .text(Type::CONTENT_ENCODING, told.content_encoding())
        .text(Type::CONTENT_DISPOSITION, told.content_disposition())
        .text(Type::CONTENT_LANGUAGE, told.content_language())
        .text(Type::CACHE_CONTROL, told.cache_control())
        .set(Type::METADATA, metadata)
        .text(Type::STORAGE_CLASS, Some(class.as_str()))
        .text(Type::SERVER_SIDE_ENCRYPTION, encryption)
        .text(Type::SSEKMS_KEY_ID, told.ssekms_key_id().filter(|_| !is_unsaid));
    made(seen, told.e_tag(), told.version_id())
}

/// The content. What is recorded, if it was put no other: what is archived can't be read at all.
async fn content(aws: &Aws, request: &Request, told: &HeadObjectOutput) -> Answer<Value> {
    let etag = request.outputs.get(Type::ETAG.slot).as_str();
    if etag.is_some() && etag == told.e_tag() {
        return Ok(request.inputs.get(Type::CONTENT.slot).clone());
    }
    let (bucket, name) = key(request);
    let asked = aws.s3().get_object().bucket(bucket).key(name).send().await.map_err(Error::from);
    let got = match asked {
        Ok(got) => got,
        Err(error) if error.is_not_found() || error.0.code == "InvalidObjectState" => {
            return Ok(Value::Null);
        }
        Err(error) => return Err(error),
    };
    let broken = |_| Error::incomplete("s3", "GetObject", "Body");
    let bytes = got.body.collect().await.map_err(broken)?.into_bytes();
    Ok(String::from_utf8_lossy(&bytes).as_ref().into())
}

const BUCKET: &[On] = &[On::Arn("arn:aws:s3:::{bucket}")];
const OBJECT: &[On] = &[On::Arn("arn:aws:s3:::{bucket}/{key}")];

impl Resource for Object {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("s3:PutObject").on(OBJECT),
        CREATE.and(UPDATE).needs("s3:PutObjectTagging").on(OBJECT),
        READ.needs("s3:GetObject").on(OBJECT),
        READ.needs("s3:GetObjectTagging").on(OBJECT),
        // Without it, what is not there is forbidden instead.
        READ.needs("s3:ListBucket").on(BUCKET),
        DELETE.needs("s3:DeleteObject").on(OBJECT),
        DELETE.needs("s3:DeleteObjectVersion").on(OBJECT),
        DELETE.needs("s3:ListBucketVersions").on(BUCKET),
        sealed!(CREATE.and(UPDATE), "kms:GenerateDataKey", "s3"),
        sealed!(CREATE.and(UPDATE), "kms:Decrypt", "s3"),
        sealed!(CREATE.and(UPDATE), "kms:GenerateDataKey", "s3", "aws:s3:Bucket"),
        sealed!(CREATE.and(UPDATE), "kms:Decrypt", "s3", "aws:s3:Bucket"),
    ];

    /// One that others have put there is not written over.
    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let told = put(aws, request).if_none_match("*").send().await?;
        let encryption = told.server_side_encryption().map(sdk::ServerSideEncryption::as_str);
        let seen = Seen::new(format!("{}/{}", args.bucket, args.key));
        let seen = seen.text(Type::SERVER_SIDE_ENCRYPTION, encryption);
        Ok(made(seen, told.e_tag(), told.version_id()))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if request.changed.iter().any(|slot| Some(*slot) != request.ty.tags) {
            put(aws, request).send().await?;
        } else if TagChange::of(request).is_some() {
            let (bucket, name) = key(request);
            let tags = sdk_tags!(aws_sdk_s3, request.all_tags().0, checked);
            let tags = sdk::Tagging::builder().set_tag_set(Some(tags)).build();
            let tags = tags.expect("the tags are there");
            let tag = aws.s3().put_object_tagging().bucket(bucket).key(name);
            tag.tagging(tags).send().await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let (bucket, name) = key(request);
        let told = aws.s3().head_object().bucket(bucket).key(name).send().await.if_found()?;
        let Some(told) = told else { return Ok(None) };
        let tags = aws.s3().get_object_tagging().bucket(bucket).key(name).send().await;
        // It may have gone in between.
        let Some(tags) = tags.if_found()? else { return Ok(None) };
        let content = content(aws, request, &told).await?;
        let tags = tags.tag_set.into_iter().map(|tag| (tag.key, tag.value));
        Ok(Some(seen(&told, request).value(Type::CONTENT, content).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (bucket, name) = key(request);
        if versions::delete_all(aws, bucket, Some(name)).await? == 0 {
            let message = format!("there is no object {name} in {bucket}");
            return Err(Error::refused(Problem::NotFound, "s3", "DeleteObjects", message));
        }
        Ok(Deletion::Gone)
    }
}
