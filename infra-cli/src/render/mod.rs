//! What people see.

pub(crate) mod error;
pub(crate) mod json;
pub(crate) mod live;
pub(crate) mod plan;
pub(crate) mod state;
pub(crate) mod summary;
pub(crate) mod time;
pub(crate) mod value;
