//! [`Statistic`]: how the figures of a period are put together. [`StandardUnit`]: what they count.

use std::{fmt, str::FromStr};

use crate::{props, types::spelled};

/// How the figures of a period are put together.
///
/// ```
/// use infra_core::aws::cloudwatch::Statistic;
///
/// assert_eq!("Average".parse(), Ok(Statistic::Average));
/// assert_eq!("p95".parse::<Statistic>().unwrap().to_string(), "p95");
/// assert!("p101".parse::<Statistic>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// Their average.
    Average,
    /// The largest.
    Maximum,
    /// The smallest.
    Minimum,
    /// How many there are.
    SampleCount,
    /// Their sum.
    Sum,
    /// What only some of them count for: `p95` and the like.
    Extended(Extended),
}

/// A statistic for which only some figures count: `p95` (what 95 % of them are below), `tm90` or
/// `TM(10%:90%)` (the average without extremes), `wm`, `tc`, `ts` likewise, `PR(:300)` (how many
/// percent lie within), `IQM`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extended(String);

/// Those of the simple ones, by name.
const SIMPLE: [(&str, Statistic); 5] = [
    ("Average", Statistic::Average),
    ("Maximum", Statistic::Maximum),
    ("Minimum", Statistic::Minimum),
    ("SampleCount", Statistic::SampleCount),
    ("Sum", Statistic::Sum),
];

impl Statistic {
    /// Whether it is one of the simple ones.
    #[must_use]
    pub fn is_simple(&self) -> bool {
        !matches!(self, Self::Extended(_))
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extended(extended) => f.write_str(&extended.0),
            simple => {
                let named = SIMPLE.iter().find(|(_, other)| other == simple);
                f.write_str(named.map_or("", |(name, _)| name))
            }
        }
    }
}

impl FromStr for Statistic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, simple)) = SIMPLE.into_iter().find(|(name, _)| *name == text) {
            return Ok(simple);
        }
        if is_extended(text) {
            return Ok(Self::Extended(Extended(text.to_owned())));
        }
        Err("is no statistic: write Average, Maximum, Minimum, SampleCount, Sum, a percentile such \
             as p95 or p99.9, or a trimmed one such as tm90"
            .to_owned())
    }
}

fn is_extended(text: &str) -> bool {
    if text.eq_ignore_ascii_case("IQM") {
        return true;
    }
    if let Some(percent) = text.strip_prefix('p') {
        return is_percent(percent);
    }
    let Some((kind, rest)) = text.split_at_checked(2) else { return false };
    let kind = kind.to_ascii_lowercase();
    let trimmed = ["tm", "wm", "tc", "ts"].contains(&kind.as_str());
    let range = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match range {
        None => trimmed && is_percent(rest),
        Some(range) => (trimmed || kind == "pr") && is_range(range),
    }
}

/// 0 to 100.
fn is_percent(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    digits && text.parse::<f64>().is_ok_and(|percent| (0.0..=100.0).contains(&percent))
}

/// `10%:90%`, `:300`, `100:`.
fn is_range(text: &str) -> bool {
    let Some((from, to)) = text.split_once(':') else { return false };
    let bound = |text: &str| match text.strip_suffix('%') {
        Some(percent) => is_percent(percent),
        None => text.parse::<f64>().is_ok_and(f64::is_finite),
    };
    let given = [from, to].into_iter().filter(|text| !text.is_empty());
    let mut given = given.peekable();
    given.peek().is_some() && given.all(bound)
}

spelled! {
    Statistic, STATISTIC, "a statistic", "p95";
}

/// What figures count.
#[props(words = "exact")]
pub enum StandardUnit {
    /// Seconds.
    Seconds,
    /// Millionths of a second.
    Microseconds,
    /// Thousandths of a second.
    Milliseconds,
    /// Bytes.
    Bytes,
    /// Thousands of bytes.
    Kilobytes,
    /// Millions of bytes.
    Megabytes,
    /// Milliards of bytes.
    Gigabytes,
    /// Billions of bytes.
    Terabytes,
    /// Bits.
    Bits,
    /// Thousands of bits.
    Kilobits,
    /// Millions of bits.
    Megabits,
    /// Milliards of bits.
    Gigabits,
    /// Billions of bits.
    Terabits,
    /// Percent.
    Percent,
    /// A number.
    Count,
    /// Bytes in a second.
    #[prop("Bytes/Second")]
    BytesPerSecond,
    /// Thousands of bytes in a second.
    #[prop("Kilobytes/Second")]
    KilobytesPerSecond,
    /// Millions of bytes in a second.
    #[prop("Megabytes/Second")]
    MegabytesPerSecond,
    /// Milliards of bytes in a second.
    #[prop("Gigabytes/Second")]
    GigabytesPerSecond,
    /// Billions of bytes in a second.
    #[prop("Terabytes/Second")]
    TerabytesPerSecond,
    /// Bits in a second.
    #[prop("Bits/Second")]
    BitsPerSecond,
    /// Thousands of bits in a second.
    #[prop("Kilobits/Second")]
    KilobitsPerSecond,
    /// Millions of bits in a second.
    #[prop("Megabits/Second")]
    MegabitsPerSecond,
    /// Milliards of bits in a second.
    #[prop("Gigabits/Second")]
    GigabitsPerSecond,
    /// Billions of bits in a second.
    #[prop("Terabits/Second")]
    TerabitsPerSecond,
    /// A number in a second.
    #[prop("Count/Second")]
    CountPerSecond,
    /// Nothing in particular.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_read() {
        let good = ["Sum", "p0", "p99.99", "p100", "tm90", "TM(10%:90%)", "PR(:300)", "ts(80%:)"];
        for text in good.into_iter().chain(["IQM", "wm98", "TC(0.005:0.030)"]) {
            assert_eq!(text.parse::<Statistic>().map(|it| it.to_string()), Ok(text.to_owned()));
        }
        let bad = ["average", "p", "p101", "p-1", "95", "tm", "TM(90)", "PR90", "PR(:)", "tm(a:b)"];
        for text in bad {
            assert!(text.parse::<Statistic>().unwrap_err().contains("is no statistic"), "{text}");
        }
        assert!(Statistic::Sum.is_simple());
        assert!(!"p95".parse::<Statistic>().unwrap().is_simple());
    }
}
