//! [`Timestamp`] and [`LocalTime`]: moments, with and without a time zone.

use std::{fmt, str::FromStr};

use time::{Date, Month, PrimitiveDateTime, Time};

use super::spelled;

/// A moment in UTC: `2027-02-01T06:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(PrimitiveDateTime);

/// Date and time of a clock on the wall, in whatever zone: `2027-02-01T06:00:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(PrimitiveDateTime);

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", LocalTime(self.0))
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        let (hour, minute, second) = time.as_hms();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

impl FromStr for Timestamp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let local = text.strip_suffix('Z').and_then(read);
        local
            .map(Self)
            .ok_or_else(|| "is not a moment in UTC (such as 2027-02-01T06:00:00Z)".to_owned())
    }
}

impl FromStr for LocalTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        read(text).map(Self).ok_or_else(|| {
            "is not a date with a time and no zone (such as 2027-02-01T06:00:00)".to_owned()
        })
    }
}

/// `2027-02-01T06:00:00`.
fn read(text: &str) -> Option<PrimitiveDateTime> {
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()?;
    let [hour, minute, second] = [hour, minute, second].map(|number| u8::try_from(number).ok());
    let time = Time::from_hms(hour?, minute?, second?).ok()?;
    Some(PrimitiveDateTime::new(date, time))
}

/// Three numbers of so many digits.
fn numbers(text: &str, between: char, digits: [usize; 3]) -> Option<[u16; 3]> {
    let mut parts = text.split(between);
    let mut found = [0; 3];
    for (number, digits) in found.iter_mut().zip(digits) {
        let part = parts.next()?;
        let fits = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| fits)?;
    }
    parts.next().is_none().then_some(found)
}

spelled! {
    Timestamp, TIMESTAMP, "a moment in UTC", "2027-02-01T06:00:00Z";
    LocalTime, LOCAL_TIME, "a date with a time", "2027-02-01T06:00:00";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_spelled_in_one_way() {
        assert_eq!((TIMESTAMP.parse)("2028-02-29T23:59:59Z"), Ok(None));
        assert_eq!((LOCAL_TIME.parse)("2027-02-01T06:00:00"), Ok(None));
        for bad in ["2027-02-29T00:00:00Z", "2027-2-1T06:00:00Z", "2027-02-01T24:00:00Z", "", "Z"] {
            assert!(
                (TIMESTAMP.parse)(bad).unwrap_err().contains("is not a moment in UTC"),
                "{bad}"
            );
        }
        for bad in
            ["2027-02-01T06:00:00Z", "2027-02-01", "2027-02-01T06:00", "2027-02-01T06:00:00:00"]
        {
            assert!((LOCAL_TIME.parse)(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn moments_have_an_order() {
        let moment = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(moment("2027-01-31T23:00:00Z") < moment("2027-02-01T00:00:00Z"));
    }
}
