//! What an instance gets where the program takes something back that it said: that of the launch
//! template, else what AWS takes by itself.

use aws_sdk_ec2::types::{
    self as sdk, EbsOptimizedSupport, UnlimitedSupportedInstanceFamily as Family,
};
use infra_core::{aws::ec2, handler::TypedRequest};

use super::super::filter;
use crate::{aws::Aws, error::Answer};

type Request<'a> = TypedRequest<'a, ec2::Instance>;

/// What the launch template says.
pub(super) async fn template(
    aws: &Aws,
    request: &Request<'_>,
) -> Answer<Option<sdk::ResponseLaunchTemplateData>> {
    let Some(template) = &request.args.launch_template else { return Ok(None) };
    let asked = aws.ec2().describe_launch_template_versions();
    let asked = asked.launch_template_id(template.launch_template_id.as_str());
    let told = asked.versions(&template.version).send().await?;
    let version = told.launch_template_versions.and_then(|all| all.into_iter().next());
    Ok(version.and_then(|version| version.launch_template_data))
}

/// The group that a VPC has of its own.
pub(super) async fn default_group(aws: &Aws, vpc: &str) -> Answer<Vec<String>> {
    let asked = aws.ec2().describe_security_groups().filters(filter("vpc-id", vpc));
    let told = asked.filters(filter("group-name", "default")).send().await?;
    Ok(told.security_groups().iter().filter_map(|it| it.group_id().map(str::to_owned)).collect())
}

/// Whether a type has a bandwidth of its own for volumes unless told otherwise; `None` if it can't
/// be told otherwise.
pub(super) async fn optimized(aws: &Aws, kind: &str) -> Answer<Option<bool>> {
    let told = aws.ec2().describe_instance_types().instance_types(kind.into()).send().await?;
    let ebs = told.instance_types().first().and_then(|it| it.ebs_info());
    Ok(match ebs.and_then(|it| it.ebs_optimized_support()) {
        Some(EbsOptimizedSupport::Default) => Some(true),
        Some(EbsOptimizedSupport::Supported) => Some(false),
        _ => None,
    })
}

/// What a burstable type does when its credits are used up, as the account is set.
pub(super) async fn credits(aws: &Aws, kind: &str) -> Answer<Option<String>> {
    let family = kind.split('.').next().unwrap_or_default();
    let asked = aws.ec2().get_default_credit_specification();
    let told = asked.instance_family(Family::from(family)).send().await?;
    Ok(told.instance_family_credit_specification.and_then(|it| it.cpu_credits))
}
