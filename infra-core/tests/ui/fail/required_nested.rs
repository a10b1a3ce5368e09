//! A required field of a nested structure was not given.

use infra_core::aws::elbv2::{Action, FixedResponseAction};

fn main() {
    let _ = Action::fixed_response(FixedResponseAction::new());
}
