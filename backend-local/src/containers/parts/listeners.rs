//! Listeners, rules and target groups of the account, as the balancer reads them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use infra_core::{
    aws::elbv2::{
        self, ActionArgs, LoadBalancingAlgorithm, MutualAuthenticationMode, RedirectActionArgs,
        RedirectProtocol, RedirectStatusCode, RuleConditionArgs, StickinessArgs,
        XffHeaderProcessingMode,
    },
    types::Seconds,
};

use super::balancer::{https, local_address, local_port};
use crate::{
    containers::{
        agent::Settings,
        balancer::{
            Action, Algorithm, Attributes, BalancerConfig, Condition, FixedResponse, Forward,
            ForwardedFor, HealthCheck, Listener, Protocol, QueryPattern, Redirect, Rule,
            TargetGroup, TlsVersion, Weighted,
        },
    },
    sim::{Thing, View},
};

type B = elbv2::LoadBalancer;
type L = elbv2::Listener;
type R = elbv2::ListenerRule;
type G = elbv2::TargetGroup;

/// What a balancer is to be, and which certificates each listener has.
pub(super) fn read(
    view: &View,
    balancer: &Thing<'_, B>,
    settings: &Settings,
) -> (BalancerConfig, BTreeMap<String, Vec<String>>) {
    let mut certificates = BTreeMap::new();
    let listeners: Vec<Listener> = listeners_of(view, balancer.arn())
        .filter_map(|listener| {
            let port = listener.get(L::PORT)?;
            let tls = listener.get(L::PROTOCOL)?.is_tls();
            let protocol = if tls {
                let arns = listener.get(L::CERTIFICATES).unwrap_or_default();
                let arns = arns.iter().map(ToString::to_string).collect();
                certificates.insert(listener.arn().to_owned(), arns);
                https(min_version(listener.get(L::SSL_POLICY).as_deref()))
            } else {
                Protocol::Http
            };
            let default = listener.get(L::DEFAULT_ACTIONS).unwrap_or_default();
            Some(Listener {
                name: listener.arn().to_owned(),
                address: local_address(settings, port),
                protocol,
                rules: rules(view, listener.arn(), settings),
                default: last(&default, settings)?,
            })
        })
        .collect();
    let (own, others) = forwarded(view, balancer.arn());
    let groups =
        view.all::<G>().filter(|group| own.contains(group.arn()) || !others.contains(group.arn()));
    let groups = groups.map(|group| group_of(&group)).collect();
    let attributes = attributes(balancer);
    (BalancerConfig { listeners, groups, attributes }, certificates)
}

/// The target groups that a balancer forwards to, and those that others do.
fn forwarded(view: &View, balancer: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut listeners: BTreeMap<String, bool> = BTreeMap::new();
    let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
    let mut tell = |is_own: bool, actions: &[ActionArgs]| {
        let all = if is_own { &mut own } else { &mut others };
        for action in actions {
            if let ActionArgs::Forward(forward) = action {
                let groups = forward.target_groups.iter();
                all.extend(groups.map(|group| group.target_group_arn.to_string()));
            }
        }
    };
    for listener in view.all::<L>() {
        let is_own = listener.get(L::LOAD_BALANCER_ARN).is_some_and(|arn| arn.as_str() == balancer);
        listeners.insert(listener.arn().to_owned(), is_own);
        tell(is_own, &listener.get(L::DEFAULT_ACTIONS).unwrap_or_default());
    }
    for rule in view.all::<R>() {
        let listener = rule.get(R::LISTENER_ARN);
        let is_own = listener.and_then(|arn| listeners.get(arn.as_str()).copied());
        let Some(is_own) = is_own else { continue };
        tell(is_own, &rule.get(R::ACTIONS).unwrap_or_default());
    }
    (own, others)
}

/// What a listener of a balancer is to ask of people, and nobody here does: it would let everybody in.
pub(super) fn unasked(view: &View, balancer: &str) -> Option<String> {
    listeners_of(view, balancer).find_map(|listener| {
        let told = |what: &str, why: &str| {
            Some(format!(
                "the listener {} has {what}, and {why} here: leave it out of what goes to \
                 `containers`",
                listener.arn()
            ))
        };
        let mode = listener.get(L::MUTUAL_AUTHENTICATION).map(|it| it.mode);
        if mode.is_some_and(|mode| mode != MutualAuthenticationMode::Off) {
            return told("`mutual_authentication`", "nobody looks at certificates of clients");
        }
        let mut actions = listener.get(L::DEFAULT_ACTIONS).unwrap_or_default();
        let rules = rules_of(view, listener.arn());
        actions.extend(rules.flat_map(|rule| rule.get(R::ACTIONS).unwrap_or_default()));
        let asks = |action: &ActionArgs| {
            matches!(action, ActionArgs::AuthenticateOidc(_) | ActionArgs::AuthenticateCognito(_))
        };
        if actions.iter().any(asks) {
            return told("an action that authenticates", "nobody asks people who they are");
        }
        None
    })
}

