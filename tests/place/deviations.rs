//! What the place does not do of what the conformance suite asks. A line for each, with its reason; a line that
//! is not needed any more is a failure.

/// What is not kept.
pub(crate) struct Deviation {
    /// The type: `aws:ecs:Service`.
    pub(crate) ty: &'static str,
    /// The clause: `create`, `update NAME`, and of which further case: `create of 2`. Or `without NAME` for a
    /// property that the place refuses, and that programs do not have there.
    pub(crate) clause: &'static str,
    pub(crate) why: &'static str,
}

impl Deviation {
    /// The property that programs do not have there.
    pub(crate) fn left_out(&self) -> Option<&'static str> {
        self.clause.strip_prefix("without ")
    }

    /// Whether it is about what comes after a change of a property.
    pub(crate) fn is_about_changes(&self) -> bool {
        self.clause.starts_with("update ") || self.clause.contains(" after ")
    }
}

/// Cases that are not deployed, by their type and number, and why.
pub(crate) const NOT_DEPLOYED: &[(&str, usize, &str)] = &[
    ("aws:ecs:RunTask", 1, WITHOUT_INSTANCES),
    ("aws:ecs:Service", 0, UNREACHED),
    ("aws:ecs:Service", 1, WITHOUT_INSTANCES),
    ("aws:ecs:Service", 3, UNREACHED),
];

const WITHOUT_INSTANCES: &str = "no instance is in its cluster, and one may come: it is waited for";
const UNREACHED: &str = "no rule lets its balancer reach its tasks, which are replaced for good";
const ON_FARGATE: &str = "it runs on Fargate, and tasks run on instances";

pub(crate) const ALL: &[Deviation] = &[
    Deviation {
        ty: "aws:autoscaling:Group",
        clause: "destroy after force_delete",
        why: "its instances are protected from scale-in, and without force it says so and stays, as on AWS",
    },
    Deviation { ty: "aws:ecs:RunTask", clause: "create of 2", why: ON_FARGATE },
    Deviation { ty: "aws:ecs:Service", clause: "create of 2", why: ON_FARGATE },
    Deviation {
        ty: "aws:elbv2:Listener",
        clause: "without mutual_authentication",
        why: "nobody looks at certificates of clients: it would let everybody in",
    },
    Deviation {
        ty: "aws:elbv2:Listener",
        clause: "update default_actions",
        why: "it is changed to one that asks people who they are, and nobody does so here",
    },
    Deviation {
        ty: "aws:elasticache:ReplicationGroup",
        clause: "create of 1",
        why: "caches have one shard",
    },
    Deviation {
        ty: "aws:rds:DbCluster",
        clause: "create of 2",
        why: "copies are made by a node, and a cluster without instances has none",
    },
    Deviation {
        ty: "aws:rds:DbClusterSnapshot",
        clause: "create",
        why: "copies are made by a node, and a cluster without instances has none",
    },
];

/// That of a type and a clause.
pub(crate) fn known(ty: &str, clause: &str) -> Option<&'static Deviation> {
    ALL.iter().find(|it| it.ty == ty && it.clause == clause)
}
