//! The place `containers` as a whole, by the command line, as somebody would use it. The production example
//! comes up though everything was killed on the way, serves, outlives its agent and what drills do to it, and
//! goes without a trace; small stacks are killed at every moment.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

mod conformance;
mod deviations;
mod ladder;
mod page;
mod reach;
mod site;
mod slow;
mod upgrade;
mod world;
