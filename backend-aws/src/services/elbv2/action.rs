//! Actions, as AWS takes and tells them.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_elasticloadbalancingv2::types::{
    self as sdk, Action, ActionTypeEnum as Kind, AuthenticateCognitoActionConfig,
    AuthenticateOidcActionConfig, FixedResponseActionConfig, ForwardActionConfig,
    RedirectActionConfig, TargetGroupStickinessConfig,
};
use infra_core::{
    Secret,
    aws::{
        TargetGroupArn, UserPoolArn,
        elbv2::{
            ActionArgs, AuthenticateCognitoActionArgs, AuthenticateOidcActionArgs,
            FixedResponseActionArgs, FixedResponseContentType, ForwardActionArgs,
            OnUnauthenticatedRequest, RedirectActionArgs, RedirectProtocol, RedirectStatusCode,
            TargetGroupStickinessArgs, TargetGroupTupleArgs,
        },
    },
    types::Seconds,
};

/// What is asked for where nobody says it.
const SCOPE: &str = "openid";
/// The cookie where nobody says it.
const COOKIE: &str = "AWSELBAuthSessionCookie";

/// Actions as AWS takes them: the place in the list is the order.
pub(super) fn sdk(actions: &[ActionArgs]) -> Vec<Action> {
    let numbered = (1..).zip(actions);
    numbered.map(|(order, action)| one(action, order)).collect()
}

fn one(action: &ActionArgs, order: i32) -> Action {
    let made = Action::builder().order(order);
    let made = match action {
        ActionArgs::Forward(it) => match it.target_groups.as_slice() {
            // What every kind of load balancer takes.
            [group] if it.target_group_stickiness.is_none() && group.weight == 1 => {
                made.r#type(Kind::Forward).target_group_arn(group.target_group_arn.as_str())
            }
            _ => made.r#type(Kind::Forward).forward_config(forward(it)),
        },
        ActionArgs::Redirect(it) => made.r#type(Kind::Redirect).redirect_config(redirect(it)),
        ActionArgs::FixedResponse(it) => {
            let config = FixedResponseActionConfig::builder()
                .status_code(it.status_code.to_string())
                .content_type(it.content_type.as_str())
                .set_message_body(it.message_body.clone());
            made.r#type(Kind::FixedResponse).fixed_response_config(config.build())
        }
        ActionArgs::AuthenticateOidc(it) => {
            made.r#type(Kind::AuthenticateOidc).authenticate_oidc_config(oidc(it))
        }
        ActionArgs::AuthenticateCognito(it) => {
            made.r#type(Kind::AuthenticateCognito).authenticate_cognito_config(cognito(it))
        }
    };
    made.build()
}

fn int(Seconds(seconds): Seconds) -> i32 {
    crate::plain::int(seconds)
}

fn forward(it: &ForwardActionArgs) -> ForwardActionConfig {
    let tuples = it.target_groups.iter().map(|tuple| {
        sdk::TargetGroupTuple::builder()
            .target_group_arn(tuple.target_group_arn.as_str())
            .weight(crate::plain::int(tuple.weight))
            .build()
    });
    let stickiness = it.target_group_stickiness.as_ref().map(|stickiness| {
        TargetGroupStickinessConfig::builder()
            .enabled(stickiness.enabled)
            .set_duration_seconds(stickiness.duration_seconds.map(int))
            .build()
    });
    ForwardActionConfig::builder()
        .set_target_groups(Some(tuples.collect()))
        .set_target_group_stickiness_config(stickiness)
        .build()
}

fn redirect(it: &RedirectActionArgs) -> RedirectActionConfig {
    RedirectActionConfig::builder()
        .status_code(it.status_code.as_str().into())
        .set_protocol(it.protocol.map(|protocol| protocol.as_str().to_owned()))
        .set_host(it.host.clone())
        .set_port(it.port.clone())
        .set_path(it.path.clone())
        .set_query(it.query.clone())
        .build()
}

fn params(all: &BTreeMap<String, String>) -> Option<HashMap<String, String>> {
    (!all.is_empty()).then(|| all.clone().into_iter().collect())
}

fn oidc(it: &AuthenticateOidcActionArgs) -> AuthenticateOidcActionConfig {
    AuthenticateOidcActionConfig::builder()
        .issuer(&it.issuer)
        .authorization_endpoint(&it.authorization_endpoint)
        .token_endpoint(&it.token_endpoint)
        .user_info_endpoint(&it.user_info_endpoint)
        .client_id(&it.client_id)
        .client_secret(it.client_secret.expose())
        .set_scope(it.scope.clone())
        .set_session_cookie_name(it.session_cookie_name.clone())
        .session_timeout(it.session_timeout.0.into())
        .set_authentication_request_extra_params(params(&it.authentication_request_extra_params))
        .on_unauthenticated_request(it.on_unauthenticated_request.as_str().into())
        .build()
}

