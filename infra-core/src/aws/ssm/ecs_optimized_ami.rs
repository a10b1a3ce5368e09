//! AWS: ssm GetParameter of `/aws/service/ecs/optimized-ami/<family>/[arm64/]recommended`.

use crate::{aws::AmiId, lookup, props};

/// The newest image of Amazon Linux that is ready for ECS.
///
/// AWS brings a new one out every few weeks. It is read once and kept in state: an unchanged
/// program goes on with the image that it has until it is told to look again.
///
/// ```
/// use infra_core::{
///     aws::{
///         ec2::{LaunchTemplate, LaunchTemplateData},
///         ssm::{Architecture, EcsOptimizedAmi},
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let image = EcsOptimizedAmi::lookup("image").architecture(Architecture::Arm64).create(&stack);
/// LaunchTemplate::named("web")
///     .launch_template_data(
///         LaunchTemplateData::new().image_id(image.image_id()).instance_type("m7g.large"),
///     )
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[lookup("aws:ssm:EcsOptimizedAmi")]
pub struct EcsOptimizedAmi {
    /// The processors that it runs on; it must fit the type of the instances. Changing it reads
    /// anew. AWS: the part `arm64` of the parameter's name.
    pub architecture: Architecture,
    /// The release of Amazon Linux. Default: 2023. Changing it reads anew. AWS: the part behind
    /// `optimized-ami` of the parameter's name.
    #[prop(default = EcsAmiFamily::AmazonLinux2023)]
    pub family: EcsAmiFamily,
    /// The image. AWS: `image_id`.
    #[output]
    pub image_id: AmiId,
    /// Its name. AWS: `image_name`.
    #[output]
    pub image_name: String,
    /// Its version, such as `2023.0.20250610`. AWS: `image_version`.
    #[output]
    pub image_version: String,
    /// The operating system in words. AWS: `os`.
    #[output]
    pub os: String,
    /// The version of the ECS agent in it. AWS: `ecs_agent_version`.
    #[output]
    pub ecs_agent_version: String,
    /// The version of Docker in it, in words. AWS: `ecs_runtime_version`.
    #[output]
    pub ecs_runtime_version: String,
}

/// The processors that an image runs on.
#[props]
pub enum Architecture {
    /// Intel and AMD.
    #[prop("x86_64")]
    X86_64,
    /// 64-bit ARM: Graviton.
    #[prop("arm64")]
    Arm64,
}

/// A release of Amazon Linux.
#[props]
pub enum EcsAmiFamily {
    /// Amazon Linux 2023.
    #[prop("amazon-linux-2023")]
    AmazonLinux2023,
    /// Amazon Linux 2, for what does not run on the newer one yet.
    #[prop("amazon-linux-2")]
    AmazonLinux2,
}
