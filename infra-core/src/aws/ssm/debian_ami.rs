//! AWS: ssm GetParameter of `/aws/service/debian/release/<release>/latest/<architecture>`.

use super::Architecture;
use crate::{aws::AmiId, lookup, props};

/// The newest image of a release of Debian, as the Debian project publishes it.
///
/// It is read once and kept in state, as [`EcsOptimizedAmi`](super::EcsOptimizedAmi) is.
///
/// ```
/// use infra_core::{aws::ssm::{Architecture, DebianAmi}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let image = DebianAmi::lookup("files").architecture(Architecture::Arm64).create(&stack);
/// # let _ = image.image_id();
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[lookup("aws:ssm:DebianAmi")]
pub struct DebianAmi {
    /// The processors that it runs on; it must fit the type of the instances. Changing it reads
    /// anew. AWS: the end of the parameter's name.
    pub architecture: Architecture,
    /// The release. Default: 12, "bookworm". Changing it reads anew. AWS: the part behind `release`
    /// of the parameter's name.
    #[prop(default = DebianRelease::Bookworm)]
    pub release: DebianRelease,
    /// The image. AWS: `Value`.
    #[output]
    pub image_id: AmiId,
}

/// A release of Debian.
#[props]
pub enum DebianRelease {
    /// Debian 12.
    #[prop("12")]
    Bookworm,
    /// Debian 13.
    #[prop("13")]
    Trixie,
}
