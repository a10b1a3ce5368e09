//! [`Secret`]: a value that must not be shown.

use std::fmt;

use super::{DecodeError, IntoValue, PropertyType};
use crate::{
    dsl::{Input, IntoInput, Output},
    schema::Shape,
    value::Value,
};

/// A value that must not be shown: it has no `Display`, no serialisation, and its `Debug` prints
/// `[secret]`. State, journal and plan files hold it encrypted.
///
/// ```
/// let password = infra_core::Secret::new("hunter2".to_owned());
/// assert_eq!(format!("{password:?}"), "[secret]");
/// assert_eq!(password.expose(), "hunter2");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<V>(V);

impl<V> Secret<V> {
    /// Marks a value as secret.
    pub const fn new(value: V) -> Self {
        Self(value)
    }

    /// The value itself. Searching for calls of this finds every place that handles secrets in
    /// clear.
    pub const fn expose(&self) -> &V {
        &self.0
    }
}

impl<V> fmt::Debug for Secret<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<T: PropertyType> PropertyType for Secret<T> {
    type Resolved = Secret<T::Resolved>;
    const SHAPE: Shape = Shape::Secret(&T::SHAPE);

    fn decode(value: &Value) -> Result<Self::Resolved, DecodeError> {
        T::decode(&value.expose())
            .map(Secret)
            .map_err(|error| DecodeError { found: "[secret]".to_owned(), ..error })
    }
}

impl<R: IntoValue> IntoValue for Secret<R> {
    type Property = Secret<R::Property>;

    fn into_value(self) -> Value {
        self.0.into_value().into_secret()
    }
}

#[diagnostic::do_not_recommend]
impl<T, I: IntoInput<T>> IntoInput<Secret<T>> for Secret<I> {
    fn into_input(self) -> Input<Secret<T>> {
        Input::from_value(self.0.into_input().into_value().into_secret())
    }
}

#[diagnostic::do_not_recommend]
impl IntoInput<Secret<Self>> for String {
    fn into_input(self) -> Input<Secret<Self>> {
        Input::from_value(Value::from(self).into_secret())
    }
}

#[diagnostic::do_not_recommend]
impl IntoInput<Secret<String>> for &str {
    fn into_input(self) -> Input<Secret<String>> {
        Input::from_value(Value::from(self).into_secret())
    }
}

/// What is not secret may become it; never the other way round.
#[diagnostic::do_not_recommend]
impl<T> IntoInput<Secret<T>> for Output<T> {
    fn into_input(self) -> Input<Secret<T>> {
        Input::from_value(self.into_value().into_secret())
    }
}
