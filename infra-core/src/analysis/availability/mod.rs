//! [`Availability`]: what each single failure would take, from the graph alone.
//!
//! ```text
//!   Program ──► Sites (who stands where, how many of it) ──► one Failure for each thing that can
//!   fail ──► its Losses: what is gone, what is left against what is needed, what recovers
//! ```
//!
//! A failure is a **single point of failure** if less is left of something than is needed, and
//! nothing takes over by itself. What is needed: of what is spread over zones, as much as the loss
//! of one zone would leave, and one at least; of what has a standby, the standby.
//!
//! The times are AWS's own figures (`recovery`), each with its source. What the graph does not tell
//! is named, and no verdict is made of it.

mod caches;
mod databases;
mod edge;
mod files;
mod nat;
mod recovery;
mod tasks;
mod zones;

use std::collections::BTreeSet;

pub use recovery::Recovery;

use super::{Hosts, Outline};
use crate::{
    graph::{Node, Program},
    urn::Urn,
};

/// What each single failure would take.
#[derive(Clone, Debug, Default)]
pub struct Availability {
    /// The failures, by kind.
    pub failures: Vec<Failure>,
    /// What is not told, and why.
    pub not_told: Vec<String>,
}

/// A kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// One task of a service ends.
    Task,
    /// One instance fails, with the tasks on it.
    Instance,
    /// A whole zone is gone.
    Zone,
    /// The machine of a database that writes fails.
    DatabaseWriter,
    /// The node of a cache that answers fails.
    CachePrimary,
    /// Something that files or the database's pages lie on fails.
    StorageNode,
    /// A NAT gateway fails.
    Nat,
    /// One of the nodes that people reach fails.
    Edge,
}

impl FailureKind {
    /// What it is called: `task`, `database writer`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Instance => "instance",
            Self::Zone => "zone",
            Self::DatabaseWriter => "database writer",
            Self::CachePrimary => "cache primary",
            Self::StorageNode => "storage node",
            Self::Nat => "NAT",
            Self::Edge => "edge",
        }
    }
}

/// One thing that can fail, and what that takes.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The kind.
    pub kind: FailureKind,
    /// What fails: a resource, or a zone by its name.
    pub what: String,
    /// What it takes.
    pub losses: Vec<Loss>,
}

impl Failure {
    /// What comes of it: the worst of what it takes.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.losses.iter().map(Loss::verdict).max().unwrap_or(Verdict::Survives)
    }
}

/// What a failure takes of one resource.
#[derive(Clone, Debug)]
pub struct Loss {
    /// The resource.
    pub urn: Urn,
    /// What of it is counted: tasks, machines, nodes.
    pub unit: &'static str,
    /// How many are gone.
    pub lost: u32,
    /// How many are left.
    pub left: u32,
    /// How many are needed.
    pub needed: u32,
    /// Whether people notice until something else has taken over, though enough is left.
    pub interrupts: bool,
    /// Whether nobody waits for it: what is left undone is done later.
    pub deferrable: bool,
    /// What brings back what is gone; none where somebody has to.
    pub recovery: Option<Recovery>,
}

impl Loss {
    /// That of so many of a resource, of which one is needed; nobody notices while one is left.
    fn of(
        node: &Node,
        unit: &'static str,
        lost: u32,
        left: u32,
        recovery: Option<Recovery>,
    ) -> Self {
        Self {
            urn: node.urn.clone(),
            unit,
            lost,
            left,
            needed: 1,
            interrupts: false,
            deferrable: false,
            recovery,
        }
    }

    /// What comes of it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let recovers = self.recovery.is_some();
        match self.left < self.needed {
            true if self.deferrable && recovers => Verdict::Interrupted,
            true => Verdict::SinglePoint,
            false if self.interrupts && recovers => Verdict::Interrupted,
            false if self.interrupts => Verdict::SinglePoint,
            false => Verdict::Survives,
        }
    }
}

/// What comes of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Enough is left, and goes on.
    Survives,
    /// It is noticed until a standby has taken over by itself.
    Interrupted,
    /// Less is left than is needed, and nothing takes over: a single point of failure.
    SinglePoint,
}

