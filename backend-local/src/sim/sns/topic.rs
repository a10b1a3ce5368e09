//! What is special about a topic: its name says whether it is FIFO, and what belongs to those alone.

use infra_core::{
    aws::{
        TopicArn,
        iam::PolicyDocumentArgs,
        kms,
        sns::{self, TopicKeyArgs},
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use super::delivery_policy::check_retries;
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Topic];

type T = sns::Topic;

/// How SNS calls its errors.
pub(super) const CODES: Codes = Codes {
    not_found: "NotFound",
    not_ready: "ConcurrentAccess",
    exists: "InvalidParameter",
    in_use: "InvalidState",
    quota: "TopicLimitExceeded",
};
/// What it says of everything that has no code of its own.
pub(super) const INVALID: &str = "InvalidParameter";

/// The end of the name of a FIFO topic.
const FIFO: &str = ".fifo";
/// The key of SNS itself, by its alias.
const OWN_KEY: &str = "alias/aws/sns";

struct Topic;

impl Special for Topic {
    fn ty(&self) -> &'static TypeDef {
        T::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Topics per Account", of an account and region, adjustable. FIFO topics have a quota
        // of 1000.
        Some(100_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused =
            |property: &str, message: String| Err(Refusal::invalid(property, INVALID, message));
        let fifo = asked.get(T::FIFO_TOPIC).unwrap_or_default();
        check_name(&asked.get(T::TOPIC_NAME).unwrap_or_default(), fifo)?;
        let of_fifo = [
            (
                "content_based_deduplication",
                asked.get(T::CONTENT_BASED_DEDUPLICATION).unwrap_or_default(),
            ),
            ("fifo_throughput_scope", asked.get(T::FIFO_THROUGHPUT_SCOPE).is_some()),
        ];
        if let Some((property, _)) = of_fifo.iter().find(|(_, given)| *given && !fifo) {
            let message = format!("`{property}` belongs to topics with `fifo_topic`");
            return refused(property, message);
        }
        let name = asked.get(T::DISPLAY_NAME).unwrap_or_default();
        if name.chars().count() > 100 {
            let message = format!("`display_name` {name:?} may have 100 characters at most");
            return refused("display_name", message);
        }
        match asked.get(T::KMS_MASTER_KEY_ID) {
            Some(TopicKeyArgs::Key(key)) => {
                asked.check_key_at("kms_master_key_id", key.as_str(), INVALID)?;
            }
            Some(TopicKeyArgs::Alias(alias)) => check_alias(asked, &alias)?,
            None => {}
        }
        if let Some(policy) = asked.get(T::DELIVERY_POLICY) {
            let path = "delivery_policy.default_healthy_retry_policy";
            check_retries(path, &policy.default_healthy_retry_policy)?;
        }
        check_logging(asked)
    }
}

fn check_name(name: &str, fifo: bool) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid("topic_name", INVALID, message));
    let stem = name.strip_suffix(FIFO);
    if stem.is_some() != fifo {
        let which = if fifo { "must end in" } else { "must not end in" };
        return refused(format!(
            "`topic_name` {name} {which} `{FIFO}`, since `fifo_topic` is {fifo}"
        ));
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    if let Some(bad) = stem.unwrap_or(name).chars().find(|c| !known(*c)) {
        return refused(format!(
            "`topic_name` {name} contains {bad:?}; allowed are letters, digits, _ and -"
        ));
    }
    Ok(())
}

/// An alias names a key of the region, or the key of SNS itself.
fn check_alias(asked: &Asked<'_>, alias: &str) -> Result<(), Refusal> {
    let there = asked.world.get(kms::Alias::definition().name, alias, asked.scope).is_some();
    if alias == OWN_KEY || there {
        return Ok(());
    }
    let message = format!(
        "`kms_master_key_id` {alias:?} is the alias of no key; make one, take it from the outputs \
         of its Alias, or write {OWN_KEY}"
    );
    Err(Refusal::invalid("kms_master_key_id", "KMSNotFound", message))
}

/// Whether a service may publish to a topic: where it is encrypted, by the policy of the key.
pub(in crate::sim) fn check_publisher(
    asked: &Asked<'_>,
    property: &str,
    topic: &TopicArn,
    service: &str,
) -> Result<(), Refusal> {
    let get = |ty: &'static str, id: &str| asked.world.get(ty, id, asked.scope);
    let found = get(T::definition().name, topic.as_str());
    let key = match found.and_then(|topic| of(topic, T::KMS_MASTER_KEY_ID)) {
        None => return Ok(()),
        Some(TopicKeyArgs::Alias(alias)) if alias == OWN_KEY => None,
        Some(TopicKeyArgs::Alias(alias)) => {
            let named = get(kms::Alias::definition().name, &alias);
            named.and_then(|alias| of(alias, kms::Alias::TARGET_KEY_ID))
        }
        Some(TopicKeyArgs::Key(key)) => Some(key),
    };
    let object = key.as_ref().and_then(|key| get(kms::Key::definition().name, key.as_str()));
    let policy = object.and_then(|key| of(key, kms::Key::KEY_POLICY));
    let needed = ["kms:Decrypt", "kms:GenerateDataKey"];
    let may = |policy: &PolicyDocumentArgs| {
        needed.iter().all(|action| policy.lets_service(service, action))
    };
    if policy.is_some_and(|policy| may(&policy)) {
        return Ok(());
    }
    let key = key.map_or_else(|| OWN_KEY.to_owned(), |key| key.to_string());
    let message = format!(
        "`{property}` names the topic {topic}, where {service} can't publish: the topic is \
         encrypted with {key}, whose policy does not let it do kms:Decrypt and kms:GenerateDataKey"
    );
    Err(Refusal::invalid(property, INVALID, message))
}

fn check_logging(asked: &Asked<'_>) -> Result<(), Refusal> {
    let property = "delivery_status_logging";
    let mut seen = vec![];
    for logging in asked.get(T::DELIVERY_STATUS_LOGGING).unwrap_or_default() {
        let protocol = logging.protocol;
        let rate = logging.success_feedback_sample_rate;
        let nothing = logging.failure_feedback_role_arn.is_none()
            && logging.success_feedback_role_arn.is_none();
        let problem = if seen.contains(&protocol) {
            "stands there twice".to_owned()
        } else if nothing {
            "has no role that writes the logs".to_owned()
        } else if let Some(rate) = rate.filter(|rate| *rate > 100) {
            format!("has a `success_feedback_sample_rate` of {rate} percent; 100 is the most")
        } else {
            seen.push(protocol);
            continue;
        };
        let message = format!("`{property}`: {protocol} {problem}");
        return Err(Refusal::invalid(property, INVALID, message));
    }
    Ok(())
}
