//! [`Check`]: rules over a whole program, and over what a plan would do with it.
//!
//! ```text
//!   Stack::finish ──► Check::program (what is wrong with it, whatever there is) ──► Program
//!   Planner       ──► Check::plan    (what may not be done to what there is)    ──► Plan
//! ```
//!
//! What a check finds is a [`ProgramProblem`]: it names the resource, the property, the value and
//! the line, and nothing is touched. Rules of AWS that concern several resources, and that it
//! would tell in the middle of a run, are checks that every program has; they stand in
//! `aws/checks`. Rules of one's own are given to [`Stack::check`](crate::Stack::check), or to the
//! binary that a program becomes.
//!
//! Some checks are **rules** ([`Severity::Rule`]): what they find would come up, and turn out to be
//! a mistake later. `aws/rules` has those of AWS, which a program registers with
//! [`Stack::checks`](crate::Stack::checks). A rule stops a run too, until the program says with
//! [`Stack::allow`](crate::Stack::allow) who may break it, and why.
//!
//! **Invariant 1:** checks do no I/O; the same program and plan give the same answer.

mod allow;
mod planned;
mod unique;

use std::fmt;

pub(crate) use allow::Sorted;
pub use allow::{Allowance, Allowed};
pub use planned::Planned;

use crate::{
    aws, cloudflare,
    graph::{Program, ProgramProblem},
};

/// How much what a check finds weighs. Either stops a run before anything is touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Severity {
    /// It would come up, and be a mistake: the program may allow it, with a reason.
    Rule,
    /// It would fail.
    #[default]
    Error,
}

/// A rule over a whole program, or over what a plan would do with it.
///
/// ```
/// use infra_core::{
///     aws::rds::DbInstance, check::Check, graph::{Field, Program, ProgramProblem}, prelude::*,
/// };
///
/// /// Classes that save up time run out of it during exams.
/// struct NoBurstableClasses;
///
/// impl Check for NoBurstableClasses {
///     fn name(&self) -> &str {
///         "no-burstable-classes"
///     }
///
///     fn program(&self, program: &Program) -> Vec<ProgramProblem> {
///         let machines = program.all::<DbInstance>();
///         let found = machines.filter_map(|machine| {
///             let class = machine.get(DbInstance::DB_INSTANCE_CLASS);
///             matches!(class, Field::Known(class) if class.starts_with("db.t")).then(|| {
///                 program
///                     .about(&machine, DbInstance::DB_INSTANCE_CLASS, "saves up time")
///                     .help("choose a class of the r families")
///             })
///         });
///         found.collect()
///     }
/// }
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let cluster = infra_core::aws::DbClusterIdentifier::parse("campus").unwrap();
/// stack.check(NoBurstableClasses);
/// DbInstance::named("one")
///     .db_cluster_identifier(cluster)
///     .db_instance_class("db.t4g.medium")
///     .create(&stack);
/// let problems = stack.finish().problems;
/// assert!(problems[0].to_string().contains("`db_instance_class` \"db.t4g.medium\" saves up time"));
/// assert_eq!(problems[0].check.as_deref(), Some("no-burstable-classes"));
/// ```
pub trait Check: Send + Sync {
    /// What it is called, in small letters and hyphens: shown with what it finds.
    fn name(&self) -> &str;

    /// How much what it finds weighs. Default: as much as an error.
    fn severity(&self) -> Severity {
        Severity::Error
    }

    /// What is wrong with a program, whatever there is. Called once it is whole; other problems
    /// may have been found in it by then.
    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let _ = program;
        vec![]
    }

    /// What a plan would do that it may not. Called for every preview, and by every `up` before
    /// anything is touched; `destroy` knows no program and so no checks of its own, but those that
    /// protect (`protect`, consent to losing data) stand in the state.
    fn plan(&self, planned: &Planned<'_>) -> Vec<ProgramProblem> {
        let _ = planned;
        vec![]
    }
}

impl fmt::Debug for dyn Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Check({})", self.name())
    }
}

/// A check of a program that is a function.
pub fn named(
    name: &'static str,
    program: impl Fn(&Program) -> Vec<ProgramProblem> + Send + Sync,
) -> impl Check {
    Named { name, program }
}

struct Named<F> {
    name: &'static str,
    program: F,
}

impl<F: Fn(&Program) -> Vec<ProgramProblem> + Send + Sync> Check for Named<F> {
    fn name(&self) -> &str {
        self.name
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        (self.program)(program)
    }
}

/// The checks that every program has.
fn built_in() -> impl Iterator<Item = &'static dyn Check> {
    let own: [&'static dyn Check; 2] = [&unique::UniqueKeys, &cloudflare::checks::Plans];
    own.into_iter().chain(aws::checks::all())
}

fn all(program: &Program) -> Vec<&dyn Check> {
    let own = program.checks.iter().map(|check| &**check);
    built_in().map(|check| check as &dyn Check).chain(own).collect()
}

fn signed(
    check: &dyn Check,
    found: Vec<ProgramProblem>,
) -> impl Iterator<Item = ProgramProblem> + use<> {
    let (name, severity) = (check.name().to_owned(), check.severity());
    found.into_iter().map(move |problem| ProgramProblem {
        check: Some(name.clone()),
        severity,
        ..problem
    })
}

/// What all checks find wrong with a program, and what of it the program allows.
pub(crate) fn of_program(program: &Program) -> Sorted {
    let checks = all(program);
    let found = checks.iter().flat_map(|check| signed(*check, check.program(program))).collect();
    allow::sort(program, &checks, found)
}

/// What all checks find wrong with a plan.
pub(crate) fn of_plan(planned: &Planned<'_>) -> Vec<ProgramProblem> {
    all(planned.program())
        .into_iter()
        .flat_map(|check| signed(check, check.plan(planned)))
        .collect()
}
