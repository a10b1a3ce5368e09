//! [`Schedule`]: when requests are due, whatever becomes of those before.

use std::time::Duration;

use super::random::Random;

/// How requests follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spacing {
    /// As people come who know nothing of each other: a Poisson process.
    #[default]
    Poisson,
    /// One each so many milliseconds.
    Even,
}

/// When requests are due: an open model. A site that hangs does not make people come later.
#[derive(Debug)]
pub(super) struct Schedule {
    spacing: Spacing,
    random: Random,
    next: Duration,
}

impl Schedule {
    pub(super) fn new(spacing: Spacing, seed: u64) -> Self {
        Self { spacing, random: Random::new(seed), next: Duration::ZERO }
    }

    /// The moment of the next request, at so many a second.
    pub(super) fn next(&mut self, rate: f64) -> Duration {
        let due = self.next;
        let pause = match self.spacing {
            Spacing::Even => 1.0,
            // Of 1 - share no logarithm is infinite.
            Spacing::Poisson => -(1.0 - self.random.share()).ln(),
        };
        self.next += Duration::from_secs_f64(pause / rate);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spacings_come_to_the_rate() {
        for spacing in [Spacing::Even, Spacing::Poisson] {
            let mut schedule = Schedule::new(spacing, 3);
            let last = (0..=20_000).map(|_| schedule.next(20.0)).last().unwrap();
            assert!((970.0..1030.0).contains(&last.as_secs_f64()), "{spacing:?}: {last:?}");
        }
    }

    #[test]
    fn people_who_know_nothing_of_each_other_come_unevenly() {
        let mut schedule = Schedule::new(Spacing::Poisson, 5);
        let mut each = [0_u32; 500];
        loop {
            let second = schedule.next(20.0).as_secs() as usize;
            let Some(count) = each.get_mut(second) else { break };
            *count += 1;
        }
        let mean = each.iter().sum::<u32>() as f64 / 500.0;
        let variance = each.iter().map(|it| (f64::from(*it) - mean).powi(2)).sum::<f64>() / 500.0;
        // Of a Poisson process they are the same.
        assert!((0.75..1.3).contains(&(variance / mean)), "{mean} {variance}");
    }
}
