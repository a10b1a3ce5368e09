//! Cloudflare: PUT and GET /zones/{zone_id}/rulesets/phases/{ruleset_phase}/entrypoint, DELETE
//! /zones/{zone_id}/rulesets/{ruleset_id}.

use super::{
    Action, ActionParameters, ActionParametersArgs, CacheSettings, Execute, ExecuteArgs, RateLimit,
    Skip,
};
use crate::{cloudflare::ZoneId, prelude::*, props, resource};

/// The rules of a zone in one phase, in their order. A zone has one for each phase; it takes the
/// place of all rules that the phase had.
///
/// ```
/// use infra_core::{
///     cloudflare::{
///         Plan,
///         rulesets::{Action, Characteristic, Phase, RateLimit, Rule, Ruleset},
///         zones::Zone,
///     },
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let zone = Zone::lookup("campus").name("campus.example.org").plan(Plan::Pro).create(&stack);
/// let limit = RateLimit::new([Characteristic::ip()], Seconds(60), 30_u32, Seconds(600));
/// Ruleset::named("limits")
///     .zone_id(zone.zone_id())
///     .phase(Phase::HttpRatelimit)
///     .rules([Rule::new(r#"http.request.uri.path eq "/login/index.php""#, Action::Block)
///         .description("guessing of passwords")
///         .ratelimit(limit)])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "cloudflare:rulesets:Ruleset",
    key(zone_id, phase),
    create = "2s",
    update = "2s",
    delete = "2s"
)]
pub struct Ruleset {
    /// The zone. Changing it replaces the rules. Cloudflare: `zone_id`.
    #[prop(replace)]
    pub zone_id: ZoneId,
    /// When they are asked. Changing it replaces the rules. Cloudflare: `phase`.
    #[prop(replace)]
    pub phase: Phase,
    /// What they are for. Default: none. Changes in place. Cloudflare: `description`.
    pub description: Option<String>,
    /// The rules. Change in place, all at once. Cloudflare: `rules`.
    pub rules: Vec<Rule>,
    /// The id. Cloudflare: `id`.
    #[output(at = exists)]
    pub ruleset_id: String,
}

/// When rules are asked, in this order.
#[props]
pub enum Phase {
    /// Rules of one's own about who comes in.
    #[prop("http_request_firewall_custom")]
    HttpRequestFirewallCustom,
    /// Rules about how often somebody may come.
    #[prop("http_ratelimit")]
    HttpRatelimit,
    /// Rules that Cloudflare keeps.
    #[prop("http_request_firewall_managed")]
    HttpRequestFirewallManaged,
    /// Rules about what is cached.
    #[prop("http_request_cache_settings")]
    HttpRequestCacheSettings,
}

/// What is done with requests of which something is true.
#[props]
pub struct Rule {
    /// Of which requests, in Cloudflare's language of rules, up to 4096 characters; `true` for all.
    /// Cloudflare: `expression`.
    pub expression: String,
    /// What is done. Cloudflare: `action`.
    pub action: Action,
    /// How it is done; of the same kind as the action. Default: as Cloudflare does it. Cloudflare:
    /// `action_parameters`.
    pub action_parameters: Option<ActionParameters>,
    /// What it is for. Default: none. Cloudflare: `description`.
    pub description: Option<String>,
    /// Whether it is asked. Default: true. Cloudflare: `enabled`.
    #[prop(default = true)]
    pub enabled: bool,
    /// By what Cloudflare knows it again when the rules change; unique among them. Default: its
    /// place. Cloudflare: `ref`.
    pub reference: Option<String>,
    /// From how many requests on it is done: in the phase of rate limits, which needs it.
    /// Cloudflare: `ratelimit`.
    pub ratelimit: Option<RateLimit>,
    /// Whether what is skipped is logged. Default: true. Cloudflare: `logging.enabled`.
    pub log_skipped: Option<bool>,
}

impl Rule {
    /// Turns requests away.
    pub fn block(expression: impl IntoInput<String>) -> Self {
        Self::new(expression, Action::Block)
    }

    /// Asks who comes whether it is a human, where that is in doubt.
    pub fn managed_challenge(expression: impl IntoInput<String>) -> Self {
        Self::new(expression, Action::ManagedChallenge)
    }

    /// Leaves out other rules.
    pub fn skip(expression: impl IntoInput<String>, skip: impl IntoInput<Skip>) -> Self {
        Self::new(expression, Action::Skip).action_parameters(ActionParameters::skip(skip))
    }

    /// Asks rules that Cloudflare keeps.
    pub fn execute(expression: impl IntoInput<String>, execute: impl IntoInput<Execute>) -> Self {
        Self::new(expression, Action::Execute).action_parameters(ActionParameters::execute(execute))
    }

    /// Says what is cached.
    pub fn cache(
        expression: impl IntoInput<String>,
        settings: impl IntoInput<CacheSettings>,
    ) -> Self {
        Self::new(expression, Action::SetCacheSettings)
            .action_parameters(ActionParameters::set_cache_settings(settings))
    }
}

impl RuleArgs {
    /// The rules that it asks, if it does so.
    #[must_use]
    pub fn executed(&self) -> Option<&ExecuteArgs> {
        match &self.action_parameters {
            Some(ActionParametersArgs::Execute(execute)) => Some(execute),
            _ => None,
        }
    }
}
