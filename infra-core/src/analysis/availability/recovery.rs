//! [`Recovery`]: what brings back what is gone, in what time, and who says so.

use std::time::Duration;

/// What brings back what is gone, by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// What does.
    pub by: &'static str,
    /// In what time at most, as a rule; `None` where nobody says, or nothing is noticed.
    pub within: Option<Duration>,
    /// Where that is from.
    pub source: &'static str,
}

const fn within(by: &'static str, seconds: u64, source: &'static str) -> Recovery {
    Recovery { by, within: Some(Duration::from_secs(seconds)), source }
}

const fn sometime(by: &'static str, source: &'static str) -> Recovery {
    Recovery { by, within: None, source }
}

/// A task that is to be started again: it starts, and its checks are good.
pub(super) fn task(start: Option<Duration>) -> Recovery {
    let source = "the program: start period and health checks of the task, where it has any; \
                  pulling the image comes on top";
    Recovery { by: "ECS starts another task", within: start, source }
}

/// The instances of a group.
pub(super) const INSTANCE: Recovery = within(
    "Auto Scaling starts another instance, ECS its tasks",
    300,
    "EC2 guide, \"Status checks\": every minute; on top 90 s for a new instance and the start of its \
     tasks. Instances that have room get tasks at once",
);

/// Auto Scaling and ECS make up in other zones for what a zone had.
pub(super) const OTHER_ZONES: Recovery = within(
    "ECS and Auto Scaling start them in other zones",
    300,
    "Auto Scaling guide, \"Availability Zone distribution\": others step in where a zone fails; the \
     time is that of an instance",
);

/// A reader that takes over writing.
pub(super) const WRITER: Recovery = within(
    "Aurora makes a reader the writer",
    60,
    "Aurora guide, \"High availability for Amazon Aurora\": within 60 s as a rule, often 30 s",
);

/// A reader that is gone, while the writer goes on.
pub(super) const READER: Recovery = within(
    "Aurora replaces the reader",
    600,
    "Aurora guide, \"High availability for Amazon Aurora\": a machine within 10 min as a rule",
);

/// The only machine of a cluster, which fails without its zone.
pub(super) const MACHINE: Recovery = within(
    "Aurora starts another machine in the same zone",
    600,
    "Aurora guide, \"High availability for Amazon Aurora\": less than 10 min as a rule",
);

/// Copies of the database's pages.
pub(super) const PAGES: Recovery = sometime(
    "Aurora copies the pages anew",
    "Aurora FAQ: six copies in three zones; four are enough to write, three to read",
);

/// A replica that takes over.
pub(super) const PRIMARY: Recovery = within(
    "ElastiCache makes a replica the primary",
    60,
    "ElastiCache guide, \"Minimizing downtime by using Multi-AZ\": seconds, and as long as names are \
     remembered; what was written last may be lost",
);

/// A replica that is gone, while the primary goes on.
pub(super) const REPLICA: Recovery = sometime(
    "ElastiCache replaces the replica",
    "ElastiCache guide, \"Failure scenarios with Multi-AZ responses\"",
);

/// The only node of a cache, which fails without its zone.
pub(super) const EMPTY_NODE: Recovery = sometime(
    "ElastiCache starts an empty node",
    "ElastiCache guide, \"Mitigating failures\": what a node without replica held is lost with it",
);

/// Files that lie in several zones.
pub(super) const FILES: Recovery = sometime(
    "EFS goes on with other copies",
    "EFS guide, \"How Amazon EFS works\": regional file systems lie in several zones",
);

/// A node of a balancer.
pub(super) const NODE: Recovery = within(
    "its name no longer leads to the node",
    60,
    "Elastic Load Balancing guide, \"Routing requests\": names are told for 60 s",
);

/// A gateway of a zone: what it is made of is redundant within the zone.
pub(super) const GATEWAY: Recovery = sometime(
    "AWS replaces it within its zone",
    "VPC guide, \"NAT gateways\": redundant within a zone, and lost with it",
);
