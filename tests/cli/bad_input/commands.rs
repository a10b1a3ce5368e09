//! Commands that do not exist, and things that are not there.

use super::{Case, after, case, deployed};
use crate::environment::Environment;

pub(super) const CASES: [Case; 43] = [
    plain("unknown-command", "upp", 2),
    plain("unknown-option", "up --colour never", 2),
    plain("unknown-format", "graph --format pdf", 2),
    plain("graph-component-unknown", "graph --component netwrok", 1),
    plain("graph-component-svg", "graph --component network --format svg", 2),
    plain("parallel-none", "up --parallel 0", 2),
    plain("parallel-word", "up --parallel many", 2),
    plain("place-aws", "up --backend aws", 8),
    plain("place-unknown", "up --backend moon", 8),
    plain("emulator-sim", "up --emulator moto", 2),
    plain("emulator-unknown", "up --emulator mars", 2),
    plain("iam-policy-sim", "iam-policy", 2),
    plain("drill-sim", "drill list", 2),
    plain("endpoint-no-url", "up --endpoint-url elbv2=localhost:5000", 2),
    after("place-none", "network", no_place, "up", 8),
    plain("stack-name", "--stack a/b up", 3),
    plain("plan-missing", "up --plan <dir>/plan.json", 1),
    after("plan-garbage", "network", garbage, "up --plan <dir>/garbage", 7),
    after("plan-stale", "network", stale_plan, "up --plan <dir>/plan.json", 7),
    after(
        "plan-other-program",
        "network",
        planned,
        "--config owner=me up --plan <dir>/plan.json",
        7,
    ),
    there("target-unknown", "up --target fisrt", 3),
    there("target-like-nothing", "up --target database", 3),
    there("exclude-needed", "--config range=10.0.0.0/20 up --exclude Vpc/main --replace first", 3),
    there("destroy-unknown", "destroy --target database", 3),
    there("output-unknown", "output vpcid", 1),
    there("state-show-unknown", "state show Subnet/frist", 1),
    there("state-rm-unknown", "state rm databases", 1),
    there("state-rm-needed", "state rm main", 1),
    there("state-mv-unknown", "state mv thrid fourth", 1),
    there("state-mv-onto", "state mv first second", 1),
    there("state-mv-type", "state mv first campus/dev/network/aws:ec2:Vpc/first", 1),
    there("state-mv-urn", "state mv first a/b", 2),
    there("state-mv-several", "state mv *Subnet* one", 1),
    there("state-protect-unknown", "state protect nothing", 1),
    there("state-import-missing", "state import <dir>/state.json", 1),
    after("state-import-garbage", "network", garbage, "state import <dir>/garbage", 7),
    after(
        "state-import-other",
        "network",
        exported,
        "--stack prod state import <dir>/state.json",
        7,
    ),
    there("sim-set-unknown", "sim set vpc-0123456789abcdef0 owner=me", 1),
    after("sim-set-property", "network", with_vpc, "sim set Vpc/<vpc> colour=red", 1),
    after("sim-set-value", "network", with_vpc, "sim set Vpc/<vpc> cidr_block=everything", 1),
    after("sim-set-argument", "network", with_vpc, "sim set Vpc/<vpc> owner", 2),
    there("sim-show-unknown", "sim show vpc-0123456789abcdef0", 1),
    there("sim-rm-unknown", "sim rm vpc-0123456789abcdef0", 1),
];

/// A row about a network that was not deployed.
const fn plain(name: &'static str, command: &'static str, code: u8) -> Case {
    Case { name, ..case("network", command, code) }
}

/// A row about a network that was.
const fn there(name: &'static str, command: &'static str, code: u8) -> Case {
    after(name, "network", deployed, command, code)
}

fn no_place(environment: &mut Environment) {
    environment.set("CAMPUS_PLACE", "none");
}

fn with_vpc(environment: &mut Environment) {
    deployed(environment);
    let id = environment.raw("output vpc_id");
    environment.word("<vpc>", id.trim());
}

fn garbage(environment: &mut Environment) {
    deployed(environment);
    std::fs::write(environment.folder().join("garbage"), "garbage\n").unwrap();
}

fn planned(environment: &mut Environment) {
    deployed(environment);
    environment.ok("--config second=false preview --plan <dir>/plan.json");
}

fn stale_plan(environment: &mut Environment) {
    planned(environment);
    environment.ok("--config purpose=mail up");
}

fn exported(environment: &mut Environment) {
    deployed(environment);
    environment.ok("state export <dir>/state.json");
}
