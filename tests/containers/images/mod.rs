//! Images: how they come to be there, and what those do that are there.
//!
//! `contract` holds for the official images and for those that are built here under the same tags.
//! `INFRA_IMAGE_MYSQL`, `INFRA_IMAGE_REDIS` and `INFRA_IMAGE_LOCALSTACK` name others for it.

mod build;
mod contract;
mod debian;
mod folder;
mod machine;
mod pull;
mod registry;

pub(crate) use machine::options;
