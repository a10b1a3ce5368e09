//! What sites render, read by those who will read it: nginx, PHP, shells, jq, AWS's own schemas and
//! the tables of its actions. What is not installed is skipped, and said, unless
//! `INFRA_REQUIRE_DOCKER` (tools of the machine) or `INFRA_REQUIRE_PYTHON` is set.

#![allow(clippy::unwrap_used, missing_docs)]

mod aws;
mod files;
mod scripts;
mod secrets;
mod sites;
mod tools;
