//! [`Allowance`]: that a program may break a rule, and why.

use std::{collections::BTreeSet, panic::Location};

use super::{Check, Severity};
use crate::{
    graph::{Program, ProgramProblem},
    plan::Pattern,
    urn::Urn,
};

/// That a program may break a rule, and why; made by [`Stack::allow`](crate::Stack::allow).
#[derive(Clone, Debug)]
pub struct Allowance {
    /// The rule, by the name of its check.
    pub check: String,
    /// The resources that may break it.
    pub pattern: Pattern,
    /// Why they may.
    pub reason: String,
    /// The line that allows it.
    pub at: &'static Location<'static>,
    /// The component within which it does.
    pub(crate) component: u32,
}

/// What a rule found, and the program allows.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// What was found.
    pub problem: ProgramProblem,
    /// Why it may be so.
    pub reason: String,
    /// The line that allows it.
    pub at: &'static Location<'static>,
}

/// What checks have found, sorted by whether the program allows it.
#[derive(Debug, Default)]
pub(crate) struct Sorted {
    /// What stops a run.
    pub(crate) problems: Vec<ProgramProblem>,
    /// What does not.
    pub(crate) allowed: Vec<Allowed>,
}

/// Sorts what was found. An allowance that comes to nothing is a problem itself: what it was for is
/// gone, and one day it would hide something else.
pub(super) fn sort(program: &Program, checks: &[&dyn Check], found: Vec<ProgramProblem>) -> Sorted {
    let mut sorted = Sorted::default();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    for problem in found {
        let fitting = fitting(program, &problem);
        used.extend(&fitting);
        match fitting.first().map(|place| &program.allowances[*place]) {
            Some(allowance) => sorted.allowed.push(Allowed {
                problem,
                reason: allowance.reason.clone(),
                at: allowance.at,
            }),
            None => sorted.problems.push(problem),
        }
    }
    let unused = program.allowances.iter().enumerate().filter(|(place, _)| !used.contains(place));
    sorted.problems.extend(unused.map(|(_, allowance)| unneeded(program, checks, allowance)));
    sorted
}

/// The places of the allowances that a finding falls under.
fn fitting(program: &Program, problem: &ProgramProblem) -> Vec<usize> {
    if problem.severity != Severity::Rule {
        return vec![];
    }
    let fits = |allowance: &Allowance| {
        let named = problem.check.as_deref() == Some(&*allowance.check);
        named && !allowance.reason.trim().is_empty() && covers(program, allowance, &problem.urn)
    };
    (0..).zip(&program.allowances).filter(|(_, it)| fits(it)).map(|(place, _)| place).collect()
}

fn covers(program: &Program, allowance: &Allowance, urn: &Option<Urn>) -> bool {
    let Some(urn) = urn else {
        // A finding of the whole program.
        return allowance.component == 0 && allowance.pattern.as_str() == "*";
    };
    let node = program.nodes.iter().find(|node| node.urn == *urn);
    let inside = node.is_some_and(|node| program.is_within(node.component, allowance.component));
    inside && allowance.pattern.matches(urn)
}

/// Why an allowance comes to nothing.
fn unneeded(program: &Program, checks: &[&dyn Check], allowance: &Allowance) -> ProgramProblem {
    let Allowance { check, pattern, reason, at, component } = allowance;
    let pattern = pattern.as_str();
    let named = checks.iter().find(|other| other.name() == check);
    let (message, help) = match named {
        _ if reason.trim().is_empty() => (
            format!("`{check}` is allowed to be broken by `{pattern}` without a reason"),
            "say why: whoever reads the program next has to know".to_owned(),
        ),
        None => {
            let rules = checks.iter().filter(|other| other.severity() == Severity::Rule);
            let names: Vec<&str> = rules.map(|rule| rule.name()).collect();
            let help = match names.is_empty() {
                true => {
                    "register rules first: `stack.checks(infra_core::aws::rules::all())`".into()
                }
                false => format!("its rules are {}", names.join(", ")),
            };
            (format!("the program has no rule `{check}` that it could allow to be broken"), help)
        }
        Some(named) if named.severity() == Severity::Error => (
            format!("`{check}` can't be allowed to be broken"),
            "what it finds would fail; mend it instead".to_owned(),
        ),
        Some(_) => (
            format!(
                "`{check}` is allowed to be broken by `{pattern}`, and nothing there breaks it"
            ),
            "remove it, before it hides what it was not meant for; or mend the pattern".to_owned(),
        ),
    };
    ProgramProblem::new(message, crate::graph::sites(&program.components, *component, at))
        .help(help)
}
