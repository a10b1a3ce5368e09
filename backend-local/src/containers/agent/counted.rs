//! What parts count, for charts and for those who collect it; and what is where.

use std::collections::BTreeMap;

use serde::Serialize;

/// What was counted in the last seconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Series {
    /// When the last of them ended, in milliseconds since 1970.
    pub end: u64,
    /// By name, a value for each second, the newest last; none where nothing was counted.
    pub lines: BTreeMap<&'static str, Vec<Option<f64>>>,
}

/// Whether a value only rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampled {
    /// It only rises, until the agent starts anew.
    Counter,
    /// It rises and falls.
    Gauge,
}

/// What is known of values of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// The name.
    pub name: &'static str,
    /// What it means.
    pub means: &'static str,
    /// Whether it only rises.
    pub kind: Sampled,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What is known of it.
    pub family: Family,
    /// Of what it is, by name and value.
    pub labels: Vec<(&'static str, String)>,
    /// The value.
    pub value: f64,
}

/// An instance, and what is on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The availability zone that it is in.
    pub zone: String,
    /// Its name.
    pub name: String,
    /// How it is.
    pub state: String,
    /// What is on it: name, how that is.
    pub holds: Vec<(String, String)>,
}

impl Family {
    /// A value that only rises.
    #[must_use]
    pub const fn counter(name: &'static str, means: &'static str) -> Self {
        Self { name, means, kind: Sampled::Counter }
    }

    /// A value that rises and falls.
    #[must_use]
    pub const fn gauge(name: &'static str, means: &'static str) -> Self {
        Self { name, means, kind: Sampled::Gauge }
    }

    /// A value of it.
    #[must_use]
    pub fn of(self, labels: &[(&'static str, &str)], value: f64) -> Sample {
        let labels = labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Sample { family: self, labels, value }
    }
}
