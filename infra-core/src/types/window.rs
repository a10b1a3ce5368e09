//! Times at which AWS may work on a thing: every day, or once a week.

use std::{fmt, str::FromStr};

use super::{Minutes, spelled};

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A time of every day, in UTC: `02:00-03:00`. It may reach over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DailyWindow {
    /// Minutes since midnight.
    start: u32,
    end: u32,
}

/// A time of every week, in UTC: `sun:03:00-sun:04:00`. It may reach over the end of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeeklyWindow {
    /// Minutes since midnight on Monday.
    start: u32,
    end: u32,
}

impl DailyWindow {
    /// How long it is.
    #[must_use]
    pub fn length(self) -> Minutes {
        Minutes((self.end + DAY - self.start) % DAY)
    }

    /// Whether both can be open at once.
    #[must_use]
    pub fn overlaps(self, weekly: WeeklyWindow) -> bool {
        (0..7).any(|day| weekly.overlaps(self.on(day)))
    }

    /// It on one day of the week.
    fn on(self, day: u32) -> WeeklyWindow {
        let start = day * DAY + self.start;
        WeeklyWindow { start, end: (start + self.length().0) % WEEK }
    }
}

impl WeeklyWindow {
    /// How long it is.
    #[must_use]
    pub fn length(self) -> Minutes {
        Minutes((self.end + WEEK - self.start) % WEEK)
    }

    /// Whether both can be open at once.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let after = |from: u32, to: u32| (to + WEEK - from) % WEEK;
        after(self.start, other.start) < self.length().0
            || after(other.start, self.start) < other.length().0
    }
}

impl fmt::Display for DailyWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", clock(self.start), clock(self.end))
    }
}

impl fmt::Display for WeeklyWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = |minute: u32| format!("{}:{}", DAYS[(minute / DAY) as usize], clock(minute));
        write!(f, "{}-{}", moment(self.start), moment(self.end))
    }
}

fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute % DAY / 60, minute % 60)
}

impl FromStr for DailyWindow {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('-').and_then(|(start, end)| Some((time(start)?, time(end)?)));
        let (start, end) = parts.ok_or_else(|| {
            "is not a time of day (hours and minutes in UTC, twice: 02:00-03:00)".to_owned()
        })?;
        if start == end { Err("has no length".to_owned()) } else { Ok(Self { start, end }) }
    }
}

impl FromStr for WeeklyWindow {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts =
            text.split_once('-').and_then(|(start, end)| Some((moment(start)?, moment(end)?)));
        let (start, end) = parts.ok_or_else(|| {
            "is not a time of the week (day, hours and minutes in UTC, twice: \
             sun:03:00-sun:04:00)"
                .to_owned()
        })?;
        if start == end { Err("has no length".to_owned()) } else { Ok(Self { start, end }) }
    }
}

/// `02:30` as minutes since midnight.
fn time(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str, limit: u32| {
        let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|number| two && *number < limit)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

/// `sun:02:30` as minutes since midnight on Monday.
fn moment(text: &str) -> Option<u32> {
    let (day, clock) = text.split_once(':')?;
    let day = DAYS.iter().position(|known| day.eq_ignore_ascii_case(known))?;
    Some(day as u32 * DAY + time(clock)?)
}

spelled! {
    DailyWindow, DAILY, "a time of day", "02:00-03:00";
    WeeklyWindow, WEEKLY, "a time of the week", "sun:03:00-sun:04:00";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily(text: &str) -> DailyWindow {
        text.parse().unwrap()
    }

    fn weekly(text: &str) -> WeeklyWindow {
        text.parse().unwrap()
    }

    #[test]
    fn windows_are_spelled_as_aws_tells_them() {
        assert_eq!((WEEKLY.parse)("Sun:03:00-SUN:04:30"), Ok(Some("sun:03:00-sun:04:30".into())));
        assert_eq!((WEEKLY.parse)("sun:03:00-sun:04:30"), Ok(None));
        assert_eq!((DAILY.parse)("23:30-00:15"), Ok(None));
        for bad in ["2:00-3:00", "02:00", "24:00-01:00", "02:60-03:00", "+2:00-03:00", ""] {
            assert!((DAILY.parse)(bad).unwrap_err().contains("is not a time of day"), "{bad}");
        }
        for bad in ["02:00-03:00", "son:02:00-son:03:00", "sun:02:00-03:00"] {
            assert!((WEEKLY.parse)(bad).unwrap_err().contains("is not a time of the week"));
        }
        assert_eq!((DAILY.parse)("02:00-02:00"), Err("has no length".to_owned()));
    }

    #[test]
    fn windows_reach_over_midnight_and_the_end_of_the_week() {
        assert_eq!(daily("23:30-00:15").length(), Minutes(45));
        assert_eq!(weekly("sun:23:30-mon:00:30").length(), Minutes(60));
        assert_eq!(weekly("sat:22:00-mon:02:00").length(), Minutes(28 * 60));
    }

    #[test]
    fn windows_overlap_where_both_are_open() {
        let maintenance = weekly("sun:23:30-mon:00:30");
        for overlapping in ["00:15-01:00", "23:00-23:31", "23:00-01:00", "00:00-00:10"] {
            assert!(daily(overlapping).overlaps(maintenance), "{overlapping}");
        }
        for apart in ["00:30-01:00", "22:00-23:30", "12:00-13:00"] {
            assert!(!daily(apart).overlaps(maintenance), "{apart}");
        }
    }
}