fn cognito(it: &AuthenticateCognitoActionArgs) -> AuthenticateCognitoActionConfig {
    AuthenticateCognitoActionConfig::builder()
        .user_pool_arn(it.user_pool_arn.as_str())
        .user_pool_client_id(&it.user_pool_client_id)
        .user_pool_domain(&it.user_pool_domain)
        .set_scope(it.scope.clone())
        .set_session_cookie_name(it.session_cookie_name.clone())
        .session_timeout(it.session_timeout.0.into())
        .set_authentication_request_extra_params(params(&it.authentication_request_extra_params))
        .on_unauthenticated_request(it.on_unauthenticated_request.as_str().into())
        .build()
}

/// Actions as AWS tells them. It does not tell secrets: those that were recorded are taken for
/// what they are. What is no action of ours is left out, so that the list differs.
pub(super) fn told(actions: &[Action], recorded: Option<&[ActionArgs]>) -> Vec<ActionArgs> {
    let mut ordered: Vec<&Action> = actions.iter().collect();
    ordered.sort_by_key(|action| action.order());
    let secret = |place: usize| match recorded.and_then(|recorded| recorded.get(place)) {
        Some(ActionArgs::AuthenticateOidc(it)) => it.client_secret.clone(),
        _ => Secret::new(String::new()),
    };
    let numbered = ordered.into_iter().enumerate();
    numbered.filter_map(|(place, action)| one_told(action, || secret(place))).collect()
}

fn one_told(action: &Action, secret: impl Fn() -> Secret<String>) -> Option<ActionArgs> {
    match action.r#type()? {
        Kind::Forward => forward_told(action).map(ActionArgs::Forward),
        Kind::Redirect => redirect_told(action.redirect_config()?).map(ActionArgs::Redirect),
        Kind::FixedResponse => {
            let it = action.fixed_response_config()?;
            let kind = it.content_type().unwrap_or("text/plain");
            Some(ActionArgs::FixedResponse(FixedResponseActionArgs {
                status_code: it.status_code()?.parse().ok()?,
                content_type: word(FixedResponseContentType::ALL, kind, |it| it.as_str())?,
                message_body: it.message_body().map(str::to_owned),
            }))
        }
        Kind::AuthenticateOidc => {
            let it = action.authenticate_oidc_config()?;
            oidc_told(it, secret()).map(ActionArgs::AuthenticateOidc)
        }
        Kind::AuthenticateCognito => {
            let it = action.authenticate_cognito_config()?;
            cognito_told(it).map(ActionArgs::AuthenticateCognito)
        }
        _ => None,
    }
}

fn word<T: Copy>(
    all: impl IntoIterator<Item = T>,
    word: &str,
    spelled: impl Fn(T) -> &'static str,
) -> Option<T> {
    all.into_iter().find(|it| spelled(*it) == word)
}

fn seconds(number: i32) -> Option<Seconds> {
    u32::try_from(number).ok().map(Seconds)
}

fn forward_told(action: &Action) -> Option<ForwardActionArgs> {
    let Some(config) = action.forward_config() else {
        let arn = TargetGroupArn::parse(action.target_group_arn()?).ok()?;
        let tuple = TargetGroupTupleArgs { target_group_arn: arn, weight: 1 };
        return Some(ForwardActionArgs {
            target_groups: vec![tuple],
            target_group_stickiness: None,
        });
    };
    let tuple = |tuple: &sdk::TargetGroupTuple| {
        Some(TargetGroupTupleArgs {
            target_group_arn: TargetGroupArn::parse(tuple.target_group_arn()?).ok()?,
            weight: u32::try_from(tuple.weight().unwrap_or(1)).ok()?,
        })
    };
    let stickiness = config.target_group_stickiness_config();
    Some(ForwardActionArgs {
        target_groups: config.target_groups().iter().map(tuple).collect::<Option<_>>()?,
        target_group_stickiness: stickiness.map(|it| TargetGroupStickinessArgs {
            enabled: it.enabled().unwrap_or_default(),
            duration_seconds: it.duration_seconds().and_then(seconds),
        }),
    })
}

