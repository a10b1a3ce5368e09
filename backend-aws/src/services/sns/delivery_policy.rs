//! How often HTTP endpoints are tried, in SNS's form and back.

use infra_core::{
    aws::sns::{DeliveryPolicyArgs, HealthyRetryPolicyArgs, TopicDeliveryPolicyArgs},
    types::{self, IntoValue, structure},
    value::Value,
};
use serde_json::{Value as Json, json};

fn retries(policy: &HealthyRetryPolicyArgs) -> Json {
    json!({
        "numRetries": policy.num_retries,
        "minDelayTarget": policy.min_delay_target.0,
        "maxDelayTarget": policy.max_delay_target.0,
        "numNoDelayRetries": policy.num_no_delay_retries,
        "numMinDelayRetries": policy.num_min_delay_retries,
        "numMaxDelayRetries": policy.num_max_delay_retries,
        "backoffFunction": policy.backoff_function.as_str(),
    })
}

/// That of a topic, as a text.
pub(super) fn of_topic(policy: &TopicDeliveryPolicyArgs) -> String {
    let mut http = json!({
        "defaultHealthyRetryPolicy": retries(&policy.default_healthy_retry_policy),
        "disableSubscriptionOverrides": policy.disable_subscription_overrides,
    });
    if let Some(most) = policy.max_receives_per_second {
        http["defaultThrottlePolicy"] = json!({"maxReceivesPerSecond": most});
    }
    json!({"http": http}).to_string()
}

/// That of a subscription, as a text.
pub(super) fn of_subscription(policy: &DeliveryPolicyArgs) -> String {
    let mut all = json!({"healthyRetryPolicy": retries(&policy.healthy_retry_policy)});
    if let Some(most) = policy.max_receives_per_second {
        all["throttlePolicy"] = json!({"maxReceivesPerSecond": most});
    }
    all.to_string()
}

fn value(json: &Json) -> Value {
    types::Json::from(json.clone()).into_value()
}

/// What is not said is as AWS has it, which our defaults are too.
fn told_retries(json: &Json) -> Value {
    let names = [
        ("num_retries", "numRetries"),
        ("min_delay_target", "minDelayTarget"),
        ("max_delay_target", "maxDelayTarget"),
        ("num_no_delay_retries", "numNoDelayRetries"),
        ("num_min_delay_retries", "numMinDelayRetries"),
        ("num_max_delay_retries", "numMaxDelayRetries"),
        ("backoff_function", "backoffFunction"),
    ];
    structure(names.map(|(ours, theirs)| (ours, value(&json[theirs]))))
}

/// That of a topic, as SNS tells it.
pub(super) fn told_of_topic(text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    let json: Json = serde_json::from_str(text).unwrap_or_default();
    let http = &json["http"];
    if http["defaultHealthyRetryPolicy"].is_null() {
        return Value::Null;
    }
    structure([
        ("default_healthy_retry_policy", told_retries(&http["defaultHealthyRetryPolicy"])),
        (
            "disable_subscription_overrides",
            http["disableSubscriptionOverrides"].as_bool().unwrap_or_default().into_value(),
        ),
        ("max_receives_per_second", value(&http["defaultThrottlePolicy"]["maxReceivesPerSecond"])),
    ])
}

/// That of a subscription, as SNS tells it.
pub(super) fn told_of_subscription(text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    let json: Json = serde_json::from_str(text).unwrap_or_default();
    if json["healthyRetryPolicy"].is_null() {
        return Value::Null;
    }
    structure([
        ("healthy_retry_policy", told_retries(&json["healthyRetryPolicy"])),
        ("max_receives_per_second", value(&json["throttlePolicy"]["maxReceivesPerSecond"])),
    ])
}
