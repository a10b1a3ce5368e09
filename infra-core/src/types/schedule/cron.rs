//! [`Cron`], AWS's own dialect of six fields, and [`UnixCron`] with five.

use std::{fmt, str::FromStr};

use super::field::{DAYS, Field, MONTHS};
use crate::types::Minutes;

const DAY: u32 = 24 * 60;

const MINUTES: Field = Field { name: "minutes", least: 0, most: 59, words: &[] };
const HOURS: Field = Field { name: "hours", least: 0, most: 23, words: &[] };
const DAY_OF_MONTH: Field = Field { name: "day of month", least: 1, most: 31, words: &[] };
const MONTH: Field = Field { name: "month", least: 1, most: 12, words: MONTHS };
/// AWS counts from Sunday as 1, Unix from Sunday as 0.
const DAY_OF_WEEK: Field = Field { name: "day of week", least: 1, most: 7, words: DAYS };
const UNIX_DAY_OF_WEEK: Field = Field { name: "day of week", least: 0, most: 6, words: DAYS };
const YEAR: Field = Field { name: "year", least: 1970, most: 2199, words: &[] };

/// When, by minutes, hours, day of month, month, day of week and year: what stands within `cron(…)`.
///
/// One of the two days is `?`. Days of the week are 1 to 7 from Sunday on, or words. `L` is the last
/// day of the month, `15W` the weekday next to the 15th, `FRIL` the last Friday, `MON#2` the
/// second Monday.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cron {
    text: String,
    times: Times,
}

/// When, by minute, hour, day of month, month and day of week, as Unix has it: `0 7 * * MON-FRI`.
///
/// Days of the week are 0 to 6 from Sunday on, or words. Where both days are given, either does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnixCron {
    text: String,
    times: Times,
}

/// The times of a day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Times {
    minutes: Vec<u32>,
    hours: Vec<u32>,
}

impl Times {
    fn read(minutes: &str, hours: &str) -> Result<Self, String> {
        Ok(Self { minutes: MINUTES.read(minutes)?, hours: HOURS.read(hours)? })
    }

    fn shortest_interval(&self) -> Minutes {
        let hours = self.hours.iter();
        let all: Vec<u32> = hours
            .flat_map(|hour| self.minutes.iter().map(move |minute| hour * 60 + minute))
            .collect();
        let next = all.iter().cycle().skip(1);
        // From the last time of a day to the first of the next; one time alone is a day apart.
        let gaps = all.iter().zip(next).map(|(one, next)| (next + DAY - one - 1) % DAY + 1);
        Minutes(gaps.min().unwrap_or(DAY))
    }
}

impl Cron {
    /// How long it is at least between two times of the same day or of two that follow.
    #[must_use]
    pub fn shortest_interval(&self) -> Minutes {
        self.times.shortest_interval()
    }

    /// The minutes of the hour.
    #[must_use]
    pub fn minutes(&self) -> &[u32] {
        &self.times.minutes
    }

    /// The hours of the day.
    #[must_use]
    pub fn hours(&self) -> &[u32] {
        &self.times.hours
    }
}

