//! [`Input`]: what a property is set to.

use std::marker::PhantomData;

use super::Output;
use crate::{types::IdType, value::Value};

/// What a property is set to: a plain value, an output, or a structure that holds outputs.
pub struct Input<T> {
    value: Value,
    ty: PhantomData<fn() -> T>,
}

impl<T> Input<T> {
    /// An input of a value whose type the caller answers for.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_value(value: Value) -> Self {
        Self { value, ty: PhantomData }
    }

    /// The value.
    #[doc(hidden)]
    #[must_use]
    pub fn into_value(self) -> Value {
        self.value
    }
}

impl<T: IdType> Input<T> {
    /// The id as the text that it is, where text is all that is asked for: in a policy, or in the
    /// environment of a container.
    #[must_use]
    pub fn into_text(self) -> Input<String> {
        Input::from_value(self.into_value())
    }
}

impl<T> Clone for Input<T> {
    fn clone(&self) -> Self {
        Self::from_value(self.value.clone())
    }
}

impl<T> std::fmt::Debug for Input<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value.fmt(f)
    }
}

/// What can stand where a property of type `T` is expected: a `T`, an output of one, and for
/// ranges, addresses, ids and ARNs also text, which is checked when the resource is created.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used where a property of type `{T}` is expected",
    label = "expected `{T}` or an output of it",
    note = "an `Output<Option<_>>` goes to the setter that starts with `maybe_`",
    note = "an `Output<Secret<_>>` goes to properties that are secret, and to no others",
    note = "a list that mixes values and outputs is written `inputs![..]`"
)]
pub trait IntoInput<T> {
    /// The input.
    fn into_input(self) -> Input<T>;
}

#[diagnostic::do_not_recommend]
impl<T> IntoInput<T> for Input<T> {
    fn into_input(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoInput<T> for Output<T> {
    fn into_input(self) -> Input<T> {
        Input::from_value(self.into_value())
    }
}

#[diagnostic::do_not_recommend]
impl<T> IntoInput<T> for &Output<T> {
    fn into_input(self) -> Input<T> {
        self.clone().into_input()
    }
}

/// An id is text too, where text is all that is asked for.
#[diagnostic::do_not_recommend]
impl<T: IdType> IntoInput<String> for Output<T> {
    fn into_input(self) -> Input<String> {
        Input::from_value(self.into_value())
    }
}

#[diagnostic::do_not_recommend]
impl<T: IdType> IntoInput<String> for &Output<T> {
    fn into_input(self) -> Input<String> {
        self.clone().into_input()
    }
}

/// What can stand where a property may also be left out: `Some` or `None` of an input, or an
/// output that may be absent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used where an optional property of type `{T}` is expected",
    label = "expected `Option<{T}>` or an output of it"
)]
pub trait IntoOptionalInput<T> {
    /// The input; null when left out.
    fn into_optional_input(self) -> Input<T>;
}

impl<T, I: IntoInput<T>> IntoOptionalInput<T> for Option<I> {
    fn into_optional_input(self) -> Input<T> {
        self.map_or(Input::from_value(Value::Null), I::into_input)
    }
}

impl<T> IntoOptionalInput<T> for Output<Option<T>> {
    fn into_optional_input(self) -> Input<T> {
        Input::from_value(self.into_value())
    }
}

impl<T> IntoOptionalInput<T> for &Output<Option<T>> {
    fn into_optional_input(self) -> Input<T> {
        self.clone().into_optional_input()
    }
}

/// A list of inputs of different kinds: plain values beside outputs.
///
/// ```
/// # use infra_core::prelude::*;
/// let group: Output<String> = Output::plain("sg-from-elsewhere".to_owned());
/// let groups: Vec<Input<String>> = inputs!["sg-1", group];
/// assert_eq!(groups.len(), 2);
/// ```
#[macro_export]
macro_rules! inputs {
    ($($item:expr),* $(,)?) => {
        vec![$($crate::dsl::IntoInput::into_input($item)),*]
    };
}
