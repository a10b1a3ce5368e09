//! [`Faults`]: AWS's way of failing, off by default and seeded.

use std::sync::Mutex;

/// AWS's way of failing. Everything is off by default; what happens follows from the seed alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    /// The probability that a call is throttled.
    pub throttle: f64,
    /// The probability that a call fails with an error of the service, not executed.
    pub unavailable: f64,
    /// The probability that a call is executed and its answer is lost.
    pub lost: f64,
    /// The longest time that something new or changed stays invisible, in milliseconds. Not above
    /// the settle time of ten seconds.
    pub lag_ms: u64,
    /// How long a network interface holds on to its security groups and subnet after its owner is
    /// gone, in milliseconds.
    pub slow_release_ms: u64,
    /// The probability that a capacity of a zone is exhausted when machines are started.
    pub capacity: f64,
    /// What the chances follow from.
    pub seed: u64,
}

/// Where in a call something is about to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// The call arrives; nothing was done yet.
    Before,
    /// The call was executed; its answer is about to leave.
    After,
}

/// Sees every call, and may let the caller never hear of it again: the death of its process.
pub trait Hook: Send + Sync {
    /// Whether the caller dies here.
    fn dies(&self, point: Point, operation: &'static str, ty: &'static str) -> bool;
}

/// A small generator of chances (splitmix64); good enough to decide which call fails.
#[derive(Debug)]
pub(super) struct Chance(Mutex<u64>);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    pub(super) fn happens(&self, probability: f64) -> bool {
        probability > 0.0 && self.next() < probability
    }

    /// A number below a limit.
    pub(super) fn below(&self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { (self.next() * limit as f64) as u64 }
    }

    fn next(&self) -> f64 {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