impl Availability {
    /// That of a program.
    ///
    /// ```
    /// use infra_core::{
    ///     analysis::availability::{Availability, Verdict}, aws::elasticache::ReplicationGroup,
    ///     prelude::*,
    /// };
    ///
    /// # use infra_core::aws::{CacheSubnetGroupName, SecurityGroupId};
    /// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
    /// # let subnets = CacheSubnetGroupName::parse("campus").unwrap();
    /// # let group = SecurityGroupId::parse("sg-0123456789abcdef0").unwrap();
    /// ReplicationGroup::named("sessions")
    ///     .replication_group_description("Moodle's sessions")
    ///     .cache_node_type("cache.r7g.large")
    ///     .cache_subnet_group_name(subnets)
    ///     .security_group_ids([group])
    ///     .num_cache_clusters(1_u32)
    ///     .create(&stack);
    /// let availability = Availability::of(&stack.finish());
    /// assert_eq!(availability.single_points().next().unwrap().verdict(), Verdict::SinglePoint);
    /// ```
    #[must_use]
    pub fn of(program: &Program) -> Self {
        let outline = Outline::of(program);
        let sites = Sites::of(&outline);
        let mut failures = tasks::failures(&sites);
        failures.extend(zones::failures(&sites));
        failures.extend(databases::failures(&sites));
        failures.extend(caches::failures(&sites));
        failures.extend(files::failures(&sites));
        failures.extend(nat::failures(&sites));
        failures.extend(edge::failures(&sites));
        failures.sort_by_key(|failure| failure.kind);
        Self { failures, not_told: sites.not_told }
    }

    /// The failures that leave too little, with nothing that takes over.
    pub fn single_points(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter().filter(|failure| failure.verdict() == Verdict::SinglePoint)
    }
}

/// Who stands where.
struct Sites<'a> {
    hosts: Vec<Hosts<'a>>,
    tasks: Vec<tasks::Web<'a>>,
    databases: Vec<databases::Cluster<'a>>,
    caches: Vec<caches::Cache<'a>>,
    files: Vec<files::Files<'a>>,
    gateways: Vec<nat::Gateway<'a>>,
    balancers: Vec<edge::Balancer<'a>>,
    /// All zones that anything stands in.
    zones: BTreeSet<String>,
    not_told: Vec<String>,
}

impl<'a> Sites<'a> {
    fn of(outline: &Outline<'a>) -> Self {
        let mut not_told: Vec<String> = NEVER_TOLD.map(str::to_owned).to_vec();
        let present = |prefix: &str| {
            outline.program().nodes.iter().any(|node| node.ty.name.starts_with(prefix))
        };
        let apart = APART.iter().filter(|(prefix, _)| present(prefix));
        not_told.extend(apart.map(|(_, why)| (*why).to_owned()));
        let tasks = tasks::all(outline, &mut not_told);
        let balancers = edge::all(outline, &mut not_told);
        let databases = databases::all(outline, &mut not_told);
        let caches = caches::all(outline, &mut not_told);
        let mut zones: BTreeSet<String> = tasks.iter().flat_map(|it| it.zones.clone()).collect();
        zones.extend(balancers.iter().flat_map(|it| it.zones.clone()));
        zones.extend(databases.iter().flat_map(|it| it.zones()));
        zones.extend(caches.iter().flat_map(|it| it.zones.clone()));
        let files = files::all(outline, &tasks);
        let gateways = nat::all(outline, &tasks);
        let hosts = Hosts::all(outline);
        Self { hosts, tasks, databases, caches, files, gateways, balancers, zones, not_told }
    }

    /// How many zones the site is spread over.
    fn width(&self) -> u32 {
        tasks::count(&self.zones)
    }
}

/// What no graph tells.
const NEVER_TOLD: [&str; 3] = [
    "the loss of a whole region, and of AWS's own services (S3, Secrets Manager, ECR, IAM, KMS), \
     which stand in all zones of it",
    "two failures at once, and the second one before the first has been made good",
    "mistakes of people and of the application: a bad deployment, deleted data",
];

/// What is not told of a program that has it, by the beginning of its types.
const APART: [(&str, &str); 3] = [
    ("aws:cloudfront:", "the failure of CloudFront, which answers from many places at once"),
    ("cloudflare:", "the failure of Cloudflare, which answers from many places at once"),
    ("aws:ec2:Instance", "instances outside of groups: nothing replaces them, whatever they do"),
];
