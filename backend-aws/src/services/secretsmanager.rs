//! AWS Secrets Manager.

pub(crate) mod resource_policy;
pub(crate) mod rotation_schedule;
pub(crate) mod secret;

use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
};

/// What is told of a secret. One that waits for its end is as good as gone: nobody can read it.
async fn describe(aws: &Aws, secret: &str) -> Answer<Option<DescribeSecretOutput>> {
    let told = aws.secretsmanager().describe_secret().secret_id(secret).send().await.if_found()?;
    Ok(told.filter(|told| told.deleted_date().is_none()))
}
