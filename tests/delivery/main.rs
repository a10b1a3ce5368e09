//! The stages of the delivery, run without Jenkins: what they decide against stand-ins for AWS and
//! Docker, what they do with a real Docker and a real registry, and the program of the
//! infrastructure on the simulator. Without Docker or Python those tests say that they were
//! skipped, unless `INFRA_REQUIRE_DOCKER` or `INFRA_REQUIRE_PYTHON` is set.

#![allow(clippy::unwrap_used, missing_docs)]

mod build;
mod containers;
mod controller;
mod deploy;
#[allow(dead_code)]
#[path = "../image/docker.rs"]
mod docker;
mod push;
mod read;
mod registry;
mod scan;
mod site;
mod workshop;
