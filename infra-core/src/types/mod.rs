//! The types that properties have.
//!
//! [`PropertyType`] says how a Rust type is checked and read; [`IntoValue`] how what handlers and
//! `map` functions return becomes a value. Leaf types (text, numbers, ranges, ids) are their own
//! resolved form; nested structures made with `#[props]` have one of their own (`XArgs`).

mod collections;
mod document;
mod id;
mod leaf;
mod schedule;
mod secret;
mod secret_text;
mod time_zone;
mod timestamp;
mod tuple;
mod units;
mod window;

pub use collections::Tags;
pub use document::Json;
pub use id::IdType;
#[doc(hidden)]
pub use id::id_check;
pub use leaf::{IpNet, Ipv4Addr, Ipv4Net, Ipv6Addr, Ipv6Net};
pub(crate) use leaf::{leaf, spelled};
pub use schedule::{Cron, Rate, RateUnit, ScheduleExpression, UnixCron};
pub use secret::Secret;
pub(crate) use secret_text::secret_texts;
/// For `ids!`, whose users need not depend on it themselves.
#[doc(hidden)]
pub use serde;
pub use time_zone::TimeZone;
pub use timestamp::{LocalTime, Timestamp};
pub use units::{Days, GiB, Hours, MB, MiB, Minutes, Seconds};
pub use window::{DailyWindow, WeeklyWindow};

use crate::{
    schema::Shape,
    value::{Path, Properties, Slot, Value},
};

/// A type that a property can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a property",
    note = "nested structures need `#[props]`"
)]
pub trait PropertyType: Sized + 'static {
    /// What handlers and `map` functions get: the plain value, without outputs in it.
    type Resolved;

    /// What values look like.
    const SHAPE: Shape;

    /// Reads a resolved value. Secrets are opened.
    ///
    /// # Errors
    /// If the value has another shape; after validation only state of a foreign hand does.
    fn decode(value: &Value) -> Result<Self::Resolved, DecodeError>;

    /// What an absent property reads as; `None` if it may not be absent.
    #[must_use]
    fn absent() -> Option<Self::Resolved> {
        None
    }
}

/// A plain value that becomes a [`Value`]: what handlers and `map` functions return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot become the value of a property",
    note = "return text, a number, an id, a list or map of these, or the resolved form of `#[props]`"
)]
pub trait IntoValue {
    /// The type of a property that it fits.
    type Property: PropertyType;

    /// The value.
    fn into_value(self) -> Value;
}

/// A value has another shape than the type that it is read as.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{path}` is {found}, expected {expected}")]
pub struct DecodeError {
    /// Where.
    pub path: Path,
    /// What the type wants.
    pub expected: String,
    /// What is there; secrets are not shown.
    pub found: String,
}

impl DecodeError {
    /// The error for a value that is not of a shape.
    #[must_use]
    pub fn new(shape: &Shape, found: &Value) -> Self {
        let found = if found.is_null() { "absent".to_owned() } else { found.to_string() };
        Self { path: Path::default(), expected: shape.describe(), found }
    }

    /// The same error, one field further out.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        self.path = self.path.within(name.to_owned());
        self
    }
}

/// Reads a value that may be absent.
///
/// # Errors
/// If it is absent and may not be, or has another shape.
pub fn decode_or_absent<T: PropertyType>(value: &Value) -> Result<T::Resolved, DecodeError> {
    match value {
        Value::Null => T::absent().ok_or_else(|| DecodeError::new(&T::SHAPE, value)),
        value => T::decode(value),
    }
}

/// Reads a field of a nested structure.
///
/// # Errors
/// If it is absent and may not be, or has another shape.
pub fn decode_field<T: PropertyType>(
    value: &Value,
    name: &str,
) -> Result<T::Resolved, DecodeError> {
    let field = value.field(name).unwrap_or(&Value::Null);
    decode_or_absent::<T>(field).map_err(|error| error.within(name))
}

/// Reads a property of a resource.
///
/// # Errors
/// If it is absent and may not be, or has another shape.
pub fn decode_slot<T: PropertyType>(
    properties: &Properties,
    slot: Slot,
    name: &str,
) -> Result<T::Resolved, DecodeError> {
    decode_or_absent::<T>(properties.get(slot)).map_err(|error| error.within(name))
}

/// The plain value under a secret; the value itself if it is none.
pub(crate) fn opened(value: &Value) -> std::borrow::Cow<'_, Value> {
    match value {
        Value::Secret(_) => std::borrow::Cow::Owned(value.expose()),
        value => std::borrow::Cow::Borrowed(value),
    }
}

/// A nested structure from its fields; absent ones are left out.
#[must_use]
pub fn structure<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    Value::map(fields.into_iter().filter(|(_, value)| !value.is_null()))
}
