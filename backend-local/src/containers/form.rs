//! What forms and queries are made of.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// All but letters, digits and what is never special (RFC 3986, 2.3).
const SPECIAL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Fields as a form sends them (`application/x-www-form-urlencoded`).
pub(super) fn encoded(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    fields.collect::<Vec<String>>().join("&")
}

/// A text within an address or a form.
pub(super) fn escaped(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, SPECIAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_escaped() {
        assert_eq!(encoded(&[("a[b]", "c d&e"), ("ü", "~")]), "a%5Bb%5D=c%20d%26e&%C3%BC=~");
    }
}
