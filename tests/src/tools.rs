//! What tests need beside Rust, and what they say where it is not there.

use std::{path::PathBuf, process::Command};

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

/// The version of cfn-lint whose schemas the tests were written for: AWS changes them every week.
const CFN_LINT: &str = "1.58.0";

/// The folder of AWS's own CloudFormation schemas, as the PyPI package `cfn-lint` ships them:
/// `INFRA_CFN_SCHEMAS` (the folder `cfnlint/data/schemas`), else that of the Python on the path if
/// it has the right version. Without either the test is [`skipped`].
#[track_caller]
pub fn cfn_schemas() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("INFRA_CFN_SCHEMAS") {
        return Some(path.into());
    }
    let found = cfn_schemas_of_python();
    if found.is_none() {
        let missing = format!(
            "no CloudFormation schemas (pip install cfn-lint=={CFN_LINT}, or set \
             INFRA_CFN_SCHEMAS)"
        );
        skipped(&missing, PYTHON);
    }
    found
}

fn cfn_schemas_of_python() -> Option<PathBuf> {
    let find = "import cfnlint, importlib.metadata, os; \
        print(importlib.metadata.version('cfn-lint')); \
        print(os.path.join(os.path.dirname(cfnlint.__file__), 'data', 'schemas'))";
    let output = Command::new("python3").args(["-c", find]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (version, path) = text.trim().split_once('\n')?;
    (version.trim() == CFN_LINT).then(|| PathBuf::from(path.trim()))
}
