//! Of `scheduler`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[Deviation {
    server: Kind::Moto,
    ty: "aws:scheduler:ScheduleGroup",
    what: "deleted",
    aws: "deleting a group that is not there is a ResourceNotFoundException (API \
          DeleteScheduleGroup)",
}];
