//! The program as a picture that needs nothing else: each VPC with its zones and subnets as nested
//! boxes, what spans several of them, what stands beside them in the region, and who talks to whom.
//!
//! [`Scene`] is what there is to see, without any measure; [`draw`] gives it places on paper.

mod draw;
mod flows;
mod links;
mod pen;
mod scene;

use infra_core::{graph::Program, state::State};

use scene::Scene;

/// The program as a picture. What was deployed tells the zones' names where the program looks them
/// up.
pub(crate) fn svg(program: &Program, state: Option<&State>) -> String {
    draw::draw(&Scene::new(program, state))
}
