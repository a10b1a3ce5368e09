//! AWS STS.

pub(crate) mod caller_identity;
