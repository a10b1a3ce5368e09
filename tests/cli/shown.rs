//! What people see when all goes well, as it was when somebody last looked at it.

use std::path::PathBuf;

use crate::{
    environment::{Environment, Ran},
    redact::untimed,
};

/// Holds what a command shows against its snapshot; colours would show.
#[track_caller]
fn check(environment: &Environment, name: &str, command: &str) -> Ran {
    check_as(environment, name, command, str::to_owned)
}

/// The same, of a command that changes what was deployed before.
#[track_caller]
fn check_later(environment: &Environment, name: &str, command: &str) -> Ran {
    check_as(environment, name, command, untimed)
}

#[track_caller]
fn check_as(
    environment: &Environment,
    name: &str,
    command: &str,
    redact: fn(&str) -> String,
) -> Ran {
    let ran = environment.run(command);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(PathBuf::from("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let shown = format!("$ campus {command}\n{ran}").replace('\u{1b}', "␛");
    let shown = redact(&shown);
    settings.bind(|| insta::assert_snapshot!(name, shown));
    ran
}

fn deployed() -> Environment {
    let environment = Environment::new("network");
    environment.ok("--parallel 1 up");
    environment
}

#[test]
fn a_first_deployment() {
    let environment = Environment::new("network");
    check(&environment, "preview-create", "preview");
    check(&environment, "preview-create-diff", "preview --diff");
    check(&environment, "preview-exit-code", "preview --exit-code");
    check(&environment, "up-create", "--parallel 1 up");
    check(&environment, "preview-none", "preview --exit-code");
    check(&environment, "up-none", "up");
}

#[test]
fn changes() {
    let environment = deployed();
    check(&environment, "preview-update", "--config owner=me preview");
    check(&environment, "preview-replace", "--config purpose=mail preview");
    check(&environment, "preview-replace-all", "--config range=10.0.0.0/20 preview");
    check(&environment, "preview-replace-asked", "preview --replace web-https");
    check(&environment, "preview-delete", "--config second=false preview");
    let several = "--config owner=me --config purpose=mail --config second=false";
    check(&environment, "preview-several", &format!("{several} preview"));
    check(&environment, "preview-target", &format!("{several} preview --target Vpc/main"));
    check(&environment, "preview-plan", "--config owner=me preview --plan <dir>/plan.json");
    check_later(&environment, "up-plan", "--config owner=me up --plan <dir>/plan.json");
    check_later(&environment, "up-several", &format!("--parallel 1 {several} up"));
    check(&environment, "state-mv", "state mv first renamed");
    check(&environment, "state-protect", "state protect *Subnet*");
    check(&environment, "state-rm", "state rm Subnet/renamed");
}

#[test]
fn looking_at_what_is_there() {
    let environment = deployed();
    check(&environment, "output", "output");
    check(&environment, "output-one", "output first_zone");
    check(&environment, "output-json", "output --json");
    check(&environment, "state-list", "state list");
    check(&environment, "state-list-some", "state list *Subnet*");
    check(&environment, "state-list-json", "state list --json");
    check(&environment, "state-show", "state show web-https");
    check(&environment, "sim-ls", "sim ls");
    check(&environment, "refresh-none", "refresh");
}

#[test]
fn drift() {
    let mut environment = deployed();
    let id = environment.raw("output vpc_id");
    environment.word("<vpc>", id.trim());
    let rule = environment.raw("state list *web-https");
    environment.word("<rule>", rule.split_whitespace().last().unwrap());
    check(&environment, "sim-set", "sim set <vpc> tags={\"owner\":\"nobody\"}");
    check(&environment, "sim-rm", "sim rm <rule>");
    check(&environment, "preview-refresh", "preview --refresh");
    check(&environment, "refresh-drift", "refresh");
    check_later(&environment, "up-mends", "--parallel 1 up");
}

#[test]
fn the_end() {
    let environment = deployed();
    check_later(&environment, "destroy", "--parallel 1 destroy");
    check(&environment, "destroy-nothing", "destroy");
}

#[test]
fn secrets() {
    let environment = Environment::new("vault");
    check(&environment, "up-secret", "up");
    check(&environment, "output-secret", "output");
    check(&environment, "state-show-secret", "state show RandomPassword/database");
    let shown = environment.raw("output password --show-secrets");
    assert_eq!(shown.trim().len(), 32, "{shown}");
}

#[test]
fn rules_that_may_be_broken() {
    let environment = Environment::new("rule-allowed");
    check(&environment, "preview-allowed", "preview");
    check(&environment, "preview-allowed-json", "preview --json");
}

#[test]
fn failures() {
    let environment = Environment::new("zones");
    check(&environment, "availability", "availability");
    let single = Environment::new("single-cache");
    check(&single, "availability-single", "availability");
    check(&single, "availability-json", "availability --json");
}

#[test]
fn costs() {
    let environment = Environment::new("single-cache");
    check(&environment, "cost", "cost");
    check(&environment, "cost-json", "cost --json");
}

#[test]
fn graphs() {
    let environment = Environment::new("zones");
    check(&environment, "graph-dot", "graph --format dot");
    check(&environment, "graph-mermaid", "graph --format mermaid");
    check(&environment, "graph-component", "graph --component b");
    check(&environment, "graph-component-dot", "graph --component b --format dot");
}

#[test]
fn events() {
    let environment = Environment::new("network");
    check(&environment, "preview-json", "preview --json");
    check(&environment, "up-json", "--parallel 1 up --json");
    check(&environment, "refresh-json", "refresh --json");
    check(&environment, "error-json", "output nothing --json");
    let wrong = Environment::new("many");
    check(&wrong, "program-error-json", "preview --json");
}

#[test]
fn colours() {
    let mut environment = deployed();
    let change = "--config owner=me --config purpose=mail --config second=false preview";
    let colored = check(&environment, "preview-colors", &format!("--color always {change}"));
    assert!(colored.stdout.contains('\u{1b}'));
    environment.set("NO_COLOR", "1");
    let plain = environment.ok(change);
    assert!(!plain.to_string().contains('\u{1b}'), "{plain}");
    let never = environment.ok(&format!("--color never {change}"));
    assert!(!never.to_string().contains('\u{1b}'), "{never}");
}

#[test]
fn help() {
    let environment = Environment::new("network");
    check(&environment, "help", "--help");
    check(&environment, "help-up", "up --help");
    check(&environment, "help-state", "state --help");
}

/// Ids of what is in the account, by the names of the resources.
fn ids(environment: &Environment) -> std::collections::BTreeMap<String, String> {
    let listed = environment.raw("state list --json");
    let lines = listed.lines().map(|line| {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| json[name].as_str().unwrap().to_owned();
        let urn = text("urn");
        let short = urn.splitn(3, '/').nth(2).unwrap().to_owned();
        (short, text("id"))
    });
    lines.collect()
}

#[test]
fn what_exists_is_taken_over() {
    let mut environment = deployed();
    let ids = ids(&environment);
    let id = |short: &str| ids[short].clone();
    let file = environment.folder().join("things.jsonl");
    std::fs::write(
        &file,
        format!(
            "{{\"type\": \"ec2:Subnet\", \"name\": \"first\", \"id\": \"{}\", \"as\": \"net\"}}\n",
            id("network/aws:ec2:Subnet/first")
        ),
    )
    .unwrap();
    environment.word("<vpc>", &id("network/aws:ec2:Vpc/main"));
    check(
        &environment,
        "import",
        "--stack other import aws:ec2:Vpc mine <vpc> --from <dir>/things.jsonl --as net",
    );
    check(&environment, "import-again", "--stack other import Vpc again <vpc>");
    check(&environment, "import-unknown-type", "import aws:ec2:Vcp mine <vpc>");
    check(&environment, "import-words", "import Vpc mine");
    check(&environment, "import-nothing", "import");
    check(&environment, "import-missing", "--stack more import Vpc mine vpc-0123456789abcdef0");
}

#[test]
fn a_lost_state_is_made_anew() {
    let environment = deployed();
    let before = ids(&environment);
    check(&environment, "rebuild-refused", "state rebuild");
    std::fs::remove_dir_all(environment.state_dir().join("campus/dev/sim")).unwrap();
    check(&environment, "rebuild", "state rebuild");
    assert_eq!(ids(&environment), before);
    check(&environment, "rebuild-preview", "preview --refresh");
    check(&environment, "rebuild-forced", "state rebuild --force --json");
    environment.assert_in_step("after a rebuild");
}

#[test]
fn a_preview_tells_of_drift() {
    let mut environment = deployed();
    let vpc = ids(&environment)["network/aws:ec2:Vpc/main"].clone();
    environment.word("<vpc>", &vpc);
    environment.ok("sim set <vpc> tags={\"owner\":\"them\"}");
    check(&environment, "preview-drift", "preview --refresh");
}
