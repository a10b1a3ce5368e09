//! Origins, as CloudFront takes and tells them.

use aws_sdk_cloudfront::types::{
    self as sdk, CustomHeaders, CustomOriginConfig, OriginShield, OriginSslProtocols, Origins,
    S3OriginConfig, VpcOriginConfig,
};
use infra_core::{
    Secret,
    aws::{
        OriginAccessControlId, VpcOriginId,
        cloudfront::{
            CustomOriginArgs, InVpcArgs, OriginArgs, OriginCustomHeaderArgs, OriginKindArgs,
            OriginProtocolPolicy, OriginSslProtocol, S3OriginArgs,
        },
    },
    types::Seconds,
};

use super::super::{counted, filled};
use crate::plain;

fn int(Seconds(seconds): Seconds) -> i32 {
    plain::int(seconds)
}

/// Origins as CloudFront takes them.
pub(super) fn sdk(origins: &[OriginArgs]) -> Origins {
    filled!(Origins, origins.iter().map(one).collect::<Vec<_>>())
}

fn one(origin: &OriginArgs) -> sdk::Origin {
    let header = |header: &OriginCustomHeaderArgs| {
        let made = sdk::OriginCustomHeader::builder().header_name(&header.header_name);
        let made = made.header_value(header.header_value.expose()).build();
        made.expect("name and value are there")
    };
    let headers = origin.custom_headers.iter().map(header).collect::<Vec<_>>();
    let region = origin.origin_shield_region.clone();
    let shield = OriginShield::builder().enabled(region.is_some());
    let shield = shield.set_origin_shield_region(region).build();
    let made = sdk::Origin::builder()
        .id(&origin.id)
        .domain_name(&origin.domain_name)
        .origin_path(origin.origin_path.as_deref().unwrap_or_default())
        .custom_headers(counted!(CustomHeaders, headers))
        .connection_attempts(plain::int(origin.connection_attempts))
        .connection_timeout(int(origin.connection_timeout))
        .set_response_completion_timeout(origin.response_completion_timeout.map(int))
        .origin_shield(shield.expect("whether it is on is there"));
    let made = match &origin.kind {
        OriginKindArgs::Custom(it) => {
            made.origin_access_control_id("").custom_origin_config(custom(it))
        }
        OriginKindArgs::S3(it) => {
            let control = it.origin_access_control_id.as_ref();
            let control = control.map(OriginAccessControlId::as_str).unwrap_or_default();
            let config = S3OriginConfig::builder()
                .origin_access_identity("")
                .origin_read_timeout(int(it.origin_read_timeout));
            made.origin_access_control_id(control).s3_origin_config(config.build())
        }
        OriginKindArgs::Inside(it) => {
            let config = VpcOriginConfig::builder()
                .vpc_origin_id(it.vpc_origin_id.as_str())
                .origin_read_timeout(int(it.origin_read_timeout))
                .origin_keepalive_timeout(int(it.origin_keepalive_timeout));
            let config = config.build().expect("the id is there");
            made.origin_access_control_id("").vpc_origin_config(config)
        }
    };
    made.build().expect("id and name are there")
}

fn custom(it: &CustomOriginArgs) -> CustomOriginConfig {
    let protocols = it.origin_ssl_protocols.iter().map(|it| it.as_str().into());
    CustomOriginConfig::builder()
        .http_port(it.http_port.into())
        .https_port(it.https_port.into())
        .origin_protocol_policy(it.origin_protocol_policy.as_str().into())
        .origin_ssl_protocols(filled!(OriginSslProtocols, protocols.collect::<Vec<_>>()))
        .origin_read_timeout(int(it.origin_read_timeout))
        .origin_keepalive_timeout(int(it.origin_keepalive_timeout))
        .build()
        .expect("ports and policy are there")
}

