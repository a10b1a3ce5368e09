//! Plain values: as the catalogue has them, and as the SDK does.

use infra_core::types::Seconds;

/// A number as the APIs take it: theirs have a sign.
pub(crate) fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A number as the catalogue has it. AWS says -1 where it means that there is none.
pub(crate) fn count(number: i32) -> Option<u32> {
    u32::try_from(number).ok()
}

/// So many seconds, as the APIs take them.
pub(crate) fn seconds(time: Option<Seconds>) -> Option<i32> {
    time.map(|time| int(time.0))
}

/// Text, or what is spelt as text.
pub(crate) fn text<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

/// A list of texts, or of what is spelt as text.
pub(crate) fn texts<T: ToString>(values: Option<&Vec<T>>) -> Option<Vec<String>> {
    values.map(|values| values.iter().map(ToString::to_string).collect())
}
