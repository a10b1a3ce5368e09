//! What the compiler says to somebody who gets the DSL wrong, and that it takes what is right.
//!
//! `TRYBUILD=overwrite cargo test -p infra-core --test ui` takes what it says now; look at the
//! difference before you commit it: a newcomer must understand it.

#![allow(clippy::print_stderr, missing_docs)]

use std::process::Command;

/// The compiler whose words stand beside the failing cases: each version has its own.
const RECORDED_WITH: &str = "rustc 1.95.";

#[test]
fn the_compiler_explains_what_is_wrong() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(compiler).arg("--version").output().expect("rustc runs");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    if version.starts_with(RECORDED_WITH) {
        cases.compile_fail("tests/ui/fail/*.rs");
    } else {
        eprintln!(
            "skipped what must not compile: its messages are those of {RECORDED_WITH}x, and this \
             is {}",
            version.trim()
        );
    }
}