/// A time as CloudFront tells it, or the one that it takes where nobody says one.
fn seconds(told: Option<i32>, usual: u32) -> Seconds {
    Seconds(told.and_then(|told| u32::try_from(told).ok()).unwrap_or(usual))
}

/// Origins as CloudFront tells them. What no program can say is left out, so that the list differs.
pub(super) fn told(origins: &Origins) -> Vec<OriginArgs> {
    origins.items().iter().filter_map(one_told).collect()
}

fn one_told(origin: &sdk::Origin) -> Option<OriginArgs> {
    let headers = origin.custom_headers().map(|all| all.items()).unwrap_or_default();
    let header = |header: &sdk::OriginCustomHeader| OriginCustomHeaderArgs {
        header_name: header.header_name.clone(),
        header_value: Secret::new(header.header_value.clone()),
    };
    let attempts = origin.connection_attempts().unwrap_or(3);
    let whole = origin.response_completion_timeout().filter(|whole| *whole > 0);
    let shield = origin.origin_shield().filter(|shield| shield.enabled());
    let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    Some(OriginArgs {
        id: origin.id.clone(),
        domain_name: origin.domain_name.clone(),
        kind: kind_told(origin)?,
        origin_path: given(origin.origin_path()),
        custom_headers: headers.iter().map(header).collect(),
        connection_attempts: u32::try_from(attempts).ok()?,
        connection_timeout: seconds(origin.connection_timeout(), 10),
        response_completion_timeout: whole.map(|whole| seconds(Some(whole), 0)),
        origin_shield_region: given(shield.and_then(OriginShield::origin_shield_region)),
    })
}

fn kind_told(origin: &sdk::Origin) -> Option<OriginKindArgs> {
    if let Some(it) = origin.vpc_origin_config() {
        return Some(OriginKindArgs::Inside(InVpcArgs {
            vpc_origin_id: VpcOriginId::parse(it.vpc_origin_id()).ok()?,
            origin_read_timeout: seconds(it.origin_read_timeout(), 30),
            origin_keepalive_timeout: seconds(it.origin_keepalive_timeout(), 5),
        }));
    }
    if let Some(it) = origin.custom_origin_config() {
        let policy = it.origin_protocol_policy().as_str();
        let protocols = it.origin_ssl_protocols().map(|all| all.items()).unwrap_or_default();
        let protocol = |told: &sdk::SslProtocol| {
            OriginSslProtocol::ALL.into_iter().find(|it| it.as_str() == told.as_str())
        };
        return Some(OriginKindArgs::Custom(CustomOriginArgs {
            origin_protocol_policy: OriginProtocolPolicy::ALL
                .into_iter()
                .find(|it| it.as_str() == policy)?,
            http_port: u16::try_from(it.http_port()).ok()?,
            https_port: u16::try_from(it.https_port()).ok()?,
            origin_ssl_protocols: protocols.iter().map(protocol).collect::<Option<_>>()?,
            origin_read_timeout: seconds(it.origin_read_timeout(), 30),
            origin_keepalive_timeout: seconds(it.origin_keepalive_timeout(), 5),
        }));
    }
    let control = origin.origin_access_control_id().filter(|id| !id.is_empty());
    let timeout = origin.s3_origin_config()?.origin_read_timeout();
    Some(OriginKindArgs::S3(S3OriginArgs {
        origin_access_control_id: control.and_then(|id| OriginAccessControlId::parse(id).ok()),
        origin_read_timeout: seconds(timeout, 30),
    }))
}

/// Origins in one order: theirs means nothing, nor does that of their headers and protocols.
pub(super) fn normal(mut origins: Vec<OriginArgs>) -> Vec<OriginArgs> {
    for origin in &mut origins {
        origin.custom_headers.sort_by(|a, b| a.header_name.cmp(&b.header_name));
        if let OriginKindArgs::Custom(it) = &mut origin.kind {
            it.origin_ssl_protocols.sort();
        }
    }
    origins.sort_by(|a, b| a.id.cmp(&b.id));
    origins
}
