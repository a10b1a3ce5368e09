//! [`Request`]: what a handler is asked to do something with.

use std::sync::Arc;

use crate::{
    dsl::Provider,
    schema::TypeDef,
    state::StableId,
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
    /// The name property, given or made up.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.inputs.get(self.ty.name_rule?.slot).as_str()
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
