//! [`ProgramProblem`]: something that a program got wrong.

use std::panic::Location;

use crate::{check::Severity, urn::Urn};

/// Something that a program got wrong: which resource, which property, which value, on which
/// line, and what to do about it. All of a program are reported at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramProblem {
    /// The resource, if it is about one.
    pub urn: Option<Urn>,
    /// The property, with the place inside it.
    pub property: Option<String>,
    /// The value as shown to people.
    pub value: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The check that found it, if one did.
    pub check: Option<String>,
    /// How much it weighs.
    pub severity: Severity,
    /// The lines of the program that lead there, the user's own first.
    pub at: Vec<&'static Location<'static>>,
}

impl ProgramProblem {
    /// A problem of a line.
    #[must_use]
    pub fn new(message: impl Into<String>, at: Vec<&'static Location<'static>>) -> Self {
        let message = message.into();
        Self {
            urn: None,
            property: None,
            value: None,
            message,
            help: None,
            check: None,
            severity: Severity::Error,
            at,
        }
    }

    /// The same, of a resource.
    #[must_use]
    pub fn of(mut self, urn: &Urn) -> Self {
        self.urn = Some(urn.clone());
        self
    }

    /// The same, of a property.
    #[must_use]
    pub fn property(mut self, property: impl Into<String>) -> Self {
        self.property = Some(property.into());
        self
    }

    /// The same, of a value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// The same, of no value: it would say nothing to people.
    #[must_use]
    pub fn without_value(mut self) -> Self {
        self.value = None;
        self
    }

    /// The same, with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl std::fmt::Display for ProgramProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.urn, &self.property) {
            (Some(urn), Some(_)) => write!(f, "{urn}: ")?,
            (Some(urn), None) => write!(f, "{urn} ")?,
            (None, _) => {}
        }
        if let Some(property) = &self.property {
            write!(f, "`{property}` ")?;
        }
        if let Some(value) = self.value.as_ref().filter(|value| !value.is_empty()) {
            write!(f, "{value} ")?;
        }
        f.write_str(&self.message)
    }
}
