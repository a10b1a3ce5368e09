//! The conformance suite on the simulator. See [`infra_tests::conformance`].

mod checks;
mod lookups;
mod tasks;
mod truth;
