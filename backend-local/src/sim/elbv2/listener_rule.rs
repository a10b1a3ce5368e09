//! What is special about a rule of a listener: its priority, conditions and actions.

use infra_core::{
    aws::elbv2::{self, Protocol, TransformArgs},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::{
    action::{self, Place},
    condition,
};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ListenerRule];

const CODES: Codes = Codes {
    not_found: "RuleNotFound",
    not_ready: "InvalidConfigurationRequest",
    exists: "PriorityInUse",
    in_use: "ResourceInUse",
    quota: "TooManyRules",
};
/// AWS: "Rules per Application Load Balancer", adjustable, without those of listeners themselves.
const PER_BALANCER: usize = 100;
/// The longest expression of a transform, and the longest text in its place.
const REWRITE: usize = 1024;

struct ListenerRule;

impl Special for ListenerRule {
    fn ty(&self) -> &'static TypeDef {
        elbv2::ListenerRule::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let priority = asked.get(elbv2::ListenerRule::PRIORITY).unwrap_or(1);
        if !(1..=50_000).contains(&priority) {
            let message = format!("`priority` {priority} must be between 1 and 50000");
            return Err(Refusal::invalid("priority", "ValidationError", message));
        }
        condition::check(&asked.get(elbv2::ListenerRule::CONDITIONS).unwrap_or_default())?;
        check_transforms(&asked.get(elbv2::ListenerRule::TRANSFORMS).unwrap_or_default())?;
        let Some(listener) = asked.referenced(elbv2::ListenerRule::LISTENER_ARN) else {
            return Ok(());
        };
        let protocol = of(listener, elbv2::Listener::PROTOCOL).unwrap_or(Protocol::Http);
        if !protocol.is_http() {
            let message = format!(
                "`listener_arn` {}: only listeners of application load balancers have such rules, \
                 and its protocol is {protocol}",
                listener.id
            );
            return Err(Refusal::invalid("listener_arn", "UnsupportedProtocol", message));
        }
        let ty = elbv2::LoadBalancer::definition().name;
        let home = listener.text("load_balancer_arn");
        let Some(balancer) = asked.world.get(ty, home, asked.scope) else { return Ok(()) };
        check_quota(asked, home)?;
        let actions = asked.get(elbv2::ListenerRule::ACTIONS).unwrap_or_default();
        action::check(asked, &Place { property: "actions", protocol, balancer }, &actions)
    }
}

fn check_transforms(transforms: &[TransformArgs]) -> Result<(), Refusal> {
    let refused = |message| Err(Refusal::invalid("transforms", "ValidationError", message));
    let hosts = transforms
        .iter()
        .filter(|transform| matches!(transform, TransformArgs::HostHeaderRewrite(_)));
    let hosts = hosts.count();
    if hosts > 1 || transforms.len() - hosts > 1 {
        return refused(
            "`transforms` rewrites the same twice; one of each kind is allowed".to_owned(),
        );
    }
    for transform in transforms {
        let (TransformArgs::HostHeaderRewrite(rewrite) | TransformArgs::UrlRewrite(rewrite)) =
            transform;
        let longest = rewrite.regex.len().max(rewrite.replace.len());
        if longest > REWRITE {
            return refused(format!(
                "`transforms` has a text of {longest} bytes; {REWRITE} are allowed"
            ));
        }
    }
    Ok(())
}

fn check_quota(asked: &Asked<'_>, balancer: &str) -> Result<(), Refusal> {
    let listener = elbv2::Listener::definition().name;
    let rules = asked.world.all(asked.ty.name, asked.scope).filter(|rule| {
        let listener = asked.world.get(listener, rule.text("listener_arn"), asked.scope);
        listener.is_some_and(|listener| listener.text("load_balancer_arn") == balancer)
    });
    if asked.old.is_none() && rules.count() >= PER_BALANCER {
        let quota = Refusal::quota("rules of a load balancer", PER_BALANCER);
        return Err(quota.in_words_of(Some(&CODES)));
    }
    Ok(())
}
