//! Of `sts`.

use super::Deviation;

pub(super) const ALL: &[Deviation] = &[];
