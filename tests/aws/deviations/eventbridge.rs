//! Of `eventbridge`.

use super::Deviation;

pub(super) const ALL: &[Deviation] = &[];
