//! Errors as people read them: what is wrong, where in their program, and what to do.

use std::{error::Error, panic::Location, path::PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use infra_core::{
    engine::{EngineError, StepError, StepFailure},
    graph::ProgramProblem,
    plan::{ConsentNeeded, PlanProblem},
    state::{format::FormatError, seal::SealError, store::StoreError},
};

use super::time::plural;
use crate::{error::CliError, ui::Ui};

/// Shows an error with everything that caused it and what to do about it.
pub(crate) fn show(ui: &Ui, error: &CliError) {
    if ui.json {
        let text = chain(error);
        let json = serde_json::json!({ "event": "error", "message": text, "exit_code": error.exit_code() });
        ui.result(json.to_string());
        return;
    }
    match error {
        CliError::Engine(EngineError::Program(problems)) => {
            for found in problems {
                ui.complain(problem(ui, found));
            }
            ui.complain(headline(ui, &format!("{error}; nothing was touched")));
        }
        CliError::Engine(EngineError::Plan(problems)) => plan_problems(ui, problems),
        CliError::Engine(EngineError::Consent(needed)) => consent(ui, needed),
        error => {
            ui.complain(headline(ui, &chain(error)));
            if let Some(help) = help(error) {
                ui.complain(format!("{}help:{:#} {help}", ui.styles.strong, ui.styles.strong));
            }
        }
    }
}

fn headline(ui: &Ui, text: &str) -> String {
    let style = ui.styles.error;
    format!("{style}error:{style:#} {text}")
}

/// An error with everything that caused it, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let more = inner.to_string();
        if !text.ends_with(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        source = inner.source();
    }
    text
}

/// A problem of a program, with the line that it is about.
pub(crate) fn problem(ui: &Ui, problem: &ProgramProblem) -> String {
    let title = match &problem.check {
        Some(check) => format!("{problem} (check `{check}`)"),
        None => problem.to_string(),
    };
    located(ui, &title, problem.help.as_deref(), &problem.at)
}

/// A step that came to nothing, with the line that asked for it.
pub(crate) fn failure(ui: &Ui, failure: &StepFailure) -> String {
    let title = format!("{}: {}", failure.urn.short(), chain(&failure.error));
    located(ui, &title, step_help(&failure.error), &failure.at)
}

fn step_help(error: &StepError) -> Option<&'static str> {
    Some(match error {
        StepError::Foreign { .. } => {
            "give it another name, or take the existing one over with `import_id`"
        }
        StepError::NeedsMore(_) => "run `up` again: it shows what is to be done, and does it",
        StepError::Interrupted => "run `up` again: it goes on from here",
        StepError::TimedOut { .. } => {
            "run `up` again to wait longer, or give it more time with `timeout`"
        }
        _ => return None,
    })
}

/// A message, with the user's own line under it where the source is at hand.
fn located(ui: &Ui, title: &str, help: Option<&str>, at: &[&'static Location<'static>]) -> String {
    let renderer = if ui.colored { Renderer::styled() } else { Renderer::plain() };
    let sources: Vec<Option<String>> = at.iter().map(|location| source(location)).collect();
    let mut group = Group::with_title(Level::ERROR.primary_title(title));
    let mut elsewhere = vec![];
    for (place, (location, source)) in at.iter().zip(&sources).enumerate() {
        let span = source.as_ref().and_then(|source| span(source, location));
        let (Some(source), Some(span), true) = (source, span, place < 2) else {
            elsewhere.push(format!(
                "{}:{}:{}",
                location.file(),
                location.line(),
                location.column()
            ));
            continue;
        };
        let kind = if place == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let snippet = Snippet::source(source.as_str()).path(location.file());
        group = group.element(snippet.annotation(kind.span(span)));
    }
    if !elsewhere.is_empty() {
        group = group.element(Level::NOTE.message(format!("at {}", elsewhere.join(", from "))));
    }
    if let Some(help) = help {
        group = group.element(Level::HELP.message(help.to_owned()));
    }
    renderer.render(&[group]).to_string()
}

/// The text of a source file. The compiler names it from the folder of the workspace, which is
/// here or above.
fn source(location: &Location<'static>) -> Option<String> {
    let named = PathBuf::from(location.file());
    let here = std::env::current_dir().ok()?;
    let candidates = here.ancestors().map(|folder| folder.join(&named));
    candidates.chain([named.clone()]).find_map(|path| std::fs::read_to_string(path).ok())
}

/// From the place of a location to the end of its line.
fn span(source: &str, location: &Location<'static>) -> Option<std::ops::Range<usize>> {
    let line = location.line() as usize - 1;
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let text = source.lines().nth(line)?;
    let column = text.char_indices().nth(location.column() as usize - 1).map(|(at, _)| at)?;
    Some(start + column..start + text.trim_end().len())
}

