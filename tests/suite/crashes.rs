//! Invariant 9: a process killed at any instant loses nothing.
//!
//! Histories of random programs are run with a bomb: at every moment at which a process could
//! die, one run dies, and the history goes on. At the end everything must be in step: no orphan,
//! no duplicate, nothing missing, every property in the account as the program says, and a second
//! run changes nothing.

use infra_tests::history::{
    Conditions, Strike, cases, checked, conditions, faults, history, plain, runtime, struck, sweep,
    threads,
};
use proptest::{prelude::*, test_runner::TestCaseError};

fn strike() -> impl Strategy<Value = Strike> {
    (0..8_usize, 0..400_u64).prop_map(|(act, moment)| Strike { act, moment })
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// Without any crash: whatever is done to a program, the account follows.
    #[test]
    fn invariant_09_histories_without_a_crash(
        history in history(12, 0..=6),
        faults in faults(),
    ) {
        let done = runtime().block_on(checked(&history, &faults.into()));
        done.map_err(TestCaseError::fail)?;
    }
}

proptest! {
    #![proptest_config(cases(600))]

    /// Two crashes anywhere, the second perhaps in the recovery of the first, on an account that
    /// lives in the process and dies with it.
    #[test]
    fn invariant_09_two_crashes(
        history in history(10, 1..=5),
        conditions in conditions(),
        strikes in prop::collection::vec(strike(), 1..=3),
    ) {
        let done = runtime().block_on(struck(&history, &conditions, &strikes));
        done.map_err(TestCaseError::fail)?;
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// The same with every call on a thread of its own.
    #[test]
    fn invariant_09_crashes_among_threads(
        history in history(10, 1..=4),
        conditions in conditions(),
        strikes in prop::collection::vec(strike(), 1..=2),
    ) {
        let conditions = Conditions { threads: true, ..conditions };
        let done = threads().block_on(struck(&history, &conditions, &strikes));
        done.map_err(TestCaseError::fail)?;
    }

    /// Larger programs.
    #[test]
    fn invariant_09_crashes_in_larger_programs(
        history in history(24, 3..=6),
        faults in faults(),
        strikes in prop::collection::vec(strike(), 1..=3),
    ) {
        let done = runtime().block_on(struck(&history, &faults.into(), &strikes));
        done.map_err(TestCaseError::fail)?;
    }
}

proptest! {
    #![proptest_config(cases(8))]

    /// Every moment of every act.
    #[test]
    fn invariant_09_a_crash_at_every_moment(history in plain(6, 2..=4), faults in faults()) {
        let done = runtime().block_on(sweep(&history, &faults.into()));
        done.map_err(TestCaseError::fail)?;
    }

    /// The same, with whatever else may happen, and an account that dies too.
    #[test]
    fn invariant_09_a_crash_at_every_moment_of_a_bad_day(
        history in history(5, 1..=3),
        conditions in conditions(),
    ) {
        let done = runtime().block_on(sweep(&history, &conditions));
        done.map_err(TestCaseError::fail)?;
    }
}
