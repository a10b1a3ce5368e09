//! What the balancer answers itself.

use hyper::{
    Response, StatusCode,
    body::Bytes,
    header::{CONTENT_TYPE, HeaderValue, SERVER},
};

use super::{Body, Client};
use crate::containers::balancer::metrics::Metric;

/// A request is not passed on, or its target did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) StatusCode);

impl Refusal {
    pub(super) const BAD_REQUEST: Self = Self(StatusCode::BAD_REQUEST);
    pub(super) const METHOD: Self = Self(StatusCode::METHOD_NOT_ALLOWED);
    pub(super) const SLOW_CLIENT: Self = Self(StatusCode::REQUEST_TIMEOUT);
    pub(super) const BAD_TARGET: Self = Self(StatusCode::BAD_GATEWAY);
    pub(super) const NO_TARGET: Self = Self(StatusCode::SERVICE_UNAVAILABLE);
    pub(super) const SILENT_TARGET: Self = Self(StatusCode::GATEWAY_TIMEOUT);

    /// `X-Forwarded-For` holds more than thirty addresses; AWS's own code.
    pub(super) fn forwarded_too_often() -> Self {
        StatusCode::from_u16(463).map_or(Self::BAD_REQUEST, Self)
    }

    /// Counts it as the balancer's own answer.
    pub(super) fn count(self, client: &Client) {
        let shared = &client.shared;
        let metrics: &[Metric] = match self.0.as_u16() {
            502 => &[Metric::Elb5xx, Metric::Elb502],
            503 => &[Metric::Elb5xx, Metric::Elb503],
            504 => &[Metric::Elb5xx, Metric::Elb504],
            500..=599 => &[Metric::Elb5xx],
            400..=499 => &[Metric::Elb4xx],
            _ => return,
        };
        shared.series.record(shared.clock.unix_seconds(), metrics, None);
    }
}

/// A page that says so, as AWS's look.
pub(super) fn page(refusal: Refusal) -> Response<Body> {
    let Refusal(status) = refusal;
    let code = status.as_u16();
    let reason = match code {
        503 => "Service Temporarily Unavailable",
        504 => "Gateway Time-out",
        _ => status.canonical_reason().unwrap_or_default(),
    };
    let title = format!("{code} {reason}");
    let text = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n\
         <center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    );
    let mut response = Response::new(Body::full(Bytes::from(text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    headers.insert(SERVER, HeaderValue::from_static("awselb/2.0"));
    response
}
