//! What is not done without being allowed.

use super::{Case, after, deployed};
use crate::environment::Environment;

pub(super) const CASES: [Case; 7] = [
    after("protected-deleted", "store", protected, "--config keep=false up --delete-data", 3),
    after(
        "protected-replaced",
        "store",
        protected,
        "--config protect=true up --replace backups",
        3,
    ),
    after("protected-destroyed", "store", protected, "destroy --delete-data", 3),
    after("data-lost", "store", deployed, "--config keep=false up", 5),
    after("data-lost-by-replacement", "store", deployed, "up --replace backups", 5),
    after("data-lost-by-destroy", "store", deployed, "destroy --delete-data database", 5),
    after("nobody-to-ask", "network", real, "up", 5),
];

fn protected(environment: &mut Environment) {
    environment.ok("--config protect=true up");
}

fn real(environment: &mut Environment) {
    environment.set("CAMPUS_PLACE", "real");
}
