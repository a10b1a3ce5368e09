//! The production example in containers, by the command line, as somebody would use it: it comes up
//! though everything was killed on the way, serves, outlives its agent and what drills do to it, and
//! goes without a trace.

#![allow(clippy::unwrap_used, missing_docs)]

mod page;
mod reach;
mod site;
mod slow;
mod upgrade;
mod world;
