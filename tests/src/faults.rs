//! [`Faults`]: how calls of a cloud fail.

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There were too many.
    Throttled,
    /// The service fails.
    Broken,
    /// The connection is cut before anything is done.
    CutBefore,
    /// The connection is cut when everything is done.
    CutAfter,
}

/// Lets some of a hundred calls fail, each in one of four ways, by a linear congruential generator, so
/// that a seed is one history.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    percent: u64,
    state: u64,
}

impl Faults {
    /// So many of a hundred, by a seed.
    #[must_use]
    pub fn new(percent: u64, seed: u64) -> Self {
        Self { percent, state: seed }
    }

    /// What goes wrong with the next call.
    pub fn draw(&mut self) -> Option<Fault> {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let drawn = self.state >> 33;
        if drawn % 100 >= self.percent {
            return None;
        }
        let all = [Fault::Throttled, Fault::Broken, Fault::CutBefore, Fault::CutAfter];
        Some(all[(drawn / 100 % 4) as usize])
    }
}
