//! What is read out of forms.

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
    fn hidden_fields_are_found_in_any_order() {
        let page = "<input name=\"other\" value=\"no\"><p name=\"token\" value=\"no\">\
                    <input type=\"hidden\" value=\"yes\" name=\"token\" />";
        assert_eq!(hidden(page, "token"), Some("yes"));
        assert_eq!(hidden(page, "nothing"), None);
    }
}
