//! Numbers: AWS counts with signs, the catalogue without.

/// For AWS; what is too large for it is for AWS to refuse.
pub(super) fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// From AWS.
pub(super) fn unsigned(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// A port from AWS.
pub(super) fn port(number: i32) -> u16 {
    u16::try_from(number).unwrap_or_default()
}
