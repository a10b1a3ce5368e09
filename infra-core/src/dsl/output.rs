//! [`Output`]: a value that is known once something has been deployed.

use std::{marker::PhantomData, panic::Location, sync::Arc};

use super::{Input, IntoInput};
use crate::{
    types::{IntoValue, PropertyType, Secret, decode_or_absent},
    value::{Expr, OutputRef, Value},
};

/// A value that is known once something has been deployed: the id of a VPC, the address of a
/// database. Cheap to clone.
///
/// It can be used wherever a property of its type is expected, and computed with through
/// [`map`](Self::map); whatever is computed from a secret is secret.
pub struct Output<T> {
    value: Value,
    ty: PhantomData<fn() -> T>,
}

impl<T> Clone for Output<T> {
    fn clone(&self) -> Self {
        Self::from_value(self.value.clone())
    }
}

impl<T> std::fmt::Debug for Output<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Output<T> {
    pub(crate) const fn from_value(value: Value) -> Self {
        Self { value, ty: PhantomData }
    }

    /// The output in a slot of a node; the macros answer for the type.
    #[doc(hidden)]
    #[must_use]
    pub const fn of(output: OutputRef) -> Self {
        Self::from_value(Value::Ref(output))
    }

    /// The value: a reference, an expression, or a plain value.
    #[doc(hidden)]
    #[must_use]
    pub fn into_value(self) -> Value {
        self.value
    }

    fn computed(
        self,
        at: &'static Location<'static>,
        function: impl Fn(Value) -> Result<Value, String> + Send + Sync + 'static,
    ) -> Value {
        Value::Expr(Arc::new(Expr::new(self.value, at, function)))
    }
}

impl<T: PropertyType> Output<T> {
    /// A value that is known already, as an output.
    pub fn plain(value: T::Resolved) -> Self
    where
        T::Resolved: IntoValue,
    {
        Self::from_value(value.into_value())
    }

    /// Computes with the value once it is known.
    ///
    /// The function runs at preview too when the value is known there, and may run more than
    /// once: it must do nothing but compute. A panic in it is reported as an error of the
    /// resource that uses the result.
    #[track_caller]
    pub fn map<R: IntoValue>(
        &self,
        function: impl Fn(T::Resolved) -> R + Send + Sync + 'static,
    ) -> Output<R::Property> {
        self.try_map(move |value| Ok::<R, std::convert::Infallible>(function(value)))
    }

    /// Computes with the value once it is known; an error is reported as one of the resource that
    /// uses the result.
    #[track_caller]
    pub fn try_map<R: IntoValue, E: std::fmt::Display>(
        &self,
        function: impl Fn(T::Resolved) -> Result<R, E> + Send + Sync + 'static,
    ) -> Output<R::Property> {
        let at = Location::caller();
        Output::from_value(self.clone().computed(at, move |value| {
            let value = decode_or_absent::<T>(&value).map_err(|error| error.to_string())?;
            function(value).map(R::into_value).map_err(|error| error.to_string())
        }))
    }

    /// This and another, as a pair.
    #[must_use]
    pub fn zip<U: PropertyType>(&self, other: &Output<U>) -> Output<(T, U)> {
        Output::from_value(Value::list([self.value.clone(), other.value.clone()]))
    }

    /// The same value, secret from here on.
    #[must_use]
    pub fn into_secret(self) -> Output<Secret<T>> {
        Output::from_value(self.value.into_secret_input())
    }
}

impl Output<()> {
    /// Several outputs as one, to compute with all of them: `Output::all((&a, &b)).map(|(a, b)| ..)`.
    pub fn all<O: OutputTuple>(outputs: O) -> Output<O::Types> {
        Output::from_value(Value::list(outputs.values()))
    }
}

impl<T: PropertyType> Output<Secret<T>> {
    /// The same value where the type says nothing of secrecy: for a property that takes text and
    /// must be given a secret all the same. The engine still treats it as secret everywhere.
    #[must_use]
    pub fn as_plain_type(&self) -> Output<T> {
        Output::from_value(self.value.clone())
    }
}

impl<T: PropertyType> Output<Option<T>> {
    /// The value, or another one if it is absent.
    #[track_caller]
    pub fn unwrap_or(&self, other: impl IntoInput<T>) -> Output<T> {
        let at = Location::caller();
        let both = Value::list([self.value.clone(), other.into_input().into_value()]);
        Output::from_value(Output::<T>::from_value(both).computed(at, |value| {
            let found = value.items().iter().find(|value| !value.is_null());
            Ok(found.cloned().unwrap_or_default())
        }))
    }
}

