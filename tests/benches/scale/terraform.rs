//! The same shapes with Terraform's `terraform_data`, where `terraform` is on the path.

use std::{fmt::Write, path::Path, process::Command, time::Duration};

use crate::{measure, row};

/// How long Terraform gets.
const LIMIT: Duration = Duration::from_secs(480);

pub(crate) fn theirs(shape: &str, count: usize) {
    let known = Command::new("terraform").arg("version").output();
    if known.is_err() || count > 10_000 {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf"), program(count, shape == "layered")).unwrap();
    let init = terraform(folder.path(), &["init"]).output().unwrap();
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    let plan = measure(terraform(folder.path(), &["plan", "-out", "plan"]), LIMIT);
    row(shape, count, "terraform plan", plan);
    let apply = measure(terraform(folder.path(), &["apply", "plan"]), LIMIT);
    row(shape, count, "terraform apply", apply);
    if apply.is_some() {
        let again = measure(terraform(folder.path(), &["apply", "-auto-approve"]), LIMIT);
        row(shape, count, "terraform again", again);
    }
}

fn terraform(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("terraform");
    // Options stand between the command and its operands.
    let (name, rest) = args.split_first().expect("a command has a name");
    command.arg(name).args(["-input=false", "-no-color"]).args(rest).current_dir(folder);
    command.env("CHECKPOINT_DISABLE", "1").stderr(std::process::Stdio::null());
    command
}

fn program(count: usize, layered: bool) -> String {
    let width = (count / 10).max(1);
    let mut text = String::new();
    for number in 0..count {
        let _ = writeln!(text, "resource \"terraform_data\" \"n{number}\" {{");
        let _ = writeln!(
            text,
            "  input = {{ label = \"label-{number}\", size = {number}, weight = 7, text = \"a text\" }}"
        );
        if layered && number >= width {
            let (layer, column) = (number / width - 1, number % width);
            let above: Vec<String> = (0..3)
                .map(|step| layer * width + (column + step * (width / 3).max(1)) % width)
                .map(|at| format!("terraform_data.n{at}.id"))
                .collect();
            let _ = writeln!(text, "  triggers_replace = [{}]", above.join(", "));
        }
        text.push_str("}\n");
    }
    text
}
