//! The handlers of AWS against servers that others wrote.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

mod conformance;
mod deviations;
mod given;
mod http;
mod knowing;
mod ladder;
mod proxy;
mod server;
mod world;
