//! The handlers of Cloudflare against a server in the process, which was written by what Cloudflare
//! publishes of its API.

#![allow(clippy::unwrap_used, missing_docs)]

mod account;
mod api;
mod conformance;
mod ladder;
mod login;
mod server;
mod strict;
