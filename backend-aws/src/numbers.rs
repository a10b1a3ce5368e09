//! Numbers: AWS's have a sign where ours have none.

/// A number as AWS takes it. The schema refuses those that are too large.
#[allow(dead_code, reason = "a program may use services that take no numbers")]
pub(crate) fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A number as AWS tells it.
#[allow(dead_code, reason = "a program may use services that tell no numbers")]
pub(crate) fn unsigned(number: i32) -> Option<u32> {
    u32::try_from(number).ok()
}