/// The oldest version of TLS that a policy of AWS allows, as its name says.
fn min_version(policy: Option<&str>) -> TlsVersion {
    match policy {
        Some(policy) if policy.contains("TLS13-1-3") => TlsVersion::V1_3,
        _ => TlsVersion::V1_2,
    }
}

fn listeners_of<'a>(view: &'a View, balancer: &str) -> impl Iterator<Item = Thing<'a, L>> {
    view.all::<L>().filter(move |listener| {
        listener.get(L::LOAD_BALANCER_ARN).is_some_and(|arn| arn.as_str() == balancer)
    })
}

fn rules_of<'a>(view: &'a View, listener: &str) -> impl Iterator<Item = Thing<'a, R>> {
    view.all::<R>()
        .filter(move |rule| rule.get(R::LISTENER_ARN).is_some_and(|arn| arn.as_str() == listener))
}

fn rules(view: &View, listener: &str, settings: &Settings) -> Vec<Rule> {
    let rules = rules_of(view, listener).filter_map(|rule| {
        let actions = rule.get(R::ACTIONS).unwrap_or_default();
        let conditions = rule.get(R::CONDITIONS).unwrap_or_default();
        Some(Rule {
            priority: rule.get(R::PRIORITY)?,
            conditions: conditions.into_iter().map(condition).collect(),
            action: last(&actions, settings)?,
        })
    });
    rules.collect()
}

fn condition(condition: RuleConditionArgs) -> Condition {
    match condition {
        RuleConditionArgs::HostHeader(it) => Condition::HostHeader(it.values),
        RuleConditionArgs::PathPattern(it) => Condition::PathPattern(it.values),
        RuleConditionArgs::HttpHeader(it) => {
            Condition::HttpHeader { name: it.http_header_name, values: it.values }
        }
        RuleConditionArgs::HttpRequestMethod(it) => Condition::HttpRequestMethod(it.values),
        RuleConditionArgs::QueryString(it) => Condition::QueryString(
            it.values.into_iter().map(|it| QueryPattern { key: it.key, value: it.value }).collect(),
        ),
        RuleConditionArgs::SourceIp(it) => {
            Condition::SourceIp(it.values.iter().map(ToString::to_string).collect())
        }
    }
}

/// The action that ends a list of them: those before it would be [`unasked`].
fn last(actions: &[ActionArgs], settings: &Settings) -> Option<Action> {
    actions.iter().rev().find_map(|action| match action {
        ActionArgs::Forward(forward) => {
            let groups = forward.target_groups.iter().map(|group| Weighted {
                group: group.target_group_arn.to_string(),
                weight: group.weight,
            });
            let sticky = forward.target_group_stickiness.as_ref().filter(|it| it.enabled);
            let stickiness = sticky.and_then(|it| it.duration_seconds).map(seconds);
            Some(Action::Forward(Forward { groups: groups.collect(), stickiness }))
        }
        ActionArgs::Redirect(redirect) => Some(Action::Redirect(redirected(redirect, settings))),
        ActionArgs::FixedResponse(fixed) => Some(Action::FixedResponse(FixedResponse {
            status: fixed.status_code,
            content_type: Some(fixed.content_type.as_str().to_owned()),
            body: fixed.message_body.clone().unwrap_or_default(),
        })),
        ActionArgs::AuthenticateOidc(_) | ActionArgs::AuthenticateCognito(_) => None,
    })
}

fn redirected(redirect: &RedirectActionArgs, settings: &Settings) -> Redirect {
    let kept = Redirect::default();
    let protocol = redirect.protocol.map(|protocol| match protocol {
        RedirectProtocol::Http => "HTTP".to_owned(),
        _ => "HTTPS".to_owned(),
    });
    // Ports that people need not name are others on this machine.
    let port = redirect.port.as_ref().map(|port| match port.parse() {
        Ok(port) => local_port(settings, port).to_string(),
        Err(_) => port.clone(),
    });
    Redirect {
        protocol: protocol.unwrap_or(kept.protocol),
        host: redirect.host.clone().unwrap_or(kept.host),
        port: port.unwrap_or(kept.port),
        path: redirect.path.clone().unwrap_or(kept.path),
        query: redirect.query.clone().unwrap_or(kept.query),
        permanent: redirect.status_code == RedirectStatusCode::Http301,
    }
}

fn seconds(seconds: Seconds) -> Duration {
    Duration::from_secs(u64::from(seconds.0))
}

