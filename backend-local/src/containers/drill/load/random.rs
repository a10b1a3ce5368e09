//! [`Random`]: chance that can be repeated. One seed is one run.

/// SplitMix64: enough for load, and nothing else.
#[derive(Clone, Debug)]
pub(in crate::containers::drill) struct Random(u64);

impl Random {
    pub(in crate::containers::drill) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(in crate::containers::drill) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below another one, which is above 0.
    pub(in crate::containers::drill) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// A number from 0 up to, and not, 1.
    pub(in crate::containers::drill) fn share(&mut self) -> f64 {
        // 53 bits are what a double holds.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_run_and_shares_are_even() {
        let (mut one, mut other) = (Random::new(7), Random::new(7));
        let shares: Vec<f64> = (0..10_000).map(|_| one.share()).collect();
        assert!(shares.iter().all(|share| (0.0..1.0).contains(share) && *share == other.share()));
        let mean = shares.iter().sum::<f64>() / 10_000.0;
        assert!((0.48..0.52).contains(&mean), "{mean}");
    }
}
