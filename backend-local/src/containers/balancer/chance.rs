//! Chance, where anything but security depends on it.

use std::{
    cell::Cell,
    hash::{BuildHasher as _, RandomState},
};

thread_local! {
    static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0_u8));
}

/// A number (SplitMix64, seeded for each thread by the system).
pub(super) fn number() -> u64 {
    STATE.with(|state| {
        let next = state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        state.set(next);
        let mixed = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

/// A number below another, which is not zero.
pub(super) fn below(limit: u64) -> u64 {
    number() % limit
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn each_number_has_its_share() {
        let mut counts = [0_u32; 5];
        for _ in 0..10_000 {
            counts[usize::try_from(below(5)).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (1700..2300).contains(count)), "{counts:?}");
    }
}
