//! Errors as people read them: what is wrong, where in their program, and what to do.

use std::error::Error;

use infra_core::{
    check::{Allowed, Severity},
    dsl::ConfigError,
    engine::{EngineError, StepFailure},
    event::EVENT_VERSION,
    graph::{Program, ProgramProblem},
    plan::{ConsentNeeded, PlanProblem},
    urn::Urn,
};
use serde_json::json;

use super::{
    help::{help, plan_help, step_help},
    source::{Site, located},
    time::plural,
};
use crate::{error::CliError, suggest::near, ui::Ui};

/// Shows an error with everything that caused it and what to do about it.
pub(crate) fn show(ui: &Ui, error: &CliError) {
    if ui.json {
        ui.result(as_json(error).to_string());
        return;
    }
    match error {
        CliError::Engine(EngineError::Program(problems)) => {
            for found in problems {
                ui.complain(problem(ui, found));
            }
            ui.complain(headline(ui, &format!("{error}; nothing was touched")));
        }
        CliError::Engine(EngineError::Plan(problems)) => plan_problems(ui, problems, None),
        CliError::Engine(EngineError::Consent(needed)) => consent(ui, needed, None),
        CliError::Located { at, .. } => {
            ui.complain(located(ui, &chain(error), help(error).as_deref(), at));
        }
        CliError::Program(source) => match source.downcast_ref::<ConfigError>() {
            Some(wrong) => {
                ui.complain(located(ui, &wrong.to_string(), Some(&wrong.help()), &[wrong.at]));
                ui.complain(headline(ui, &format!("{error}; nothing was touched")));
            }
            None => ui.complain(headline(ui, &chain(error))),
        },
        error => {
            ui.complain(headline(ui, &chain(error)));
            advice(ui, help(error).as_deref());
        }
    }
}

/// An error as one line of JSON, with what to do and where.
fn as_json(error: &CliError) -> serde_json::Value {
    let places = |at: &[Site]| at.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (mut help, mut at, mut problems) = (help(error), vec![], vec![]);
    match error {
        CliError::Located { at: sites, .. } => at = places(sites),
        CliError::Program(source) => {
            if let Some(wrong) = source.downcast_ref::<ConfigError>() {
                (help, at) = (Some(wrong.help()), places(&[wrong.at]));
            }
        }
        CliError::Engine(EngineError::Program(found)) => {
            problems = found
                .iter()
                .map(|found| {
                    let (message, at) = (found.to_string(), places(&found.at));
                    let (check, severity) = (&found.check, severity(found.severity));
                    json!({
                        "message": message,
                        "check": check,
                        "severity": severity,
                        "help": found.help,
                        "at": at,
                    })
                })
                .collect();
        }
        CliError::Engine(EngineError::Plan(found)) => {
            problems = found
                .iter()
                .map(
                    |found| json!({ "message": found.to_string(), "help": plan_help(found, None) }),
                )
                .collect();
        }
        _ => {}
    }
    json!({
        "event": "error",
        "version": EVENT_VERSION,
        "message": chain(error),
        "exit_code": error.exit_code(),
        "help": help,
        "at": at,
        "problems": problems,
    })
}

/// What a problem weighs, in JSON.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Rule => "rule",
        Severity::Error => "error",
    }
}

fn headline(ui: &Ui, text: &str) -> String {
    let style = ui.styles.error;
    format!("{style}error:{style:#} {text}")
}

fn advice(ui: &Ui, help: Option<&str>) {
    if let Some(help) = help {
        ui.complain(format!("{}help:{:#} {help}", ui.styles.strong, ui.styles.strong));
    }
}

/// An error with everything that caused it, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let more = said(inner);
        if !text.ends_with(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        source = inner.source();
    }
    text
}

