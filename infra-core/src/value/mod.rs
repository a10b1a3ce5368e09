//! The engine's own data: what a property holds, in a program, in state and on its way to a cloud.
//!
//! Read in this order: [`Value`] (one property, or a part of one), [`Properties`] (all properties
//! of one resource), [`Expr`] (a property computed from outputs), [`SecretValue`].

mod canonical;
mod expr;
mod json;
mod path;
mod properties;
mod secret;
mod texts;
#[allow(clippy::module_inception)]
mod value;

pub use canonical::canonical_bytes;
pub use expr::{Expr, ExprError, Resolve, resolve};
pub use json::ValueSeed;
pub use path::{Path, Segment};
pub use properties::{MAX_SLOTS, Properties, PropertiesBuilder, Slot};
pub use secret::{Sealed, SecretValue};
pub use texts::Texts;
pub use value::{OutputRef, Value};
