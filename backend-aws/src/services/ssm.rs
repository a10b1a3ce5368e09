//! AWS Systems Manager.

pub(crate) mod debian_ami;
pub(crate) mod ecs_optimized_ami;
pub(crate) mod parameter;
mod parameter_policy;

use crate::{
    aws::Aws,
    error::{Answer, Error},
};

/// The value of a parameter that AWS or somebody else publishes.
async fn published(aws: &Aws, name: &str) -> Answer<String> {
    let told = aws.ssm().get_parameter().name(name).send().await?;
    let incomplete = || Error::incomplete("ssm", "GetParameter", "Value");
    told.parameter.and_then(|parameter| parameter.value).ok_or_else(incomplete)
}
