//! What AWS refuses of actions, and who forwards to a target group.

use infra_core::{
    aws::elbv2::{
        self, Action, ActionArgs, ForwardActionArgs, Protocol, RedirectActionArgs, RedirectProtocol,
    },
    dsl::{Prop, ResourceType},
    handler::Problem,
    types::Seconds,
};

use crate::sim::{
    World,
    network::vpc_of_balancer,
    object::Object,
    refusal::Refusal,
    special::{Asked, Special, of},
};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

const INVALID: &str = "InvalidLoadBalancerAction";
/// AWS: "Target groups per action per Application Load Balancer".
const GROUPS: usize = 5;
/// The longest time that a client can be bound.
const WEEK: u32 = 604_800;

/// Where actions stand.
pub(super) struct Place<'a> {
    pub(super) property: &'a str,
    /// How the listener is spoken to.
    pub(super) protocol: Protocol,
    pub(super) balancer: &'a Object,
}

/// Refuses lists of actions that AWS refuses.
pub(super) fn check(
    asked: &Asked<'_>,
    place: &Place<'_>,
    actions: &[ActionArgs],
) -> Result<(), Refusal> {
    let property = place.property;
    let Some((last, before)) = actions.split_last() else {
        return refused(property, "is empty; what shall happen to a request?");
    };
    if let Some(position) = before.iter().position(|action| !authenticates(action)) {
        return refused(
            property,
            &format!("[{position}] ends the request, and stands before other actions"),
        );
    }
    if authenticates(last) {
        return refused(property, "ends without forward, redirect or fixed_response");
    }
    if !before.is_empty() && place.protocol != Protocol::Https {
        return refused(property, "authenticates, which only HTTPS listeners do");
    }
    match last {
        ActionArgs::Forward(forward) => check_forward(asked, place, forward),
        _ if !place.protocol.is_http() => {
            let message =
                format!("can only forward, since the listener's protocol is {}", place.protocol);
            refused(property, &message)
        }
        ActionArgs::Redirect(redirect) => check_redirect(place, redirect),
        ActionArgs::FixedResponse(answer) => {
            let code = answer.status_code;
            let body = answer.message_body.as_ref().map_or(0, String::len);
            if !matches!(code, 200..=299 | 400..=599) {
                return refused(property, &format!("answers with {code}, not 2XX, 4XX or 5XX"));
            }
            if body > 1024 {
                return refused(property, &format!("answers with {body} bytes; 1024 are allowed"));
            }
            Ok(())
        }
        ActionArgs::AuthenticateOidc(_) | ActionArgs::AuthenticateCognito(_) => Ok(()),
    }
}

fn refused(property: &str, message: &str) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, format!("`{property}` {message}")))
}

fn authenticates(action: &ActionArgs) -> bool {
    matches!(action, ActionArgs::AuthenticateOidc(_) | ActionArgs::AuthenticateCognito(_))
}

fn check_forward(
    asked: &Asked<'_>,
    place: &Place<'_>,
    forward: &ForwardActionArgs,
) -> Result<(), Refusal> {
    let property = place.property;
    let count = forward.target_groups.len();
    if !(1..=GROUPS).contains(&count) {
        return refused(
            property,
            &format!("forwards to {count} target groups; 1 to {GROUPS} are allowed"),
        );
    }
    if let Some(tuple) = forward.target_groups.iter().find(|tuple| tuple.weight > 999) {
        return refused(
            property,
            &format!("has the weight {}; 0 to 999 are allowed", tuple.weight),
        );
    }
    if let Some(sticky) = forward.target_group_stickiness.as_ref().filter(|sticky| sticky.enabled)
        && !sticky.duration_seconds.is_some_and(|Seconds(seconds)| (1..=WEEK).contains(&seconds))
    {
        let message = format!("binds clients without `duration_seconds` between 1 and {WEEK} s");
        return refused(property, &message);
    }
    for tuple in &forward.target_groups {
        let arn = tuple.target_group_arn.as_str();
        let ty = elbv2::TargetGroup::definition().name;
        if let Some(group) = asked.world.get(ty, arn, asked.scope) {
            check_group(asked, place, group)?;
        }
    }
    Ok(())
}

