//! Programs and configurations that are wrong, and values that the cloud refuses.

use super::{Case, Leaves, after, case, deployed};
use crate::environment::Environment;

pub(super) const CASES: [Case; 32] = [
    case("bad-cidr", "up", 3),
    case("duplicate-names", "up", 3),
    case("duplicate-components", "up", 3),
    case("bad-resource-name", "up", 3),
    case("name-too-long", "up", 3),
    case("wrong-id", "up", 3),
    case("cycle", "up", 3),
    case("many", "up", 3),
    case("failing-map", "up", 3),
    case("computed-name", "up", 3),
    case("foreign-output", "up", 3),
    case("no-such-shape", "up", 3),
    case("import-missing", "up", 3),
    after("import-differs", "import", unmanaged, "up", 3),
    after("reserved-domains", "domains", at_a_real_place, "up", 3),
    case("overlapping-subnets", "up", 3),
    case("subnet-outside", "up", 3),
    refused("unknown-zone"),
    case("no-certificate", "up", 3),
    case("rule-broken", "up", 3),
    case("allowance-unused", "preview", 3),
    refused("bad-policy"),
    refused("task-too-big"),
    refused("failing-step"),
    case("config-missing", "up", 3),
    after("config-wrong-type", "config-number", |_| {}, "--config zones=three up", 3),
    after("config-out-of-range", "config-number", |_| {}, "--config zones=300 up", 3),
    after("config-argument", "network", |_| {}, "--config owner up", 2),
    after("config-misspelt", "network", |_| {}, "--config ownr=me preview", 0),
    after("config-file-missing", "network", |_| {}, "--config-file <dir>/campus.toml up", 1),
    after("config-file-syntax", "network", broken_file, "--config-file <dir>/campus.toml up", 3),
    after(
        "config-unknown",
        "network",
        one_value,
        "config get ownr --config-file <dir>/campus.toml",
        1,
    ),
];

/// Where names are those of everybody.
fn at_a_real_place(environment: &mut Environment) {
    environment.ok("preview");
    environment.set("CAMPUS_PLACE", "real");
}

/// A row about what the cloud refuses: what could be done is done. One step at a time, so that
/// all of them end in the same order whenever it runs.
const fn refused(shape: &'static str) -> Case {
    Case { leaves: Leaves::AccountInStep, ..case(shape, "--parallel 1 up", 1) }
}

/// A VPC that nobody manages, and its id in the configuration.
fn unmanaged(environment: &mut Environment) {
    environment.shape("network");
    deployed(environment);
    let id = environment.raw("output vpc_id");
    environment.ok("state rm *");
    environment.shape("import").set("CAMPUS_ID", id.trim());
}

fn broken_file(environment: &mut Environment) {
    std::fs::write(environment.folder().join("campus.toml"), "owner = it\n").unwrap();
}

fn one_value(environment: &mut Environment) {
    std::fs::write(environment.folder().join("campus.toml"), "owner = \"it\"\n").unwrap();
}
