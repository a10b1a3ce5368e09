//! From requests and marks to a [`Report`].

use std::{collections::BTreeMap, time::Duration};

use super::{
    super::{
        Drill, Facts, Failure, Hit, Kind, Record, Serving,
        catalogue::Step,
        load::Verified,
        measure::{Gap, Latency, longest_outage, longest_stall, series},
    },
    Event, InFlight, KindReport, LostReport, Moment, Outage, Phase, Report, Stranded, VERSION,
    goals, seconds,
};

/// A session that was changed so shortly before the event may not have been copied.
const FRESH: Duration = Duration::from_secs(1);

/// When what happened, since the load began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Requests count from here on.
    pub from: Duration,
    /// The injection began.
    pub event: Duration,
    /// The injection was done.
    pub injected: Duration,
    /// All of the site was there again.
    pub redundant: Option<Duration>,
    /// Requests count up to here.
    pub to: Duration,
}

/// All that was measured in a drill.
#[derive(Clone, Debug)]
pub struct Measured {
    /// What was drilled.
    pub drill: &'static Drill,
    /// When what happened.
    pub marks: Marks,
    /// How many requests a second there were to be.
    pub rate: f64,
    /// How many users took turns.
    pub users: u32,
    /// What was hit.
    pub hit: Hit,
    /// What was before.
    pub before: Facts,
    /// What was after it; `None` if the site did not say.
    pub after: Option<Facts>,
    /// What served people at most.
    pub most: Serving,
    /// What was done and seen, since the load began.
    pub timeline: Vec<(Duration, String)>,
    /// Whether somebody ended it before its time.
    pub interrupted: bool,
    /// What people saw.
    pub verified: Verified,
}

/// What goals are held against, beside the report.
pub(super) struct Seen<'a> {
    pub(super) measured: &'a Measured,
    /// Requests since the event.
    pub(super) since: usize,
    /// Those of them that failed.
    pub(super) failed_since: usize,
    /// Those of these that were not under way at the event.
    pub(super) failed_beyond: usize,
    pub(super) outage: Option<Gap>,
    pub(super) wait: Option<Gap>,
    pub(super) wait_of_writes: Option<Gap>,
}

impl Measured {
    /// What people saw.
    #[must_use]
    pub fn report(&self) -> Report {
        let Marks { from, event, injected, redundant, to } = self.marks;
        let all: Vec<&Record> =
            self.verified.records.iter().filter(|it| from <= it.due && it.due < to).collect();
        // What was sent before the event, and was not answered then, is no failure of what came after.
        let is_in_flight = |it: &Record| it.sent <= injected && event < it.ended;
        let in_flight: Vec<&Record> = all.iter().copied().filter(|it| is_in_flight(it)).collect();
        let since: Vec<&Record> = all.iter().copied().filter(|it| event <= it.ended).collect();
        let writes: Vec<&Record> = since.iter().copied().filter(|it| it.kind.writes()).collect();
        let end = self.end();
        let seen = Seen {
            measured: self,
            since: since.len(),
            failed_since: failed(&since),
            failed_beyond: since
                .iter()
                .filter(|it| it.failure.is_some() && !is_in_flight(it))
                .count(),
            outage: longest_outage(&since, event, end),
            wait: longest_stall(&since, event, end),
            wait_of_writes: longest_stall(&writes, event, end),
        };
        let goals: Vec<_> = self.drill.goals.iter().map(|goal| goals::check(goal, &seen)).collect();
        let recovered = match seen.outage {
            None => Some(injected),
            Some(gap) => gap.is_over.then_some(gap.to.max(injected)),
        };
        Report {
            version: VERSION,
            drill: self.drill.name.to_owned(),
            happens: self.drill.happens.to_owned(),
            teaches: self.drill.teaches.to_owned(),
            interrupted: self.interrupted,
            rate: self.rate,
            users: self.users,
            event: Event {
                injection: self.injection(),
                target: self.hit.target.clone(),
                recovered: recovered.map(|at| self.relative(at)),
                redundant: redundant.map(|at| self.relative(at)),
            },
            requests: all.len(),
            failed: failed(&all),
            failures: failures(&all),
            kinds: kinds(&all, event, end),
            phases: phases(&all, event, redundant.unwrap_or(to)),
            outage: Outage {
                longest: length(seen.outage),
                longest_of_writes: length(longest_outage(&writes, event, end)),
                longest_wait: length(seen.wait),
                longest_wait_of_writes: length(seen.wait_of_writes),
                longest_of_one_user: of_one_user(&since, event, end),
            },
            in_flight: InFlight {
                requests: in_flight.len(),
                failed: failed(&in_flight),
                at_target: self.hit.in_flight,
            },
            lost: self.lost(),
            series: series(&all, event, from, to),
            timeline: self.timeline(),
            passed: !self.interrupted && goals.iter().all(|goal| goal.met),
            goals,
        }
    }

