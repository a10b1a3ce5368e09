//! Histories of random programs, and what can go wrong on the way.
//!
//! | file | holds |
//! |---|---|
//! | `history/run.rs` | one run of a history: what is done, and how a process dies |
//! | `history/agree.rs` | what must hold at the end, whatever happened |
//! | `history/sweep.rs` | a history with a crash at every moment, or at chosen ones |

mod agree;
mod run;
mod sweep;

pub use run::{Run, Stop};
pub use sweep::{Strike, cases, checked, runtime, struck, sweep, threads};

use backend_local::sim::Faults;
use infra_core::mutants::Mutants;
use proptest::prelude::*;

use crate::spec::{Edit, Spec, edit, specs};

/// What happens to a stack.
#[derive(Clone, Debug)]
pub enum Act {
    /// The program is edited and deployed.
    Up(Edit),
    /// The program is edited, and resources of these names alone are deployed.
    Targeted(Edit, Vec<u8>),
    /// The program is edited and deployed, and the run is asked to stop at a moment.
    Cancelled(Edit, u64),
    /// Somebody changes a thing behind the engine's back; a run with `--refresh` mends it.
    Drift(usize, Drift),
    /// State is compared with the account.
    Refresh,
    /// Everything is deleted.
    Destroy,
    /// A preview is made.
    Preview,
}

/// What somebody does behind the engine's back.
#[derive(Clone, Copy, Debug)]
pub enum Drift {
    /// A property changes.
    Resized(u8),
    /// The thing is deleted, whoever uses it.
    Removed,
}

/// A first program and what happens to it.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// What is deployed first.
    pub first: Vec<Spec>,
    /// What happens then.
    pub acts: Vec<Act>,
}

/// How the process dies, and on what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Death {
    /// The account is a service elsewhere; only the process dies.
    #[default]
    Alone,
    /// The account is in the process and on its disk: what it wrote is there.
    Killed,
    /// The same, and what was written after the last sync is lost, wholly or from its middle on.
    PowerLost {
        /// Whether half of it is there.
        torn: bool,
    },
}

/// Under which conditions a history runs.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// How the account fails.
    pub faults: Faults,
    /// Which rule is taken out.
    pub mutants: Mutants,
    /// How the process dies.
    pub death: Death,
    /// Whether calls reach the account twice where they may.
    pub repeats: bool,
    /// Whether calls run on several threads.
    pub threads: bool,
}

impl From<Faults> for Conditions {
    fn from(faults: Faults) -> Self {
        Self { faults, ..Self::default() }
    }
}

/// Edits that are deployed, and little else.
fn plain_act() -> impl Strategy<Value = Act> {
    prop_oneof![8 => edit().prop_map(Act::Up), 1 => Just(Act::Destroy), 1 => Just(Act::Preview)]
}

/// Everything that may happen.
pub fn act() -> impl Strategy<Value = Act> {
    let names = || prop::collection::vec(0..24_u8, 1..4);
    let drift = prop_oneof![2 => (0..4_u8).prop_map(Drift::Resized), 1 => Just(Drift::Removed)];
    prop_oneof![
        10 => plain_act(),
        2 => (edit(), names()).prop_map(|(edit, names)| Act::Targeted(edit, names)),
        2 => (edit(), 1..60_u64).prop_map(|(edit, at)| Act::Cancelled(edit, at)),
        2 => (0..24_usize, drift).prop_map(|(at, drift)| Act::Drift(at, drift)),
        1 => Just(Act::Refresh),
    ]
}

fn acted(
    act: impl Strategy<Value = Act>,
    nodes: usize,
    acts: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = History> {
    (specs(0..=nodes), prop::collection::vec(act, acts))
        .prop_map(|(first, acts)| History { first, acts })
}

/// A random history of edits.
pub fn plain(
    nodes: usize,
    acts: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = History> {
    acted(plain_act(), nodes, acts)
}

/// A random history of whatever may happen.
pub fn history(
    nodes: usize,
    acts: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = History> {
    acted(act(), nodes, acts)
}

/// Random ways in which the account fails.
pub fn faults() -> impl Strategy<Value = Faults> {
    prop_oneof![
        1 => Just(Faults::default()),
        1 => (0..u64::MAX).prop_map(|seed| Faults {
            throttle: 0.1,
            unavailable: 0.05,
            lost: 0.1,
            lag_ms: 4_000,
            seed,
            ..Faults::default()
        }),
    ]
}

/// Random conditions.
pub fn conditions() -> impl Strategy<Value = Conditions> {
    let death = prop_oneof![
        2 => Just(Death::Alone),
        1 => Just(Death::Killed),
        2 => any::<bool>().prop_map(|torn| Death::PowerLost { torn }),
    ];
    (faults(), death, prop::bool::weighted(0.3)).prop_map(|(faults, death, repeats)| Conditions {
        faults,
        death,
        repeats,
        ..Conditions::default()
    })
}
