//! Groups of rules that AWS keeps.

use super::{Condition, RuleAction};
use crate::{prelude::*, props};

/// Rules that AWS keeps.
#[props]
pub struct ManagedRuleGroupStatement {
    /// Which. AWS: `Name`, with `AWS` as `VendorName`.
    pub name: ManagedRuleGroup,
    /// The version. Default: what AWS takes for the best one. AWS: `Version`.
    pub version: Option<String>,
    /// Rules of the group that do something else than they would, up to 100. Default: none. AWS:
    /// `RuleActionOverrides`.
    #[prop(default)]
    pub rule_action_overrides: Vec<RuleActionOverride>,
    /// Which requests it is asked about. Default: all. AWS: `ScopeDownStatement`.
    pub scope_down_statement: Option<Condition>,
    /// Of [`ManagedRuleGroup::BotControl`], which needs it. AWS: `ManagedRuleGroupConfigs`,
    /// `AWSManagedRulesBotControlRuleSet`.
    pub bot_control: Option<BotControl>,
}

/// What a rule of a group does instead.
#[props]
pub struct RuleActionOverride {
    /// The rule, such as `SizeRestrictions_BODY`. AWS: `Name`.
    pub name: String,
    /// What it does. AWS: `ActionToUse`.
    pub action_to_use: RuleAction,
}

impl RuleActionOverride {
    /// A rule that counts alone.
    pub fn count(name: impl IntoInput<String>) -> Self {
        Self::new(name, RuleAction::only_count())
    }
}

/// How closely bots are looked at.
#[props]
pub struct BotControl {
    /// How closely; `TARGETED` costs more. AWS: `InspectionLevel`.
    pub inspection_level: BotInspectionLevel,
    /// Targeted: whether what AWS learns from the traffic counts. Default: true. AWS:
    /// `EnableMachineLearning`.
    pub enable_machine_learning: Option<bool>,
}

/// How closely bots are looked at.
#[props(words = "UPPER")]
pub enum BotInspectionLevel {
    /// Bots that say what they are.
    Common,
    /// Those too that don't.
    Targeted,
}

/// A group of rules that AWS keeps. Those that need to know the pages of a site (takeover of
/// accounts, false ones) are left out.
#[props]
pub enum ManagedRuleGroup {
    /// What holds for most sites: the core rule set; 700 WCU.
    #[prop("AWSManagedRulesCommonRuleSet")]
    Common,
    /// Pages of administrators; 100 WCU.
    #[prop("AWSManagedRulesAdminProtectionRuleSet")]
    AdminProtection,
    /// What is known to be bad; 200 WCU.
    #[prop("AWSManagedRulesKnownBadInputsRuleSet")]
    KnownBadInputs,
    /// SQL; 200 WCU.
    #[prop("AWSManagedRulesSQLiRuleSet")]
    Sqli,
    /// Files of Linux; 200 WCU.
    #[prop("AWSManagedRulesLinuxRuleSet")]
    Linux,
    /// Commands of Unix; 100 WCU.
    #[prop("AWSManagedRulesUnixRuleSet")]
    Unix,
    /// Commands of Windows; 200 WCU.
    #[prop("AWSManagedRulesWindowsRuleSet")]
    Windows,
    /// Functions of PHP; 100 WCU.
    #[prop("AWSManagedRulesPHPRuleSet")]
    Php,
    /// What WordPress is attacked with; 100 WCU.
    #[prop("AWSManagedRulesWordPressRuleSet")]
    WordPress,
    /// Addresses that AWS knows for bots and attacks; 25 WCU.
    #[prop("AWSManagedRulesAmazonIpReputationList")]
    AmazonIpReputation,
    /// Addresses that hide who asks: proxies, hosting; 50 WCU.
    #[prop("AWSManagedRulesAnonymousIpList")]
    AnonymousIp,
    /// Bots; 50 WCU, and a price of its own.
    #[prop("AWSManagedRulesBotControlRuleSet")]
    BotControl,
}
