//! [`ServiceSpec`]: what a service shall be.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::containers::scheduler::{
    TaskSpec,
    placement::{Constraint, Strategy},
};

/// A revision of a task definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Its id: `web:7`.
    pub id: String,
    /// What is known of its tasks.
    pub task: TaskSpec,
}

/// Whether a service keeps a number of tasks, or one on every instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scheduling {
    /// A number.
    Replica,
    /// One on every instance that it may run on.
    Daemon,
}

/// What a service shall be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceSpec {
    /// Its name, unique among services and single runs.
    pub id: String,
    /// What its tasks are started from.
    pub revision: Revision,
    /// Rises whenever tasks are to be replaced though the revision is the same.
    pub forced: u64,
    /// Whether it keeps a number of tasks.
    pub scheduling: Scheduling,
    /// The number, unless it has one on every instance.
    pub desired: u32,
    /// How many healthy tasks the scheduler leaves at least, in percent.
    pub minimum_healthy_percent: u32,
    /// How many tasks start and run at most, in percent.
    pub maximum_percent: u32,
    /// What ends a deployment whose tasks fail.
    pub breaker: Option<Breaker>,
    /// Alarms that end a deployment.
    pub alarms: Option<DeploymentAlarms>,
    /// How long what checks say of a new task does not count against it.
    pub grace: Duration,
    /// Which instances tasks go to. ECS spreads over zones where there are none.
    pub strategies: Vec<Strategy>,
    /// Which instances they may go to.
    pub constraints: Vec<Constraint>,
    /// Whose instances they go to; anybody's where there are none.
    pub providers: Vec<ProviderShare>,
    /// Whether tasks move until zones have as many of them.
    pub rebalancing: bool,
}

impl ServiceSpec {
    /// A service as ECS has it by default.
    #[must_use]
    pub fn new(id: impl Into<String>, revision: Revision, desired: u32) -> Self {
        Self {
            id: id.into(),
            revision,
            forced: 0,
            scheduling: Scheduling::Replica,
            desired,
            minimum_healthy_percent: 100,
            maximum_percent: 200,
            breaker: None,
            alarms: None,
            grace: Duration::ZERO,
            strategies: vec![Strategy::zones()],
            constraints: vec![],
            providers: vec![],
            rebalancing: true,
        }
    }

    /// How many of so many tasks the scheduler leaves healthy: rounded up.
    #[must_use]
    pub fn least(&self, desired: u32) -> u32 {
        let percent = u64::from(self.minimum_healthy_percent);
        u32::try_from((u64::from(desired) * percent).div_ceil(100)).unwrap_or(u32::MAX)
    }

    /// How many tasks start and run at most where so many shall: rounded down.
    #[must_use]
    pub fn most(&self, desired: u32) -> u32 {
        let percent = u64::from(self.maximum_percent);
        u32::try_from(u64::from(desired) * percent / 100).unwrap_or(u32::MAX)
    }
}

/// What ends a deployment whose tasks fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    /// Whether the last deployment that was completed comes back.
    pub rollback: bool,
    /// How many tasks may fail.
    pub threshold: Threshold,
    /// Whether a task that becomes healthy makes earlier failures forgotten.
    pub reset_on_healthy_task: bool,
}

impl Breaker {
    /// As ECS has it, with rollback.
    pub const GUARDED: Self =
        Self { rollback: true, threshold: Threshold::USUAL, reset_on_healthy_task: true };
}

/// After how many failures a deployment failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Threshold {
    /// So many.
    Count(u32),
    /// So many percent of what there shall be, rounded up, from 3 to 200.
    BoundedPercent(u32),
    /// So many percent of what there shall be, rounded up, at least 1.
    UnboundedPercent(u32),
}

impl Threshold {
    /// ECS's own.
    pub const USUAL: Self = Self::BoundedPercent(50);

    /// How many failures that is.
    #[must_use]
    pub fn of(self, desired: u32) -> u32 {
        let share = |percent: u32| {
            let share = (u64::from(desired) * u64::from(percent)).div_ceil(100);
            u32::try_from(share).unwrap_or(u32::MAX)
        };
        match self {
            Self::Count(count) => count.max(1),
            Self::BoundedPercent(percent) => share(percent).clamp(3, 200),
            Self::UnboundedPercent(percent) => share(percent).max(1),
        }
    }
}

/// Alarms that end a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeploymentAlarms {
    /// Their names.
    pub names: Vec<String>,
    /// Whether the last deployment that was completed comes back.
    pub rollback: bool,
    /// How long they are watched when all tasks are new.
    pub bake: Duration,
}

/// A capacity provider's share of a service's tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderShare {
    /// The provider.
    pub provider: String,
    /// Its part of what is above the bases.
    pub weight: u32,
    /// How many tasks it has before shares count.
    pub base: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_rounded_as_ecs_does() {
        let mut spec = ServiceSpec::new("web", Revision::default(), 5);
        (spec.minimum_healthy_percent, spec.maximum_percent) = (50, 150);
        assert_eq!((spec.least(5), spec.most(5)), (3, 7));
        assert_eq!((spec.least(1), spec.most(1)), (1, 1));
        assert_eq!((spec.least(0), spec.most(0)), (0, 0));
    }

    #[test]
    fn thresholds_are_those_of_ecs_documentation() {
        for (desired, threshold) in [(1, 3), (25, 13), (100, 50), (400, 200), (800, 200)] {
            assert_eq!(Threshold::USUAL.of(desired), threshold, "{desired} tasks");
        }
        assert_eq!(Threshold::UnboundedPercent(50).of(1), 1);
        assert_eq!(Threshold::Count(7).of(100), 7);
    }
}
