//! [`Request`]: what a handler is asked to do something with.

use std::sync::Arc;

use crate::{
    dsl::Provider,
    schema::TypeDef,
    state::{StableId, seal::digest_hex},
    types::Tags,
    urn::Urn,
    value::{Properties, Slot},
};

/// The tags that say whose a thing is. The first three decide, the URN informs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// `infra:stack`: the lineage of the state, short.
    pub stack: Arc<str>,
    /// `infra:id`: the stable id.
    pub stable: StableId,
    /// `infra:intent`: the token of the creation.
    pub intent: Arc<str>,
    /// `infra:urn`: the URN at creation.
    pub urn: Urn,
}

impl Ownership {
    /// The keys of the tags, in the order of the fields.
    pub const KEYS: [&'static str; 4] = ["infra:stack", "infra:id", "infra:intent", "infra:urn"];

    /// The tags to put onto a thing, beside those of the program.
    #[must_use]
    pub fn tags(&self) -> [(&'static str, String); 4] {
        let [stack, stable, intent, urn] = Self::KEYS;
        [
            (stack, self.stack.to_string()),
            (stable, self.stable.to_string()),
            (intent, self.intent.to_string()),
            (urn, self.urn.to_string()),
        ]
    }

    /// Whose a thing with these tags is; `None` if it is none of ours.
    #[must_use]
    pub fn from_tags(tags: &Tags) -> Option<Self> {
        let [stack, stable, intent, urn] = Self::KEYS.map(|key| tags.0.get(key));
        Some(Self {
            stack: stack?.as_str().into(),
            stable: stable?.parse().ok()?,
            intent: intent?.as_str().into(),
            urn: Urn::parse(urn?).ok()?,
        })
    }
}

/// What a handler is asked to do something with. Secrets are open.
#[derive(Clone, Debug)]
pub struct Request {
    /// The type.
    pub ty: &'static TypeDef,
    /// Where it goes.
    pub provider: Provider,
    /// Whose it is; [`Ownership::intent`] is the token of the creation.
    pub owner: Ownership,
    /// Its physical id; empty before it has one.
    pub id: Arc<str>,
    /// The properties: those wanted, or those recorded where nothing is wanted (`read`, `delete`).
    pub inputs: Properties,
    /// Updates: the properties recorded before.
    pub old_inputs: Properties,
    /// The outputs recorded.
    pub outputs: Properties,
    /// Updates: what is to change. A recorded property that is not known is always among it.
    pub changed: Box<[Slot]>,
    /// When its creation was first asked for, in milliseconds of the clock.
    pub created_at: u64,
}

impl Request {
    /// About a thing of which nothing is recorded: what is wanted of it, or known otherwise.
    #[must_use]
    pub fn unrecorded(
        ty: &'static TypeDef,
        provider: Provider,
        owner: Ownership,
        id: Arc<str>,
        inputs: Properties,
    ) -> Self {
        Self {
            ty,
            provider,
            owner,
            id,
            inputs,
            old_inputs: Properties::default(),
            outputs: Properties::default(),
            changed: Box::default(),
            created_at: 0,
        }
    }

    /// The name property, given or made up.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.inputs.get(self.ty.name_rule?.slot).as_str()
    }

    /// The token of a run of a task: the same when a run is gone on with whose end is not known,
    /// another one for every other run. Attempts are those that are known to have come to nothing.
    ///
    /// What was told of the last run is part of it, so that inputs that were there before do not
    /// bring back what ran then.
    #[must_use]
    pub fn run_token(&self, attempt: u32) -> String {
        let mut words = vec!["run".to_owned(), self.owner.intent.to_string(), attempt.to_string()];
        for (slot, value) in self.inputs.iter().chain(self.outputs.iter()) {
            // Secrets are no part of it: tokens are shown. The text of values does not have them.
            words.extend([slot.to_string(), value.to_string()]);
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        digest_hex(&words, 32)
    }

    /// The tags that the thing shall have: the program's and those of ownership.
    #[must_use]
    pub fn all_tags(&self) -> Tags {
        let own = self.ty.tags.map(|slot| self.inputs.get(slot));
        let own = own.and_then(|tags| <Tags as crate::types::PropertyType>::decode(tags).ok());
        let mut tags = own.unwrap_or_default();
        tags.0.extend(self.owner.tags().map(|(key, value)| (key.to_owned(), value)));
        tags
    }
}
