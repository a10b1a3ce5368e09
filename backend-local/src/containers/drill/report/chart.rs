//! Charts over the seconds of a drill, as SVG within a page.

use std::fmt::Write as _;

use super::Report;
use crate::containers::html::escaped;

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 190.0;
/// Where what is drawn begins, and ends.
const LEFT: f64 = 52.0;
const TOP: f64 = 22.0;
const BOTTOM: f64 = HEIGHT - 20.0;

/// Values a second, one bar each.
pub(super) struct Bars {
    pub(super) class: &'static str,
    pub(super) values: Vec<f64>,
}

/// Values a second, joined by a line; 0 where there is none.
pub(super) struct Line {
    pub(super) class: &'static str,
    pub(super) values: Vec<f64>,
}

/// From seconds to places.
struct Across {
    first: f64,
    step: f64,
}

impl Across {
    fn of(report: &Report) -> Self {
        let first = report.series.first().map_or(0, |it| it.at) as f64;
        Self { first, step: (WIDTH - LEFT) / report.series.len().max(1) as f64 }
    }

    fn place(&self, at: f64) -> f64 {
        LEFT + (at - self.first) * self.step
    }
}

/// Bars, one kind before the other: what they stand for is counted from 0.
pub(super) fn bars(report: &Report, title: &str, all: &[Bars]) -> String {
    let highest = all.iter().flat_map(|bars| &bars.values).copied().fold(1.0, f64::max);
    let across = Across::of(report);
    let height = |value: f64| (BOTTOM - TOP) * value / highest;
    let mut drawn = String::new();
    for share in [0.5, 1.0] {
        let value = (highest * share).round();
        grid(&mut drawn, BOTTOM - height(value), &format!("{value}"));
    }
    for Bars { class, values } in all {
        for (number, value) in values.iter().enumerate().filter(|(_, value)| **value > 0.0) {
            let (x, high) = (LEFT + number as f64 * across.step, height(*value));
            let (y, wide) = (BOTTOM - high, (across.step - 0.5).max(0.5));
            push(
                &mut drawn,
                format_args!(
                    "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" \
                     height=\"{high:.1}\"/>"
                ),
            );
        }
    }
    frame(report, title, &across, &drawn)
}

/// Lines of milliseconds, on a scale that grows tenfold from line to line.
pub(super) fn lines(report: &Report, title: &str, all: &[Line]) -> String {
    let highest = all.iter().flat_map(|line| &line.values).copied().fold(10.0, f64::max);
    let decades = highest.log10().ceil().max(1.0);
    let across = Across::of(report);
    let place = |value: f64| BOTTOM - (BOTTOM - TOP) * value.max(1.0).log10() / decades;
    let mut drawn = String::new();
    for decade in 1..=decades as u32 {
        let value = 10_u64.pow(decade);
        let label =
            if value < 1_000 { format!("{value} ms") } else { format!("{} s", value / 1_000) };
        grid(&mut drawn, place(value as f64), &label);
    }
    for Line { class, values } in all {
        let mut path = String::new();
        let mut is_on = false;
        for (number, value) in values.iter().enumerate() {
            if *value > 0.0 {
                let (x, y) = (LEFT + (number as f64 + 0.5) * across.step, place(*value));
                push(&mut path, format_args!("{}{x:.1} {y:.1}", if is_on { 'L' } else { 'M' }));
            }
            is_on = *value > 0.0;
        }
        push(&mut drawn, format_args!("<path class=\"{class}\" d=\"{path}\"/>"));
    }
    frame(report, title, &across, &drawn)
}

fn grid(to: &mut String, y: f64, label: &str) {
    push(
        to,
        format_args!(
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            LEFT - 6.0,
            y + 4.0
        ),
    );
}

/// What every chart has: the axis, and when what happened.
fn frame(report: &Report, title: &str, across: &Across, drawn: &str) -> String {
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\"><title>{}</title>{drawn}\
         <line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{BOTTOM}\" y2=\"{BOTTOM}\"/>",
        escaped(title)
    );
    let (first, last) = (across.first, across.first + report.series.len() as f64);
    let step = [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0]
        .into_iter()
        .find(|step| (last - first) / step <= 12.0)
        .unwrap_or(3_600.0);
    let mut at = (first / step).ceil() * step;
    while at <= last {
        let (x, y) = (across.place(at), HEIGHT - 5.0);
        push(
            &mut svg,
            format_args!("<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{at} s</text>"),
        );
        at += step;
    }
    let mut ended = f64::MIN;
    for (at, name) in marks(report) {
        let x = across.place(at);
        push(
            &mut svg,
            format_args!(
                "<line class=\"mark\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{BOTTOM}\"/>"
            ),
        );
        // Names that would lie on each other are told apart by their height.
        let y = if x < ended { 20.0 } else { 9.0 };
        push(&mut svg, format_args!("<text class=\"marked\" x=\"{x:.1}\" y=\"{y}\">{name}</text>"));
        ended = x + 7.0 * name.len() as f64;
    }
    svg.push_str("</svg>");
    svg
}

fn marks(report: &Report) -> Vec<(f64, &'static str)> {
    let seen =
        [(report.event.recovered, "served again"), (report.event.redundant, "all there again")];
    let seen = seen.into_iter().filter_map(|(at, name)| Some((at?, name)));
    [(0.0, "event")].into_iter().chain(seen).collect()
}

fn push(to: &mut String, what: std::fmt::Arguments<'_>) {
    to.write_fmt(what).expect("a text takes all that is written to it");
}
