//! The case of `aws:s3:BucketPolicy`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        iam::{PolicyDocument, Principal, Statement},
        s3::{Bucket, BucketPolicy},
    },
    prelude::*,
};

/// A service may put logs into a bucket.
fn logging(bucket: &Bucket, service: &str) -> PolicyDocument {
    PolicyDocument::new([Statement::allow()
        .principals([Principal::service(service)])
        .actions(["s3:PutObject"])
        .resources([interpolate!("{}/logs/*", bucket.arn())])])
}

fn refused(stack: &Stack, statement: Statement) {
    let bucket = Bucket::named("bucket").bucket_name("campus").create(stack);
    BucketPolicy::named("subject")
        .bucket(&bucket)
        .policy_document(PolicyDocument::new([statement]))
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: BucketPolicy::definition,
    build: |stack, v| {
        let bucket = Bucket::named("bucket").create(stack);
        let service = v.pick(
            "policy_document",
            "logging.s3.amazonaws.com",
            "logdelivery.elasticloadbalancing.amazonaws.com",
        );
        BucketPolicy::named("subject")
            .bucket(&bucket)
            .policy_document(logging(&bucket, service))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "policy_document.statements[0].resources",
            build: |stack| {
                let statement = Statement::allow()
                    .principals([Principal::aws("123456789012")])
                    .actions(["s3:GetObject"])
                    .resources(["arn:aws:s3:::campus-other/*"]);
                refused(stack, statement);
            },
            says: "neither the bucket arn:aws:s3:::campus nor in it",
        },
        Refused {
            property: "policy_document.statements[0]",
            build: |stack| {
                let statement = Statement::allow()
                    .principals([Principal::everyone()])
                    .actions(["s3:GetObject"])
                    .resources(["arn:aws:s3:::campus/*"]);
                refused(stack, statement);
            },
            says: "`block_public_policy` shuts out",
        },
        Refused {
            property: "policy_document.statements[0].principals",
            build: |stack| {
                let statement = Statement::allow()
                    .actions(["s3:GetObject"])
                    .resources(["arn:aws:s3:::campus/*"]);
                refused(stack, statement);
            },
            says: "says whom the statement is about",
        },
        Refused {
            property: "policy_document",
            build: |stack| {
                let keys = (0..800).map(|n| format!("arn:aws:s3:::campus/folder-{n:010}/*"));
                let statement = Statement::allow()
                    .principals([Principal::aws("123456789012")])
                    .actions(["s3:GetObject"])
                    .resources(keys.collect::<Vec<_>>());
                refused(stack, statement);
            },
            says: "20480 are the most",
        },
    ],
    fixed: &[("bucket", "a policy is about its bucket: another one changes both")],
    cfn: Cfn { name: "AWS::S3::BucketPolicy", differs: &[], renamed: &[] },
}];
