//! What is to be done to make a stack what its program says: decided here, with no I/O.
//!
//! ```text
//!   Program + State ──► decide (one node) ──► first (what must go first) ──► Plan ──► Steps
//! ```
//!
//! Read in this order: [`Plan`] and [`Action`] (the result), `compare` and `decide` (one node
//! against its record), `first` (deletions that must come first, and what they drag along),
//! [`Steps`] (the graph that is carried out), [`changes()`] (the plan as people read it).
//!
//! **Invariant 4:** a plan is a permission. What is carried out is what it says, or less.

mod action;
mod changes;
mod compare;
mod computed;
mod consent;
mod decide;
mod destroy;
mod first;
mod keys;
mod links;
mod names;
mod options;
mod planner;
mod problem;
mod saved;
mod steps;
mod targets;
mod world;

pub use action::{Action, Cause, Decision, Plan, PlannedDeletion};
pub use changes::{ChangeKind, Counts, PlannedChange, PropertyChange, changes, counts};
pub use compare::{Comparison, Secrets};
pub use consent::ConsentNeeded;
pub use decide::{Difference, differences};
pub use destroy::destroy_plan;
pub use links::record_deps;
pub(crate) use names::{KeptNames, NamesOf, physical_name};
pub use options::{Pattern, PlanOptions};
pub use planner::{PlanTimeReads, Planner, ReadsNeeded};
pub use problem::PlanProblem;
pub use saved::{PLAN_FORMAT, SavedNode, SavedOptions, SavedPermission, SavedPlan};
pub(crate) use saved::{
    deletions as saved_deletions, node_digest as saved_node, permissions as saved_permissions,
};
pub use steps::{Step, StepEdge, StepKind, Steps};
pub use world::PlannedWorld;
