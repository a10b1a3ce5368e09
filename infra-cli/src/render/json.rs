//! What the engine says, as JSON lines on stdout.

use std::io::Write;

use infra_core::{
    engine::{Drift, DriftKind},
    event::{EVENT_VERSION, Event, Listener},
    value::Value,
};
use serde_json::{Map, Value as Json, json};

/// Writes every event as one line of JSON.
#[derive(Debug)]
pub(crate) struct JsonLines;

impl Listener for JsonLines {
    fn event(&self, event: &Event) {
        if let Ok(line) = serde_json::to_string(event) {
            // A reader that went away is no reason to stop deploying.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        }
    }
}

/// What the stack tells, as one line of JSON.
pub(crate) fn outputs(outputs: &[(&str, &Value)]) -> String {
    let outputs: Map<String, Json> =
        outputs.iter().map(|(name, value)| ((*name).to_owned(), plain_json(value))).collect();
    json!({ "event": "outputs", "version": EVENT_VERSION, "outputs": outputs }).to_string()
}

/// What differs from what was recorded.
pub(crate) fn drift(drift: &Drift) -> Json {
    let urn = &drift.urn;
    match &drift.kind {
        DriftKind::Gone => json!({ "urn": urn, "kind": "gone" }),
        DriftKind::Unknown { id } => json!({ "urn": urn, "kind": "unknown", "id": &**id }),
        DriftKind::Changed(changes) => {
            let properties = changes.iter().map(|(name, old, new)| {
                json!({ "name": name, "old": plain_json(old), "new": plain_json(new) })
            });
            let properties: Vec<Json> = properties.collect();
            json!({ "urn": urn, "kind": "changed", "properties": properties })
        }
    }
}

/// A value as plain JSON; what is secret is hidden, what is not known says so.
pub(crate) fn plain_json(value: &Value) -> Json {
    match value {
        Value::List(items) => items.iter().map(plain_json).collect(),
        Value::Map(entries) => Json::Object(
            entries.iter().map(|(key, value)| (key.to_string(), plain_json(value))).collect(),
        ),
        Value::Null => Json::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Str(text) => (**text).into(),
        Value::Secret(_) | Value::Unknown(_) | Value::Ref(_) | Value::Expr(_) => {
            value.to_string().into()
        }
    }
}
