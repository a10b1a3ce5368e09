//! What is special about the policy of a topic: it is about that topic, and what topics can do.

use infra_core::{
    aws::{iam::StatementArgs, sns},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::topic::{CODES, INVALID};
use crate::sim::{
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&TopicPolicy];

type P = sns::TopicPolicy;

/// AWS: a policy of a topic may have 30 KB.
const LENGTH: usize = 30 * 1024;

struct TopicPolicy;

impl Special for TopicPolicy {
    fn ty(&self) -> &'static TypeDef {
        P::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(document) = asked.get(P::POLICY_DOCUMENT) else { return Ok(()) };
        let refused = |path: &str, message: String| Err(Refusal::invalid(path, INVALID, message));
        policy::check(&document, Kind::Resource, "policy_document")
            .map_err(|refusal| refusal.coded(INVALID))?;
        let length = document.to_string().len();
        if length > LENGTH {
            let message = format!("`policy_document` has {length} bytes; {LENGTH} are the most");
            return refused("policy_document", message);
        }
        let topic = asked.get(P::TOPIC_ARN).map(|arn| arn.as_str().to_owned()).unwrap_or_default();
        for (place, statement) in document.statements.iter().enumerate() {
            let path = format!("policy_document.statements[{place}]");
            let StatementArgs { resources, actions, .. } = statement;
            if let Some(resource) = resources.iter().find(|resource| **resource != topic) {
                let message = format!("`{path}.resources` {resource:?} is not the topic {topic}");
                return refused(&path, message);
            }
            if let Some(action) = actions.iter().find(|action| !is_of_topics(action)) {
                let message = format!(
                    "`{path}.actions` {action:?} is not of topics; name actions such as \
                     sns:Publish, since sns:* has more than a topic's policy can allow"
                );
                return refused(&path, message);
            }
        }
        Ok(())
    }
}

fn is_of_topics(action: &str) -> bool {
    let name = action.split_once(':').filter(|(service, _)| service.eq_ignore_ascii_case("sns"));
    name.is_some_and(|(_, name)| name != "*")
}
