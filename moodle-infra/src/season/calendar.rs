//! [`Calendar`]: which season a day of the year belongs to, and when that changes.

use std::{collections::BTreeSet, fmt, str::FromStr};

use infra_core::types::{ScheduleExpression, TimeZone, UnixCron};

use super::Season;
use crate::SettingsError;

/// How many days each month has. The 29th of February is no bound: it comes every fourth year.
const MONTHS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A day that comes every year: `09-14` is the 14th of September.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    month: u8,
    day: u8,
}

/// A time by the clock on the wall: `07:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock {
    hour: u8,
    minute: u8,
}

/// The seasons of a year, the same in every year.
///
/// What is neither semester nor exams is holidays. Where both are said, exams are on top: between
/// their hours, every day of their weeks.
///
/// ```
/// use infra_core::types::TimeZone;
/// use moodle_infra::{Calendar, Season};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let zone: TimeZone = "Europe/Zurich".parse()?;
/// let calendar = Calendar::new(zone)
///     .semester("09-14".parse()?, "12-18".parse()?)
///     .semester("02-15".parse()?, "05-28".parse()?)
///     .exams("01-18".parse()?, "02-05".parse()?, "07:30".parse()?, "18:00".parse()?)?;
/// assert_eq!(calendar.season_at("10-01".parse()?, "03:00".parse()?), Season::Semester);
/// assert_eq!(calendar.season_at("01-20".parse()?, "09:00".parse()?), Season::Exams);
/// assert_eq!(calendar.season_at("08-01".parse()?, "09:00".parse()?), Season::Holidays);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Where its days begin.
    pub(crate) time_zone: TimeZone,
    semesters: Vec<Period>,
    exams: Vec<Exams>,
}

/// From one day to another, both included; over the end of the year if the first is later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Period {
    first: Day,
    last: Day,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Exams {
    days: Period,
    from: Clock,
    until: Clock,
}

/// A moment at which another season begins, on some days of a month of every year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What begins.
    pub season: Season,
    month: u8,
    days: (u8, u8),
    at: Clock,
}

impl Calendar {
    /// A year of holidays.
    #[must_use]
    pub fn new(time_zone: TimeZone) -> Self {
        Self { time_zone, semesters: vec![], exams: vec![] }
    }

    /// A semester, from the first day to the last. One that begins in autumn may end in the year
    /// after.
    #[must_use]
    pub fn semester(mut self, first: Day, last: Day) -> Self {
        self.semesters.push(Period { first, last });
        self
    }

    /// Exams, from the first day to the last, each day between two times.
    ///
    /// # Errors
    /// If they end before they begin, or begin too early for instances to start on the same day.
    pub fn exams(
        mut self,
        first: Day,
        last: Day,
        from: Clock,
        until: Clock,
    ) -> Result<Self, SettingsError> {
        if from >= until || from.minutes() < Clock::LEAD {
            return Err(SettingsError::Exams { from, until });
        }
        self.exams.push(Exams { days: Period { first, last }, from, until });
        Ok(self)
    }

    /// The season at a moment of the year.
    #[must_use]
    pub fn season_at(&self, day: Day, at: Clock) -> Season {
        let exams = self
            .exams
            .iter()
            .any(|exams| exams.days.contains(day) && (exams.from..exams.until).contains(&at));
        if exams { Season::Exams } else { self.season_of(day) }
    }

    /// The season of a day, exams apart.
    fn season_of(&self, day: Day) -> Season {
        let semester = self.semesters.iter().any(|semester| semester.contains(day));
        if semester { Season::Semester } else { Season::Holidays }
    }

    /// Every moment at which another season begins, through the year; neighbouring days of a month
    /// with the same change are one.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let exams = self.exams.iter().flat_map(|exams| [exams.from, exams.until]);
        let times: BTreeSet<Clock> = exams.chain([Clock::MIDNIGHT]).collect();
        let mut found: Vec<Change> = vec![];
        for day in Day::all() {
            let mut before = self.season_at(day.before(), Clock::LAST);
            for &at in &times {
                let season = self.season_at(day, at);
                if season != before {
                    join(
                        &mut found,
                        Change { season, month: day.month, days: (day.day, day.day), at },
                    );
                }
                before = season;
            }
        }
        found
    }
}

