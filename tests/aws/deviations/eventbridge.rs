//! Of `eventbridge`.

use super::{Deviation, localstack};

pub(super) const ALL: &[Deviation] = &[localstack(
    "aws:eventbridge:Rule",
    "update name",
    "PutRule makes the rule of another name (API PutRule)",
)];
