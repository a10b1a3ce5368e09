//! AWS Budgets.

pub(crate) mod budget;
mod notification;
