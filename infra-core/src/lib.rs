//! Engine, language and typed catalogue of AWS and Cloudflare for infrastructure as code that is embedded in Rust.
//!
//! This crate contains no cloud SDK, no Docker, no terminal and no Moodle: backends, command line
//! and architectures stand on top of it, and a further backend needs nothing else.
//!
//! 1. A program builds a [`Stack`] out of resources ([`aws`], or your own made with
//!    [`resource`]) and gets a [`Program`](graph::Program).
//! 2. The engine compares it with the state of earlier runs and makes a plan.
//! 3. The plan is carried out by the handlers of a backend, every step journalled so that a
//!    process killed at any instant loses nothing.
//!
//! The map of the whole workspace is `ARCHITECTURE.md`.

// Derives and attribute macros name this crate as users do.
extern crate self as infra_core;

pub mod analysis;
pub mod aws;
mod catalogue;
pub mod check;
pub mod clock;
pub mod cloudflare;
pub mod code;
pub mod dsl;
pub mod engine;
pub mod event;
pub mod graph;
pub mod handler;
pub mod local;
pub mod mutants;
pub mod plan;
pub mod schema;
pub mod state;
#[cfg(feature = "testing")]
pub mod testing;
pub mod types;
pub mod urn;
pub mod value;

pub use dsl::{Config, Output, Provider, Stack};
pub use infra_macros::{lookup, props, resource, task};
pub use types::{IpNet, Ipv4Addr, Ipv4Net, Secret, Tags};

/// What a program imports: `use infra_core::prelude::*;`.
pub mod prelude {
    pub use crate::{
        dsl::{
            ComponentOptions, Config, ConfigError, Input, IntoInput, Output, Provider,
            ResourceOptions as _, ResourceType as _, Stack,
        },
        inputs, interpolate,
        types::{
            DailyWindow, Days, GiB, Hours, IpNet, Ipv4Addr, Ipv4Net, Json, MB, MiB, Minutes,
            ScheduleExpression, Seconds, Secret, Tags, TimeZone, Timestamp, UnixCron, WeeklyWindow,
        },
    };
}

/// Text with outputs in it: `interpolate!("https://{}/", site.dns_name())`.
///
/// ```
/// use infra_core::prelude::*;
///
/// let host: Output<String> = Output::plain("db.internal".to_owned());
/// let url: Output<String> = interpolate!("mysql://{}:{}/moodle", &host, 3306_u16);
/// # let _ = url;
/// ```
pub use infra_macros::interpolate;
