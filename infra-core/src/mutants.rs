//! Planted bugs: each takes one rule of the engine away. Off, and compiled to nothing, unless the
//! feature `testing` is on; every one of them must make a named test fail.

macro_rules! mutants {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// A rule that can be taken away.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Mutant {
            $($(#[$doc])+ $name,)+
        }

        impl Mutant {
            /// All of them.
            #[cfg(feature = "testing")]
            pub const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

mutants! {
    /// Calls start before their intent is durable.
    CallBeforeSync,
    /// Absence is believed at once, whatever the read lag.
    NoSettleTime,
    /// "Not found" on deletion counts as gone at once.
    MissingIsGone,
    /// Tokens do not change with what was made and deleted.
    TokenWithoutEpoch,
    /// `up` does not settle open deletions first.
    DeletesNotSettled,
    /// While an update is open, recorded inputs stay known.
    OpenUpdateKeepsInputs,
    /// A replacement that was taken back is replaced again.
    NoReinstating,
    /// What goes may hold the key of what comes.
    KeysNotFreed,
    /// Dependents start as soon as what they need exists.
    LevelsIgnored,
    /// The orders of the catalogue that no property shows are not kept.
    NoImplicitEdges,
    /// What a reverted deletion detached is taken to be attached still.
    DetachedStaysKnown,
    /// Natural keys are adopted without having been free before.
    ForeignKeysAdopted,
    /// A definite refusal leaves its intent open.
    RefusalLeavesIntent,
    /// An ambiguous answer closes its intent.
    LostAnswerCloses,
    /// What is executed goes beyond what was shown.
    PlanExceeded,
    /// A cycle goes unnoticed.
    CycleUnnoticed,
    /// Unknowns spread to whole resources.
    UnknownsSpread,
    /// Secrets are not sealed before they are written.
    SecretsInClear,
    /// A partial creation is replaced.
    PartialReplaced,
    /// A run that lost its lease goes on writing.
    Unfenced,
    /// Calls begin after the lease has run out.
    CallsUnbounded,
    /// Cancellation is ignored.
    CancelIgnored,
    /// The order of the program's text decides names.
    OrderMatters,
    /// Targets do not bring what they need.
    TargetsAlone,
    /// The first failure stops everything.
    FailureStopsAll,
    /// What a program comes to depends on what its process did before.
    ImpureBuild,
    /// Old generations go before their dependents moved.
    OldGoesEarly,
    /// Deleting first does not spread to what holds a reference.
    NoContagion,
    /// What goes at leisure is waited for by what goes first.
    EdgesLeadBack,
    /// What goes does not wait for what refers to it.
    DeletionUnordered,
    /// The journal mentions what a power failure can undo.
    AccountNotSynced,
}

/// Which planted bugs are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mutants {
    #[cfg(feature = "testing")]
    bits: u64,
}

impl Mutants {
    /// One planted bug.
    #[cfg(feature = "testing")]
    #[must_use]
    pub const fn only(mutant: Mutant) -> Self {
        Self { bits: 1 << mutant as u64 }
    }

    /// Whether a rule was taken away. Always false in a product build.
    #[cfg(feature = "testing")]
    pub(crate) const fn on(self, mutant: Mutant) -> bool {
        self.bits >> (mutant as u64) & 1 == 1
    }

    /// Whether a rule was taken away. Always false in a product build.
    #[cfg(not(feature = "testing"))]
    #[expect(clippy::unused_self, reason = "the same signature as with the feature")]
    pub(crate) const fn on(self, _mutant: Mutant) -> bool {
        false
    }
}
