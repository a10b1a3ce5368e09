//! What AWS calls attributes: keys and values in text, each of which is a property here.

use std::collections::BTreeMap;

use infra_core::{
    handler::Request,
    schema::Shape,
    value::{Slot, Value},
};

use crate::seen::Seen;

/// Attributes as AWS tells or takes them.
pub(super) type Attributes = BTreeMap<String, String>;

/// An attribute that is a property of its own.
pub(super) struct Plain {
    pub(super) slot: Slot,
    pub(super) key: &'static str,
    /// What it is where nobody has said anything.
    pub(super) usual: &'static str,
}

impl Plain {
    pub(super) const fn new(slot: Slot, key: &'static str, usual: &'static str) -> Self {
        Self { slot, key, usual }
    }

    /// It as a new thing is told, if the program says it.
    pub(super) fn given(&self, request: &Request, all: &mut Attributes) {
        if let Some(text) = text(request.inputs.get(self.slot)) {
            all.insert(self.key.to_owned(), text);
        }
    }

    /// It as an update tells it: as usual, if the program does not say it any more.
    pub(super) fn changed(&self, request: &Request, all: &mut Attributes) {
        if request.changed.contains(&self.slot) {
            let text = text(request.inputs.get(self.slot));
            all.insert(self.key.to_owned(), text.unwrap_or_else(|| self.usual.to_owned()));
        }
    }

    /// It as AWS tells it.
    pub(super) fn seen(&self, seen: Seen, request: &Request, told: &Attributes) -> Seen {
        let Some(text) = told.get(self.key) else { return seen };
        if text == self.usual && !request.inputs.has(self.slot) {
            return seen;
        }
        let value = match request.ty.prop(self.slot).shape {
            Shape::Bool => Value::Bool(text == "true"),
            Shape::Int { .. } => text.parse().map_or(Value::Null, Value::Int),
            _ => Value::from(text.as_str()),
        };
        seen.at(self.slot, value)
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Str(text) => Some(text.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(number) => Some(number.to_string()),
        other => Some(other.to_string()),
    }
}

/// Makes attributes into those of the SDK, or the SDK's into these.
macro_rules! sdk_attributes {
    ($attribute:ident, $all:expr) => {
        $all.into_iter()
            .map(|(key, value)| $attribute::builder().key(key).value(value).build())
            .collect::<Vec<_>>()
    };
    ($told:expr) => {
        $told
            .iter()
            .filter_map(|it| {
                Some((it.key()?.to_owned(), it.value().unwrap_or_default().to_owned()))
            })
            .collect::<$crate::services::elbv2::attributes::Attributes>()
    };
}

pub(super) use sdk_attributes;