/// What an error says; the operating system's numbers help nobody.
fn said(error: &(dyn Error + 'static)) -> String {
    let text = error.to_string().trim_end().to_owned();
    match error.downcast_ref::<std::io::Error>() {
        Some(io) if io.kind() == std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        Some(_) => match text.split_once(" (os error") {
            Some((words, _)) => words.to_lowercase(),
            None => text,
        },
        None => text,
    }
}

/// A problem of a program, with the line that it is about.
pub(crate) fn problem(ui: &Ui, problem: &ProgramProblem) -> String {
    let kind = match problem.severity {
        Severity::Rule => "rule",
        Severity::Error => "check",
    };
    let title = match &problem.check {
        Some(check) => format!("{problem} ({kind} `{check}`)"),
        None => problem.to_string(),
    };
    let help = match (&problem.help, allowance(problem)) {
        (Some(help), Some(allow)) => Some(format!("{help}\n{allow}")),
        (help, allow) => help.clone().or(allow),
    };
    located(ui, &title, help.as_deref(), &problem.at)
}

/// The line that would allow what a rule found.
fn allowance(problem: &ProgramProblem) -> Option<String> {
    let check = problem.check.as_ref().filter(|_| problem.severity == Severity::Rule)?;
    let pattern = problem.urn.as_ref().map_or_else(|| "*".to_owned(), short_name);
    Some(format!("or say why it may be so: stack.allow(\"{check}\", \"{pattern}\", \"…\")"))
}

/// A resource by type and name, without service and component: `Subnet/a`.
fn short_name(urn: &Urn) -> String {
    let ty = urn.ty().rsplit(':').next().unwrap_or_default();
    format!("{ty}/{}", urn.name())
}

/// What rules found and the program allows, with the reasons.
pub(crate) fn allowed(ui: &Ui, allowed: &[Allowed]) -> String {
    let dim = ui.styles.dim;
    let lines = allowed.iter().map(|Allowed { problem, reason, .. }| {
        let who = problem.urn.as_ref().map_or_else(|| "the program".to_owned(), short_name);
        let check = problem.check.as_deref().unwrap_or_default();
        format!("  {check}  {who}\n      {dim}because {reason}{dim:#}")
    });
    let lines: Vec<String> = lines.collect();
    format!("Rules that the program says may be broken:\n{}", lines.join("\n"))
}

/// A step that came to nothing, with the line that asked for it.
pub(crate) fn failure(ui: &Ui, failure: &StepFailure) -> String {
    let title = format!("{}: {}", failure.urn.short(), chain(&failure.error));
    located(ui, &title, step_help(&failure.error).as_deref(), &failure.at)
}

/// Why a plan can't be carried out, with the lines of the program that it is about.
pub(crate) fn plan_problems(ui: &Ui, problems: &[PlanProblem], program: Option<&Program>) {
    for problem in problems {
        if let PlanProblem::Refused(found) = problem {
            ui.complain(self::problem(ui, found));
            continue;
        }
        let names = program.into_iter().flat_map(|program| &program.nodes).map(|node| &node.urn);
        let like = match problem {
            PlanProblem::NothingMatches(pattern) => near(pattern, names.map(Urn::short)),
            _ => None,
        };
        let help = plan_help(problem, like.as_deref());
        let at = program.map(|program| plan_sites(problem, program)).unwrap_or_default();
        if at.is_empty() {
            ui.complain(headline(ui, &problem.to_string()));
            advice(ui, help.as_deref());
        } else {
            ui.complain(located(ui, &problem.to_string(), help.as_deref(), &at));
        }
    }
    let count = plural(problems.len(), "problem");
    ui.complain(headline(ui, &format!("the plan has {count}; nothing was touched")));
}

fn plan_sites(problem: &PlanProblem, program: &Program) -> Vec<Site> {
    match problem {
        PlanProblem::Protected(urn)
        | PlanProblem::ImportMissing { urn, .. }
        | PlanProblem::Secret { urn, .. } => sites(program, urn, None),
        PlanProblem::ImportDiffers { urn, property, .. }
        | PlanProblem::Invalid { urn, property, .. } => sites(program, urn, Some(property)),
        PlanProblem::Computation { urn, property, at, .. } => {
            let mut all = sites(program, urn, Some(property));
            all.push(at);
            all
        }
        PlanProblem::ExcludedNeeded { needed: first, by: second }
        | PlanProblem::SameKey { first, second, .. } => {
            // Both may stand in components; what they have to do with each other does not.
            let nodes = [second, first].map(|urn| program.nodes.iter().find(|it| it.urn == *urn));
            nodes.into_iter().flatten().map(|node| node.at).collect()
        }
        _ => vec![],
    }
}

/// The lines of a program that name a resource, or set one of its properties.
pub(crate) fn sites(program: &Program, urn: &Urn, property: Option<&str>) -> Vec<Site> {
    let Some(node) = program.nodes.iter().find(|node| node.urn == *urn) else { return vec![] };
    let name = property.and_then(|property| property.split(['.', '[']).next());
    let slot = name.and_then(|name| node.ty.slot(name));
    program.sites(node, slot.map_or(node.at, |slot| node.site(slot)))
}

/// Which data would be lost, with the lines of the program that it is about.
pub(crate) fn consent(ui: &Ui, needed: &[ConsentNeeded], program: Option<&Program>) {
    for needed in needed {
        let style = ui.styles.warning;
        ui.complain(format!(
            "{style}data would be lost:{style:#} {} is to be deleted because {}",
            needed.urn.short(),
            needed.reason
        ));
        let at = program.map(|program| sites(program, &needed.urn, None)).unwrap_or_default();
        for site in at.iter().take(1) {
            ui.complain(format!("  at {site}"));
        }
        if let Some(way_out) = &needed.way_out {
            ui.complain(format!("  way out: {way_out}"));
        }
    }
    ui.complain(headline(ui, "nobody has allowed that; nothing was touched"));
    advice(ui, Some("allow it with `--delete-data`, or for some with `--delete-data <pattern>`"));
}
