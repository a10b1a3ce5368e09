//! [`Execute`]: rules that Cloudflare keeps.

use super::Action;
use crate::props;

/// Which rules are asked.
#[props]
pub struct Execute {
    /// Which. Cloudflare: `id`.
    pub id: ManagedRuleset,
    /// What is otherwise than Cloudflare has it. Default: nothing. Cloudflare: `overrides`.
    pub overrides: Option<Overrides>,
}

impl Execute {
    /// The rules as Cloudflare has them.
    pub fn of(ruleset: ManagedRuleset) -> Self {
        Self::new(ruleset)
    }
}

/// Rules that Cloudflare keeps.
#[props]
pub enum ManagedRuleset {
    /// Against attacks on what is known to have holes. Paid plans.
    #[prop("efb7b8c949ac4650a09736fc376e9aee")]
    Cloudflare,
    /// Against what looks like an attack, by points. Paid plans.
    #[prop("4814384a9e5d4991b9815dcfc25d2f1f")]
    Owasp,
    /// Against the worst attacks. Every plan has them on.
    #[prop("77454fe2d30c4220b5701f6fdfb893ba")]
    CloudflareFree,
}

/// What is otherwise than Cloudflare has it.
#[props]
pub struct Overrides {
    /// Whether all are asked. Default: as Cloudflare has it. Cloudflare: `enabled`.
    pub enabled: Option<bool>,
    /// What all do. Default: as Cloudflare has it. Cloudflare: `action`.
    pub action: Option<Action>,
    /// Rules of a kind. Default: none. Cloudflare: `categories`.
    #[prop(default)]
    pub categories: Vec<CategoryOverride>,
    /// Single rules. Default: none. Cloudflare: `rules`.
    #[prop(default)]
    pub rules: Vec<RuleOverride>,
}

/// What is otherwise of rules of a kind.
#[props]
pub struct CategoryOverride {
    /// The kind, such as `paranoia-level-3`. Cloudflare: `category`.
    pub category: String,
    /// Whether they are asked. Default: as Cloudflare has it. Cloudflare: `enabled`.
    pub enabled: Option<bool>,
    /// What they do. Default: as Cloudflare has it. Cloudflare: `action`.
    pub action: Option<Action>,
}

/// What is otherwise of a rule.
#[props]
pub struct RuleOverride {
    /// Its id, 32 hexadecimal digits. Cloudflare: `id`.
    pub id: String,
    /// Whether it is asked. Default: as Cloudflare has it. Cloudflare: `enabled`.
    pub enabled: Option<bool>,
    /// What it does. Default: as Cloudflare has it. Cloudflare: `action`.
    pub action: Option<Action>,
    /// From how many points on, of rules by points. Default: as Cloudflare has it. Cloudflare:
    /// `score_threshold`.
    pub score_threshold: Option<u32>,
}
