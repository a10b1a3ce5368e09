//! Text within pages.

/// A text in a page, or in an attribute; in XML, too.
pub(super) fn escaped(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => all.push_str("&amp;"),
            '<' => all.push_str("&lt;"),
            '>' => all.push_str("&gt;"),
            '"' => all.push_str("&quot;"),
            '\'' => all.push_str("&#39;"),
            // No XML may hold them.
            control if control.is_control() && control != '\n' => all.push(' '),
            other => all.push(other),
        }
    }
    all
}
