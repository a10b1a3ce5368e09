//! How often SNS tries HTTP endpoints: of a topic, and of one subscription.

use crate::{prelude::*, props};

/// How often the HTTP endpoints of a topic are tried. AWS: `http` in a topic's `DeliveryPolicy`.
#[props]
pub struct TopicDeliveryPolicy {
    /// How often. AWS: `defaultHealthyRetryPolicy`.
    pub default_healthy_retry_policy: HealthyRetryPolicy,
    /// Whether subscriptions may not say otherwise. Default: false. AWS:
    /// `disableSubscriptionOverrides`.
    #[prop(default = false)]
    pub disable_subscription_overrides: bool,
    /// How many messages an endpoint gets in a second at most. Default: without bound. AWS:
    /// `defaultThrottlePolicy`, `maxReceivesPerSecond`.
    pub max_receives_per_second: Option<u32>,
}

/// How often the HTTP endpoint of a subscription is tried.
#[props]
pub struct DeliveryPolicy {
    /// How often. AWS: `healthyRetryPolicy`.
    pub healthy_retry_policy: HealthyRetryPolicy,
    /// How many messages it gets in a second at most. Default: without bound. AWS:
    /// `throttlePolicy`, `maxReceivesPerSecond`.
    pub max_receives_per_second: Option<u32>,
}

/// How often an endpoint is tried: at once, then with the shortest delay, then with growing ones,
/// then with the longest.
#[props]
pub struct HealthyRetryPolicy {
    /// How often in all, up to 100. AWS: `numRetries`.
    pub num_retries: u32,
    /// The shortest delay, from one second. Default: 20 s. AWS: `minDelayTarget`.
    #[prop(default = Seconds(20))]
    pub min_delay_target: Seconds,
    /// The longest delay, up to an hour. Default: 20 s. AWS: `maxDelayTarget`.
    #[prop(default = Seconds(20))]
    pub max_delay_target: Seconds,
    /// How many of these at once. Default: none. AWS: `numNoDelayRetries`.
    #[prop(default = 0_u32)]
    pub num_no_delay_retries: u32,
    /// How many of these with the shortest delay. Default: none. AWS: `numMinDelayRetries`.
    #[prop(default = 0_u32)]
    pub num_min_delay_retries: u32,
    /// How many of these with the longest delay. Default: none. AWS: `numMaxDelayRetries`.
    #[prop(default = 0_u32)]
    pub num_max_delay_retries: u32,
    /// How the delay grows. Default: evenly. AWS: `backoffFunction`.
    #[prop(default = BackoffFunction::Linear)]
    pub backoff_function: BackoffFunction,
}

/// How a delay grows.
#[props(words = "lower")]
pub enum BackoffFunction {
    /// Evenly.
    Linear,
    /// By sums.
    Arithmetic,
    /// By products.
    Geometric,
    /// By powers.
    Exponential,
}
