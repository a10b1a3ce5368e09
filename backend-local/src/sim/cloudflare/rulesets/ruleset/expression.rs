//! Expressions of Cloudflare's language of rules, as far as their form goes: which fields there are
//! Cloudflare knows.

use crate::sim::refusal::Refusal;

/// The longest expression, in characters.
const LENGTH: usize = 4096;

/// Whether an expression can be one: not empty, not too long, texts and parentheses closed.
pub(super) fn check(property: &str, expression: &str) -> Result<(), Refusal> {
    let problem = if expression.trim().is_empty() {
        "is empty; `true` is for all requests".to_owned()
    } else if expression.chars().count() > LENGTH {
        format!("has {} characters; {LENGTH} are the most", expression.chars().count())
    } else if let Some(what) = left_open(expression) {
        format!("{expression:?} {what}")
    } else {
        return Ok(());
    };
    Err(Refusal::invalid(property, "20125", format!("`{property}` {problem}")))
}

/// What is not closed, or closed and was not open.
fn left_open(expression: &str) -> Option<&'static str> {
    let mut open = vec![];
    let mut characters = expression.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' if !ends_text(&mut characters) => return Some("leaves a text open"),
            '(' | '{' | '[' => open.push(character),
            ')' | '}' | ']' => {
                let opened = match character {
                    ')' => '(',
                    '}' => '{',
                    _ => '[',
                };
                if open.pop() != Some(opened) {
                    return Some("closes a parenthesis that is not open");
                }
            }
            _ => {}
        }
    }
    (!open.is_empty()).then_some("leaves a parenthesis open")
}

/// Reads a text to its end, if it has one; `\"` stands for a quotation mark in it.
fn ends_text(characters: &mut std::str::Chars<'_>) -> bool {
    while let Some(character) = characters.next() {
        match character {
            '"' => return true,
            '\\' => {
                characters.next();
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_looked_at_and_fields_are_not() {
        let sound = [
            "true",
            r#"http.host eq "a.example.org" and not (ip.src in {192.0.2.0/24 198.51.100.7})"#,
            r#"http.request.headers["x"][0] contains "a \" ) b""#,
        ];
        for expression in sound {
            assert_eq!(check("e", expression), Ok(()), "{expression}");
        }
        let said = |expression: &str| check("e", expression).unwrap_err().message;
        assert!(said(" ").contains("is empty"));
        assert!(said("(true").contains("leaves a parenthesis open"));
        assert!(said("(true}").contains("closes a parenthesis that is not open"));
        assert!(said(r#"http.host eq "a\""#).contains("leaves a text open"));
        assert!(said(&"x".repeat(4097)).contains("4097 characters"));
    }
}