/// Adds a change, to that of the day before if it is the same.
fn join(found: &mut Vec<Change>, change: Change) {
    let same = found.iter_mut().rev().find(|it| {
        it.month == change.month && it.at == change.at && it.days.1 + 1 == change.days.0
    });
    match same {
        Some(same) if same.season == change.season => same.days.1 = change.days.1,
        _ => found.push(change),
    }
}

impl Change {
    /// What it is called: the season, the first of its days and the time.
    #[must_use]
    pub fn name(&self) -> String {
        let (season, at) = (self.season.name(), self.at);
        let (month, day) = (self.month, self.days.0);
        format!("{season}-{month:02}{day:02}-{:02}{:02}", at.hour, at.minute)
    }

    /// When it is, every year.
    #[must_use]
    pub fn schedule(&self) -> ScheduleExpression {
        let (at, month) = (self.at, self.month);
        let text = format!("cron({} {} {} {month} ? *)", at.minute, at.hour, days(self.days));
        text.parse().expect("days and times were checked when they were read")
    }

    /// When instances are to start or go for it: a quarter of an hour earlier where more tasks will
    /// need them, every year.
    #[must_use]
    pub fn recurrence(&self) -> UnixCron {
        let lead = if self.season == Season::Holidays { 0 } else { Clock::LEAD };
        let (at, month, days) = match self.at.minutes().checked_sub(lead) {
            Some(early) => (early, self.month, days(self.days)),
            None => {
                let day = Day { month: self.month, day: self.days.0 }.before();
                (Clock::DAY + self.at.minutes() - lead, day.month, day.day.to_string())
            }
        };
        let at = Clock::of(at);
        let text = format!("{} {} {days} {month} *", at.minute, at.hour);
        text.parse().expect("days and times were checked when they were read")
    }
}

fn days((first, last): (u8, u8)) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

impl Period {
    fn contains(self, day: Day) -> bool {
        if self.first <= self.last {
            (self.first..=self.last).contains(&day)
        } else {
            day >= self.first || day <= self.last
        }
    }
}

impl Day {
    fn all() -> impl Iterator<Item = Self> {
        (1..).zip(MONTHS).flat_map(|(month, days)| (1..=days).map(move |day| Self { month, day }))
    }

    fn before(self) -> Self {
        match (self.month, self.day) {
            (1, 1) => Self { month: 12, day: 31 },
            (month, 1) => Self { month: month - 1, day: MONTHS[usize::from(month) - 2] },
            (month, day) => Self { month, day: day - 1 },
        }
    }
}

impl Clock {
    const MIDNIGHT: Self = Self { hour: 0, minute: 0 };
    const LAST: Self = Self { hour: 23, minute: 59 };
    const DAY: u16 = 24 * 60;
    /// How many minutes instances get to start before tasks are to run on them.
    pub(crate) const LEAD: u16 = 15;

    fn minutes(self) -> u16 {
        u16::from(self.hour) * 60 + u16::from(self.minute)
    }

    fn of(minutes: u16) -> Self {
        let part = |it: u16| u8::try_from(it).expect("a day has 24 hours of 60 minutes");
        Self { hour: part(minutes / 60), minute: part(minutes % 60) }
    }
}

/// The two numbers of `09-14` or `07:30`.
fn two(text: &str, between: char) -> Option<(u8, u8)> {
    let (first, second) = text.split_once(between)?;
    let number = |it: &str| (it.len() == 2).then(|| it.parse().ok())?;
    Some((number(first)?, number(second)?))
}

impl FromStr for Day {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let known = two(text, '-').filter(|(month, day)| {
            (1..=12).contains(month) && (1..=MONTHS[usize::from(*month) - 1]).contains(day)
        });
        let (month, day) = known.ok_or_else(|| SettingsError::Day { day: text.to_owned() })?;
        Ok(Self { month, day })
    }
}

