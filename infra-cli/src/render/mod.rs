//! What people see.

pub(crate) mod availability;
pub(crate) mod cost;
pub(crate) mod error;
mod help;
pub(crate) mod json;
pub(crate) mod live;
pub(crate) mod plan;
pub(crate) mod source;
pub(crate) mod state;
pub(crate) mod summary;
pub(crate) mod time;
pub(crate) mod value;

use std::fmt::{Display, Write};

/// Lines below a title, or nothing where there are none.
pub(crate) fn list(text: &mut String, title: &str, lines: impl IntoIterator<Item: Display>) {
    let mut lines = lines.into_iter().peekable();
    if lines.peek().is_some() {
        let _ = writeln!(text, "\n{title}");
    }
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}
