//! AWS: secretsmanager RotateSecret, DescribeSecret, CancelRotateSecret.

use crate::{
    aws::{FunctionArn, SecretArn},
    prelude::*,
    props, resource,
};

/// When a secret gets another value, and who makes it up. A secret has one.
///
/// What reads the secret when it starts must start anew, or read it again: what is rotated is not
/// what runs. Deletion ends rotation; the value stays as it is.
///
/// ```
/// use infra_core::{
///     aws::secretsmanager::{GenerateSecretString, RotationRules, RotationSchedule, Secret},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let secret = Secret::named("moodle")
///     .generate_secret_string(GenerateSecretString::new())
///     .create(&stack);
/// RotationSchedule::named("moodle")
///     .secret_id(&secret)
///     .rotation_lambda_arn("arn:aws:lambda:eu-central-1:123456789012:function:rotate")
///     .rotation_rules(RotationRules::by("cron(0 4 ? * SUN *)").duration(Hours(2)))
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:secretsmanager:RotationSchedule", key(secret_id), create = "2s")]
pub struct RotationSchedule {
    /// The secret, which has a value. Changing it replaces the schedule. AWS: `SecretId`.
    #[prop(replace, owner, needs = configured)]
    pub secret_id: SecretArn,
    /// When. Changes in place. AWS: `RotationRules`.
    pub rotation_rules: RotationRules,
    /// The function that makes up the value and sets it where it counts; the service may call it.
    /// Default: none, for the secret of a database's master user, which RDS rotates itself. Changes
    /// in place. AWS: `RotationLambdaARN`.
    pub rotation_lambda_arn: Option<FunctionArn>,
    /// Whether the secret is rotated when the schedule is made or changed. Default: true; else the
    /// function is only tried out. Changes in place; only the next change uses it. AWS:
    /// `RotateImmediately`.
    #[prop(default = true, write_only)]
    pub rotate_immediately_on_update: bool,
}

/// When a secret is rotated: every so many days, or by a schedule; one of the two.
#[props]
pub struct RotationRules {
    /// Every so many days after it got its value, 1 to 1000. Default: none. AWS:
    /// `AutomaticallyAfterDays`.
    pub automatically_after_days: Option<Days>,
    /// By `rate(…)` or `cron(…)` in UTC, on the hour, every four hours at the most. Default: none.
    /// AWS: `ScheduleExpression`.
    pub schedule_expression: Option<ScheduleExpression>,
    /// Within so many hours after that, and within the day. Default: an hour where there are several
    /// times a day, else until the end of the day. AWS: `Duration`.
    pub duration: Option<Hours>,
}

impl RotationRules {
    /// Every so many days after it got its value.
    pub fn every(days: impl IntoInput<Days>) -> Self {
        Self::new().automatically_after_days(days)
    }

    /// By a schedule.
    pub fn by(schedule: impl IntoInput<ScheduleExpression>) -> Self {
        Self::new().schedule_expression(schedule)
    }
}
