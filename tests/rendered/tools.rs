//! Programs of other people that read what is rendered.

use std::{
    ffi::OsString,
    io::Write,
    process::{Command, Output, Stdio},
};

use infra_tests::tools::{MACHINE, PYTHON, skipped};

/// Runs a program with a text as its input; nothing where it is not installed.
pub(crate) fn run(command: &mut Command, input: &str) -> Option<Output> {
    let started =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = started else {
        skipped(&format!("{:?} is not installed", command.get_program()), MACHINE);
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A thread of its own: it may answer before it has read everything.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Some(output)
}

/// All that a program said.
pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Runs a program in Python with a text as its input, and returns the lines that it says; nothing
/// where a module is missing.
pub(crate) fn python(script: &str, arguments: &[OsString], input: &str) -> Option<Vec<String>> {
    let python = std::env::var_os("INFRA_PYTHON").unwrap_or_else(|| "python3".into());
    let script = format!("{}/rendered/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(python);
    // No files of compiled code beside the sources.
    command.arg("-B").arg(&script).args(arguments);
    let output = run(&mut command, input)?;
    let said = said(&output);
    if said.contains("No module named") {
        skipped(said.lines().last().unwrap_or_default(), PYTHON);
        return None;
    }
    assert!(output.status.success(), "{script}: {said}");
    Some(said.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}
