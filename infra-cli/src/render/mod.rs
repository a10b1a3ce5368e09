//! What people see.

pub(crate) mod availability;
pub(crate) mod cost;
pub(crate) mod error;
mod help;
pub(crate) mod json;
pub(crate) mod live;
pub(crate) mod plan;
pub(crate) mod source;
pub(crate) mod state;
pub(crate) mod summary;
pub(crate) mod time;
pub(crate) mod value;
