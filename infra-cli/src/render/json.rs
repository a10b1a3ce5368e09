//! What the engine says, as JSON lines on stdout.

use std::io::Write;

use infra_core::event::{Event, Listener};

/// Writes every event as one line of JSON.
#[derive(Debug)]
pub(crate) struct JsonLines;

impl Listener for JsonLines {
    fn event(&self, event: &Event) {
        if let Ok(line) = serde_json::to_string(event) {
            // A reader that went away is no reason to stop deploying.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        }
    }
}
