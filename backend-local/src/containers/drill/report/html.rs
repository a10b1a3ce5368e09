//! A report as one page that needs nothing else: no script, no font, no picture from elsewhere.

use std::collections::BTreeMap;

use super::{
    Latency, Report,
    chart::{Bars, Line, bars, lines},
};
use crate::containers::html::escaped;

const STYLE: &str = include_str!("style.css");

/// The page. It is well-formed XML, too.
pub(super) fn render(report: &Report) -> String {
    let title = escaped(&format!("Drill: {}", report.drill));
    let parts = [
        head(report),
        goals(report),
        charts(report),
        numbers(report),
        kinds(report),
        phases(report),
        timeline(report),
    ];
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{}\n</body>\n</html>\n",
        parts.join("\n")
    )
}

fn head(report: &Report) -> String {
    let (class, verdict) = match (report.interrupted, report.passed) {
        (true, _) => ("bad", "interrupted"),
        (false, true) => ("good", "as expected"),
        (false, false) => ("bad", "not as expected"),
    };
    format!(
        "<h1>Drill: {}</h1>\n<p>{} <span class=\"quiet\">{}</span></p>\n\
         <p class=\"verdict {class}\">{verdict}</p>\n\
         <p>{} requests at {} a second by {} users; {} failed{}</p>\n<p class=\"quiet\">{}</p>",
        escaped(&report.drill),
        escaped(&report.happens),
        escaped(&report.event.target),
        report.requests,
        report.rate,
        report.users,
        report.failed,
        escaped(&reasons(&report.failures)),
        escaped(&report.teaches),
    )
}

fn reasons(failures: &BTreeMap<String, usize>) -> String {
    let each: Vec<String> =
        failures.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if each.is_empty() { String::new() } else { format!(": {}", each.join(", ")) }
}

/// A table of texts; its cells are escaped.
fn table(class: &str, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let cells = |name: &str, all: Vec<String>| {
        let cells = all.iter().map(|cell| format!("<{name}>{}</{name}>", escaped(cell)));
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let head = cells("th", head.iter().map(|it| (*it).to_owned()).collect());
    let rows: String = rows.into_iter().map(|row| cells("td", row)).collect();
    format!("<table class=\"{class}\">\n<thead>{head}</thead>\n<tbody>\n{rows}</tbody>\n</table>")
}

fn goals(report: &Report) -> String {
    let rows: String = report
        .goals
        .iter()
        .map(|goal| {
            let (class, met) = if goal.met { ("good", "met") } else { ("bad", "not met") };
            format!(
                "<tr><td>{}</td><td>{}</td><td class=\"{class}\">{met}</td></tr>\n",
                escaped(&goal.goal),
                escaped(&goal.measured)
            )
        })
        .collect();
    format!(
        "<h2>What was expected</h2>\n<table class=\"words\">\n<thead><tr><th>goal</th>\
         <th>measured</th><th></th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
    )
}

fn charts(report: &Report) -> String {
    let each =
        |value: fn(&super::Second) -> f64| report.series.iter().map(value).collect::<Vec<_>>();
    let requests = each(|it| it.requests as f64);
    let failed = each(|it| it.failed as f64);
    let all = [
        bars(report, "Requests a second", &[Bars { class: "requests", values: requests }]),
        bars(report, "Failed requests a second", &[Bars { class: "failed", values: failed }]),
        lines(
            report,
            "How long requests took",
            &[
                Line { class: "p50", values: each(|it| it.p50) },
                Line { class: "p99", values: each(|it| it.p99) },
            ],
        ),
    ];
    let keys = [
        "<span class=\"key requests\">requests a second</span>",
        "<span class=\"key failed\">failed requests a second</span>",
        "<span class=\"key p50\">half took no longer</span><span class=\"key p99\">99 of 100 took no \
         longer</span>",
    ];
    let parts = keys.iter().zip(all).map(|(key, chart)| format!("<p>{key}</p>\n{chart}\n"));
    format!("<h2>What people saw</h2>\n{}", parts.collect::<String>())
}

fn numbers(report: &Report) -> String {
    let (outage, lost, in_flight) = (&report.outage, &report.lost, &report.in_flight);
    let s = |seconds: f64| format!("{seconds:.1} s");
    let seen = |at: Option<f64>| at.map_or("not seen".to_owned(), s);
    let of = |lost: &[String], all: usize| format!("{} of {all}", lost.len());
    let stranded: Vec<String> = lost.stranded.iter().map(|it| it.browser.to_string()).collect();
    let under_way = match in_flight.at_target {
        Some(at) => format!("{}, {at} of them at what was hit", in_flight.requests),
        None => in_flight.requests.to_string(),
    };
    let rows = [
        ("longest outage", s(outage.longest)),
        ("longest outage of writes", s(outage.longest_of_writes)),
        ("longest wait for anybody to be served", s(outage.longest_wait)),
        ("the same of writes", s(outage.longest_wait_of_writes)),
        ("longest wait of one user", s(outage.longest_of_one_user)),
        ("served again after", seen(report.event.recovered)),
        ("all there again after", seen(report.event.redundant)),
        ("requests under way at the event", under_way),
        ("those of them that failed", in_flight.failed.to_string()),
        ("lost rows", of(&lost.rows, lost.acknowledged_rows)),
        ("lost files", of(&lost.files, lost.acknowledged_files)),
        ("rows and files not answered for", lost.unknown.to_string()),
        ("lost sessions", lost.sessions.to_string()),
        ("sessions with an old value", lost.stale_sessions.to_string()),
        ("those of both that had just changed", lost.fresh_sessions.to_string()),
        (
            "stranded users",
            if stranded.is_empty() { "none".to_owned() } else { stranded.join(", ") },
        ),
    ];
    let rows = rows.map(|(name, value)| vec![name.to_owned(), value]);
    format!("<h2>In numbers</h2>\n{}", table("", &["", ""], rows))
}

const HEAD: [&str; 6] = ["requests", "failed", "p50 ms", "p95 ms", "p99 ms", "max ms"];

fn row(name: &str, requests: usize, failed: usize, latency: &Latency) -> Vec<String> {
    let ms = [latency.p50, latency.p95, latency.p99, latency.max].map(|it| format!("{it:.0}"));
    let counts = [name.to_owned(), requests.to_string(), failed.to_string()];
    counts.into_iter().chain(ms).collect()
}

fn kinds(report: &Report) -> String {
    let head: Vec<&str> = [""].into_iter().chain(HEAD).chain(["outage", "why"]).collect();
    let rows = report.kinds.iter().map(|kind| {
        let mut row = row(kind.kind.name(), kind.requests, kind.failed, &kind.latency);
        row.push(format!("{:.1} s", kind.longest_outage));
        row.push(reasons(&kind.failures).trim_start_matches(": ").to_owned());
        row
    });
    format!("<h2>By what people did</h2>\n{}", table("", &head, rows))
}

fn phases(report: &Report) -> String {
    let head: Vec<&str> = [""].into_iter().chain(HEAD).collect();
    let rows = report
        .phases
        .iter()
        .map(|phase| row(phase.name, phase.latency.requests, phase.failed, &phase.latency));
    format!("<h2>Before, during and after</h2>\n{}", table("", &head, rows))
}

fn timeline(report: &Report) -> String {
    let rows = report.timeline.iter().map(|it| vec![format!("{:.1} s", it.at), it.what.clone()]);
    format!("<h2>What was done</h2>\n{}", table("words", &["", ""], rows))
}
