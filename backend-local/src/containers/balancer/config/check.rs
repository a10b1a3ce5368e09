//! What a configuration must be before anything is made of it.

use std::{collections::HashSet, time::Duration};

use hyper::Method;

use super::{
    Action, Algorithm, BalancerConfig, Condition, Listener, Matcher, Protocol, Redirect, Rule,
    TargetGroup,
};
use crate::containers::balancer::error::{ConfigError, Place};

type Checked = Result<(), ConfigError>;

/// Checks a configuration:
///
/// 1. names of listeners and groups, and addresses of listeners, are unique;
/// 2. an HTTPS listener has a certificate (that it can be read is found where it is read);
/// 3. priorities are unique in a listener, and each rule has a condition with values;
/// 4. actions name groups that exist, with weights that AWS takes, and a redirection leads elsewhere;
/// 5. health checks can be made, and end before the next begins;
/// 6. nothing is asked for that AWS has not either: slow start with least outstanding requests.
pub(in super::super) fn check(config: &BalancerConfig) -> Checked {
    let mut names = HashSet::new();
    for group in &config.groups {
        let place = Place::group(&group.name);
        if !names.insert(group.name.as_str()) {
            return Err(place.error("name", &group.name, "is there twice", "give each its own"));
        }
        check_group(group, &place)?;
    }
    let (mut listeners, mut addresses) = (HashSet::new(), HashSet::new());
    for listener in &config.listeners {
        let (place, name) = (Place::listener(&listener.name), listener.name.as_str());
        if !listeners.insert(name) {
            return Err(place.error("name", name, "is there twice", "give each its own"));
        }
        if listener.address.port() != 0 && !addresses.insert(listener.address) {
            let fix = "give each listener an address of its own";
            return Err(place.error("address", listener.address, "is another listener's too", fix));
        }
        check_listener(listener, &names, &place)?;
    }
    let idle = config.attributes.idle_timeout;
    if idle.is_zero() {
        let place = Place::attributes();
        return Err(place.error("idle_timeout", "0", "ends every request", "give it a second"));
    }
    Ok(())
}

fn check_group(group: &TargetGroup, place: &Place) -> Checked {
    let health = &group.health;
    if !health.path.starts_with('/') {
        let fix = "begin it with a slash";
        return Err(place.error("health.path", &health.path, "is no path", fix));
    }
    if health.path.parse::<hyper::Uri>().is_err() {
        return Err(place.error("health.path", &health.path, "is no path", "encode it"));
    }
    if Matcher::parse(&health.matcher).is_none() {
        let fix = "write codes from 200 to 499, as in `200`, `200,302` or `200-399`";
        return Err(place.error("health.matcher", &health.matcher, "names no codes", fix));
    }
    for (field, count) in [
        ("health.healthy_threshold", health.healthy_threshold),
        ("health.unhealthy_threshold", health.unhealthy_threshold),
    ] {
        if count == 0 {
            return Err(place.error(field, count, "is never reached", "give it at least 1"));
        }
    }
    if health.timeout.is_zero() || health.timeout > health.interval {
        let value = format!("{:?}", health.timeout);
        let fix = format!("stay at or below health.interval, which is {:?}", health.interval);
        return Err(place.error("health.timeout", value, "does not fit the interval", fix));
    }
    if !group.slow_start.is_zero() && group.algorithm == Algorithm::LeastOutstandingRequests {
        let value = format!("{:?}", group.slow_start);
        let fix = "set it to 0, or the algorithm to round_robin";
        return Err(place.error("slow_start", value, "needs round_robin", fix));
    }
    if group.stickiness.is_some_and(|duration| duration < Duration::from_secs(1)) {
        let value = format!("{:?}", group.stickiness);
        return Err(place.error("stickiness", value, "is no time", "give it at least a second"));
    }
    Ok(())
}

fn check_listener(listener: &Listener, groups: &HashSet<&str>, place: &Place) -> Checked {
    if let Protocol::Https(tls) = &listener.protocol
        && tls.certificates.is_empty()
    {
        let fix = "give it one, or speak HTTP";
        return Err(place.error("certificates", "[]", "holds none, but HTTPS needs one", fix));
    }
    let mut priorities = HashSet::new();
    for rule in &listener.rules {
        let place = place.rule(rule.priority);
        if !priorities.insert(rule.priority) {
            let fix = "give each rule its own, from 1 to 50000";
            return Err(place.error("priority", rule.priority, "is there twice", fix));
        }
        check_rule(rule, &place)?;
        check_action(&rule.action, groups, &place)?;
    }
    check_action(&listener.default, groups, &place.default_action())
}

