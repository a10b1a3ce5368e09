//! [`Statistic`]: how the figures of a period are put together.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How the figures of a period are put together, as CloudWatch writes it: `Average`, `p95`,
/// `TM(10%:90%)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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
    /// What so many percent of them are below, with a fraction of the way to the next one.
    Percentile(f64),
    /// Of those within a range.
    Within(Kind, Bound, Bound),
}

/// What is made of the figures within a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Their average. CloudWatch: `TM`.
    TrimmedMean,
    /// The average of all, where those outside are as far as the range goes. CloudWatch: `WM`.
    WinsorizedMean,
    /// How many there are. CloudWatch: `TC`.
    TrimmedCount,
    /// Their sum. CloudWatch: `TS`.
    TrimmedSum,
    /// How many percent of all they are. CloudWatch: `PR`.
    PercentileRank,
}

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// There is none.
    Open,
    /// A value.
    Value(f64),
    /// What so many percent of the figures are below.
    Percent(f64),
}

impl Statistic {
    /// What it makes of figures; `None` of none.
    #[must_use]
    pub fn of(&self, figures: &[f64]) -> Option<f64> {
        if figures.is_empty() {
            return None;
        }
        let count = figures.len() as f64;
        let sum = || figures.iter().sum::<f64>();
        Some(match self {
            Self::Average => sum() / count,
            Self::Maximum => figures.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Minimum => figures.iter().copied().fold(f64::INFINITY, f64::min),
            Self::SampleCount => count,
            Self::Sum => sum(),
            Self::Percentile(percent) => percentile(&sorted(figures), *percent),
            Self::Within(kind, from, to) => within(*kind, *from, *to, &sorted(figures))?,
        })
    }
}

fn sorted(figures: &[f64]) -> Vec<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Between the two figures that are nearest.
fn percentile(sorted: &[f64], percent: f64) -> f64 {
    let place = percent / 100.0 * (sorted.len() - 1) as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

fn within(kind: Kind, from: Bound, to: Bound, sorted: &[f64]) -> Option<f64> {
    let value = |bound, open| match bound {
        Bound::Open => open,
        Bound::Value(value) => value,
        Bound::Percent(percent) => percentile(sorted, percent),
    };
    let (least, most) = (value(from, f64::NEG_INFINITY), value(to, f64::INFINITY));
    let inside: Vec<f64> =
        sorted.iter().copied().filter(|it| (least..=most).contains(it)).collect();
    let (count, all) = (inside.len() as f64, sorted.len() as f64);
    match kind {
        Kind::TrimmedCount => Some(count),
        Kind::TrimmedSum => Some(inside.iter().sum()),
        Kind::PercentileRank => Some(count / all * 100.0),
        Kind::TrimmedMean => (count > 0.0).then(|| inside.iter().sum::<f64>() / count),
        Kind::WinsorizedMean => (least <= most)
            .then(|| sorted.iter().map(|it| it.clamp(least, most)).sum::<f64>() / all),
    }
}

/// How they are written.
const SIMPLE: [(&str, Statistic); 5] = [
    ("Average", Statistic::Average),
    ("Maximum", Statistic::Maximum),
    ("Minimum", Statistic::Minimum),
    ("SampleCount", Statistic::SampleCount),
    ("Sum", Statistic::Sum),
];
const KINDS: [(&str, Kind); 5] = [
    ("TM", Kind::TrimmedMean),
    ("WM", Kind::WinsorizedMean),
    ("TC", Kind::TrimmedCount),
    ("TS", Kind::TrimmedSum),
    ("PR", Kind::PercentileRank),
];

impl FromStr for Statistic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no statistic");
        if let Some((_, simple)) = SIMPLE.into_iter().find(|(name, _)| *name == text) {
            return Ok(simple);
        }
        if text.eq_ignore_ascii_case("IQM") {
            let (from, to) = (Bound::Percent(25.0), Bound::Percent(75.0));
            return Ok(Self::Within(Kind::TrimmedMean, from, to));
        }
        if let Some(percent) = text.strip_prefix('p') {
            return percent_of(percent).map(Self::Percentile).ok_or_else(wrong);
        }
        let (word, rest) = text.split_at_checked(2).ok_or_else(wrong)?;
        let kind = KINDS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        let (_, kind) = kind.ok_or_else(wrong)?;
        match rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(range) => {
                let (from, to) = range.split_once(':').ok_or_else(wrong)?;
                let (from, to) = (bound(from).ok_or_else(wrong)?, bound(to).ok_or_else(wrong)?);
                Ok(Self::Within(kind, from, to))
            }
            None => {
                let percent = percent_of(rest).ok_or_else(wrong)?;
                Ok(Self::Within(kind, Bound::Open, Bound::Percent(percent)))
            }
        }
    }
}

fn bound(text: &str) -> Option<Bound> {
    match (text, text.strip_suffix('%')) {
        ("", _) => Some(Bound::Open),
        (_, Some(percent)) => percent_of(percent).map(Bound::Percent),
        (value, None) => value.parse().ok().filter(|it: &f64| it.is_finite()).map(Bound::Value),
    }
}

fn percent_of(text: &str) -> Option<f64> {
    text.parse().ok().filter(|percent| (0.0..=100.0).contains(percent))
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percentile(percent) => write!(f, "p{percent}"),
            Self::Within(kind, from, to) => {
                let name = KINDS.iter().find(|(_, it)| it == kind).map_or("", |(name, _)| name);
                write!(f, "{name}({from}:{to})")
            }
            simple => {
                let name = SIMPLE.iter().find(|(_, it)| it == simple).map_or("", |(name, _)| name);
                f.write_str(name)
            }
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => Ok(()),
            Self::Value(value) => write!(f, "{value}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl TryFrom<String> for Statistic {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Statistic> for String {
    fn from(statistic: Statistic) -> Self {
        statistic.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_read_and_computed() {
        let figures: Vec<f64> = (0..=100).map(f64::from).collect();
        let cases = [
            ("Average", 50.0),
            ("Sum", 5050.0),
            ("SampleCount", 101.0),
            ("Minimum", 0.0),
            ("Maximum", 100.0),
            ("p95", 95.0),
            ("p99.9", 99.9),
            ("tm90", 45.0),
            ("TM(10%:90%)", 50.0),
            ("IQM", 50.0),
            ("TC(90:)", 11.0),
            ("TS(:3)", 6.0),
            ("WM(50%:)", 62.623_762_376_237_62),
            ("PR(1:)", 100.0 * 100.0 / 101.0),
        ];
        for (text, value) in cases {
            let statistic: Statistic = text.parse().unwrap();
            let computed = statistic.of(&figures).unwrap();
            assert!((computed - value).abs() < 1e-9, "{text}: {computed}");
            assert_eq!(statistic.to_string().parse(), Ok(statistic), "{text}");
        }
        assert_eq!(Statistic::Sum.of(&[]), None);
        assert!("p101".parse::<Statistic>().is_err());
        assert!("XX90".parse::<Statistic>().is_err());
    }
}
