//! Numbers: AWS counts with signs, the catalogue without.

pub(super) use crate::plain::int;

/// From AWS.
pub(super) fn unsigned(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// A port from AWS.
pub(super) fn port(number: i32) -> u16 {
    u16::try_from(number).unwrap_or_default()
}