    /// When the last answer came: what is not over then, nobody knows more of.
    fn end(&self) -> Duration {
        let last = self.verified.records.iter().map(|it| it.ended).max();
        last.unwrap_or_default().max(self.marks.to)
    }

    fn injection(&self) -> String {
        let injections = self.drill.steps.iter().filter_map(|step| match step {
            Step::Inject(injection) => Some(injection.to_string()),
            _ => None,
        });
        injections.collect::<Vec<_>>().join(", ")
    }

    /// A moment as the report tells it: since the event.
    fn relative(&self, at: Duration) -> f64 {
        let event = self.marks.event;
        if at < event { -seconds(event - at) } else { seconds(at - event) }
    }

    fn timeline(&self) -> Vec<Moment> {
        let moments = self.timeline.iter();
        moments.map(|(at, what)| Moment { at: self.relative(*at), what: what.clone() }).collect()
    }

    /// How many sessions were lost that a replica may not have had.
    fn fresh_sessions(&self) -> usize {
        let event = self.marks.event;
        let lost = self.verified.lost_sessions.iter();
        lost.filter(|lost| {
            let copied_until = lost.changed + FRESH;
            event < copied_until && lost.changed <= self.marks.injected && event <= lost.at
        })
        .count()
    }

    fn lost(&self) -> LostReport {
        let verified = &self.verified;
        let names = |all: &[super::super::Lost]| all.iter().map(|it| it.name.clone()).collect();
        let stale = verified.lost_sessions.iter().filter(|lost| lost.stale).count();
        let stranded = verified.stranded.iter().map(|(browser, served)| Stranded {
            browser: *browser,
            served: served.map(|at| self.relative(at)),
        });
        LostReport {
            acknowledged_rows: verified.rows,
            acknowledged_files: verified.files,
            rows: names(&verified.lost_rows),
            files: names(&verified.lost_files),
            unknown: verified.unknown,
            sessions: verified.lost_sessions.len() - stale,
            stale_sessions: stale,
            fresh_sessions: self.fresh_sessions(),
            stranded: stranded.collect(),
        }
    }

    pub(super) fn lost_sessions_that_were_copied(&self) -> usize {
        self.verified.lost_sessions.len() - self.fresh_sessions()
    }
}

fn failed(records: &[&Record]) -> usize {
    records.iter().filter(|it| it.failure.is_some()).count()
}

fn failures(records: &[&Record]) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for name in records.iter().filter_map(|it| it.failure).map(Failure::name) {
        *all.entry(name).or_default() += 1;
    }
    all
}

fn kinds(all: &[&Record], event: Duration, end: Duration) -> Vec<KindReport> {
    let of = |kind| {
        let records: Vec<&Record> = all.iter().copied().filter(|it| it.kind == kind).collect();
        KindReport {
            kind,
            requests: records.len(),
            failed: failed(&records),
            failures: failures(&records),
            longest_outage: length(longest_outage(&records, event, end)),
            latency: Latency::of(records),
        }
    };
    Kind::ALL.into_iter().map(of).filter(|kind| kind.requests > 0).collect()
}

/// Before, during and after. What was under way at the event is a matter of the event.
fn phases(all: &[&Record], event: Duration, during: Duration) -> Vec<Phase> {
    let is_before = |it: &Record| it.ended < event;
    let is_after = |it: &Record| it.due >= during && !is_before(it);
    let phase = |name, belongs: &dyn Fn(&Record) -> bool| {
        let records: Vec<&Record> = all.iter().copied().filter(|it| belongs(it)).collect();
        Phase { name, failed: failed(&records), latency: Latency::of(records) }
    };
    vec![
        phase("before", &is_before),
        phase("during", &|it| !is_before(it) && !is_after(it)),
        phase("after", &is_after),
    ]
}

fn length(gap: Option<Gap>) -> f64 {
    gap.map_or(0.0, |gap| seconds(gap.length()))
}

fn of_one_user(records: &[&Record], event: Duration, end: Duration) -> f64 {
    let mut each: BTreeMap<u32, Vec<&Record>> = BTreeMap::new();
    for record in records {
        each.entry(record.browser).or_default().push(record);
    }
    let longest = each.values().map(|records| length(longest_stall(records, event, end)));
    longest.fold(0.0, f64::max)
}
