//! When bounds change by the clock: scheduled actions of services and of groups of instances.
//!
//! | written | means |
//! |---|---|
//! | `cron(0 7 ? * MON-FRI *)` | AWS's six fields; days of the week from Sunday as 1 |
//! | `0 7 * * MON-FRI` | Unix's five, as groups of instances have them; from Sunday as 0 |
//! | `rate(5 minutes)` | every so often from when it begins |
//! | `at(2027-02-01T06:00:00)` | once |
//!
//! Clocks on the wall are those of a time zone. A time that a day does not have, because clocks
//! went forward, is taken as so much later; one that it has twice is the first of both.

mod action;
mod cron;
mod field;

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub use action::{Bounds, ScheduleKept, Scheduled, due};
use cron::Cron;

use super::Moment;

/// When something is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Schedule {
    text: String,
    when: When,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum When {
    At(civil::DateTime),
    Rate(SignedDuration),
    Cron(Cron),
}

impl Schedule {
    /// The first time after a moment, by the clocks of a zone; `None` if there is none. What goes
    /// by a rate began at `began`.
    #[must_use]
    pub fn next(&self, zone: &str, began: Moment, after: Moment) -> Option<Moment> {
        let zone = TimeZone::get(zone).ok()?;
        match &self.when {
            When::At(time) => moment(*time, &zone).filter(|at| *at > after),
            When::Rate(every) => {
                if after < began {
                    return Some(began);
                }
                let every = u64::try_from(every.as_millis()).ok().filter(|every| *every > 0)?;
                let rounds = after.0.saturating_sub(began.0) / every + 1;
                began.0.checked_add(rounds.checked_mul(every)?).map(Moment)
            }
            When::Cron(cron) => {
                let local = Timestamp::from_millisecond(i64::try_from(after.0).ok()?).ok()?;
                let mut from = zone.to_datetime(local);
                // Where clocks go back, what comes next on the wall may be past already.
                loop {
                    from = cron.next(from)?;
                    match moment(from, &zone) {
                        Some(at) if at > after => return Some(at),
                        _ => {}
                    }
                }
            }
        }
    }
}

fn moment(time: civil::DateTime, zone: &TimeZone) -> Option<Moment> {
    let at = zone.to_timestamp(time).ok()?;
    u64::try_from(at.as_millisecond()).ok().map(Moment)
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let inner = |word: &str| text.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')');
        let when = if let Some(time) = inner("at") {
            let time = time.parse().map_err(|_| format!("{time:?} is no date with a time"))?;
            When::At(time)
        } else if let Some(rate) = inner("rate") {
            When::Rate(read_rate(rate)?)
        } else if let Some(cron) = inner("cron") {
            When::Cron(Cron::read(cron)?)
        } else {
            When::Cron(Cron::read_unix(text)?)
        };
        Ok(Self { text: text.to_owned(), when })
    }
}

fn read_rate(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("{text:?} is no rate, such as 5 minutes");
    let (value, unit) = text.split_once(' ').ok_or_else(wrong)?;
    let value: i64 = value.parse().ok().filter(|value| *value > 0).ok_or_else(wrong)?;
    let minutes = match unit.strip_suffix('s').unwrap_or(unit) {
        "minute" => 1,
        "hour" => 60,
        "day" => 24 * 60,
        _ => return Err(wrong()),
    };
    let minutes = value.checked_mul(minutes).filter(|it| *it < 1 << 40).ok_or_else(wrong)?;
    Ok(SignedDuration::from_mins(minutes))
}