fn redirect_told(it: &RedirectActionConfig) -> Option<RedirectActionArgs> {
    let code = it.status_code()?.as_str();
    let protocol = it.protocol().unwrap_or_default();
    Some(RedirectActionArgs {
        status_code: word(RedirectStatusCode::ALL, code, |it| it.as_str())?,
        protocol: word(RedirectProtocol::ALL, protocol, |it| it.as_str()),
        host: it.host().map(str::to_owned),
        port: it.port().map(str::to_owned),
        path: it.path().map(str::to_owned),
        query: it.query().map(str::to_owned),
    })
}

fn params_told(all: Option<&HashMap<String, String>>) -> BTreeMap<String, String> {
    let pairs = all.into_iter().flatten();
    pairs.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// How long a session lasts, and what happens without one.
fn session(timeout: Option<i64>, without: Option<&str>) -> (Seconds, OnUnauthenticatedRequest) {
    let timeout = timeout.and_then(|seconds| u32::try_from(seconds).ok());
    let without = without.unwrap_or("authenticate");
    let without = word(OnUnauthenticatedRequest::ALL, without, |it| it.as_str());
    (Seconds(timeout.unwrap_or(604_800)), without.unwrap_or(OnUnauthenticatedRequest::Authenticate))
}

fn oidc_told(
    it: &AuthenticateOidcActionConfig,
    client_secret: Secret<String>,
) -> Option<AuthenticateOidcActionArgs> {
    let without = it.on_unauthenticated_request().map(|it| it.as_str());
    let (session_timeout, on_unauthenticated_request) = session(it.session_timeout(), without);
    Some(AuthenticateOidcActionArgs {
        issuer: it.issuer()?.to_owned(),
        authorization_endpoint: it.authorization_endpoint()?.to_owned(),
        token_endpoint: it.token_endpoint()?.to_owned(),
        user_info_endpoint: it.user_info_endpoint()?.to_owned(),
        client_id: it.client_id()?.to_owned(),
        client_secret,
        scope: it.scope().map(str::to_owned),
        session_cookie_name: it.session_cookie_name().map(str::to_owned),
        session_timeout,
        authentication_request_extra_params: params_told(it.authentication_request_extra_params()),
        on_unauthenticated_request,
    })
}

fn cognito_told(it: &AuthenticateCognitoActionConfig) -> Option<AuthenticateCognitoActionArgs> {
    let without = it.on_unauthenticated_request().map(|it| it.as_str());
    let (session_timeout, on_unauthenticated_request) = session(it.session_timeout(), without);
    Some(AuthenticateCognitoActionArgs {
        user_pool_arn: UserPoolArn::parse(it.user_pool_arn()?).ok()?,
        user_pool_client_id: it.user_pool_client_id()?.to_owned(),
        user_pool_domain: it.user_pool_domain()?.to_owned(),
        scope: it.scope().map(str::to_owned),
        session_cookie_name: it.session_cookie_name().map(str::to_owned),
        session_timeout,
        authentication_request_extra_params: params_told(it.authentication_request_extra_params()),
        on_unauthenticated_request,
    })
}

/// Actions without what AWS takes for granted.
pub(super) fn normal(actions: Vec<ActionArgs>) -> Vec<ActionArgs> {
    let unless = |given: Option<String>, usual: &str| given.filter(|given| given != usual);
    let one = |action| match action {
        ActionArgs::Forward(it) => ActionArgs::Forward(ForwardActionArgs {
            target_group_stickiness: it.target_group_stickiness.filter(|it| it.enabled),
            ..it
        }),
        ActionArgs::Redirect(it) => ActionArgs::Redirect(RedirectActionArgs {
            host: unless(it.host, "#{host}"),
            port: unless(it.port, "#{port}"),
            path: unless(it.path, "/#{path}"),
            query: unless(it.query, "#{query}"),
            ..it
        }),
        ActionArgs::FixedResponse(it) => ActionArgs::FixedResponse(FixedResponseActionArgs {
            message_body: unless(it.message_body, ""),
            ..it
        }),
        ActionArgs::AuthenticateOidc(it) => {
            ActionArgs::AuthenticateOidc(AuthenticateOidcActionArgs {
                scope: unless(it.scope, SCOPE),
                session_cookie_name: unless(it.session_cookie_name, COOKIE),
                ..it
            })
        }
        ActionArgs::AuthenticateCognito(it) => {
            ActionArgs::AuthenticateCognito(AuthenticateCognitoActionArgs {
                scope: unless(it.scope, SCOPE),
                session_cookie_name: unless(it.session_cookie_name, COOKIE),
                ..it
            })
        }
    };
    actions.into_iter().map(one).collect()
}
