//! How the instances of a group are replaced when its template changes.

use crate::{prelude::*, props};

/// How instances are replaced when what they are started from changes: the update is over when all
/// of them are new. AWS: StartInstanceRefresh, `Preferences`.
///
/// Instances that are protected from scale-in are replaced too. A refresh that fails or is undone
/// ends the update with an error.
#[props]
pub struct InstanceRefresh {
    /// How many percent of the instances there are at least meanwhile, 0 to 100. Default: as the
    /// group's `instance_maintenance_policy` says, else 90. AWS: `MinHealthyPercentage`.
    pub min_healthy_percentage: Option<u32>,
    /// How many percent there are at most, 100 to 200, and within 100 of the other one. Default: as
    /// the group's `instance_maintenance_policy` says, else 100. AWS: `MaxHealthyPercentage`.
    pub max_healthy_percentage: Option<u32>,
    /// How long a new instance is waited for before it counts. Default: the group's
    /// `default_instance_warmup`, else its grace period. AWS: `InstanceWarmup`.
    pub instance_warmup: Option<Seconds>,
    /// After how many percent of new instances it waits, in rising order up to 100. Default: it does
    /// not wait. AWS: `CheckpointPercentages`.
    #[prop(default)]
    pub checkpoint_percentages: Vec<u32>,
    /// How long it waits then, up to two days. Default: an hour. AWS: `CheckpointDelay`.
    pub checkpoint_delay: Option<Seconds>,
    /// Whether the group goes back to what it was when a refresh fails. Default: false. AWS:
    /// `AutoRollback`.
    #[prop(default = false)]
    pub auto_rollback: bool,
    /// Whether instances stay that are like the new template already. Default: true. AWS:
    /// `SkipMatching`.
    #[prop(default = true)]
    pub skip_matching: bool,
    /// How long new instances must be well before it is over, up to two days. Default: 0. AWS:
    /// `BakeTime`.
    pub bake_time: Option<Seconds>,
}
