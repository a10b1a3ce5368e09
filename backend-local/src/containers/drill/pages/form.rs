//! What forms are made of.

/// Fields as a form sends them (`application/x-www-form-urlencoded`).
pub(super) fn encoded(fields: &[(&str, &str)]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    fields.join("&")
}

/// A text within an address or a form.
pub(super) fn escaped(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                all.push(char::from(byte));
            }
            _ => {
                all.push('%');
                all.push_str(&hex::encode_upper([byte]));
            }
        }
    }
    all
}

/// What stands between two texts, the first time that it does.
pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

/// The value of a hidden field, whatever the order of its attributes.
pub(super) fn hidden<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let named = format!("name=\"{name}\"");
    let tags = page.split('<').filter(|tag| tag.starts_with("input"));
    let tag =
        tags.map(|tag| tag.split('>').next().unwrap_or(tag)).find(|tag| tag.contains(&named))?;
    between(tag, "value=\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_escaped() {
        assert_eq!(encoded(&[("a[b]", "c d&e"), ("ü", "~")]), "a%5Bb%5D=c%20d%26e&%C3%BC=~");
    }

    #[test]
    fn hidden_fields_are_found_in_any_order() {
        let page = "<input name=\"other\" value=\"no\"><p name=\"token\" value=\"no\">\
                    <input type=\"hidden\" value=\"yes\" name=\"token\" />";
        assert_eq!(hidden(page, "token"), Some("yes"));
        assert_eq!(hidden(page, "nothing"), None);
    }
}