/// A target group fits the listener, lies in the load balancer's VPC, and belongs to no other one.
fn check_group(asked: &Asked<'_>, place: &Place<'_>, group: &Object) -> Result<(), Refusal> {
    let property = place.property;
    let refused = |code: &str, message| Err(Refusal::invalid(property, code, message));
    let theirs = of(group, elbv2::TargetGroup::PROTOCOL).unwrap_or(Protocol::Http);
    if theirs.is_http() != place.protocol.is_http() {
        let message = format!(
            "`{property}`: the target group {} speaks {theirs}, which does not fit a listener of \
             {}",
            group.id, place.protocol
        );
        return refused("IncompatibleProtocols", message);
    }
    let (home, vpc) = (vpc_of_balancer(asked.world, place.balancer), group.text("vpc_id"));
    if home != Some(vpc) {
        let message = format!(
            "`{property}`: the target group {} is for targets in {vpc}, and the load balancer lies \
             in {}",
            group.id,
            home.unwrap_or_default()
        );
        return refused("InvalidConfigurationRequest", message);
    }
    let other = balancers_of(asked.world, asked.scope, &group.id)
        .into_iter()
        .find(|balancer| **balancer != *place.balancer.id);
    if let Some(other) = other {
        let message = format!(
            "`{property}`: the target group {} gets requests of {other} already; it belongs to one \
             load balancer",
            group.id
        );
        // It may be on its way to this load balancer: the old listeners are about to go.
        let problem = Problem::InUse { by: vec![format!("LoadBalancer {other}")] };
        return Err(Refusal { problem, code: "TargetGroupAssociationLimit".to_owned(), message });
    }
    Ok(())
}

fn check_redirect(place: &Place<'_>, redirect: &RedirectActionArgs) -> Result<(), Refusal> {
    let RedirectActionArgs { protocol, host, port, path, query, .. } = redirect;
    let same = |given: &Option<String>, keyword: &[&str]| {
        given.as_deref().is_none_or(|given| keyword.contains(&given))
    };
    let same_protocol = protocol.is_none_or(|to| to.as_str() == place.protocol.as_str());
    let stays = same(host, &["#{host}"])
        && same(port, &["#{port}"])
        && same(path, &["/#{path}"])
        && same(query, &["#{query}"]);
    if same_protocol && stays {
        let message = "sends clients to where they came from, for ever; change the protocol, host, \
                       port, path or query";
        return refused(place.property, message);
    }
    if place.protocol == Protocol::Https && *protocol == Some(RedirectProtocol::Http) {
        return refused(place.property, "sends clients from HTTPS to HTTP");
    }
    if let Some(path) = path.as_ref().filter(|path| !path.starts_with('/')) {
        return refused(
            place.property,
            &format!("has the path {path:?}, which begins with a slash"),
        );
    }
    Ok(())
}

/// The target groups that a list of actions forwards to.
pub(in crate::sim) fn targets(actions: &[ActionArgs]) -> impl Iterator<Item = &str> {
    let forwards = actions.iter().filter_map(|action| match action {
        ActionArgs::Forward(forward) => Some(forward),
        _ => None,
    });
    forwards.flat_map(|forward| &forward.target_groups).map(|tuple| tuple.target_group_arn.as_str())
}

/// The load balancers whose listeners and rules forward to a target group.
pub(in crate::sim) fn balancers_of<'a>(
    world: &'a World,
    scope: &'a str,
    target_group: &'a str,
) -> Vec<&'a str> {
    let listener = elbv2::Listener::definition().name;
    let by_listener = world
        .all(listener, scope)
        .filter(move |listener| forwards(listener, elbv2::Listener::DEFAULT_ACTIONS, target_group));
    let by_rule = world
        .all(elbv2::ListenerRule::definition().name, scope)
        .filter(move |rule| forwards(rule, elbv2::ListenerRule::ACTIONS, target_group))
        .filter_map(move |rule| world.get(listener, rule.text("listener_arn"), scope));
    let mut balancers: Vec<&str> =
        by_listener.chain(by_rule).map(|listener| listener.text("load_balancer_arn")).collect();
    balancers.sort_unstable();
    balancers.dedup();
    balancers
}

fn forwards<R: ResourceType>(object: &Object, prop: Prop<R, Vec<Action>>, to: &str) -> bool {
    of(object, prop).is_some_and(|actions| targets(&actions).any(|target| target == to))
}
