//! What listeners and rules do with requests.

use std::collections::BTreeMap;

use crate::{
    aws::{TargetGroupArn, UserPoolArn},
    prelude::*,
    props,
};

/// What a listener or a rule does with a request. The last action of a list forwards, redirects or
/// answers; what stands before it makes sure who is asking.
// AWS numbers actions (`Order`); here the place in the list says it.
#[props]
pub enum Action {
    /// Sends it to target groups. AWS: `forward`.
    Forward(ForwardAction),
    /// Sends the client elsewhere. AWS: `redirect`.
    Redirect(RedirectAction),
    /// Answers it. AWS: `fixed-response`.
    FixedResponse(FixedResponseAction),
    /// Lets in who logs in at an identity provider, on HTTPS alone. AWS: `authenticate-oidc`.
    AuthenticateOidc(AuthenticateOidcAction),
    /// Lets in who logs in at a user pool, on HTTPS alone. AWS: `authenticate-cognito`.
    AuthenticateCognito(AuthenticateCognitoAction),
}

impl Action {
    /// Sends it to one target group.
    pub fn to(target_group: impl IntoInput<TargetGroupArn>) -> Self {
        Self::forward(ForwardAction::new([TargetGroupTuple::new(target_group)]))
    }

    /// Sends the client to the same address with HTTPS, for good.
    pub fn to_https() -> Self {
        let redirect = RedirectAction::new(RedirectStatusCode::Http301);
        Self::redirect(redirect.protocol(RedirectProtocol::Https).port("443"))
    }
}

/// Sends requests to target groups.
#[props]
pub struct ForwardAction {
    /// The groups, one to five. AWS: `TargetGroups`.
    pub target_groups: Vec<TargetGroupTuple>,
    /// Whether a client stays with a group. Default: it does not. AWS:
    /// `TargetGroupStickinessConfig`.
    pub target_group_stickiness: Option<TargetGroupStickiness>,
}

/// A target group and its share.
#[props]
pub struct TargetGroupTuple {
    /// The group. AWS: `TargetGroupArn`.
    pub target_group_arn: TargetGroupArn,
    /// Its weight among the groups, 0 to 999; 0 gets nothing. Default: 1. AWS: `Weight`.
    #[prop(default = 1_u32)]
    pub weight: u32,
}

/// Whether a client stays with a target group.
#[props]
pub struct TargetGroupStickiness {
    /// Whether it does. AWS: `Enabled`.
    pub enabled: bool,
    /// How long, 1 to 604,800 s; required where it does. Default: none. AWS: `DurationSeconds`.
    pub duration_seconds: Option<Seconds>,
}

/// Sends clients elsewhere. What is left out stays as it was asked; `#{protocol}`, `#{host}`,
/// `#{port}`, `#{path}` and `#{query}` stand for what was asked.
#[props]
pub struct RedirectAction {
    /// For good or for now. AWS: `StatusCode`.
    pub status_code: RedirectStatusCode,
    /// The protocol. Default: the same. AWS: `Protocol`.
    pub protocol: Option<RedirectProtocol>,
    /// The host, up to 128 characters. Default: the same. AWS: `Host`.
    pub host: Option<String>,
    /// The port, a number or `#{port}`. Default: the same. AWS: `Port`.
    pub port: Option<String>,
    /// The path, beginning with a slash, up to 128 characters. Default: the same. AWS: `Path`.
    pub path: Option<String>,
    /// What stands behind the question mark, up to 128 characters. Default: the same. AWS:
    /// `Query`.
    pub query: Option<String>,
}

/// Whether a redirection is for good.
#[props]
pub enum RedirectStatusCode {
    /// For good: browsers remember it.
    #[prop("HTTP_301")]
    Http301,
    /// For now.
    #[prop("HTTP_302")]
    Http302,
}

/// Where a redirection leads.
#[props]
pub enum RedirectProtocol {
    /// To HTTP; never from HTTPS.
    #[prop("HTTP")]
    Http,
    /// To HTTPS.
    #[prop("HTTPS")]
    Https,
}

