//! The command line as people meet it: a program is run, and what it shows is compared with what
//! it showed when somebody last looked at it.
//!
//! `INSTA_UPDATE=always cargo test -p infra-tests --test cli` takes what it shows now; look at the
//! difference before you commit it.

#![allow(clippy::unwrap_used, missing_docs)]

mod account;
mod bad_input;
mod environment;
mod kills;
mod redact;
mod shown;