fn group_of(group: &Thing<'_, G>) -> TargetGroup {
    let mut read = TargetGroup::new(group.arn(), []);
    let usual = HealthCheck::default();
    let duration = |prop, usual: Duration| group.get(prop).map_or(usual, seconds);
    let port = group.get(G::HEALTH_CHECK_PORT).and_then(|port| port.parse().ok());
    let matcher = group.get(G::MATCHER).and_then(|matcher| matcher.http_code);
    read.health = HealthCheck {
        path: group.get(G::HEALTH_CHECK_PATH).unwrap_or(usual.path),
        port,
        interval: duration(G::HEALTH_CHECK_INTERVAL_SECONDS, usual.interval),
        timeout: duration(G::HEALTH_CHECK_TIMEOUT_SECONDS, usual.timeout),
        healthy_threshold: group.get(G::HEALTHY_THRESHOLD_COUNT).unwrap_or(usual.healthy_threshold),
        unhealthy_threshold: group
            .get(G::UNHEALTHY_THRESHOLD_COUNT)
            .unwrap_or(usual.unhealthy_threshold),
        matcher: matcher.unwrap_or(usual.matcher),
    };
    if let Some(LoadBalancingAlgorithm::LeastOutstandingRequests) =
        group.get(G::LOAD_BALANCING_ALGORITHM)
    {
        read.algorithm = Algorithm::LeastOutstandingRequests;
    }
    read.stickiness = group.get(G::STICKINESS).and_then(|stickiness| match stickiness {
        StickinessArgs::LbCookie(it) => Some(seconds(it.duration_seconds)),
        _ => None,
    });
    read.slow_start = group.get(G::SLOW_START).map_or(Duration::ZERO, seconds);
    read.deregistration_delay =
        group.get(G::DEREGISTRATION_DELAY).map_or(read.deregistration_delay, seconds);
    read
}

fn attributes(balancer: &Thing<'_, B>) -> Attributes {
    let usual = Attributes::default();
    Attributes {
        idle_timeout: balancer.get(B::IDLE_TIMEOUT).map_or(usual.idle_timeout, seconds),
        client_keep_alive: balancer
            .get(B::CLIENT_KEEP_ALIVE)
            .map_or(usual.client_keep_alive, seconds),
        drop_invalid_header_fields: balancer
            .get(B::DROP_INVALID_HEADER_FIELDS)
            .unwrap_or(usual.drop_invalid_header_fields),
        forwarded_for: match balancer.get(B::XFF_HEADER_PROCESSING_MODE) {
            Some(XffHeaderProcessingMode::Preserve) => ForwardedFor::Preserve,
            Some(XffHeaderProcessingMode::Remove) => ForwardedFor::Remove,
            _ => ForwardedFor::Append,
        },
        forwarded_client_port: balancer
            .get(B::XFF_CLIENT_PORT)
            .unwrap_or(usual.forwarded_client_port),
        preserve_host: balancer.get(B::PRESERVE_HOST_HEADER).unwrap_or(usual.preserve_host),
        ..usual
    }
}

#[cfg(test)]
mod tests {
    use infra_core::aws::{
        ListenerArn, LoadBalancerArn, TargetGroupArn,
        elbv2::{ForwardActionArgs, MutualAuthenticationArgs, TargetGroupTupleArgs},
    };

    use super::*;
    use crate::sim::made_up::{Given, account};

    fn arn(kind: &str, name: &str) -> String {
        let id = "0123456789abcdef";
        format!("arn:aws:elasticloadbalancing:eu-central-1:123456789012:{kind}/{name}/{id}")
    }

    fn forward(group: &str) -> ActionArgs {
        let target_group_arn = TargetGroupArn::parse(&arn("targetgroup", group)).unwrap();
        ActionArgs::Forward(ForwardActionArgs {
            target_groups: vec![TargetGroupTupleArgs { target_group_arn, weight: 1 }],
            target_group_stickiness: None,
        })
    }

    fn listener(name: &str, balancer: &str, group: &str) -> Given {
        let balancer = LoadBalancerArn::parse(&arn("loadbalancer/app", balancer)).unwrap();
        Given::new::<L>(&arn("listener/app", name))
            .with(L::LOAD_BALANCER_ARN, balancer)
            .with(L::DEFAULT_ACTIONS, vec![forward(group)])
    }

    #[test]
    fn each_balancer_knows_the_groups_that_it_forwards_to() {
        let rule = Given::new::<R>(&arn("listener-rule/app", "r"))
            .with(R::LISTENER_ARN, ListenerArn::parse(&arn("listener/app", "b")).unwrap())
            .with(R::ACTIONS, vec![forward("api")]);
        let view = account([listener("a", "one", "web"), listener("b", "two", "web"), rule]);
        let (own, others) = forwarded(&view, &arn("loadbalancer/app", "one"));
        assert_eq!(own, BTreeSet::from([arn("targetgroup", "web")]));
        assert_eq!(others, BTreeSet::from([arn("targetgroup", "api"), arn("targetgroup", "web")]));
    }

    #[test]
    fn nobody_is_let_in_who_would_have_to_show_a_certificate() {
        let mutual = |mode| MutualAuthenticationArgs {
            mode,
            trust_store_arn: None,
            ignore_client_certificate_expiry: None,
            advertise_trust_store_ca_names: None,
        };
        let balancer = arn("loadbalancer/app", "one");
        let refusal = |mode| {
            let listener = listener("a", "one", "web");
            let view = account([listener.with(L::MUTUAL_AUTHENTICATION, mutual(mode))]);
            assert_eq!(unasked(&view, &arn("loadbalancer/app", "two")), None);
            unasked(&view, &balancer)
        };
        assert_eq!(refusal(MutualAuthenticationMode::Off), None);
        let why = refusal(MutualAuthenticationMode::Verify).unwrap();
        assert!(why.contains("`mutual_authentication`") && why.contains(&arn("listener/app", "a")));
    }
}