/// Answers requests.
#[props]
pub struct FixedResponseAction {
    /// The code: 200 to 299, 400 to 599. AWS: `StatusCode`.
    pub status_code: u16,
    /// What the body is. Default: plain text. AWS: `ContentType`.
    #[prop(default = FixedResponseContentType::TextPlain)]
    pub content_type: FixedResponseContentType,
    /// The body, up to 1024 characters. Default: empty. AWS: `MessageBody`.
    pub message_body: Option<String>,
}

/// What the body of an answer is.
#[props]
pub enum FixedResponseContentType {
    /// Text.
    #[prop("text/plain")]
    TextPlain,
    /// A style sheet.
    #[prop("text/css")]
    TextCss,
    /// A page.
    #[prop("text/html")]
    TextHtml,
    /// A script.
    #[prop("application/javascript")]
    ApplicationJavascript,
    /// JSON.
    #[prop("application/json")]
    ApplicationJson,
}

/// Lets in who logs in at an identity provider that speaks OpenID Connect.
#[props]
pub struct AuthenticateOidcAction {
    /// The provider's identifier, a URL with HTTPS. AWS: `Issuer`.
    pub issuer: String,
    /// Where people log in, a URL with HTTPS. AWS: `AuthorizationEndpoint`.
    pub authorization_endpoint: String,
    /// Where tokens are got, a URL with HTTPS. AWS: `TokenEndpoint`.
    pub token_endpoint: String,
    /// Where claims are got, a URL with HTTPS. AWS: `UserInfoEndpoint`.
    pub user_info_endpoint: String,
    /// How the provider knows the load balancer. AWS: `ClientId`.
    pub client_id: String,
    /// The secret of that. AWS: `ClientSecret`.
    pub client_secret: Secret<String>,
    /// Which claims are asked for. Default: `openid`. AWS: `Scope`.
    pub scope: Option<String>,
    /// The cookie that holds the session. Default: `AWSELBAuthSessionCookie`. AWS:
    /// `SessionCookieName`.
    pub session_cookie_name: Option<String>,
    /// How long a session lasts, 1 to 604,800 s. Default: a week. AWS: `SessionTimeout`.
    #[prop(default = Seconds(604_800))]
    pub session_timeout: Seconds,
    /// What else is told where people log in, up to ten parameters. Default: nothing. AWS:
    /// `AuthenticationRequestExtraParams`.
    #[prop(default)]
    pub authentication_request_extra_params: BTreeMap<String, String>,
    /// What happens to who is not logged in. Default: people are sent to log in. AWS:
    /// `OnUnauthenticatedRequest`.
    #[prop(default = OnUnauthenticatedRequest::Authenticate)]
    pub on_unauthenticated_request: OnUnauthenticatedRequest,
}

/// Lets in who logs in at a user pool of Cognito.
#[props]
pub struct AuthenticateCognitoAction {
    /// The pool. AWS: `UserPoolArn`.
    pub user_pool_arn: UserPoolArn,
    /// How the pool knows the load balancer. AWS: `UserPoolClientId`.
    pub user_pool_client_id: String,
    /// The pool's domain, or its prefix. AWS: `UserPoolDomain`.
    pub user_pool_domain: String,
    /// Which claims are asked for. Default: `openid`. AWS: `Scope`.
    pub scope: Option<String>,
    /// The cookie that holds the session. Default: `AWSELBAuthSessionCookie`. AWS:
    /// `SessionCookieName`.
    pub session_cookie_name: Option<String>,
    /// How long a session lasts, 1 to 604,800 s. Default: a week. AWS: `SessionTimeout`.
    #[prop(default = Seconds(604_800))]
    pub session_timeout: Seconds,
    /// What else is told where people log in, up to ten parameters. Default: nothing. AWS:
    /// `AuthenticationRequestExtraParams`.
    #[prop(default)]
    pub authentication_request_extra_params: BTreeMap<String, String>,
    /// What happens to who is not logged in. Default: people are sent to log in. AWS:
    /// `OnUnauthenticatedRequest`.
    #[prop(default = OnUnauthenticatedRequest::Authenticate)]
    pub on_unauthenticated_request: OnUnauthenticatedRequest,
}

/// What happens to who is not logged in.
#[props(words = "lower")]
pub enum OnUnauthenticatedRequest {
    /// They are refused, with code 401.
    Deny,
    /// They pass.
    Allow,
    /// They are sent to log in.
    Authenticate,
}
