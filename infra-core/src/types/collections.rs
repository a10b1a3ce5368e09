//! Lists, maps, optional values and tags.

use std::collections::BTreeMap;

use super::{DecodeError, IntoValue, PropertyType, opened};
use crate::{
    dsl::{Input, IntoInput},
    schema::{Shape, TextFormat},
    value::Value,
};

impl<T: PropertyType> PropertyType for Option<T> {
    type Resolved = Option<T::Resolved>;
    const SHAPE: Shape = T::SHAPE;

    fn decode(value: &Value) -> Result<Self::Resolved, DecodeError> {
        match value {
            Value::Null => Ok(None),
            value => T::decode(value).map(Some),
        }
    }

    fn absent() -> Option<Self::Resolved> {
        Some(None)
    }
}

impl<R: IntoValue> IntoValue for Option<R> {
    type Property = Option<R::Property>;

    fn into_value(self) -> Value {
        self.map_or(Value::Null, R::into_value)
    }
}

impl<T: PropertyType> PropertyType for Vec<T> {
    type Resolved = Vec<T::Resolved>;
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn decode(value: &Value) -> Result<Self::Resolved, DecodeError> {
        let Value::List(items) = &*opened(value) else {
            return Err(DecodeError::new(&Self::SHAPE, value));
        };
        items.iter().map(T::decode).collect()
    }

    fn absent() -> Option<Self::Resolved> {
        Some(vec![])
    }
}

impl<R: IntoValue> IntoValue for Vec<R> {
    type Property = Vec<R::Property>;

    fn into_value(self) -> Value {
        Value::list(self.into_iter().map(R::into_value))
    }
}

#[diagnostic::do_not_recommend]
impl<T, I: IntoInput<T>> IntoInput<Vec<T>> for Vec<I> {
    fn into_input(self) -> Input<Vec<T>> {
        Input::from_value(Value::list(self.into_iter().map(|item| item.into_input().into_value())))
    }
}

#[diagnostic::do_not_recommend]
impl<T, I: IntoInput<T>, const N: usize> IntoInput<Vec<T>> for [I; N] {
    fn into_input(self) -> Input<Vec<T>> {
        Input::from_value(Value::list(self.into_iter().map(|item| item.into_input().into_value())))
    }
}

#[diagnostic::do_not_recommend]
impl<T, I: IntoInput<T> + Clone> IntoInput<Vec<T>> for &[I] {
    fn into_input(self) -> Input<Vec<T>> {
        self.to_vec().into_input()
    }
}

#[diagnostic::do_not_recommend]
impl<T, I: IntoInput<T> + Clone> IntoInput<Vec<T>> for &Vec<I> {
    fn into_input(self) -> Input<Vec<T>> {
        self.clone().into_input()
    }
}

#[diagnostic::do_not_recommend]
impl<T, I: IntoInput<T> + Clone, const N: usize> IntoInput<Vec<T>> for &[I; N] {
    fn into_input(self) -> Input<Vec<T>> {
        self.clone().into_input()
    }
}

impl<T: PropertyType> PropertyType for BTreeMap<String, T> {
    type Resolved = BTreeMap<String, T::Resolved>;
    const SHAPE: Shape = Shape::Map(&T::SHAPE);

    fn decode(value: &Value) -> Result<Self::Resolved, DecodeError> {
        let Value::Map(entries) = &*opened(value) else {
            return Err(DecodeError::new(&Self::SHAPE, value));
        };
        entries
            .iter()
            .map(|(key, value)| {
                let value = T::decode(value).map_err(|error| error.within(key))?;
                Ok((key.to_string(), value))
            })
            .collect()
    }

    fn absent() -> Option<Self::Resolved> {
        Some(BTreeMap::new())
    }
}

impl<R: IntoValue> IntoValue for BTreeMap<String, R> {
    type Property = BTreeMap<String, R::Property>;

    fn into_value(self) -> Value {
        Value::map(self.into_iter().map(|(key, value)| (key, value.into_value())))
    }
}

fn map_input<T, K: Into<String>, I: IntoInput<T>>(
    entries: impl IntoIterator<Item = (K, I)>,
) -> Value {
    let entries = entries.into_iter();
    Value::map(entries.map(|(key, value)| (key.into(), value.into_input().into_value())))
}

#[diagnostic::do_not_recommend]
impl<T, K: Into<String>, I: IntoInput<T>> IntoInput<BTreeMap<String, T>> for BTreeMap<K, I> {
    fn into_input(self) -> Input<BTreeMap<String, T>> {
        Input::from_value(map_input(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T, K: Into<String>, I: IntoInput<T>> IntoInput<BTreeMap<String, T>> for Vec<(K, I)> {
    fn into_input(self) -> Input<BTreeMap<String, T>> {
        Input::from_value(map_input(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T, K: Into<String>, I: IntoInput<T>, const N: usize> IntoInput<BTreeMap<String, T>>
    for [(K, I); N]
{
    fn into_input(self) -> Input<BTreeMap<String, T>> {
        Input::from_value(map_input(self))
    }
}

/// Tags of a resource: text to text. The engine adds its own (`infra:...`) at every call; they
/// never appear here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(pub BTreeMap<String, String>);

static TAG: TextFormat = TextFormat {
    name: "the value of a tag",
    example: "production",
    parse: |text| match text.chars().count() {
        0..=256 => Ok(None),
        length => Err(format!("has {length} characters; a tag's value has 256 at most")),
    },
};

impl PropertyType for Tags {
    type Resolved = Self;
    const SHAPE: Shape = Shape::Map(&Shape::Text(&TAG));

    fn decode(value: &Value) -> Result<Self, DecodeError> {
        BTreeMap::<String, String>::decode(value).map(Self)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl IntoValue for Tags {
    type Property = Self;

    fn into_value(self) -> Value {
        self.0.into_value()
    }
}

#[diagnostic::do_not_recommend]
impl IntoInput<Self> for Tags {
    fn into_input(self) -> Input<Self> {
        Input::from_value(self.into_value())
    }
}

#[diagnostic::do_not_recommend]
impl IntoInput<Tags> for &Tags {
    fn into_input(self) -> Input<Tags> {
        self.clone().into_input()
    }
}

#[diagnostic::do_not_recommend]
impl<K: Into<String>, I: IntoInput<String>, const N: usize> IntoInput<Tags> for [(K, I); N] {
    fn into_input(self) -> Input<Tags> {
        Input::from_value(map_input::<String, K, I>(self))
    }
}

#[diagnostic::do_not_recommend]
impl<K: Into<String>, I: IntoInput<String>> IntoInput<Tags> for Vec<(K, I)> {
    fn into_input(self) -> Input<Tags> {
        Input::from_value(map_input::<String, K, I>(self))
    }
}

#[diagnostic::do_not_recommend]
impl<K: Into<String>, I: IntoInput<String>> IntoInput<Tags> for BTreeMap<K, I> {
    fn into_input(self) -> Input<Tags> {
        Input::from_value(map_input::<String, K, I>(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_errors_name_the_key() {
        let value = Value::map([("a", Value::Int(1)), ("b", "x".into())]);
        let error = BTreeMap::<String, i64>::decode(&value).unwrap_err();
        assert_eq!(error.to_string(), r#"`b` is "x", expected a whole number"#);
    }

    #[test]
    fn absent_is_none_empty_or_an_error() {
        assert_eq!(Option::<bool>::absent(), Some(None));
        assert_eq!(Vec::<bool>::absent(), Some(vec![]));
        assert_eq!(Tags::absent(), Some(Tags::default()));
        assert_eq!(bool::absent(), None);
    }
}
