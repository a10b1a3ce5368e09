//! Why a run, or a step of it, came to nothing.

use crate::{
    graph::ProgramProblem,
    handler::{self, BackendError, HandlerError},
    plan::{ConsentNeeded, PlanProblem},
    schema::Problem,
    state::{ApplyError, Violation, format::FormatError, seal::SealError, store::StoreError},
    urn::Urn,
    value::ExprError,
};

/// Why a run could not be carried out at all, or not to its end. What had been done by then is in
/// the journal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The program is wrong.
    #[error("the program has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Program(Vec<ProgramProblem>),
    /// The plan can't be carried out.
    #[error("the plan can't be carried out")]
    Plan(Vec<PlanProblem>),
    /// Data would be lost without consent.
    #[error("this would lose data, and nobody has allowed it")]
    Consent(Vec<ConsentNeeded>),
    /// A provider can't be used.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// A lookup or import could not be read.
    #[error("`{urn}` can't be read")]
    Read {
        /// Which.
        urn: Urn,
        /// Why not.
        source: Box<HandlerError>,
    },
    /// The backend does not know a type that the program uses.
    #[error("the backend `{backend}` does not know the type `{ty}` (of `{urn}`)")]
    UnknownType {
        /// The backend.
        backend: &'static str,
        /// The type.
        ty: &'static str,
        /// The first resource of it.
        urn: Urn,
    },
    /// The state belongs to another project, stack or backend.
    #[error("the state is that of {found}, not of {wanted}")]
    OtherPlace {
        /// What the state says.
        found: String,
        /// What the run is about.
        wanted: String,
    },
    /// The state is that of another account or region.
    #[error(
        "the state is that of account and region {found}, and the credentials lead to {wanted}"
    )]
    OtherAccount {
        /// What the state says.
        found: String,
        /// Where the run would go.
        wanted: String,
    },
    /// The store failed, is locked, or was taken over.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the store holds can't be read.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Secrets can't be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The state would violate what must hold of every state; it was not written.
    #[error("the state is damaged and was not written")]
    Integrity(#[from] Violation),
    /// The engine's own mistake: something does not fit the state.
    #[error("the engine made a mistake")]
    Apply(#[from] ApplyError),
    /// An entry of the journal could not be written.
    #[error("an entry of the journal can't be written")]
    Encode(#[from] serde_json::Error),
    /// The saved plan does not belong to this program and state.
    #[error("the saved plan does not fit: {0}")]
    StalePlan(String),
    /// There is no record of this name.
    #[error("no resource of this stack matches `{0}`")]
    NoRecord(String),
    /// A record can't be changed as asked.
    #[error("`{urn}` can't be {what}: {why}")]
    Refused {
        /// The record.
        urn: Urn,
        /// What was asked.
        what: &'static str,
        /// Why not.
        why: String,
        /// What to do about it.
        help: String,
    },
    /// A state is to be made anew, and there is one.
    #[error("there is a state already, with {records} resource{}", if *.records == 1 { "" } else { "s" })]
    StateExists {
        /// How many records it has.
        records: usize,
    },
    /// A state is to be made anew, and nothing says what of.
    #[error("nothing carries the tags of `{stack}`")]
    NothingCarries {
        /// How the names of its resources begin.
        stack: String,
    },
    /// A state is to be made anew, and the things are of several.
    #[error("the tags of `{stack}` are those of several states: {}", .marks.join(", "))]
    SeveralCarry {
        /// How the names of its resources begin.
        stack: String,
        /// The marks of the states.
        marks: Vec<String>,
    },
    /// Operations of the journal wait for each other.
    #[error("the steps wait for each other: {0}")]
    StepCycle(String),
}

/// Why a step came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The cloud refused, or failed for too long.
    #[error("{} failed", operation(.0))]
    Handler(#[source] Box<HandlerError>),
    /// More would have to be done than the plan has shown; the next `up` shows it.
    #[error("{0}")]
    NeedsMore(String),
    /// A function of the program failed.
    #[error("computing `{property}` failed")]
    Computation {
        /// The property.
        property: String,
        /// What it said.
        source: ExprError,
    },
    /// A value that came from elsewhere does not fit.
    #[error("`{}` {} {}", .0.path, .0.value, .0.message)]
    Invalid(Problem),
    /// An output that it needs did not become known.
    #[error("`{property}` needs an output that did not become known")]
    NotKnown {
        /// The property.
        property: String,
    },
    /// Something with its name or key exists that is not ours.
    #[error("`{id}` exists already and is not this stack's")]
    Foreign {
        /// Its physical id.
        id: String,
    },
    /// It did not come about, or go, in time.
    #[error("it was not {wanted} in time ({message})")]
    TimedOut {
        /// What was waited for.
        wanted: &'static str,
        /// What was last heard.
        message: String,
    },
    /// The handler panicked.
    #[error("the handler panicked: {0}")]
    Panicked(String),
    /// A secret could not be opened.
    #[error(transparent)]
    Seal(SealError),
    /// This binary does not know the type.
    #[error("this program does not know the type `{0}`")]
    UnknownType(String),
    /// The run was asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl StepError {
    /// The property that it is about, without the place inside it.
    pub(super) fn property(&self) -> Option<&str> {
        let property = match self {
            Self::Handler(error) => match &error.problem {
                handler::Problem::Invalid { property } => property.as_deref()?,
                _ => return None,
            },
            Self::Computation { property, .. } | Self::NotKnown { property } => property,
            Self::Invalid(problem) => problem.path.name(),
            _ => return None,
        };
        property.split(['.', '[']).next()
    }
}

fn operation(error: &HandlerError) -> String {
    let HandlerError { service, operation, code, request_id, .. } = error;
    let code = if code.is_empty() { String::new() } else { format!(" ({code})") };
    let request = request_id.as_ref().map(|id| format!(", request {id}")).unwrap_or_default();
    format!("{service} {operation}{code}{request}")
}

/// A step that came to nothing.
#[derive(Debug)]
pub struct StepFailure {
    /// The resource.
    pub urn: Urn,
    /// Why.
    pub error: StepError,
    /// The lines of the program that lead there, the user's own first.
    pub at: Vec<&'static std::panic::Location<'static>>,
}

/// An error with everything that caused it, on one line: for events and logs. Commands for people
/// say it in their own way.
///
/// Some libraries' errors say what their source says, too: that is told once.
#[must_use]
pub fn full_message(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let said = inner.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        source = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Said(&'static str, #[source] Option<Box<Self>>);

    #[test]
    fn each_cause_is_told_and_told_once() {
        let below = Said("connection refused", None);
        let repeats = Said("no answer: connection refused", Some(Box::new(below)));
        let above = Said("`db` can't be made", Some(Box::new(repeats)));
        assert_eq!(full_message(&above), "`db` can't be made: no answer: connection refused");
    }
}
