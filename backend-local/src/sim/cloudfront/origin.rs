//! What AWS refuses of origins.

use std::{collections::BTreeSet, net::IpAddr};

use infra_core::{
    aws::{
        cloudfront::{self, AccessControlOriginType, OriginArgs, OriginKindArgs},
        elbv2,
    },
    dsl::ResourceType,
    types::Seconds,
};

use super::distribution::INVALID;
use crate::sim::{
    refusal::Refusal,
    special::{Asked, Special, of},
};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

const PROPERTY: &str = "origins";
/// AWS: "Origins per distribution", adjustable.
const ORIGINS: usize = 100;
/// Headers that CloudFront sets itself.
const OWN_HEADERS: [&str; 9] = [
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "host",
    "if-match",
    "if-modified-since",
    "range",
    "upgrade",
];

fn refused(code: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(PROPERTY, code, message))
}

pub(super) fn check(asked: &Asked<'_>, origins: &[OriginArgs]) -> Result<(), Refusal> {
    if origins.is_empty() {
        return refused(INVALID, format!("`{PROPERTY}` is empty; where does it get anything?"));
    }
    if origins.len() > ORIGINS {
        let quota = Refusal::quota("origins of a distribution", ORIGINS);
        return Err(quota.coded("TooManyOrigins"));
    }
    let mut seen = BTreeSet::new();
    for (place, origin) in origins.iter().enumerate() {
        let path = format!("`{PROPERTY}[{place}]`");
        if !(1..=128).contains(&origin.id.chars().count()) || !seen.insert(origin.id.as_str()) {
            let message =
                format!("{path}: `id` {:?} is empty, too long or stands twice", origin.id);
            return refused(INVALID, message);
        }
        check_name(&path, &origin.domain_name)?;
        check_path(&path, origin)?;
        check_times(&path, origin)?;
        check_headers(&path, origin)?;
        check_kind(asked, &path, origin)?;
    }
    Ok(())
}

fn check_name(path: &str, name: &str) -> Result<(), Refusal> {
    let sound = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let is_name = name.contains('.') && name.chars().all(sound) && name.len() <= 128;
    if is_name && name.parse::<IpAddr>().is_err() {
        return Ok(());
    }
    let message =
        format!("{path}: `domain_name` {name:?} is no name in DNS of up to 128 characters");
    refused("InvalidOrigin", message)
}

fn check_path(path: &str, origin: &OriginArgs) -> Result<(), Refusal> {
    match &origin.origin_path {
        Some(begin) if !begin.starts_with('/') || begin.ends_with('/') => {
            let message = format!(
                "{path}: `origin_path` {begin:?} begins with a slash and does not end with one"
            );
            refused(INVALID, message)
        }
        _ => Ok(()),
    }
}

fn check_times(path: &str, origin: &OriginArgs) -> Result<(), Refusal> {
    let (read, keep) = match &origin.kind {
        OriginKindArgs::Custom(it) => (it.origin_read_timeout, Some(it.origin_keepalive_timeout)),
        OriginKindArgs::Inside(it) => (it.origin_read_timeout, Some(it.origin_keepalive_timeout)),
        OriginKindArgs::S3(it) => (it.origin_read_timeout, None),
    };
    let limits = [
        ("origin_read_timeout", Some(read), 180),
        ("origin_keepalive_timeout", keep, 180),
        ("connection_timeout", Some(origin.connection_timeout), 10),
    ];
    for (name, given, most) in limits {
        if let Some(Seconds(seconds)) = given
            && !(1..=most).contains(&seconds)
        {
            let message = format!("{path}: `{name}` {seconds} s must be 1 to {most} s");
            return refused(INVALID, message);
        }
    }
    if !(1..=3).contains(&origin.connection_attempts) {
        let tries = origin.connection_attempts;
        let message = format!("{path}: `connection_attempts` {tries} must be 1 to 3");
        return refused(INVALID, message);
    }
    match origin.response_completion_timeout {
        Some(whole) if whole < read => {
            let message = format!(
                "{path}: `response_completion_timeout` {whole} is less than `origin_read_timeout` \
                 {read}"
            );
            refused(INVALID, message)
        }
        _ => Ok(()),
    }
}

fn check_headers(path: &str, origin: &OriginArgs) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    if origin.custom_headers.len() > 30 {
        return refused("TooManyOriginCustomHeaders", format!("{path} has more than 30 headers"));
    }
    for header in &origin.custom_headers {
        let name = header.header_name.to_ascii_lowercase();
        let own = OWN_HEADERS.contains(&name.as_str())
            || name.starts_with("x-amz-")
            || name.starts_with("x-edge-");
        if name.is_empty() || own {
            let message =
                format!("{path}: CloudFront sets the header {:?} itself", header.header_name);
            return refused(INVALID, message);
        }
        if !seen.insert(name) {
            let message = format!("{path}: the header {} stands twice", header.header_name);
            return refused(INVALID, message);
        }
    }
    Ok(())
}

fn check_kind(asked: &Asked<'_>, path: &str, origin: &OriginArgs) -> Result<(), Refusal> {
    match &origin.kind {
        OriginKindArgs::Custom(custom) => {
            if custom.origin_ssl_protocols.is_empty() {
                return refused(INVALID, format!("{path}: `origin_ssl_protocols` is empty"));
            }
            Ok(())
        }
        OriginKindArgs::S3(bucket) => {
            let Some(id) = &bucket.origin_access_control_id else { return Ok(()) };
            let ty = cloudfront::OriginAccessControl::definition().name;
            let control = asked.world.get(ty, id.as_str(), asked.scope);
            let kind = control.and_then(|it| of(it, cloudfront::OriginAccessControl::ORIGIN_TYPE));
            match kind.filter(|kind| *kind != AccessControlOriginType::S3) {
                Some(kind) => refused(
                    "InvalidOriginAccessControl",
                    format!("{path}: {id} is for origins of type {kind}, and this one is a bucket"),
                ),
                None => Ok(()),
            }
        }
        OriginKindArgs::Inside(vpc) => {
            let ty = cloudfront::VpcOrigin::definition().name;
            let Some(way) = asked.world.get(ty, vpc.vpc_origin_id.as_str(), asked.scope) else {
                return Ok(());
            };
            let balancer = way.text("endpoint_arn");
            let ty = elbv2::LoadBalancer::definition().name;
            let Some(balancer) = asked.world.get(ty, balancer, asked.scope) else { return Ok(()) };
            let name = balancer.text("dns_name");
            if origin.domain_name.eq_ignore_ascii_case(name) {
                return Ok(());
            }
            let message = format!(
                "{path}: `domain_name` {} is not that of the load balancer behind {}, {name}",
                origin.domain_name, way.id
            );
            refused("InvalidOrigin", message)
        }
    }
}
