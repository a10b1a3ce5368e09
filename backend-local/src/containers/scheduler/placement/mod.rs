//! On which instance a task goes: constraints leave some, room leaves fewer, strategies choose.

mod choose;
mod expression;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use choose::{Ask, place};
pub use expression::Expression;

/// A rule by which instances are chosen; the first one weighs most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    /// As few tasks of the service as possible have the same value of an attribute, such as
    /// `ecs.availability-zone`.
    Spread(String),
    /// As few tasks of the service as possible are on the same instance.
    SpreadInstances,
    /// As little processor as possible stays free.
    BinpackCpu,
    /// As little memory as possible stays free.
    BinpackMemory,
    /// Any.
    Random,
}

impl Strategy {
    /// Over zones, which is what services do that say nothing.
    #[must_use]
    pub fn zones() -> Self {
        Self::Spread("ecs.availability-zone".to_owned())
    }
}

/// Which instances tasks may go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Constraint {
    /// Those without a task of the same service.
    DistinctInstance,
    /// Those that an expression holds for.
    MemberOf(Expression),
    /// None: nobody here understands this expression.
    Unreadable(String),
}

/// Why a task can't be placed, in ECS's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unplaced {
    /// There are no instances that tasks may go to.
    NoInstances,
    /// None of them does; this one comes closest.
    Lacks {
        /// The instance that comes closest.
        closest: String,
        /// What it lacks.
        lack: Lack,
    },
}

/// What an instance lacks, in the order in which it comes closer to having room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Lack {
    /// A constraint does not hold.
    Attribute,
    /// It has a task of the service already.
    Distinct,
    /// Memory.
    Memory,
    /// Processor.
    Cpu,
    /// Network interfaces.
    Interfaces,
}

impl fmt::Display for Unplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no container instance met all of its requirements. ")?;
        match self {
            Self::NoInstances => {
                f.write_str("Reason: No Container Instances were found in your cluster.")
            }
            Self::Lacks { closest, lack } => {
                let what = match lack {
                    Lack::Attribute => "is missing an attribute required by your task",
                    Lack::Distinct => {
                        "encountered error \"distinctInstance\": it has a task of the service"
                    }
                    Lack::Memory => "has insufficient memory available",
                    Lack::Cpu => "has insufficient CPU units available",
                    Lack::Interfaces => "encountered error \"RESOURCE:ENI\"",
                };
                write!(f, "The closest matching (container-instance {closest}) {what}.")
            }
        }
    }
}
