//! [`Json`]: a JSON document of the user's making.

use super::{DecodeError, IntoValue, PropertyType};
use crate::{
    dsl::{Input, IntoInput},
    schema::Shape,
    value::Value,
};

/// A JSON document of the user's making, for the few properties whose form AWS leaves open.
///
/// Outputs may stand anywhere in it: build it with [`Json::object`] and [`Json::array`], or from
/// `serde_json::json!` where it holds none.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(Value);

impl Json {
    /// An object, whose values may be outputs.
    pub fn object<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let entries = entries.into_iter();
        Self(Value::map(entries.map(|(key, value)| (key.into(), value.0))))
    }

    /// An array, whose items may be outputs.
    pub fn array(items: impl IntoIterator<Item = Self>) -> Self {
        Self(Value::list(items.into_iter().map(|item| item.0)))
    }

    /// Text, or an output that is text.
    pub fn text(text: impl IntoInput<String>) -> Self {
        Self(text.into_input().into_value())
    }

    /// The document as plain JSON.
    ///
    /// # Errors
    /// If it still holds an output.
    pub fn to_json(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::to_value(self.0.expose())
    }
}

impl From<serde_json::Value> for Json {
    fn from(json: serde_json::Value) -> Self {
        Self(from_json(json))
    }
}

fn from_json(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(truth),
        serde_json::Value::Number(number) => number
            .as_i64()
            .map_or_else(|| Value::Float(number.as_f64().unwrap_or(f64::NAN)), Value::Int),
        serde_json::Value::String(text) => text.into(),
        serde_json::Value::Array(items) => Value::list(items.into_iter().map(from_json)),
        serde_json::Value::Object(entries) => {
            Value::map(entries.into_iter().map(|(key, value)| (key, from_json(value))))
        }
    }
}

impl PropertyType for Json {
    type Resolved = Self;
    const SHAPE: Shape = Shape::Json;

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        Ok(Self(value.expose()))
    }
}

impl IntoValue for Json {
    type Property = Self;

    fn into_value(self) -> Value {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl IntoInput<Self> for Json {
    fn into_input(self) -> Input<Self> {
        Input::from_value(self.0)
    }
}

#[diagnostic::do_not_recommend]
impl IntoInput<Json> for serde_json::Value {
    fn into_input(self) -> Input<Json> {
        Input::from_value(from_json(self))
    }
}
