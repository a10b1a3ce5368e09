//! Whether what was expected came so.

use std::time::Duration;

use super::{
    super::{Checked, Facts, Goal, Serving, measure::Gap},
    build::Seen,
    seconds,
};

/// Holds a goal against what was seen.
pub(super) fn check(goal: &Goal, seen: &Seen<'_>) -> Checked {
    let (met, measured) = measure(goal, seen);
    Checked { goal: goal.to_string(), measured, met }
}

fn measure(goal: &Goal, seen: &Seen<'_>) -> (bool, String) {
    match goal {
        Goal::NoFailure => (seen.failed_since == 0, failed(seen)),
        Goal::NoFailureBeyondInFlight => beyond_in_flight(seen),
        Goal::Failed(most) => {
            let share = seen.failed_since as f64 / seen.since.max(1) as f64;
            // Of no requests nothing can be said.
            (seen.since > 0 && share <= *most, failed(seen))
        }
        Goal::Outage(most) => within(seen.outage, *most, "no outage"),
        Goal::Back(most) => within(seen.wait, *most, "nobody came"),
        Goal::WritesBack(most) => within(seen.wait_of_writes, *most, "nobody wrote"),
        Goal::Redundant(most) => redundant(seen, *most),
        Goal::SameTasks => facts(seen, |before, after| {
            let replaced = before.tasks.difference(&after.tasks).count();
            (replaced == 0, format!("{replaced} of {} replaced", before.tasks.len()))
        }),
        Goal::MoreTasks => {
            let (before, most) = (seen.measured.before.tasks.len(), seen.measured.most.tasks);
            (most > before, format!("{before} before, {most} at most"))
        }
        Goal::FewerAgain => facts(seen, |before, after| {
            let (now, most) = (Serving::of(after), seen.measured.most);
            let said = format!(
                "{} tasks of {}, {} instances of {}",
                now.tasks, most.tasks, now.instances, most.instances
            );
            (now == Serving::of(before), said)
        }),
        Goal::SameVersion => facts(seen, |before, after| {
            let is_same = before.deployed == after.deployed;
            (is_same, if is_same { "the same".to_owned() } else { after.deployed.clone() })
        }),
        Goal::NothingLost => {
            let lost = &seen.measured.verified;
            let (rows, files) = (lost.lost_rows.len(), lost.lost_files.len());
            let mut said = format!("{rows} of {} rows, {files} of {} files", lost.rows, lost.files);
            if lost.unknown > 0 {
                said.push_str(&format!("; {} could not be read", lost.unknown));
            }
            (rows + files + lost.unknown == 0, said)
        }
        Goal::SessionsKept => {
            let copied = seen.measured.lost_sessions_that_were_copied();
            let all = seen.measured.verified.lost_sessions.len();
            (copied == 0, format!("{all} lost or old, {} of them just changed", all - copied))
        }
        Goal::NobodyStranded => {
            let stranded = seen.measured.verified.stranded.len();
            (stranded == 0, format!("{stranded} of {}", seen.measured.users))
        }
    }
}

fn failed(seen: &Seen<'_>) -> String {
    format!("{} of {} since the event", seen.failed_since, seen.since)
}

fn beyond_in_flight(seen: &Seen<'_>) -> (bool, String) {
    let in_flight = seen.failed_since - seen.failed_beyond;
    let (is_bounded, at_target) = match seen.measured.hit.in_flight {
        Some(most) => (in_flight as u64 <= most, format!(", {most} were there")),
        None => (true, String::new()),
    };
    let said = format!("{in_flight} that were under way{at_target}; {} others", seen.failed_beyond);
    (seen.failed_beyond == 0 && is_bounded, said)
}

fn within(gap: Option<Gap>, most: Duration, nothing: &str) -> (bool, String) {
    match gap {
        None => (nothing == "no outage", nothing.to_owned()),
        Some(gap) if gap.is_over => (gap.length() <= most, format!("{} s", seconds(gap.length()))),
        Some(gap) => (false, format!("not within {} s", seconds(gap.length()))),
    }
}

fn redundant(seen: &Seen<'_>, most: Duration) -> (bool, String) {
    let marks = seen.measured.marks;
    match marks.redundant.map(|at| at.saturating_sub(marks.event)) {
        Some(took) => (took <= most, format!("{} s", seconds(took))),
        None => (false, "not until the end".to_owned()),
    }
}

fn facts(seen: &Seen<'_>, compare: impl Fn(&Facts, &Facts) -> (bool, String)) -> (bool, String) {
    match &seen.measured.after {
        Some(after) => compare(&seen.measured.before, after),
        None => (false, "the site does not say".to_owned()),
    }
}
