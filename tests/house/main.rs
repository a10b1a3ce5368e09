//! The rules of the house, held by tests and not by review.

#![allow(clippy::unwrap_used, missing_docs)]

mod registries;
mod source;
