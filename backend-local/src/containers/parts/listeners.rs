//! Listeners, rules and target groups of the account, as the balancer reads them.

use std::{collections::BTreeMap, time::Duration};

use infra_core::{
    aws::elbv2::{
        self, ActionArgs, LoadBalancingAlgorithm, RedirectActionArgs, RedirectProtocol,
        RedirectStatusCode, RuleConditionArgs, StickinessArgs, XffHeaderProcessingMode,
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
    let own = view.all::<L>().filter(|listener| {
        listener.get(L::LOAD_BALANCER_ARN).is_some_and(|arn| arn.as_str() == balancer.arn())
    });
    let listeners: Vec<Listener> = own
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
    let groups = view.all::<G>().map(|group| group_of(&group)).collect();
    let attributes = attributes(balancer);
    (BalancerConfig { listeners, groups, attributes }, certificates)
}

/// The oldest version of TLS that a policy of AWS allows, as its name says.
fn min_version(policy: Option<&str>) -> TlsVersion {
    match policy {
        Some(policy) if policy.contains("TLS13-1-3") => TlsVersion::V1_3,
        _ => TlsVersion::V1_2,
    }
}

fn rules(view: &View, listener: &str, settings: &Settings) -> Vec<Rule> {
    let own = view
        .all::<R>()
        .filter(|rule| rule.get(R::LISTENER_ARN).is_some_and(|arn| arn.as_str() == listener));
    let rules = own.filter_map(|rule| {
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

/// The action that ends a list of them: those before it ask people who they are, which nobody does here.
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
