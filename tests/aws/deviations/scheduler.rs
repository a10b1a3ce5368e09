//! Of `scheduler`.

use super::{Deviation, localstack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:scheduler:ScheduleGroup",
        "deleted",
        "deleting a group that is not there is a ResourceNotFoundException (API \
          DeleteScheduleGroup)",
    ),
    localstack(
        "aws:scheduler:ScheduleGroup",
        "deleted",
        "deleting a group that is not there is a ResourceNotFoundException (API DeleteScheduleGroup)",
    ),
];
