//! The language that programs are written in.
//!
//! A program gets a [`Stack`], builds resources with the builders that the macros write
//! (`Vpc::named("main")…create(stack)`) and passes [`Output`]s of some as [`Input`]s of others.
//! Nothing here does I/O: the result is a [`Program`](crate::graph::Program).

mod builder;
mod component;
mod config;
mod create;
mod handle;
mod input;
mod options;
mod output;
mod props;
mod provider;
mod stack;

pub use builder::{Draft, IsSet, Missing, Options as ResourceOptions, Provided};
pub use component::ComponentOptions;
pub use config::{Config, ConfigEntry, ConfigError, ConfigErrorKind, ConfigType};
pub(crate) use create::urn_hash;
pub use handle::{Dependable, Dependency, Lookup, NodeRef, Prop, ResourceType, Task};
pub use input::{Input, IntoInput, IntoOptionalInput};
pub use options::{Alias, Options};
pub use output::{AnyOutput, Output, OutputTuple, interpolate};
pub use props::Fields;
pub use provider::Provider;
pub use stack::Stack;
