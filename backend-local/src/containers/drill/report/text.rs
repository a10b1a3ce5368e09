//! A report for a terminal.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{Latency, Report};

/// Lines of at most some 100 characters. Nothing in it is coloured.
pub(super) fn render(report: &Report) -> String {
    let mut to = String::new();
    write(&mut to, report).expect("a text takes all that is written to it");
    to
}

fn write(to: &mut String, report: &Report) -> std::fmt::Result {
    let came = match (report.interrupted, report.passed) {
        (true, _) => "interrupted",
        (false, true) => "as expected",
        (false, false) => "NOT as expected",
    };
    writeln!(to, "drill {}: {came}", report.drill)?;
    writeln!(to, "  {} ({})", report.happens, report.event.target)?;
    writeln!(
        to,
        "  {} requests at {} a second by {} users, {} failed{}",
        report.requests,
        report.rate,
        report.users,
        report.failed,
        reasons(&report.failures)
    )?;
    writeln!(to)?;
    goals(to, report)?;
    kinds(to, report)?;
    phases(to, report)?;
    rest(to, report)?;
    writeln!(to, "\ntimeline")?;
    for moment in &report.timeline {
        writeln!(to, "  {:>8.1} s  {}", moment.at, moment.what)?;
    }
    Ok(())
}

fn reasons(failures: &BTreeMap<String, usize>) -> String {
    let each: Vec<String> =
        failures.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if each.is_empty() { String::new() } else { format!(" ({})", each.join(", ")) }
}

fn goals(to: &mut String, report: &Report) -> std::fmt::Result {
    let width = report.goals.iter().map(|it| it.goal.chars().count()).max().unwrap_or(0);
    for goal in &report.goals {
        let met = if goal.met { "ok  " } else { "FAIL" };
        writeln!(to, "  {met}  {:width$}  {}", goal.goal, goal.measured)?;
    }
    Ok(())
}

const HEAD: &str = "requests  failed      p50      p95      p99      max  outage";

fn row(requests: usize, failed: usize, latency: &Latency, outage: Option<f64>) -> String {
    let outage = outage.map_or(String::new(), |outage| format!("  {outage:>4.1} s"));
    let Latency { p50, p95, p99, max, .. } = latency;
    format!("{requests:>8}  {failed:>6}  {p50:>7.0}  {p95:>7.0}  {p99:>7.0}  {max:>7.0}{outage}")
}

fn kinds(to: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(to, "\n{:<16}{HEAD}", "what (ms)")?;
    for kind in &report.kinds {
        let row = row(kind.requests, kind.failed, &kind.latency, Some(kind.longest_outage));
        writeln!(to, "{:<16}{row}{}", kind.kind.name(), reasons(&kind.failures))?;
    }
    Ok(())
}

fn phases(to: &mut String, report: &Report) -> std::fmt::Result {
    writeln!(to, "\n{:<16}{}", "when (ms)", HEAD.trim_end_matches("  outage"))?;
    for phase in &report.phases {
        let row = row(phase.latency.requests, phase.failed, &phase.latency, None);
        writeln!(to, "{:<16}{row}", phase.name)?;
    }
    Ok(())
}

fn rest(to: &mut String, report: &Report) -> std::fmt::Result {
    let (outage, lost, in_flight) = (&report.outage, &report.lost, &report.in_flight);
    let at = |at: Option<f64>| at.map_or("not seen".to_owned(), |at| format!("{at:.1} s"));
    let mut line = |name: &str, value: String| writeln!(to, "{name:<32}{value}");
    line(
        "\nlongest outage",
        format!(" {:.1} s, of writes {:.1} s", outage.longest, outage.longest_of_writes),
    )?;
    line(
        "longest wait for anybody",
        format!("{:.1} s, of writes {:.1} s", outage.longest_wait, outage.longest_wait_of_writes),
    )?;
    line("longest wait of one user", format!("{:.1} s", outage.longest_of_one_user))?;
    line("served again after", at(report.event.recovered))?;
    line("all there again after", at(report.event.redundant))?;
    let target = in_flight.at_target.map_or(String::new(), |it| format!(", {it} at what was hit"));
    line(
        "under way at the event",
        format!("{}{target}, {} failed", in_flight.requests, in_flight.failed),
    )?;
    line(
        "lost rows",
        format!("{} of {}{}", lost.rows.len(), lost.acknowledged_rows, some(&lost.rows)),
    )?;
    line(
        "lost files",
        format!("{} of {}{}", lost.files.len(), lost.acknowledged_files, some(&lost.files)),
    )?;
    if lost.unknown > 0 {
        line("rows and files not answered for", lost.unknown.to_string())?;
    }
    line(
        "lost sessions",
        format!(
            "{} lost, {} old; {} of them just changed",
            lost.sessions, lost.stale_sessions, lost.fresh_sessions
        ),
    )?;
    let stranded: Vec<String> = lost.stranded.iter().map(|it| it.browser.to_string()).collect();
    line("stranded users", format!("{}{}", stranded.len(), some(&stranded)))
}

/// The first of some names.
fn some(names: &[String]) -> String {
    const MOST: usize = 10;
    match names.len() {
        0 => String::new(),
        1..=MOST => format!(": {}", names.join(", ")),
        _ => format!(": {}, …", names[..MOST].join(", ")),
    }
}
