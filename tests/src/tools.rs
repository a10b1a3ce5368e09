//! What tests need beside Rust, and what they say where it is not there.

/// What says that the tools of the machine must be there: Docker, and what reads scripts.
pub const MACHINE: &str = "INFRA_REQUIRE_DOCKER";
/// What says that Python must be there, with its packages.
pub const PYTHON: &str = "INFRA_REQUIRE_PYTHON";

/// Says that a test was skipped, which is a failure where everything must be there.
///
/// # Panics
/// If the variable of that name is set.
#[track_caller]
#[expect(clippy::print_stdout, reason = "whoever runs the tests is told what was skipped")]
pub fn skipped(missing: &str, required: &str) {
    assert!(std::env::var_os(required).is_none(), "skipped: {missing}");
    println!("skipped: {missing}");
}
