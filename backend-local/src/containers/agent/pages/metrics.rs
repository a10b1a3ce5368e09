//! What is counted, in the text format of Prometheus.
//!
//! | name | labels | is |
//! |---|---|---|
//! | `infra_agent_start_time_seconds` | | when the agent was started |
//! | `infra_thing_ready` | `part`, `thing` | 1 if it is as it is wanted |
//! | `infra_thing_redundant` | `part`, `thing` | 1 if the loss of any one of its parts would be borne |
//!
//! What else there is parts say themselves.

use std::fmt::Write as _;

use crate::containers::agent::{
    counted::{Family, Sample, Sampled},
    protocol::{Level, Report},
};

const STARTED: Family =
    Family::gauge("infra_agent_start_time_seconds", "When the agent was started, since 1970.");
const READY: Family = Family::gauge("infra_thing_ready", "Whether a thing is as it is wanted.");
const REDUNDANT: Family = Family::gauge(
    "infra_thing_redundant",
    "Whether the loss of any one part of a thing would be borne.",
);

/// The text.
pub(super) fn text(report: &Report, counted: Vec<Sample>) -> String {
    let mut all = vec![STARTED.of(&[], report.since as f64 / 1000.0)];
    let is = |truth: bool| if truth { 1.0 } else { 0.0 };
    for part in &report.parts {
        for thing in &part.things {
            let labels = [("part", part.name.as_str()), ("thing", thing.id.as_str())];
            all.push(READY.of(&labels, is(thing.level == Level::Ready)));
            all.push(REDUNDANT.of(&labels, is(thing.redundant)));
        }
    }
    all.extend(counted);
    // Those of a name must follow each other.
    all.sort_by_key(|sample| sample.family.name);
    let mut text = String::new();
    let mut last = "";
    for sample in &all {
        let family = sample.family;
        if family.name != last {
            let kind = match family.kind {
                Sampled::Counter => "counter",
                Sampled::Gauge => "gauge",
            };
            push(&mut text, format_args!("# HELP {} {}\n", family.name, family.means));
            push(&mut text, format_args!("# TYPE {} {kind}\n", family.name));
            last = family.name;
        }
        text.push_str(family.name);
        for (number, (name, value)) in sample.labels.iter().enumerate() {
            let before = if number == 0 { '{' } else { ',' };
            push(&mut text, format_args!("{before}{name}=\"{}\"", escaped(value)));
        }
        if !sample.labels.is_empty() {
            text.push('}');
        }
        push(&mut text, format_args!(" {}\n", sample.value));
    }
    text
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn push(to: &mut String, what: std::fmt::Arguments<'_>) {
    to.write_fmt(what).expect("a text takes all that is written to it");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::agent::protocol::{PartReport, ThingReport};

    #[test]
    fn names_stand_together_and_values_are_escaped() {
        let thing = |id: &str, level| ThingReport {
            id: id.to_owned(),
            level,
            message: String::new(),
            redundant: true,
            parts: vec![],
            events: vec![],
        };
        let things = vec![thing("a", Level::Ready), thing("b\"\\\n", Level::Pending)];
        let report = Report {
            process: 1,
            build: String::new(),
            since: 1500,
            parts: vec![PartReport { name: "cache".to_owned(), things }],
            address: None,
            page: None,
        };
        let requests = Family::counter("infra_requests_total", "Requests.");
        let counted = vec![requests.of(&[("group", "web")], 12.5)];
        let wanted = "\
# HELP infra_agent_start_time_seconds When the agent was started, since 1970.
# TYPE infra_agent_start_time_seconds gauge
infra_agent_start_time_seconds 1.5
# HELP infra_requests_total Requests.
# TYPE infra_requests_total counter
infra_requests_total{group=\"web\"} 12.5
# HELP infra_thing_ready Whether a thing is as it is wanted.
# TYPE infra_thing_ready gauge
infra_thing_ready{part=\"cache\",thing=\"a\"} 1
infra_thing_ready{part=\"cache\",thing=\"b\\\"\\\\\\n\"} 0
# HELP infra_thing_redundant Whether the loss of any one part of a thing would be borne.
# TYPE infra_thing_redundant gauge
infra_thing_redundant{part=\"cache\",thing=\"a\"} 1
infra_thing_redundant{part=\"cache\",thing=\"b\\\"\\\\\\n\"} 1
";
        assert_eq!(text(&report, counted), wanted);
    }
}
