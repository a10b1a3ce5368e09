//! Of `scheduler`.

use super::{Deviation, moto};

pub(super) const ALL: &[Deviation] = &[moto(
    "aws:scheduler:ScheduleGroup",
    "deleted",
    "deleting a group that is not there is a ResourceNotFoundException (API \
          DeleteScheduleGroup)",
)];
