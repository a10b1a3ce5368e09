//! [`Program`], and what a binary knows of its project.

use std::sync::Arc;

use infra_core::{
    Stack,
    check::Check,
    handler::{Place, Remote},
};

/// What a program may fail with.
pub type ProgramError = Box<dyn std::error::Error + Send + Sync>;

/// A program: builds the stack that it is given. Called by the commands that need it.
pub trait Program: Send + Sync {
    /// Builds the stack.
    ///
    /// # Errors
    /// If it can't: a configuration value is missing.
    fn build(&self, stack: &Stack) -> Result<(), ProgramError>;
}

impl<F: Fn(&Stack) -> Result<(), ProgramError> + Send + Sync> Program for F {
    fn build(&self, stack: &Stack) -> Result<(), ProgramError> {
        self(stack)
    }
}

/// What a binary knows of its project when the command line does not say.
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) stack: String,
    pub(crate) region: String,
    pub(crate) places: Vec<Arc<dyn Place>>,
    pub(crate) remotes: Vec<Arc<dyn Remote>>,
    pub(crate) checks: Vec<Arc<dyn Check>>,
    /// How people run the binary.
    pub(crate) command: Option<String>,
}
