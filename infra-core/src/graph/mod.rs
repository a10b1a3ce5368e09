//! What a program comes to: nodes, and the directed acyclic graph of who needs what of whom.
//!
//! [`Program`] is what building a stack results in; [`Graph`] its dependencies as a petgraph
//! graph; [`shortest_cycle`] explains why a program has no order.

mod cycle;
#[allow(clippy::module_inception)]
mod graph;
mod join;
mod node;
mod problem;
mod program;

pub use cycle::shortest_cycle;
pub(crate) use graph::component_members;
pub use graph::{Edge, EdgeKind, Graph};
pub use join::{JoinKey, JoinWorld, implicit_edges, join_keys};
pub use node::{Component, Field, Node, NodeView, StackOutput};
pub use problem::ProgramProblem;
pub use program::Program;
pub(crate) use program::sites;
