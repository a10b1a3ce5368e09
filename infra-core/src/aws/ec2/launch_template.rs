//! AWS: ec2 CreateLaunchTemplate, CreateLaunchTemplateVersion, ModifyLaunchTemplate,
//! DescribeLaunchTemplateVersions, DeleteLaunchTemplate.

mod data;
mod market;
mod metadata;
mod network;
mod requirements;
mod storage;

pub use data::*;
pub use market::*;
pub use metadata::*;
pub use network::*;
pub use requirements::*;
pub use storage::*;

use crate::{aws::LaunchTemplateId, prelude::*, resource};

/// What instances are started from: an Auto Scaling group names a template and a version of it.
///
/// Whatever changes in the data makes a new version, which becomes the default one; earlier
/// versions stay, so that a group can go back.
///
/// ```
/// use infra_core::{
///     aws::ec2::{LaunchTemplate, LaunchTemplateData},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let template = LaunchTemplate::named("web")
///     .launch_template_data(
///         LaunchTemplateData::new()
///             .image_id("ami-0123456789abcdef0")
///             .instance_type("m7g.large")
///             .user_data("#!/bin/sh\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\n"),
///     )
///     .create(&stack);
/// stack.output("version", template.latest_version_number());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:ec2:LaunchTemplate",
    find = token,
    unique(launch_template_name),
    after(
        "aws:iam:RolePolicyAttachment",
        this = "launch_template_data.iam_instance_profile.arn->role_name \
                | launch_template_data.iam_instance_profile.name->role_name",
        that = "role_name",
        why = "instances use their role's permissions from their start until they are gone"
    ),
    after(
        "aws:iam:RolePolicy",
        this = "launch_template_data.iam_instance_profile.arn->role_name \
                | launch_template_data.iam_instance_profile.name->role_name",
        that = "role_name",
        why = "instances use their role's permissions from their start until they are gone"
    ),
    create = "1s",
    delete = "1s"
)]
pub struct LaunchTemplate {
    /// The name, 3 to 128 letters, digits and `().-/_`. Default: made up. Changing it replaces the
    /// template. AWS: `LaunchTemplateName`.
    #[prop(replace, name(128, hyphens))]
    pub launch_template_name: Option<String>,
    /// What instances are made of. Changing it makes a new version, in place. AWS:
    /// `LaunchTemplateData`.
    pub launch_template_data: LaunchTemplateData,
    /// What is special about the version, at most 255 characters. Default: none. Changing it makes
    /// a new version, in place. AWS: `VersionDescription`.
    pub version_description: Option<String>,
    /// Tags of the template itself; those of instances and volumes stand in the data. Default:
    /// none. Change in place. AWS: `TagSpecifications`.
    #[prop(default)]
    pub tags: Tags,
    /// The id. AWS: `LaunchTemplateId`.
    #[output(id = "lt-", at = exists)]
    pub launch_template_id: LaunchTemplateId,
    /// The version that the latest change made, such as `3`. AWS: `LatestVersionNumber`.
    #[output(at = exists, changes_with(launch_template_data, version_description))]
    pub latest_version_number: String,
    /// The version that is used where none is named: the latest one. AWS: `DefaultVersionNumber`.
    #[output(at = exists, changes_with(launch_template_data, version_description))]
    pub default_version_number: String,
    /// The ARN.
    #[output(arn = "arn:aws:ec2:{region}:{account}:launch-template/{id}", at = exists)]
    pub arn: String,
}
