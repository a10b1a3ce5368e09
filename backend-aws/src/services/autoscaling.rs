//! Amazon EC2 Auto Scaling.

pub(crate) mod group;
pub(crate) mod lifecycle_hook;
pub(crate) mod scheduled_action;

use infra_core::{
    dsl::Prop,
    handler::{Problem, Request},
    types::PropertyType,
};

use crate::error::Error;

/// The text of a property that is part of the key.
fn part<R, T: PropertyType>(request: &Request, prop: Prop<R, T>) -> &str {
    request.inputs.get(prop.slot).as_str().unwrap_or_default()
}

/// Whether an update takes one of some properties back: what a put leaves out stays as it was.
fn takes_back(request: &Request) -> bool {
    let gone = |slot: &u16| request.old_inputs.has(*slot) && !request.inputs.has(*slot);
    request.changed.iter().any(gone)
}

/// There is none: for calls that say nothing about it.
fn missing(operation: &'static str, what: &str) -> Error {
    Error::refused(Problem::NotFound, "autoscaling", operation, format!("there is no {what}"))
}
