//! Durations and sizes as AWS counts them.

use std::time::Duration;

use super::leaf;
use crate::{
    dsl::{Input, IntoInput},
    schema::Shape,
    value::Value,
};

/// A number with a unit: its own type, so that minutes are not taken for seconds.
macro_rules! unit {
    ($($(#[$doc:meta])* $name:ident, $word:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!("{} ", $word), self.0)
            }
        }

        leaf!(
            $name,
            Shape::Int { min: 0, max: u32::MAX as i64 },
            |v| v.as_int().and_then(|number| number.try_into().ok()).map($name),
            |p| Value::Int(p.0.into())
        );
    )*};
}

unit! {
    /// Seconds.
    Seconds, "s";
    /// Minutes.
    Minutes, "min";
    /// Hours.
    Hours, "h";
    /// Days.
    Days, "d";
    /// Megabytes.
    MB, "MB";
    /// Binary megabytes.
    MiB, "MiB";
    /// Binary gigabytes.
    GiB, "GiB";
}

impl From<Seconds> for Duration {
    fn from(seconds: Seconds) -> Self {
        Self::from_secs(seconds.0.into())
    }
}

impl From<GiB> for MiB {
    /// Saturates at the largest number of megabytes, four million gigabytes.
    fn from(size: GiB) -> Self {
        Self(size.0.saturating_mul(1024))
    }
}

#[diagnostic::do_not_recommend]
impl IntoInput<MiB> for GiB {
    fn into_input(self) -> Input<MiB> {
        MiB::from(self).into_input()
    }
}