impl TryFrom<String> for Schedule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.text
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment(text.parse::<Timestamp>().unwrap().as_millisecond() as u64)
    }

    #[track_caller]
    fn check(schedule: &str, zone: &str, after: &str, times: &[&str]) {
        let schedule: Schedule = schedule.parse().unwrap();
        let (began, mut after) = (at(after), at(after));
        for time in times {
            after = schedule.next(zone, began, after).unwrap();
            let said = Timestamp::from_millisecond(after.0 as i64).unwrap();
            assert_eq!(said.to_string(), *time);
        }
    }

    #[test]
    fn aws_and_unix_count_days_of_the_week_from_different_numbers() {
        let from = "2027-02-05T12:00:00Z"; // A Friday.
        check(
            "cron(0 7 ? * 2-6 *)",
            "UTC",
            from,
            &["2027-02-08T07:00:00Z", "2027-02-09T07:00:00Z"],
        );
        check("0 7 * * 1-5", "UTC", from, &["2027-02-08T07:00:00Z", "2027-02-09T07:00:00Z"]);
        check("0 7 * * MON-FRI", "UTC", from, &["2027-02-08T07:00:00Z"]);
        // Unix: either of both days does.
        check("0 0 13 * 5", "UTC", from, &["2027-02-12T00:00:00Z", "2027-02-13T00:00:00Z"]);
    }

    #[test]
    fn special_days_of_a_month_are_found() {
        let from = "2027-02-05T12:00:00Z";
        check("cron(0 18 L * ? *)", "UTC", from, &["2027-02-28T18:00:00Z", "2027-03-31T18:00:00Z"]);
        check("cron(0 18 LW * ? *)", "UTC", from, &["2027-02-26T18:00:00Z"]);
        check(
            "cron(0 9 15W 5,8 ? *)",
            "UTC",
            from,
            &["2027-05-14T09:00:00Z", "2027-08-16T09:00:00Z"],
        );
        check("cron(0 9 1W 5 ? *)", "UTC", from, &["2027-05-03T09:00:00Z"]);
        check(
            "cron(0 9 ? * MON#2 *)",
            "UTC",
            from,
            &["2027-02-08T09:00:00Z", "2027-03-08T09:00:00Z"],
        );
        check(
            "cron(0 9 ? * FRIL *)",
            "UTC",
            from,
            &["2027-02-26T09:00:00Z", "2027-03-26T09:00:00Z"],
        );
        check(
            "cron(0/20 9 ? * 6L 2028)",
            "UTC",
            from,
            &["2028-01-28T09:00:00Z", "2028-01-28T09:20:00Z"],
        );
        check("cron(0 0 29 2 ? *)", "UTC", from, &["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]);
        let never: Schedule = "cron(0 0 30 2 ? *)".parse().unwrap();
        assert_eq!(never.next("UTC", Moment(0), at(from)), None);
    }

    #[test]
    fn clocks_are_those_of_the_zone() {
        let zone = "Europe/Berlin";
        // Forward on 2027-03-28 at 2:00, back on 2027-10-31 at 3:00.
        check(
            "cron(30 7 ? * * *)",
            zone,
            "2027-03-27T00:00:00Z",
            &["2027-03-27T06:30:00Z", "2027-03-28T05:30:00Z"],
        );
        check(
            "cron(30 2 ? * * *)",
            zone,
            "2027-03-27T12:00:00Z",
            &["2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z"],
        );
        check(
            "cron(30 2 ? * * *)",
            zone,
            "2027-10-30T12:00:00Z",
            &["2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"],
        );
        check("at(2027-07-01T06:00:00)", zone, "2027-03-27T00:00:00Z", &["2027-07-01T04:00:00Z"]);
    }

    #[test]
    fn rates_go_on_from_when_they_began() {
        check(
            "rate(5 minutes)",
            "UTC",
            "2027-01-01T00:01:00Z",
            &["2027-01-01T00:06:00Z", "2027-01-01T00:11:00Z"],
        );
        assert!("rate(0 minutes)".parse::<Schedule>().is_err());
        assert!("rate(9223372036854775807 days)".parse::<Schedule>().is_err());
        assert!("cron(0 7 * *)".parse::<Schedule>().is_err());
        let past: Schedule = "at(2026-01-01T00:00:00)".parse().unwrap();
        assert_eq!(past.next("UTC", Moment(0), at("2027-01-01T00:00:00Z")), None);
    }
}