impl FromStr for Clock {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let known = two(text, ':').filter(|(hour, minute)| *hour < 24 && *minute < 60);
        let (hour, minute) =
            known.ok_or_else(|| SettingsError::Clock { clock: text.to_owned() })?;
        Ok(Self { hour, minute })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn clock(text: &str) -> Clock {
        text.parse().unwrap()
    }

    fn campus() -> Calendar {
        Calendar::new(TimeZone::UTC)
            .semester(day("09-14"), day("01-22"))
            .semester(day("02-22"), day("06-04"))
            .exams(day("01-18"), day("02-05"), clock("07:30"), clock("18:00"))
            .unwrap()
    }

    fn changes(calendar: &Calendar) -> Vec<(String, String)> {
        calendar.changes().iter().map(|it| (it.name(), it.schedule().to_string())).collect()
    }

    #[test]
    fn seasons_change_when_the_calendar_says_so() {
        let expected = [
            // Every day of the exams, which go on for two weeks after the semester.
            ("exams-0118-0730", "cron(30 7 18-31 1 ? *)"),
            ("semester-0118-1800", "cron(0 18 18-22 1 ? *)"),
            ("holidays-0123-0000", "cron(0 0 23 1 ? *)"),
            ("holidays-0123-1800", "cron(0 18 23-31 1 ? *)"),
            ("exams-0201-0730", "cron(30 7 1-5 2 ? *)"),
            ("holidays-0201-1800", "cron(0 18 1-5 2 ? *)"),
            ("semester-0222-0000", "cron(0 0 22 2 ? *)"),
            ("holidays-0605-0000", "cron(0 0 5 6 ? *)"),
            ("semester-0914-0000", "cron(0 0 14 9 ? *)"),
        ];
        let expected = expected.map(|(name, cron)| (name.to_owned(), cron.to_owned()));
        assert_eq!(changes(&campus()), expected);
        assert_eq!(changes(&Calendar::new(TimeZone::UTC)), []);
    }

    /// What the changes come to, minute by minute, is what the calendar says.
    #[test]
    fn the_changes_make_the_calendar() {
        let calendar = campus();
        let changes = calendar.changes();
        let mut now = calendar.season_at(day("12-31"), Clock::LAST);
        for today in Day::all() {
            for minute in 0..Clock::DAY {
                let at = Clock::of(minute);
                for change in &changes {
                    let (first, last) = change.days;
                    let days = first..=last;
                    if change.month == today.month && days.contains(&today.day) && change.at == at {
                        now = change.season;
                    }
                }
                assert_eq!(now, calendar.season_at(today, at), "{today} {at}");
            }
        }
    }

    #[test]
    fn instances_are_there_before_their_tasks() {
        let crons: Vec<String> =
            campus().changes().iter().map(|it| it.recurrence().to_string()).collect();
        assert_eq!(crons[0], "15 7 18-31 1 *");
        assert_eq!(crons[1], "45 17 18-22 1 *");
        assert_eq!(crons[2], "0 0 23 1 *", "what goes, goes with its tasks");
        assert_eq!(crons[6], "45 23 21 2 *", "the evening before");
    }

    #[test]
    fn days_and_times_are_told_how_to_be_written() {
        for text in ["02-29", "9-14", "13-01", "00-01", "04-31", "14 September", ""] {
            let error = text.parse::<Day>().unwrap_err().to_string();
            assert!(error.contains(text) && error.contains("09-14"), "{error}");
        }
        for text in ["24:00", "7:30", "07.30", "07:60", ""] {
            let error = text.parse::<Clock>().unwrap_err().to_string();
            assert!(error.contains(text) && error.contains("07:30"), "{error}");
        }
        for (from, until) in [("18:00", "07:30"), ("00:05", "07:30"), ("08:00", "08:00")] {
            let calendar = Calendar::new(TimeZone::UTC);
            let asked = calendar.exams(day("01-18"), day("02-05"), clock(from), clock(until));
            let error = asked.unwrap_err().to_string();
            assert!(error.contains(from) && error.contains(until), "{error}");
        }
    }
}
