//! What is special about a subscription: endpoints look as their protocols want them, and some wait
//! for somebody to say yes.

use infra_core::{
    aws::sns::{self, FilterPolicyScope, SubscriptionProtocol},
    dsl::ResourceType,
    schema::TypeDef,
    types::Json,
    value::PropertiesBuilder,
};

use super::{
    delivery_policy::check_retries,
    topic::{CODES, INVALID},
};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Subscription];

type S = sns::Subscription;

/// AWS: keys of a filter policy.
const KEYS: usize = 5;

struct Subscription;

impl Special for Subscription {
    fn ty(&self) -> &'static TypeDef {
        S::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(protocol) = asked.get(S::PROTOCOL) else { return Ok(()) };
        check_endpoint(protocol, &asked.get(S::ENDPOINT).unwrap_or_default())?;
        check_topic(asked, protocol)?;
        check_belongs(asked, protocol)?;
        if let Some(policy) = asked.get(S::DELIVERY_POLICY) {
            check_retries("delivery_policy.healthy_retry_policy", &policy.healthy_retry_policy)?;
        }
        asked.get(S::FILTER_POLICY).map_or(Ok(()), |filter| {
            let scope = asked.get(S::FILTER_POLICY_SCOPE);
            check_filter(&filter, scope == Some(FilterPolicyScope::MessageBody))
        })
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        use SubscriptionProtocol as P;
        if asked.old.is_some() {
            return;
        }
        let protocol = asked.get(S::PROTOCOL);
        let waits = matches!(protocol, Some(P::Http | P::Https | P::Email | P::EmailJson));
        tell(outputs, S::PENDING_CONFIRMATION, waits);
    }
}

/// Whether an endpoint looks as its protocol wants it.
fn check_endpoint(protocol: SubscriptionProtocol, endpoint: &str) -> Result<(), Refusal> {
    use SubscriptionProtocol as P;
    let (fits, wanted) = match protocol {
        P::Http => (is_url(endpoint, "http://"), "a URL that begins with http://"),
        P::Https => (is_url(endpoint, "https://"), "a URL that begins with https://"),
        P::Email | P::EmailJson => (is_address(endpoint), "an address such as a@campus.example"),
        P::Sms => (is_number(endpoint), "a number such as +491701234567"),
        P::Sqs => (is_arn(endpoint, "sqs", ""), "the ARN of a queue"),
        P::Lambda => (is_arn(endpoint, "lambda", "function:"), "the ARN of a function"),
        P::Firehose => {
            (is_arn(endpoint, "firehose", "deliverystream/"), "the ARN of a delivery stream")
        }
        P::Application => (is_arn(endpoint, "sns", "endpoint/"), "the ARN of an app's endpoint"),
    };
    if fits {
        return Ok(());
    }
    let message = format!("`endpoint` {endpoint:?} of the protocol {protocol} must be {wanted}");
    Err(Refusal::invalid("endpoint", INVALID, message))
}

fn is_url(text: &str, scheme: &str) -> bool {
    text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.contains(' '))
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    let space = text.contains(char::is_whitespace);
    parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !space)
}

/// As E.164 has it.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_arn(text: &str, service: &str, resource: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    matches!(parts.as_slice(), ["arn", _, of, _, _, rest]
        if *of == service && rest.starts_with(resource) && rest.len() > resource.len())
}

/// A topic tells its own region, and a FIFO topic tells queues alone.
fn check_topic(asked: &Asked<'_>, protocol: SubscriptionProtocol) -> Result<(), Refusal> {
    let Some(topic) = asked.get(S::TOPIC_ARN) else { return Ok(()) };
    asked.check_region("topic_arn", "topic", topic.as_str(), INVALID)?;
    let fifo = asked.referenced(S::TOPIC_ARN).and_then(|topic| of(topic, sns::Topic::FIFO_TOPIC));
    if fifo == Some(true) && protocol != SubscriptionProtocol::Sqs {
        let message = format!(
            "`protocol` {protocol}: a FIFO topic tells queues alone; subscribe a queue, and read \
             that"
        );
        return Err(Refusal::invalid("protocol", INVALID, message));
    }
    Ok(())
}

/// What belongs to some protocols alone.
fn check_belongs(asked: &Asked<'_>, protocol: SubscriptionProtocol) -> Result<(), Refusal> {
    use SubscriptionProtocol as P;
    let http = matches!(protocol, P::Http | P::Https);
    let raw = http || matches!(protocol, P::Sqs | P::Firehose);
    let refused =
        |property: &str, message: String| Err(Refusal::invalid(property, INVALID, message));
    if asked.get(S::RAW_MESSAGE_DELIVERY) == Some(true) && !raw {
        let message = format!(
            "`raw_message_delivery` goes with http, https, sqs and firehose, not {protocol}"
        );
        return refused("raw_message_delivery", message);
    }
    if asked.get(S::DELIVERY_POLICY).is_some() && !http {
        let message = format!("`delivery_policy` goes with http and https, not {protocol}");
        return refused("delivery_policy", message);
    }
    match (asked.get(S::SUBSCRIPTION_ROLE_ARN), protocol == P::Firehose) {
        (None, true) => {
            let message = "`subscription_role_arn` is needed for firehose: who writes there";
            refused("subscription_role_arn", message.to_owned())
        }
        (Some(_), false) => {
            let message = format!("`subscription_role_arn` goes with firehose, not {protocol}");
            refused("subscription_role_arn", message)
        }
        _ => Ok(()),
    }
}

/// A filter is an object of lists, or of objects where it looks into the message.
fn check_filter(filter: &Json, nested: bool) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid("filter_policy", INVALID, message));
    let Ok(serde_json::Value::Object(keys)) = filter.to_json() else {
        return refused("`filter_policy` must be an object of keys and lists of values".to_owned());
    };
    if keys.is_empty() || keys.len() > KEYS {
        return refused(format!(
            "`filter_policy` has {} keys; 1 to {KEYS} are allowed",
            keys.len()
        ));
    }
    let fits = |value: &serde_json::Value| match value {
        serde_json::Value::Array(values) => !values.is_empty(),
        serde_json::Value::Object(_) => nested,
        _ => false,
    };
    match keys.iter().find(|(key, value)| !fits(value) && *key != "$or") {
        Some((key, _)) => refused(format!(
            "`filter_policy.{key}` must be a list of values, such as [\"failed\"]; objects go with \
             the scope MessageBody"
        )),
        None => Ok(()),
    }
}
