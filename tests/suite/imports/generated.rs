//! What `import` writes, held against what it wrote when somebody last looked at it, and compiled.

use std::{fs, path::PathBuf};

mod written;

pub(super) use written::program;

/// Makes sure that the code is the one that is compiled; `INFRA_WRITE_DOCS=1` writes it.
#[track_caller]
pub(super) fn hold(code: &str) {
    let path = "suite/imports/generated/written.rs";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = format!(
        "//! Written by `import`.\n\n#[rustfmt::skip]\npub(in super::super) fn program(stack: \
         &infra_core::Stack) -> Result<(), infra_core::dsl::ConfigError> {{\n{code}Ok(())\n}}\n"
    );
    if std::env::var_os("INFRA_WRITE_DOCS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let compiled = fs::read_to_string(&path).unwrap();
    assert_eq!(text, compiled, "`import` writes other code: set INFRA_WRITE_DOCS=1");
}
