//! What is special about the policy of a bucket: it is about that bucket, and not for everybody
//! where the bucket shuts that out.

use infra_core::{
    aws::{iam::StatementArgs, s3},
    dsl::ResourceType,
    schema::TypeDef,
};

use crate::sim::{
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&BucketPolicy];

const CODES: Codes = Codes {
    not_found: "NoSuchBucketPolicy",
    not_ready: "OperationAborted",
    exists: "BucketPolicyAlreadyExists",
    in_use: "OperationAborted",
    quota: "PolicyTooLarge",
};

/// AWS: "Bucket policy", 20 KB.
const LENGTH: usize = 20 * 1024;

struct BucketPolicy;

impl Special for BucketPolicy {
    fn ty(&self) -> &'static TypeDef {
        s3::BucketPolicy::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(document) = asked.get(s3::BucketPolicy::POLICY_DOCUMENT) else { return Ok(()) };
        let refused =
            |code: &str, message: String| Err(Refusal::invalid("policy_document", code, message));
        policy::check(&document, Kind::Resource, "policy_document")
            .map_err(|refusal| refusal.coded("MalformedPolicy"))?;
        let length = document.to_string().len();
        if length > LENGTH {
            let message = format!("`policy_document` has {length} bytes; {LENGTH} are the most");
            return refused(CODES.quota, message);
        }
        let Some(bucket) = asked.referenced(s3::BucketPolicy::BUCKET) else { return Ok(()) };
        let arn = format!("arn:aws:s3:::{}", bucket.id);
        let foreign = |resource: &&String| {
            let rest = resource.strip_prefix(&arn);
            !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '*']))
        };
        let shut = of(bucket, s3::Bucket::PUBLIC_ACCESS_BLOCK_CONFIGURATION)
            .is_some_and(|shut| shut.block_public_policy);
        for (place, statement) in document.statements.iter().enumerate() {
            let path = format!("policy_document.statements[{place}]");
            let StatementArgs { resources, not_resources, .. } = statement;
            if let Some(resource) = resources.iter().chain(not_resources).find(foreign) {
                let message = format!(
                    "`{path}.resources` {resource:?} is neither the bucket {arn} nor in it"
                );
                return refused("MalformedPolicy", message);
            }
            if shut && policy::is_public(statement) {
                let message = format!(
                    "`{path}` allows everybody something, which the bucket's \
                     `block_public_policy` shuts out; name a principal or add a condition"
                );
                return refused("AccessDenied", message);
            }
        }
        Ok(())
    }
}
