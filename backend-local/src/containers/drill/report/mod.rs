//! [`Report`]: what people saw in a drill.

mod build;
mod chart;
mod goals;
mod html;
#[cfg(test)]
mod tests;
mod text;

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use super::{
    Checked, Kind,
    measure::{Latency, Second},
};

pub use build::{Marks, Measured};

/// The version of the JSON form.
pub const VERSION: u32 = 1;

/// What people saw in a drill. Times are in seconds since the event, before it below 0, and lengths
/// in seconds; latencies in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// The version of this form.
    pub version: u32,
    /// The drill.
    pub drill: String,
    /// What happened.
    pub happens: String,
    /// What it teaches.
    pub teaches: String,
    /// Whether somebody ended it before its time.
    pub interrupted: bool,
    /// How many requests a second there were to be.
    pub rate: f64,
    /// How many users took turns.
    pub users: u32,
    /// The event.
    pub event: Event,
    /// All requests that were measured.
    pub requests: usize,
    /// Those of them that failed.
    pub failed: usize,
    /// Why, and how often.
    pub failures: BTreeMap<String, usize>,
    /// The same by what people did.
    pub kinds: Vec<KindReport>,
    /// Before, during and after.
    pub phases: Vec<Phase>,
    /// For how long nobody was served.
    pub outage: Outage,
    /// What was under way at the event.
    pub in_flight: InFlight,
    /// What is not there any more.
    pub lost: LostReport,
    /// Each second.
    pub series: Vec<Second>,
    /// What was done and seen, and when.
    pub timeline: Vec<Moment>,
    /// What was expected.
    pub goals: Vec<Checked>,
    /// Whether all of it came so.
    pub passed: bool,
}

/// The event.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What was done.
    pub injection: String,
    /// What it hit.
    pub target: String,
    /// When people were served again, if that ended.
    pub recovered: Option<f64>,
    /// When all of it was there again.
    pub redundant: Option<f64>,
}

/// What people did, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KindReport {
    /// What.
    pub kind: Kind,
    /// How often.
    pub requests: usize,
    /// How often in vain.
    pub failed: usize,
    /// Why.
    pub failures: BTreeMap<String, usize>,
    /// The longest time in which nobody could who tried.
    pub longest_outage: f64,
    /// How long it took.
    pub latency: Latency,
}

/// A part of the drill.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// Which: `before`, if it was over at the event; `during` until all is there again; or `after`.
    pub name: &'static str,
    /// How many requests failed.
    pub failed: usize,
    /// How long requests took.
    pub latency: Latency,
}

/// For how long nobody was served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outage {
    /// The longest outage: from when a request was due that failed until somebody was served who
    /// came after it.
    pub longest: f64,
    /// The same of requests that write rows or files.
    pub longest_of_writes: f64,
    /// How long somebody would have waited who came at the worst moment: that counts hangs as well.
    pub longest_wait: f64,
    /// The same of requests that write rows or files.
    pub longest_wait_of_writes: f64,
    /// The longest that one and the same user could do nothing, while others perhaps could.
    pub longest_of_one_user: f64,
}

/// What was under way at the event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InFlight {
    /// Requests to the site.
    pub requests: usize,
    /// Those of them that failed.
    pub failed: usize,
    /// How many of them were at what was hit, if the site knows.
    pub at_target: Option<u64>,
}

/// What is not there any more.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LostReport {
    /// How many rows were acknowledged.
    pub acknowledged_rows: usize,
    /// How many files were.
    pub acknowledged_files: usize,
    /// The ids of rows that are not there, or are others.
    pub rows: Vec<String>,
    /// The names of files that are not there, or are others.
    pub files: Vec<String>,
    /// Rows and files that the site told nothing of.
    pub unknown: usize,
    /// How often somebody who had logged in was not known any more.
    pub sessions: usize,
    /// How often a session had another value than the one written last.
    pub stale_sessions: usize,
    /// Those among them that had been changed just before the event, when a replica may not have
    /// had them.
    pub fresh_sessions: usize,
    /// Users who could not go on in the end: their number, and when they were last served.
    pub stranded: Vec<Stranded>,
}

/// A user who could not go on in the end.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stranded {
    /// Whose browser.
    pub browser: u32,
    /// When they were last served, if ever.
    pub served: Option<f64>,
}

/// Something that was done or seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moment {
    /// When.
    pub at: f64,
    /// What.
    pub what: String,
}

impl Report {
    /// As one JSON object. Later versions only add to it, or have another [`VERSION`].
    ///
    /// # Panics
    /// Never: all that is in it has a JSON form.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("keys are texts, and numbers are finite")
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        text::render(self)
    }

    /// As one HTML page that needs nothing else.
    #[must_use]
    pub fn html(&self) -> String {
        html::render(self)
    }
}

/// A length, or a moment, in seconds to a thousandth.
fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}
