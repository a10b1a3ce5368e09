//! [`ScheduleExpression`] and [`UnixCron`]: when AWS does what it does again and again.

mod cron;
mod field;

use std::{fmt, str::FromStr};

pub use cron::{Cron, UnixCron};

use super::{LocalTime, Minutes, spelled};

/// When something is done, as EventBridge, its scheduler, AWS Backup, Secrets Manager and
/// Application Auto Scaling write it.
///
/// | written | means |
/// |---|---|
/// | `at(2027-02-01T06:00:00)` | once |
/// | `rate(1 hour)`, `rate(5 minutes)` | every so often, from when it was made |
/// | `cron(0 7 ? * MON-FRI *)` | at 7:00 on weekdays; see [`Cron`] |
///
/// In which zone clocks run is said beside it, UTC where there is no such property. Not every
/// service takes all three.
///
/// ```
/// use infra_core::types::{Minutes, ScheduleExpression};
///
/// let schedule: ScheduleExpression = "cron(0/15 8-17 ? * MON-FRI *)".parse().unwrap();
/// assert_eq!(schedule.shortest_interval(), Some(Minutes(15)));
/// assert!("cron(0 7 * * MON-FRI *)".parse::<ScheduleExpression>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ScheduleExpression {
    /// Once, by the clock on the wall.
    At(LocalTime),
    /// Every so often.
    Rate(Rate),
    /// By minutes, hours, days, months and years.
    Cron(Cron),
}

/// Every so many minutes, hours or days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// How many, at least 1.
    pub value: u32,
    /// Of what.
    pub unit: RateUnit,
}

/// What a [`Rate`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateUnit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
}

impl RateUnit {
    const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    fn word(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    fn minutes(self) -> u32 {
        match self {
            Self::Minute => 1,
            Self::Hour => 60,
            Self::Day => 24 * 60,
        }
    }
}

impl Rate {
    /// How long it is between two times.
    #[must_use]
    pub fn interval(self) -> Minutes {
        Minutes(self.value.saturating_mul(self.unit.minutes()))
    }
}

impl ScheduleExpression {
    /// How long it is at least between two times; `None` if there is one alone. Of a [`Cron`] it
    /// says what hours and minutes come to, a day at most.
    #[must_use]
    pub fn shortest_interval(&self) -> Option<Minutes> {
        match self {
            Self::At(_) => None,
            Self::Rate(rate) => Some(rate.interval()),
            Self::Cron(cron) => Some(cron.shortest_interval()),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.value == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.value, self.unit.word())
    }
}

impl fmt::Display for ScheduleExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(time) => write!(f, "at({time})"),
            Self::Rate(rate) => write!(f, "rate({rate})"),
            Self::Cron(cron) => write!(f, "cron({cron})"),
        }
    }
}

impl FromStr for Rate {
    type Err = String;

    /// AWS wants the one spelling: `1 hour` and `2 hours`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (value, word) = text.split_once(' ').unwrap_or((text, ""));
        let value = value.parse().ok().filter(|value| *value > 0);
        let singular = word.strip_suffix('s').unwrap_or(word);
        let unit = RateUnit::ALL.into_iter().find(|unit| unit.word() == singular);
        let (Some(value), Some(unit)) = (value, unit) else {
            return Err("is no rate: write a number from 1 and minutes, hours or days, such as \
                        rate(5 minutes)"
                .to_owned());
        };
        let rate = Self { value, unit };
        if rate.to_string() == text { Ok(rate) } else { Err(format!("must be rate({rate})")) }
    }
}

impl FromStr for ScheduleExpression {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let inner = |word: &str| text.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(time) = inner("at") {
            return time.parse().map(Self::At);
        }
        if let Some(rate) = inner("rate") {
            return rate.parse().map(Self::Rate);
        }
        if let Some(cron) = inner("cron") {
            return cron.parse().map(Self::Cron);
        }
        Err("is no schedule: write cron(0 7 ? * MON-FRI *), rate(1 hour) or \
             at(2027-02-01T06:00:00)"
            .to_owned())
    }
}

spelled! {
    ScheduleExpression, SCHEDULE, "a schedule", "cron(0 7 ? * MON-FRI *)";
    UnixCron, UNIX_CRON, "a recurrence", "0 7 * * MON-FRI";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, says: &str) {
        let said = (SCHEDULE.parse)(text).unwrap_err();
        assert!(said.contains(says), "{text}: {said}");
    }

    #[test]
    fn schedules_are_kept_as_they_are_written() {
        for text in
            ["at(2027-02-01T06:00:00)", "rate(1 day)", "rate(5 minutes)", "cron(0 7 ? * * *)"]
        {
            assert_eq!((SCHEDULE.parse)(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_told_what_one_is() {
        refused("0 7 * * *", "write cron(0 7 ? * MON-FRI *)");
        refused("cron(0 7 ? * * *", "is no schedule");
        refused("at(2027-02-01T06:00:00Z)", "no zone");
        refused("rate(0 minutes)", "a number from 1");
        refused("rate(5 weeks)", "minutes, hours or days");
        refused("rate(5 minute)", "must be rate(5 minutes)");
        refused("rate(1 hours)", "must be rate(1 hour)");
        refused("rate(05 minutes)", "must be rate(5 minutes)");
    }

    #[test]
    fn intervals_are_known() {
        let interval = |text: &str| text.parse::<ScheduleExpression>().unwrap().shortest_interval();
        assert_eq!(interval("at(2027-02-01T06:00:00)"), None);
        assert_eq!(interval("rate(2 days)"), Some(Minutes(2 * 24 * 60)));
        assert_eq!(interval("cron(0 4 ? * SUN *)"), Some(Minutes(24 * 60)));
    }
}
