//! What clusters and their instances have in common.

use crate::{prelude::*, props, types::secret_texts};

/// The engine of a cluster and its instances.
#[props(words = "kebab")]
pub enum Engine {
    /// Aurora, as MySQL. Moodle's `dbtype` for it is `auroramysql`.
    AuroraMysql,
}

/// How storage is paid for.
#[props]
pub enum StorageType {
    /// By size and by each input and output.
    #[prop("aurora")]
    Aurora,
    /// By size alone, at a higher rate: cheaper where input and output make a quarter of the bill.
    #[prop("aurora-iopt1")]
    AuroraIopt1,
}

/// A log that instances send to CloudWatch Logs, to the group
/// `/aws/rds/cluster/<identifier>/<log>`.
#[props(words = "kebab")]
pub enum LogExport {
    /// Who connected and asked what, as the parameter `server_audit_logging` says.
    Audit,
    /// What went wrong in the engine.
    Error,
    /// Every statement, as the parameter `general_log` says; a lot.
    General,
    /// Failures of logins with tokens of IAM.
    IamDbAuthError,
    /// What happened to the machine.
    Instance,
    /// Statements that took long, as the parameters `slow_query_log` and `long_query_time` say.
    Slowquery,
}

/// How much is kept of what instances did, and how it is shown.
#[props(words = "lower")]
pub enum DatabaseInsightsMode {
    /// Load by statement and wait, for a week.
    Standard,
    /// Also plans, locks and whole fleets, for 15 months; paid for.
    Advanced,
}

/// How much instances of the class `db.serverless` grow and shrink, in capacity units (ACU) of
/// about 2 GiB of memory, in steps of a half.
#[props]
pub struct ServerlessV2ScalingConfiguration {
    /// The least, 0 to 255.5; 0 lets idle instances pause. How fast an instance grows depends on
    /// where it starts: for exams keep this high. AWS: `MinCapacity`.
    pub min_capacity: f64,
    /// The most, 1 to 256. AWS: `MaxCapacity`.
    pub max_capacity: f64,
    /// After how long without connections an instance pauses, 5 minutes to a day; with a
    /// `min_capacity` of 0 alone. Default: 5 minutes there. AWS: `SecondsUntilAutoPause`.
    pub seconds_until_auto_pause: Option<Seconds>,
}

/// How a cluster is made of what another one was at a moment.
#[props(words = "kebab")]
pub enum RestoreType {
    /// All data is copied.
    FullCopy,
    /// Data is shared until one of both changes it: quick, and only from the latest moment.
    CopyOnWrite,
}

secret_texts! {
    /// The password of a cluster's first user.
    MasterUserPassword:
        "a password of 8 to 41 printable characters, without / @ \" and spaces",
        8..=41,
        |character| character.is_ascii_graphic() && !"/@\"".contains(character);
}