impl UnixCron {
    /// How long it is at least between two times of the same day or of two that follow.
    #[must_use]
    pub fn shortest_interval(&self) -> Minutes {
        self.times.shortest_interval()
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for UnixCron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Its fields, if there are so many.
fn fields<const N: usize>(text: &str, form: &str) -> Result<[String; N], String> {
    let fields: Vec<String> = text.split_whitespace().map(str::to_ascii_uppercase).collect();
    let count = fields.len();
    fields.try_into().map_err(|_| format!("has {count} fields; {N} are needed: {form}"))
}

impl FromStr for Cron {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let [minutes, hours, day, month, weekday, year] = fields(
            text,
            "minutes, hours, day of month, month, day of week and year, such as \
             cron(0 7 ? * MON-FRI *)",
        )?;
        let times = Times::read(&minutes, &hours)?;
        match (day.as_str(), weekday.as_str()) {
            ("?", "?") => {
                return Err("has ? as both days; only the one that does not matter is ?".to_owned());
            }
            ("?", weekday) => check_day_of_week(weekday)?,
            (day, "?") => check_day_of_month(day)?,
            _ => {
                return Err("has a day of month and a day of week; write ? for the one that does \
                            not matter, such as cron(0 7 ? * MON-FRI *) or cron(0 7 1 * ? *)"
                    .to_owned());
            }
        }
        MONTH.read(&month)?;
        YEAR.read(&year)?;
        let text = [minutes, hours, day, month, weekday, year].join(" ");
        Ok(Self { text, times })
    }
}

fn check_day_of_month(text: &str) -> Result<(), String> {
    if matches!(text, "L" | "LW") {
        return Ok(());
    }
    match text.strip_suffix('W') {
        Some(day) => DAY_OF_MONTH.value(day, text).map(drop),
        None => DAY_OF_MONTH.read(text).map(drop),
    }
}

fn check_day_of_week(text: &str) -> Result<(), String> {
    if let Some((day, which)) = text.split_once('#') {
        DAY_OF_WEEK.value(day, text)?;
        let known = matches!(which, "1" | "2" | "3" | "4" | "5");
        let wrong =
            || format!("has {text:?} as day of week; a month has a first to a fifth: MON#1");
        return if known { Ok(()) } else { Err(wrong()) };
    }
    match text.strip_suffix('L') {
        Some("") => Ok(()),
        Some(day) => DAY_OF_WEEK.value(day, text).map(drop),
        None => DAY_OF_WEEK.read(text).map(drop),
    }
}

impl FromStr for UnixCron {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let [minutes, hours, day, month, weekday] = fields(
            text,
            "minute, hour, day of month, month and day of week, such as 0 7 * * MON-FRI",
        )?;
        let times = Times::read(&minutes, &hours)?;
        DAY_OF_MONTH.read(&day)?;
        MONTH.read(&month)?;
        UNIX_DAY_OF_WEEK.read(&weekday)?;
        let text = [minutes, hours, day, month, weekday].join(" ");
        Ok(Self { text, times })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, says: &str) {
        let said = text.parse::<Cron>().unwrap_err();
        assert!(said.contains(says), "{text}: {said}");
    }

    #[test]
    fn what_aws_takes_is_taken() {
        let good = [
            "0 7 ? * MON-FRI *",
            "0/15 8-17 ? * 2-6 *",
            "*/5 * * * ? *",
            "0 18 L * ? *",
            "0 18 LW * ? *",
            "0 9 15W JAN,JUL ? 2027-2030",
            "15,45 12 ? * MON#2 *",
            "0 12 ? 3-9/2 FRIL *",
            "0 12 ? * 6L *",
            "0 0 1,15 * ? 2026/2",
        ];
        for text in good {
            assert_eq!(text.parse::<Cron>().map(|cron| cron.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("0  7 ? * mon-fri *".parse::<Cron>().unwrap().to_string(), good[0]);
    }

    #[test]
    fn what_aws_refuses_says_why() {
        refused("0 7 * * MON-FRI", "has 5 fields; 6 are needed");
        refused("0 7 * * * *", "write ? for the one that does not matter");
        refused("0 7 ? * ? *", "has ? as both days");
        refused("60 7 ? * * *", "has \"60\" as minutes; allowed are 0 to 59");
        refused("0 24 ? * * *", "as hours; allowed are 0 to 23");
        refused("0 7 32 * ? *", "as day of month");
        refused("0 7 0W * ? *", "as day of month");
        refused("0 7 ? 13 * *", "allowed are 1 to 12, JAN to DEC");
        refused("0 7 ? * 0 *", "allowed are 1 to 7, SUN to SAT");
        refused("0 7 ? * MON#6 *", "a first to a fifth");
        refused("0 7 ? * SAT-SUN *", "goes downwards");
        refused("0 7 ? * * 2200", "as year; allowed are 1970 to 2199");
        refused("0/0 7 ? * * *", "as minutes");
        refused("+5 7 ? * * *", "as minutes");
        refused("5, 7 ? * * *", "as minutes");
    }

    #[test]
    fn unix_counts_other_days_and_has_no_years() {
        let good = "30 0 1 1,6,12 *";
        assert_eq!(good.parse::<UnixCron>().map(|cron| cron.to_string()), Ok(good.to_owned()));
        assert!("0 7 * * 0-6".parse::<UnixCron>().is_ok());
        let bad = |text: &str| text.parse::<UnixCron>().unwrap_err();
        assert!(bad("0 7 * * 7").contains("allowed are 0 to 6, SUN to SAT"));
        assert!(bad("0 7 ? * MON").contains("as day of month"));
        assert!(bad("0 7 ? * MON *").contains("has 6 fields; 5 are needed"));
    }

    #[test]
    fn the_shortest_interval_reaches_over_midnight() {
        let interval = |text: &str| text.parse::<Cron>().unwrap().shortest_interval();
        assert_eq!(interval("0 0 1 * ? *"), Minutes(DAY));
        assert_eq!(interval("0 */6 ? * * *"), Minutes(360));
        assert_eq!(interval("50 0,23 ? * * *"), Minutes(60));
        assert_eq!(interval("0,10 8 ? * * *"), Minutes(10));
    }
}
