//! Parts of a listener: certificates of clients, and headers of answers.

use aws_sdk_elasticloadbalancingv2::types::MutualAuthenticationAttributes;
use infra_core::{
    aws::elbv2::{MutualAuthenticationArgs, MutualAuthenticationMode, OnOff, ResponseHeadersArgs},
    types::Seconds,
};

use super::Attributes;

pub(super) fn mutual(it: &MutualAuthenticationArgs) -> MutualAuthenticationAttributes {
    MutualAuthenticationAttributes::builder()
        .mode(it.mode.as_str())
        .set_trust_store_arn(it.trust_store_arn.as_ref().map(ToString::to_string))
        .set_ignore_client_certificate_expiry(it.ignore_client_certificate_expiry)
        .set_advertise_trust_store_ca_names(
            it.advertise_trust_store_ca_names.map(|it| it.as_str().into()),
        )
        .build()
}

pub(super) fn mutual_told(it: &MutualAuthenticationAttributes) -> Option<MutualAuthenticationArgs> {
    let mode = it.mode()?;
    let advertise = it.advertise_trust_store_ca_names().map(|it| it.as_str());
    Some(MutualAuthenticationArgs {
        mode: MutualAuthenticationMode::ALL.into_iter().find(|it| it.as_str() == mode)?,
        trust_store_arn: it.trust_store_arn().and_then(|arn| arn.parse().ok()),
        ignore_client_certificate_expiry: it.ignore_client_certificate_expiry(),
        advertise_trust_store_ca_names: OnOff::ALL
            .into_iter()
            .find(|it| Some(it.as_str()) == advertise),
    })
}

/// Without what AWS takes for granted.
pub(super) fn mutual_normal(it: MutualAuthenticationArgs) -> MutualAuthenticationArgs {
    MutualAuthenticationArgs {
        ignore_client_certificate_expiry: it.ignore_client_certificate_expiry.filter(|it| *it),
        advertise_trust_store_ca_names: it
            .advertise_trust_store_ca_names
            .filter(|it| *it == OnOff::On),
        ..it
    }
}

fn key(name: &str) -> String {
    format!("routing.http.response.{name}.header_value")
}

/// Headers as attributes; those that are not said become empty if all are to be told, which takes
/// them away.
pub(super) fn put_headers(
    attributes: &mut Attributes,
    headers: Option<&ResponseHeadersArgs>,
    all: bool,
) {
    let text =
        |of: fn(&ResponseHeadersArgs) -> &Option<String>| headers.and_then(|it| of(it).clone());
    let credentials = headers.and_then(|it| it.access_control_allow_credentials);
    let age = headers.and_then(|it| it.access_control_max_age);
    let said = [
        ("strict_transport_security", text(|it| &it.strict_transport_security)),
        ("content_security_policy", text(|it| &it.content_security_policy)),
        ("x_content_type_options", text(|it| &it.x_content_type_options)),
        ("x_frame_options", text(|it| &it.x_frame_options)),
        ("access_control_allow_origin", text(|it| &it.access_control_allow_origin)),
        ("access_control_allow_methods", text(|it| &it.access_control_allow_methods)),
        ("access_control_allow_headers", text(|it| &it.access_control_allow_headers)),
        ("access_control_allow_credentials", credentials.map(|it| it.to_string())),
        ("access_control_expose_headers", text(|it| &it.access_control_expose_headers)),
        ("access_control_max_age", age.map(|Seconds(seconds)| seconds.to_string())),
    ];
    for (name, value) in said {
        if all || value.is_some() {
            attributes.insert(key(name), value.unwrap_or_default());
        }
    }
}

/// Headers as AWS tells them; `None` if there are none.
pub(super) fn headers_told(told: &Attributes) -> Option<ResponseHeadersArgs> {
    let get = |name| told.get(&key(name)).filter(|value| !value.is_empty()).cloned();
    let headers = ResponseHeadersArgs {
        strict_transport_security: get("strict_transport_security"),
        content_security_policy: get("content_security_policy"),
        x_content_type_options: get("x_content_type_options"),
        x_frame_options: get("x_frame_options"),
        access_control_allow_origin: get("access_control_allow_origin"),
        access_control_allow_methods: get("access_control_allow_methods"),
        access_control_allow_headers: get("access_control_allow_headers"),
        access_control_allow_credentials: get("access_control_allow_credentials")
            .map(|value| value == "true"),
        access_control_expose_headers: get("access_control_expose_headers"),
        access_control_max_age: get("access_control_max_age")
            .and_then(|value| value.parse().ok().map(Seconds)),
    };
    let any = told.iter().any(|(key, value)| key.ends_with(".header_value") && !value.is_empty());
    any.then_some(headers)
}