fn plan_problems(ui: &Ui, problems: &[PlanProblem]) {
    for problem in problems {
        if let PlanProblem::Refused(found) = problem {
            ui.complain(self::problem(ui, found));
            continue;
        }
        ui.complain(headline(ui, &problem.to_string()));
        let help = match problem {
            PlanProblem::Protected(urn) => Some(format!(
                "say `protect(false)` in the program, or `state unprotect {}`",
                urn.short()
            )),
            PlanProblem::NothingMatches(_) => Some("`state list` shows the names".to_owned()),
            PlanProblem::SameKey { .. } => {
                Some("change one of them; only one can have these values at a time".to_owned())
            }
            PlanProblem::ImportDiffers { property, .. } => {
                Some(format!("set `{property}` in the program to what is there"))
            }
            PlanProblem::UnknownType { .. } => {
                Some("use a program that has the type, or take it out with `state rm`".to_owned())
            }
            _ => None,
        };
        if let Some(help) = help {
            ui.complain(format!("{}help:{:#} {help}", ui.styles.strong, ui.styles.strong));
        }
    }
    let count = plural(problems.len(), "problem");
    ui.complain(headline(ui, &format!("the plan has {count}; nothing was touched")));
}

fn consent(ui: &Ui, needed: &[ConsentNeeded]) {
    for needed in needed {
        let style = ui.styles.warning;
        ui.complain(format!(
            "{style}data would be lost:{style:#} {} is to be deleted because {}",
            needed.urn.short(),
            needed.reason
        ));
        if let Some(way_out) = &needed.way_out {
            ui.complain(format!("  way out: {way_out}"));
        }
    }
    ui.complain(headline(ui, "nobody has allowed that; nothing was touched"));
    let strong = ui.styles.strong;
    ui.complain(format!(
        "{strong}help:{strong:#} allow it with `--delete-data`, or for some with `--delete-data <pattern>`"
    ));
}

/// What to do about an error.
fn help(error: &CliError) -> Option<String> {
    match error {
        CliError::UnknownPlace { wanted, known, command } => {
            Some(unknown_place(wanted, known, command))
        }
        CliError::Backend(error) => error.help.clone(),
        CliError::NobodyToAsk => Some("add `--yes` if that is what you want".to_owned()),
        CliError::NoOutput(_) => Some("`output` without a name shows all".to_owned()),
        CliError::NoResource(_) => Some("`state list` shows the names".to_owned()),
        CliError::Seal(error) => seal_help(error),
        CliError::Engine(error) => engine_help(error),
        CliError::Store(error) => store_help(error),
        _ => None,
    }
}

fn engine_help(error: &EngineError) -> Option<String> {
    match error {
        EngineError::Store(error) => store_help(error),
        EngineError::Seal(error) => seal_help(error),
        EngineError::Backend(error) => error.help.clone(),
        EngineError::Format(FormatError::Newer { .. }) => {
            Some("use the version of the program that wrote it, or a newer one".to_owned())
        }
        EngineError::Format(FormatError::Damaged { .. }) => Some(
            "earlier checkpoints are kept in the folder `history` beside it; `state import` takes \
             one back"
                .to_owned(),
        ),
        EngineError::OtherPlace { .. } => {
            Some("use another `--stack`, or another `--state-dir`".to_owned())
        }
        EngineError::NoRecord(_) => Some("`state list` shows the names".to_owned()),
        EngineError::UnknownType { .. } => {
            Some("use a backend that knows it, or leave it out of the program".to_owned())
        }
        EngineError::StalePlan(_) => Some("make a new plan with `preview --plan`".to_owned()),
        _ => None,
    }
}

fn store_help(error: &StoreError) -> Option<String> {
    match error {
        StoreError::Held { .. } => Some(
            "wait until it has ended; if its process is dead, the lock is free by itself"
                .to_owned(),
        ),
        StoreError::Io { source, .. } => Some(match source.kind() {
            std::io::ErrorKind::StorageFull => "make room on the disk, and run the command again; \
                                                nothing that was recorded is lost"
                .to_owned(),
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                "make the folder writable, or choose another with `--state-dir`".to_owned()
            }
            _ => return None,
        }),
        _ => None,
    }
}

fn seal_help(error: &SealError) -> Option<String> {
    let variable = crate::keys::VARIABLE;
    match error {
        SealError::WrongKey(_) => {
            Some(format!("set {variable} to the passphrase that it was made with"))
        }
        SealError::OtherMethod { found, .. } if found == "passphrase" => {
            Some(format!("set {variable} to the stack's passphrase"))
        }
        SealError::OtherMethod { .. } => Some(format!("unset {variable}")),
        SealError::NoKey => Some(format!("set {variable}")),
        _ => None,
    }
}

/// The exact command that brings a place, for the two that this project has.
fn unknown_place(wanted: &str, known: &[String], command: &str) -> String {
    let feature = match wanted {
        "containers" | "local" => "containers",
        "aws" => "aws",
        _ => return format!("it brings {}", known.join(", ")),
    };
    let command = command.strip_suffix(" --").unwrap_or(command);
    match command.strip_prefix("cargo run") {
        Some(rest) => format!(
            "build it with the feature: cargo run --features {feature}{rest} -- up --backend {wanted}"
        ),
        None => format!(
            "build it with the feature: cargo build --features {feature}, then {command} up --backend {wanted}"
        ),
    }
}
