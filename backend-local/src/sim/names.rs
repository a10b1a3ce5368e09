//! Names as several services want them.

use super::refusal::Refusal;

/// Whether a text is letters and digits of ASCII and `others` alone, `most` at most and one at
/// least.
pub(super) fn is_word(text: &str, most: usize, others: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
    (1..=most).contains(&text.len()) && text.chars().all(known)
}

/// What rds and elasticache ask of identifiers, and answer with `code`: a letter first, and single
/// hyphens.
pub(super) fn check_single_hyphens(property: &str, code: &str, name: &str) -> Result<(), Refusal> {
    let letter = name.starts_with(|first: char| first.is_ascii_lowercase());
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let fits = name.bytes().all(allowed) && !name.contains("--") && !name.ends_with('-');
    if letter && fits {
        return Ok(());
    }
    let message = format!(
        "`{property}` {name:?} must begin with a letter and have small letters, digits and single \
         hyphens alone, none at its end"
    );
    Err(Refusal::invalid(property, code, message))
}
