//! The scheduler's decisions, on virtual time: a fleet whose tasks, instances and zones fail, with
//! an agent that is killed between any two actions. No Docker.

mod capacity;
mod deployments;
mod groups;
mod scaling;
mod services;
mod world;

use proptest::test_runner::{Config, FileFailurePersistence};

/// So many cases, or what `PROPTEST_CASES` says.
fn cases(usual: u32) -> Config {
    let config = Config::default();
    let cases = if config.cases == 256 { usual } else { config.cases };
    let kept = FileFailurePersistence::SourceParallel("proptest-regressions");
    Config { cases, failure_persistence: Some(Box::new(kept)), ..config }
}