fn check_rule(rule: &Rule, place: &Place) -> Checked {
    if !(1..=50_000).contains(&rule.priority) {
        return Err(place.error("priority", rule.priority, "is out of range", "take 1 to 50000"));
    }
    if rule.conditions.is_empty() {
        let fix = "give it one, or make its action the default of the listener";
        return Err(place.error("conditions", "[]", "hold none", fix));
    }
    rule.conditions.iter().try_for_each(|condition| check_condition(condition, place))
}

fn check_condition(condition: &Condition, place: &Place) -> Checked {
    let (field, values): (&str, Vec<&str>) = match condition {
        Condition::PathPattern(values) => ("path-pattern", texts(values)),
        Condition::HostHeader(values) => ("host-header", texts(values)),
        Condition::HttpHeader { values, .. } => ("http-header", texts(values)),
        Condition::HttpRequestMethod(values) => ("http-request-method", texts(values)),
        Condition::SourceIp(values) => ("source-ip", texts(values)),
        Condition::QueryString(pairs) => {
            ("query-string", pairs.iter().map(|pair| pair.value.as_str()).collect())
        }
    };
    if values.is_empty() {
        return Err(place.error(field, "[]", "holds no values", "give it one"));
    }
    if let Some(long) = values.iter().find(|value| value.is_empty() || value.len() > 128) {
        return Err(place.error(field, long, "has a wrong length", "take 1 to 128 characters"));
    }
    match condition {
        Condition::HttpHeader { name, .. } => {
            let known = hyper::header::HeaderName::from_bytes(name.as_bytes());
            if known.is_err() || name.eq_ignore_ascii_case("host") {
                let fix = "name a header field; for `Host` take host-header";
                return Err(place.error("http-header", name, "can't be asked for", fix));
            }
        }
        Condition::HttpRequestMethod(methods) => {
            let lower = |method: &&String| method.to_uppercase() != **method;
            let wrong = |method: &&String| Method::from_bytes(method.as_bytes()).is_err();
            if let Some(method) = methods.iter().find(|method| lower(method) || wrong(method)) {
                let fix = "write it in capitals, without wildcards";
                return Err(place.error("http-request-method", method, "is no method", fix));
            }
        }
        _ => {}
    }
    Ok(())
}

fn texts(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
}

fn check_action(action: &Action, groups: &HashSet<&str>, place: &Place) -> Checked {
    match action {
        Action::Forward(forward) => {
            for weighted in &forward.groups {
                let group = weighted.group.as_str();
                if !groups.contains(group) {
                    let mut known: Vec<_> = groups.iter().copied().collect();
                    known.sort_unstable();
                    let fix = format!("name one of the target groups: {}", known.join(", "));
                    return Err(place.error("forward", group, "is no target group", fix));
                }
                if weighted.weight > 999 {
                    let (weight, fix) = (weighted.weight, "take 0 to 999");
                    return Err(place.error("forward.weight", weight, "is out of range", fix));
                }
            }
            if forward.groups.iter().all(|weighted| weighted.weight == 0) {
                let fix = "name a group with a weight of at least 1";
                return Err(place.error("forward.groups", "[]", "leads nowhere", fix));
            }
        }
        Action::Redirect(redirect) => check_redirect(redirect, place)?,
        Action::FixedResponse(fixed) => {
            if !matches!(fixed.status, 200..=299 | 400..=599) {
                let fix = "take 2XX, 4XX or 5XX";
                return Err(place.error("fixed-response.status", fixed.status, "is none", fix));
            }
            let kind = fixed.content_type.as_deref().unwrap_or("text/plain");
            if hyper::header::HeaderValue::from_str(kind).is_err() {
                let (field, fix) = ("fixed-response.content_type", "take `text/plain`");
                return Err(place.error(field, kind, "is no content type", fix));
            }
        }
    }
    Ok(())
}

fn check_redirect(redirect: &Redirect, place: &Place) -> Checked {
    let error = |field, value: &str, fix| Err(place.error(field, value, "can't be", fix));
    if !matches!(redirect.protocol.as_str(), "HTTP" | "HTTPS" | "#{protocol}") {
        let fix = "take HTTP, HTTPS or #{protocol}";
        return error("redirect.protocol", &redirect.protocol, fix);
    }
    if redirect.port != "#{port}" && redirect.port.parse::<u16>().is_err() {
        return error("redirect.port", &redirect.port, "take a port, or #{port}");
    }
    if !redirect.path.starts_with('/') {
        return error("redirect.path", &redirect.path, "begin it with a slash");
    }
    let same = Redirect {
        query: redirect.query.clone(),
        permanent: redirect.permanent,
        ..Redirect::default()
    };
    if *redirect == same {
        let fix = "change protocol, host, port or path";
        let problem = "leads to where the request came";
        return Err(place.error("redirect", "#{path}", problem, fix));
    }
    Ok(())
}
