//! The parts of the place `containers`, with Docker. Without one each test says that it was skipped,
//! unless `INFRA_REQUIRE_DOCKER` is set.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

mod balancer;
mod cache;
mod database;
mod docker;
mod drill;
mod files;
mod fixture;
mod images;
mod network;
mod scheduler;
