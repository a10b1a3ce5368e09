//! AWS: ecs PutAccountSettingDefault, ListAccountSettings.

use crate::{props, resource};

/// A setting of ECS for everybody in the account, in one region.
///
/// A setting is always there. Creation sets it, and deletion sets what AWS gives to new accounts;
/// what was set before by hand is not restored. One stack of an account has it, beside which others
/// stand.
///
/// What counts when instances register (`awsvpcTrunking`) must be set before they start: let the
/// group of instances depend on it.
///
/// ```
/// use infra_core::{
///     aws::ecs::{AccountSetting, AccountSettingName, AccountSettingValue},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let trunking = AccountSetting::named("trunking")
///     .name(AccountSettingName::AwsvpcTrunking)
///     .value(AccountSettingValue::Enabled)
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ecs:AccountSetting", key(name), create = "1s")]
pub struct AccountSetting {
    /// Which one. Changing it sets the old one back, and the other one. AWS: `name`.
    #[prop(replace)]
    pub name: AccountSettingName,
    /// What it is set to; each setting has its own values. Changes in place. AWS: `value`.
    pub value: AccountSettingValue,
}

/// A setting of ECS.
#[props]
pub enum AccountSettingName {
    /// Whether instances have room for many tasks with a network interface of their own: `enabled`
    /// or `disabled`. Counts for instances that start afterwards. AWS sets new accounts to
    /// `disabled`.
    #[prop("awsvpcTrunking")]
    AwsvpcTrunking,
    /// Whether new clusters tell figures of their containers: `enabled`, `enhanced` or `disabled`.
    /// AWS sets new accounts to `disabled`.
    #[prop("containerInsights")]
    ClusterInsights,
    /// What happens to a container whose log can't be written: it waits (`blocking`) or loses lines
    /// (`non-blocking`). AWS sets new accounts to `non-blocking`.
    #[prop("defaultLogDriverMode")]
    DefaultLogDriverMode,
    /// Whether Fargate uses cryptography that FIPS 140 allows: `enabled` or `disabled`. AWS sets new
    /// accounts to `disabled`.
    #[prop("fargateFIPSMode")]
    FargateFipsMode,
    /// How many days Fargate waits before it replaces tasks on a platform that is to be patched: `0`,
    /// `7` or `14`. AWS sets new accounts to `7`.
    #[prop("fargateTaskRetirementWaitPeriod")]
    FargateTaskRetirementWaitPeriod,
    /// Whether who creates with tags must be allowed to tag: `on` or `off`. AWS sets new accounts to
    /// `on`.
    #[prop("tagResourceAuthorization")]
    TagResourceAuthorization,
}

/// What a setting of ECS is set to.
#[props]
pub enum AccountSettingValue {
    /// It is used.
    #[prop("enabled")]
    Enabled,
    /// It is not used.
    #[prop("disabled")]
    Disabled,
    /// It is used, with more detail.
    #[prop("enhanced")]
    Enhanced,
    /// It is asked for.
    #[prop("on")]
    On,
    /// It is not asked for.
    #[prop("off")]
    Off,
    /// A container waits.
    #[prop("blocking")]
    Blocking,
    /// A container goes on.
    #[prop("non-blocking")]
    NonBlocking,
    /// At once.
    #[prop("0")]
    Days0,
    /// A week.
    #[prop("7")]
    Days7,
    /// Two weeks.
    #[prop("14")]
    Days14,
}
