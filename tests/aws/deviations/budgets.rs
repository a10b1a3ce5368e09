//! Of `budgets`.

use super::{Deviation, moto};

pub(super) const ALL: &[Deviation] = &[moto(
    "aws:budgets:Budget",
    "create",
    "it tells who is told (API DescribeSubscribersForNotification)",
)];
