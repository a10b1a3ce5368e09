//! [`Object`]: a thing in the simulated account.

use std::{collections::BTreeMap, sync::Arc};

use infra_core::{
    handler::Ownership,
    schema::TypeDef,
    value::{Properties, Slot, Value},
};

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It is there.
    Live,
    /// It is on its way out.
    Deleting,
    /// A task that has ended, and is remembered for a while.
    Ended,
    /// It is gone.
    Gone,
}

/// A thing in the simulated account.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its type.
    pub ty: &'static TypeDef,
    /// Its physical id.
    pub id: Arc<str>,
    /// Account and region: `123456789012/eu-central-1`, or `…/global`.
    pub scope: Arc<str>,
    /// How it is.
    pub life: Life,
    /// Whether AWS made it without being asked, together with its owner.
    pub implicit: bool,
    /// Whose it is, if it carries the tags that say so.
    pub owner: Option<Box<Ownership>>,
    /// What it was made with, if it carries no tags that say so: asked again with the same token, AWS
    /// answers with the same thing.
    pub token: Option<Arc<str>>,
    /// What it was asked to be. Secrets as digests.
    pub inputs: Properties,
    /// What it tells.
    pub outputs: Properties,
    /// When it becomes visible.
    pub visible_at: u64,
    /// When it is ready.
    pub ready_at: u64,
    /// When it is gone, if it is on its way out.
    pub gone_at: u64,
    /// Until when nothing else can have its unique properties, if it is gone.
    pub kept_until: u64,
    /// When it was last changed in ways that AWS allows once in a while alone.
    pub moments: BTreeMap<String, u64>,
    /// How it looked before its last change, and until when that is what readers see.
    pub stale: Option<Box<(u64, Properties, Properties)>>,
    /// How many others refer to it so that it can't go.
    pub(super) in_use: u32,
    /// How many others go when it goes.
    pub(super) owned: u32,
}

impl Object {
    /// A thing that is there, ready, and nobody's, without properties.
    pub(super) fn new(ty: &'static TypeDef, id: Arc<str>, scope: Arc<str>) -> Self {
        Self {
            ty,
            id,
            scope,
            life: Life::Live,
            implicit: false,
            owner: None,
            token: None,
            inputs: Properties::default(),
            outputs: Properties::default(),
            visible_at: 0,
            ready_at: 0,
            gone_at: 0,
            kept_until: 0,
            moments: BTreeMap::new(),
            stale: None,
            in_use: 0,
            owned: 0,
        }
    }

    /// A property or output.
    #[must_use]
    pub fn value(&self, slot: Slot) -> &Value {
        match self.inputs.get(slot) {
            Value::Null => self.outputs.get(slot),
            value => value,
        }
    }

    /// A property or output by name.
    #[must_use]
    pub fn named(&self, name: &str) -> &Value {
        match self.ty.slot(name) {
            Some(slot) => self.value(slot),
            None => self.inputs.get(Slot::MAX / 512),
        }
    }

    /// A text property or output by name; empty if absent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.named(name).as_str().unwrap_or_default()
    }

    /// The ARN, if it has one.
    #[must_use]
    pub fn arn(&self) -> Option<&str> {
        self.value(self.ty.arn?.slot).as_str()
    }
}
