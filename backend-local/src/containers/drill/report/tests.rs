//! Reports of a drill whose numbers are known.

use std::{collections::BTreeSet, time::Duration};

use super::{
    super::{Facts, Failure, Hit, Kind, Lost, LostSession, Record, Serving, Verified, drill},
    Marks, Measured, Report,
};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn facts(tasks: &[&str]) -> Facts {
    let tasks: BTreeSet<String> = tasks.iter().map(|it| (*it).to_owned()).collect();
    Facts { tasks, instances: 2, deployed: "moodle:5.1".to_owned() }
}

/// Ten requests a second for 30 s, of which the first five are not counted. The event is at 15 s:
/// for 2 s all fails but what reads.
fn measured() -> Measured {
    let kinds = [Kind::Read, Kind::WriteRow, Kind::ReadBack, Kind::WriteFile, Kind::Read];
    let records = (0..300_u64).map(|number| {
        let due = ms(number * 100);
        let kind = kinds[(number % 5) as usize];
        let fails = (150..170).contains(&number) && kind.writes();
        let took = if fails { 10 } else { 20 + number % 10 };
        let failure = fails.then_some(match number % 2 {
            0 => Failure::Status(500),
            _ => Failure::Reset,
        });
        let browser = (number % 7) as u32;
        Record { due, sent: due + ms(1), ended: due + ms(took), kind, browser, failure }
    });
    let lost = |browser, at, changed, stale| LostSession {
        browser,
        at: ms(at),
        changed: ms(changed),
        stale,
    };
    let verified = Verified {
        records: records.collect(),
        rows: 50,
        files: 40,
        lost_rows: vec![Lost { name: "17".to_owned(), at: ms(14_990) }],
        lost_files: vec![],
        unknown: 0,
        // Long before the event, and just before it; and one that is no matter of the event.
        lost_sessions: vec![lost(1, 16_000, 3_000, false), lost(2, 16_000, 14_500, true)],
        stranded: vec![(4, Some(ms(15_100)))],
    };
    let timeline = [(5_000, "what is usual is measured (10 s)"), (15_000, "kill <it> & \"that\"")];
    Measured {
        drill: drill("db-writer").unwrap(),
        marks: Marks {
            from: ms(5_000),
            event: ms(15_000),
            injected: ms(15_050),
            redundant: Some(ms(25_000)),
            to: ms(30_000),
        },
        rate: 10.0,
        users: 7,
        hit: Hit { target: "<writer> in 'eu-central-1b'".to_owned(), in_flight: Some(2) },
        before: facts(&["a", "b"]),
        after: Some(facts(&["a", "b"])),
        most: Serving { tasks: 2, instances: 2 },
        timeline: timeline.map(|(at, what)| (ms(at), what.to_owned())).into(),
        interrupted: false,
        verified,
    }
}

fn report() -> Report {
    measured().report()
}

#[test]
fn numbers_are_those_of_the_requests() {
    let report = report();
    assert_eq!((report.requests, report.failed), (250, 8));
    let phases: Vec<_> =
        report.phases.iter().map(|it| (it.name, it.latency.requests, it.failed)).collect();
    assert_eq!(phases, [("before", 100, 0), ("during", 100, 8), ("after", 50, 0)]);
    // Who wrote at 15.1 s would have been served when they wrote at 17.1 s.
    assert_eq!(report.outage.longest_of_writes, 2.021);
    // Of two who read between two who write, one comes 0.1 s later, and takes 29 ms.
    assert_eq!(report.outage.longest, 0.129);
    assert_eq!((report.lost.sessions, report.lost.stale_sessions), (1, 1));
    assert_eq!(report.lost.fresh_sessions, 1);
    assert_eq!(report.event.redundant, Some(10.0));
    assert_eq!(report.series.len(), 26);
    let failed: Vec<i64> =
        report.series.iter().filter(|it| it.failed > 0).map(|it| it.at).collect();
    assert_eq!(failed, [0, 1]);
}

#[test]
fn what_was_under_way_at_the_event_is_counted_apart() {
    let mut measured = measured();
    measured.drill = drill("task").unwrap();
    let failure = Some(Failure::Reset);
    let under_way = Record {
        due: ms(14_950),
        sent: ms(14_951),
        ended: ms(15_020),
        kind: Kind::Read,
        browser: 0,
        failure,
    };
    measured.verified.records.retain(|it| it.failure.is_none());
    measured.verified.records.push(under_way);
    measured.verified.records.sort_by_key(|it| it.due);
    let report = measured.report();
    assert_eq!((report.in_flight.requests, report.in_flight.failed), (2, 1));
    assert!(report.goals[0].met, "{:?}", report.goals[0]);
    measured.hit.in_flight = Some(0);
    assert!(!measured.report().goals[0].met);
    // One that came a moment later is another matter.
    measured.hit.in_flight = Some(2);
    measured.verified.records.iter_mut().find(|it| it.failure == failure).unwrap().sent =
        ms(15_060);
    let report = measured.report();
    assert_eq!(report.goals[0].measured, "0 that were under way, 2 were there; 1 others");
    assert!(!report.goals[0].met);
}

#[test]
fn in_a_terminal() {
    insta::assert_snapshot!(report().text());
}

#[test]
fn as_json() {
    let mut report = report();
    report.series.truncate(1);
    insta::assert_snapshot!(report.json());
}

#[test]
fn as_a_page() {
    let page = report().html();
    well_formed(&page);
    for elsewhere in ["http:", "https:", "<script", "<link", "url(", "@import"] {
        assert!(!page.contains(elsewhere), "{elsewhere}");
    }
    insta::assert_snapshot!(page);
}

#[test]
fn pages_of_nothing_are_pages() {
    let mut measured = measured();
    measured.verified = Verified::default();
    measured.marks.to = measured.marks.from;
    measured.after = None;
    let report = measured.report();
    well_formed(&report.html());
    assert!(!report.passed);
    assert!(report.text().contains("0 requests"), "{}", report.text());
    // No number that JSON has no word for.
    assert!(report.json().contains("\"p99\": 0.0"), "{}", report.json());
}

/// Checks that each element ends, in order, and that nothing is open that should be escaped.
#[track_caller]
fn well_formed(page: &str) {
    let rest = page.strip_prefix("<!DOCTYPE html>\n").unwrap();
    let mut open = vec![];
    let mut parts = rest.split('<');
    assert_eq!(parts.next(), Some(""));
    for part in parts {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("<{part} does not end"));
        assert!(open.last() == Some(&"style") || !text.contains('>'), "{text}");
        let entities = text.split('&').skip(1).chain(tag.split('&').skip(1));
        for entity in entities {
            let name = entity.split(';').next().unwrap();
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "&{entity}");
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "</{name}>");
            continue;
        }
        let name = tag.trim_end_matches('/').split(' ').next().unwrap();
        assert!(name.chars().all(|it| it.is_ascii_alphanumeric()), "<{tag}>");
        assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}>");
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}