impl<T: PropertyType> Output<Vec<T>> {
    /// The first `N` items; an error of the resource that uses one if there are fewer.
    #[must_use]
    #[track_caller]
    pub fn take<const N: usize>(&self) -> [Output<T>; N] {
        let at = Location::caller();
        std::array::from_fn(|index| Output::from_value(self.item(index, at)))
    }

    /// The item in a place, from 0; an error of the resource that uses it if there is none.
    #[must_use]
    #[track_caller]
    pub fn index(&self, index: usize) -> Output<T> {
        Output::from_value(self.item(index, Location::caller()))
    }

    fn item(&self, index: usize, at: &'static Location<'static>) -> Value {
        self.clone().computed(at, move |list| {
            let items = list.items();
            items.get(index).cloned().ok_or_else(|| {
                format!("the list has {} items, number {} was asked for", items.len(), index + 1)
            })
        })
    }
}

/// Tuples of outputs, for [`Output::all`].
pub trait OutputTuple {
    /// The tuple of their types.
    type Types: PropertyType;

    #[doc(hidden)]
    fn values(self) -> Vec<Value>;
}

macro_rules! output_tuple {
    ($($name:ident $place:tt),*) => {
        impl<$($name: PropertyType),*> OutputTuple for ($(&Output<$name>,)*) {
            type Types = ($($name,)*);

            fn values(self) -> Vec<Value> {
                vec![$(self.$place.value.clone()),*]
            }
        }
    };
}
output_tuple!(A 0, B 1);
output_tuple!(A 0, B 1, C 2);
output_tuple!(A 0, B 1, C 2, D 3);
output_tuple!(A 0, B 1, C 2, D 3, E 4);
output_tuple!(A 0, B 1, C 2, D 3, E 4, F 5);

impl Value {
    /// Marks what may still be a reference as secret.
    pub(crate) fn into_secret_input(self) -> Self {
        match self {
            Self::Null | Self::Secret(_) => self,
            value => Self::Secret(Arc::new(crate::value::SecretValue::Plain(value))),
        }
    }
}

/// An output of whatever type, or a plain value in its place: what
/// [`Stack::output`](super::Stack::output) shows and [`interpolate!`](crate::interpolate) joins.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an output nor text, a number or a truth value"
)]
pub trait AnyOutput {
    #[doc(hidden)]
    fn part(self) -> Value;
}

impl<T> AnyOutput for &Output<T> {
    fn part(self) -> Value {
        self.value.clone()
    }
}

impl<T> AnyOutput for &&Output<T> {
    fn part(self) -> Value {
        self.value.clone()
    }
}

impl<T> AnyOutput for Output<T> {
    fn part(self) -> Value {
        self.value
    }
}

impl<T> AnyOutput for Input<T> {
    fn part(self) -> Value {
        self.into_value()
    }
}

impl AnyOutput for &str {
    fn part(self) -> Value {
        self.into()
    }
}

/// A constant or a variable that holds text, named within the braces of `interpolate!`.
impl AnyOutput for &&str {
    fn part(self) -> Value {
        (*self).into()
    }
}

impl AnyOutput for &String {
    fn part(self) -> Value {
        self.as_str().into()
    }
}

impl AnyOutput for String {
    fn part(self) -> Value {
        self.into()
    }
}

impl AnyOutput for bool {
    fn part(self) -> Value {
        Value::Bool(self)
    }
}

macro_rules! interpolated_numbers {
    ($($ty:ty),*) => {$(
        impl AnyOutput for $ty {
            fn part(self) -> Value {
                Value::Int(self.into())
            }
        }

        impl AnyOutput for &$ty {
            fn part(self) -> Value {
                Value::Int((*self).into())
            }
        }
    )*};
}
interpolated_numbers!(u8, u16, u32, i32, i64);

/// Joins the texts between the placeholders with the values of the parts.
#[doc(hidden)]
#[must_use]
#[track_caller]
pub fn interpolate(texts: &'static [&'static str], parts: Vec<Value>) -> Output<String> {
    let at = Location::caller();
    let input = Value::list(parts);
    Output::from_value(Output::<String>::from_value(input).computed(at, move |values| {
        let mut result = String::from(texts[0]);
        for (value, text) in values.items().iter().zip(&texts[1..]) {
            match value {
                Value::Str(part) => result.push_str(part),
                Value::Int(_) | Value::Bool(_) | Value::Float(_) => {
                    result.push_str(&value.to_string());
                }
                other => return Err(format!("{other} can't be put into text")),
            }
            result.push_str(text);
        }
        Ok(result.into())
    }))
}
