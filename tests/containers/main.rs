//! The parts of the place `containers`, with Docker. Without one each test says that it was skipped,
//! unless `INFRA_REQUIRE_DOCKER` is set.

#![allow(clippy::unwrap_used, missing_docs)]

mod docker;
mod fixture;
mod scheduler;
