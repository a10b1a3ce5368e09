//! [`Cron`]: AWS's six fields, or Unix's five, and when they come next.

use std::collections::BTreeSet;

use jiff::{ToSpan as _, civil};

use super::field::{DAYS, MONTHS, Range, read, value};

const MINUTE: Range = (0, 59, &[]);
const HOUR: Range = (0, 23, &[]);
const DAY: Range = (1, 31, &[]);
const MONTH: Range = (1, 12, MONTHS);
/// AWS counts from Sunday as 1, Unix from Sunday as 0.
const WEEKDAY: Range = (1, 7, DAYS);
const UNIX_WEEKDAY: Range = (0, 6, DAYS);
const YEAR: Range = (1970, 2199, &[]);

/// For how many days a next time is looked for: 29 February is 8 years away at most.
const FAR: usize = 366 * 9;

/// When, by minutes, hours, days, months and years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cron {
    minutes: BTreeSet<i16>,
    hours: BTreeSet<i16>,
    months: BTreeSet<i16>,
    /// Every one where there are none.
    years: BTreeSet<i16>,
    /// Any of these does.
    days: Vec<Days>,
}

/// Days of a month. Days of the week count from Sunday as 0.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Days {
    Every,
    OfMonth(BTreeSet<i16>),
    Last,
    LastWorkday,
    WorkdayNear(i16),
    OfWeek(BTreeSet<i16>),
    LastOfWeek(i16),
    NthOfWeek(i16, i16),
}

impl Cron {
    /// AWS's: minutes, hours, day of month, month, day of week, year.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let [minutes, hours, day, month, weekday, year] = fields(text)?;
        let days = match (day.as_str(), weekday.as_str()) {
            ("?", "?") => return Err("has ? as both days".to_owned()),
            (day, "?") => days_of_month(day)?,
            ("?", weekday) => days_of_week(weekday)?,
            _ => return Err("has both days; one of them is ?".to_owned()),
        };
        Ok(Self {
            minutes: read(&minutes, MINUTE)?,
            hours: read(&hours, HOUR)?,
            months: read(&month, MONTH)?,
            years: if year == "*" { BTreeSet::new() } else { read(&year, YEAR)? },
            days: vec![days],
        })
    }

    /// Unix's: minute, hour, day of month, month, day of week. Where both days are given, either
    /// does.
    pub(super) fn read_unix(text: &str) -> Result<Self, String> {
        let [minutes, hours, day, month, weekday] = fields(text)?;
        let of_month = || Ok::<_, String>(Days::OfMonth(read(&day, DAY)?));
        let of_week = || Ok::<_, String>(Days::OfWeek(read(&weekday, UNIX_WEEKDAY)?));
        let days = match (day.as_str(), weekday.as_str()) {
            ("*", "*") => vec![Days::Every],
            (_, "*") => vec![of_month()?],
            ("*", _) => vec![of_week()?],
            _ => vec![of_month()?, of_week()?],
        };
        Ok(Self {
            minutes: read(&minutes, MINUTE)?,
            hours: read(&hours, HOUR)?,
            months: read(&month, MONTH)?,
            years: BTreeSet::new(),
            days,
        })
    }

    /// The first time after one, on the wall.
    pub(super) fn next(&self, after: civil::DateTime) -> Option<civil::DateTime> {
        let mut date = after.date();
        for _ in 0..FAR {
            if self.has(date)
                && let Some(time) = self.times(date).find(|time| *time > after)
            {
                return Some(time);
            }
            date = self.next_date(date)?;
        }
        None
    }

    /// The next day, or the first one of the next year that counts.
    fn next_date(&self, date: civil::Date) -> Option<civil::Date> {
        let next = date.checked_add(1.day()).ok()?;
        if self.years.is_empty() || self.years.contains(&next.year()) {
            return Some(next);
        }
        let year = self.years.range(next.year()..).next()?;
        civil::Date::new(*year, 1, 1).ok()
    }

    fn has(&self, date: civil::Date) -> bool {
        self.months.contains(&i16::from(date.month()))
            && (self.years.is_empty() || self.years.contains(&date.year()))
            && self.days.iter().any(|days| days.have(date))
    }

    fn times(&self, date: civil::Date) -> impl Iterator<Item = civil::DateTime> {
        self.hours.iter().flat_map(move |hour| {
            self.minutes.iter().filter_map(move |minute| {
                let (hour, minute) = (i8::try_from(*hour).ok()?, i8::try_from(*minute).ok()?);
                Some(date.at(hour, minute, 0, 0))
            })
        })
    }
}

impl Days {
    fn have(&self, date: civil::Date) -> bool {
        let (day, last) = (i16::from(date.day()), i16::from(date.days_in_month()));
        let weekday = i16::from(date.weekday().to_sunday_zero_offset());
        match self {
            Self::Every => true,
            Self::OfMonth(days) => days.contains(&day),
            Self::Last => day == last,
            Self::LastWorkday => workday_near(date, last) == Some(day),
            Self::WorkdayNear(near) => workday_near(date, *near) == Some(day),
            Self::OfWeek(days) => days.contains(&weekday),
            Self::LastOfWeek(wanted) => weekday == *wanted && day + 7 > last,
            Self::NthOfWeek(wanted, nth) => weekday == *wanted && (day - 1) / 7 + 1 == *nth,
        }
    }
}

/// The day from Monday to Friday next to one, within its month.
fn workday_near(date: civil::Date, near: i16) -> Option<i16> {
    let wanted = civil::Date::new(date.year(), date.month(), i8::try_from(near).ok()?).ok()?;
    let last = i16::from(date.days_in_month());
    Some(match wanted.weekday() {
        civil::Weekday::Saturday if near == 1 => near + 2,
        civil::Weekday::Saturday => near - 1,
        civil::Weekday::Sunday if near == last => near - 2,
        civil::Weekday::Sunday => near + 1,
        _ => near,
    })
}

fn days_of_month(text: &str) -> Result<Days, String> {
    match (text, text.strip_suffix('W')) {
        ("*", _) => Ok(Days::Every),
        ("L", _) => Ok(Days::Last),
        ("LW", _) => Ok(Days::LastWorkday),
        (_, Some(day)) => value(day, DAY).map(Days::WorkdayNear),
        (days, None) => read(days, DAY).map(Days::OfMonth),
    }
}

fn days_of_week(text: &str) -> Result<Days, String> {
    let from_zero = |day: i16| day - 1;
    if let Some((day, nth)) = text.split_once('#') {
        return Ok(Days::NthOfWeek(from_zero(value(day, WEEKDAY)?), value(nth, (1, 5, &[]))?));
    }
    match text.strip_suffix('L') {
        // The last day of a week is Saturday.
        Some("") => Ok(Days::OfWeek([6].into())),
        Some(day) => Ok(Days::LastOfWeek(from_zero(value(day, WEEKDAY)?))),
        None => Ok(Days::OfWeek(read(text, WEEKDAY)?.into_iter().map(from_zero).collect())),
    }
}

fn fields<const N: usize>(text: &str) -> Result<[String; N], String> {
    let fields: Vec<String> = text.split_whitespace().map(str::to_ascii_uppercase).collect();
    let count = fields.len();
    fields.try_into().map_err(|_| format!("has {count} fields, not {N}"))
}
