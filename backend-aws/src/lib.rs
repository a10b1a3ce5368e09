//! Deploys to AWS, or to a server that speaks its API, by the SDK for Rust; and to Cloudflare by its
//! API v4, in the same programs.
//!
//! Each type of the catalogue has a file of the same name, which says how the cloud is asked for its
//! things (`Resource` in `resource.rs`); everything that follows from the schema is done for all of
//! them at once. The SDK takes many minutes to compile: without the feature `aws`, or one of
//! a single service, this crate has nothing of it. The feature `cloudflare` does without it.

// A build for few services has no use for all that the others share.
#![cfg_attr(not(feature = "aws"), allow(dead_code, unused_imports, unused_macros))]

#[cfg(any(feature = "cloudflare", feature = "sdk"))]
mod alike;
#[cfg(feature = "sdk")]
mod aws;
#[cfg(feature = "sdk")]
mod backend;
#[cfg(feature = "sdk")]
mod beyond;
#[cfg(feature = "sdk")]
mod calls;
#[cfg(any(feature = "cloudflare", feature = "sdk"))]
mod client;
#[cfg(feature = "cloudflare")]
mod cloudflare;
#[cfg(feature = "sdk")]
mod codes;
#[cfg(feature = "sdk")]
mod documents;
#[cfg(any(feature = "cloudflare", feature = "sdk"))]
mod error;
#[cfg(feature = "sdk")]
mod gather;
#[cfg(feature = "sdk")]
mod needs;
#[cfg(any(feature = "cloudflare", feature = "sdk"))]
mod once;
#[cfg(feature = "sdk")]
mod pace;
#[cfg(feature = "sdk")]
mod plain;
#[cfg(feature = "sdk")]
mod requirements;
#[cfg(any(feature = "cloudflare", feature = "sdk"))]
mod resource;
#[cfg(any(feature = "cloudflare", feature = "sdk"))]
mod same;
#[cfg(feature = "sdk")]
mod sdk_error;
#[cfg(any(feature = "cloudflare", feature = "sdk"))]
mod seen;
#[cfg(feature = "sdk")]
mod services;
#[cfg(any(feature = "s3", feature = "kms"))]
mod state;
#[cfg(feature = "sdk")]
mod tags;
#[cfg(feature = "sdk")]
mod targets;

#[cfg(feature = "sdk")]
pub use aws::AwsOptions;
#[cfg(feature = "sdk")]
pub use backend::{AwsBackend, AwsPlace};
#[cfg(feature = "sdk")]
pub use calls::OnCall;
#[cfg(feature = "cloudflare")]
pub use cloudflare::{CloudflareBackend, CloudflareOptions, CloudflarePlace};
#[cfg(feature = "sdk")]
use services::registry;
#[cfg(feature = "kms")]
pub use state::KmsKey;
#[cfg(feature = "s3")]
pub use state::{S3Options, S3Store};
