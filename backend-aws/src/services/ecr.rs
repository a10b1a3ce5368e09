//! Amazon ECR.

mod lifecycle_policy;
pub(crate) mod repository;
