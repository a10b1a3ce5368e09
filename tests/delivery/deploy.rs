//! `plan`, `deploy`, `verify` and `rollback`: the program of the infrastructure on the simulator.

use std::process::Output;

use serde_json::Value as Json;

use crate::{
    site::Site,
    workshop::{REPOSITORY, Workshop},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_delivered");

/// The digest of an image, by a letter.
fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

fn image(letter: char) -> String {
    format!("{REPOSITORY}@{}", digest(letter))
}

/// A stack that the stages deploy to, and the site that it stands for.
struct Campus {
    workshop: Workshop,
    site: Site,
}

impl Campus {
    fn new() -> Self {
        let (mut workshop, site) = (Workshop::new(), Site::start());
        workshop.set("INFRA_PASSPHRASE", "of this test").set("URL", site.url.clone());
        for (name, value) in [("STEADY", "2"), ("PAUSE", "0.1"), ("VERIFY_SECONDS", "1")] {
            workshop.set(name, value);
        }
        workshop.write("standin/tasks", "arn:aws:ecs:eu-central-1:123456789012:task/web/1\n");
        let mut campus = Self { workshop, site };
        campus.program("");
        campus
    }

    /// The program is run with these options.
    fn program(&mut self, options: &str) {
        let state = self.workshop.at("state");
        self.workshop.set("INFRA", format!("{PROGRAM} --state-dir {} {options}", state.display()));
    }

    /// `push` has said this image, and its tasks run.
    fn pushed(&self, letter: char) {
        self.workshop.write("results/push.env", &format!("image={}\n", image(letter)));
        self.runs(letter);
    }

    /// The tasks that run are of this image.
    fn runs(&self, letter: char) {
        self.workshop.write("standin/running", &format!("{0}\t{0}\n", digest(letter)));
    }

    /// Plans and deploys an image.
    #[track_caller]
    fn deploy(&self, letter: char) {
        self.pushed(letter);
        self.workshop.ok("plan");
        self.workshop.ok("deploy");
    }

    fn infra(&self, words: &[&str]) -> Output {
        let state = self.workshop.at("state").display().to_string();
        let all = [&["--state-dir", &state], words].concat();
        self.workshop.command(PROGRAM).args(all).output().unwrap()
    }

    /// What the stack tells.
    fn output(&self, name: &str) -> String {
        let output = self.infra(&["output", "--json"]);
        let outputs: Json = serde_json::from_slice(&output.stdout).unwrap();
        outputs[name].as_str().unwrap_or_default().to_owned()
    }

    /// The images that the account's task definitions name, once each.
    fn images(&self) -> Vec<String> {
        let account = self.infra(&["sim", "ls", "aws:ecs:TaskDefinition", "--json"]);
        let text = String::from_utf8(account.stdout).unwrap();
        let mut found: Vec<String> = text
            .split('"')
            .filter(|word| word.starts_with(REPOSITORY))
            .map(str::to_owned)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[test]
fn the_service_rolls_to_the_image_and_the_site_is_looked_at() {
    let campus = Campus::new();
    let workshop = &campus.workshop;
    campus.deploy('a');
    assert_eq!(workshop.result("plan", "previous_image"), "");
    workshop.ok("verify");
    assert_eq!(workshop.result("verify", "image"), image('a'));
    assert_eq!(campus.output("image"), image('a'));

    // The same again is nothing to do.
    workshop.ok("plan");
    assert_eq!(workshop.result("plan", "changes"), "0");
    workshop.ok("deploy");
    assert_eq!(workshop.result("deploy", "changed"), "no");

    // Another image changes what holds one, and nothing else.
    campus.pushed('b');
    let said = workshop.ok("plan").said;
    // The last two name the task that changes the database's user.
    let kinds = [
        "aws:ecs:TaskDefinition",
        "aws:ecs:Service",
        "aws:ecs:RunTask",
        "RolePolicy/rotation-starter",
        "Schedule/rotation",
    ];
    let others: Vec<&str> = said
        .lines()
        .filter(|line| line.contains(" allow ") && !kinds.iter().any(|kind| line.contains(kind)))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    assert_eq!(workshop.result("plan", "previous_image"), image('a'));
    assert_eq!(workshop.result("plan", "previous_version"), "5.2.0");
    workshop.ok("deploy");
    workshop.ok("verify");
    assert_eq!(campus.output("image"), image('b'));
    // A plan is carried out once, and the stage may run twice.
    workshop.ok("deploy");
    assert_eq!(campus.output("image"), image('b'));
}

#[test]
fn a_plan_that_would_lose_data_is_refused_and_nothing_is_touched() {
    let mut campus = Campus::new();
    campus.deploy('a');
    let before = campus.infra(&["sim", "ls"]).stdout;
    campus.program("--config network_alone=true");
    // Even where the rules would let it pass.
    campus.workshop.write("rules", "allow * *\n");
    let rules = campus.workshop.at("rules").display().to_string();
    campus.workshop.set("RULES", rules);
    campus.pushed('b');
    campus.workshop.fails(
        "plan",
        1,
        "data would be lost: campus/dev/site/database/aws:rds:DbCluster",
    );
    assert!(!campus.workshop.at("results/plan.json").exists());
    campus.workshop.fails("deploy", 65, "the stage 'plan' comes before this one");
    assert_eq!(campus.infra(&["sim", "ls"]).stdout, before);
}

#[test]
fn what_no_rule_allows_is_for_a_person_to_do() {
    let mut campus = Campus::new();
    campus.program("--config controllers=1");
    // What carries the delivery out is not changed by it.
    campus.pushed('a');
    campus.workshop.fails(
        "plan",
        1,
        "refuse create campus/dev/delivery/aws:ec2:ElasticIp/controller-0",
    );
    campus.program("");
    campus.deploy('a');

    campus.program("--config domain=learn.example.edu");
    campus.workshop.write("rules", "allow create_then_delete */aws:ecs:TaskDefinition/*\n");
    let rules = campus.workshop.at("rules").display().to_string();
    campus.workshop.set("RULES", rules);
    campus.workshop.fails("plan", 1, "refuse update campus/dev/site/app/aws:ecs:Service/moodle");
    campus.workshop.write("rules", "perhaps * *\n");
    campus.workshop.fails("plan", 64, "'perhaps * * ' is no rule");
    campus.workshop.set("RULES", "nowhere");
    campus.workshop.fails("plan", 64, "RULES=nowhere: there is no such file");
}

#[test]
fn a_plan_is_carried_out_as_it_was_judged_or_not_at_all() {
    let campus = Campus::new();
    campus.deploy('a');
    campus.pushed('b');
    campus.workshop.ok("plan");
    // Somebody deploys in between.
    let (other, moodle) = (format!("image={}", image('c')), "moodle=5.2.0");
    let up = campus.infra(&["--config", &other, "--config", moodle, "up", "--yes"]);
    assert!(up.status.success(), "{up:?}");
    campus.workshop.fails("deploy", 1, "the site has changed since it was planned");
    assert_eq!(campus.output("image"), image('c'));
}

#[test]
fn a_program_that_is_wrong_is_told_as_it_tells_it() {
    let mut campus = Campus::new();
    campus.program("--config domain=https://moodle.example.edu");
    campus.pushed('a');
    campus.workshop.fails("plan", 1, "give one such as moodle.example.edu");
    campus.program("--config image=x --stack Bad/Name");
    campus.workshop.fails("plan", 1, "the name `Bad/Name` contains '/'");
    campus.program("");
    campus.workshop.set("IMAGE", "moodle:5.2.0");
    campus.workshop.fails("plan", 64, "name it by its digest");
}

#[test]
fn the_program_alone_gets_the_role_that_may_change_the_site() {
    let mut campus = Campus::new();
    let role = "arn:aws:iam::123456789012:role/deploy";
    campus.workshop.set("DEPLOY_ROLE", role);
    // A program that says by which credentials it was run.
    campus.workshop.write(
        "program",
        "#!/bin/sh\necho \"$AWS_ACCESS_KEY_ID $AWS_SESSION_TOKEN\" >&2\nexit 1\n",
    );
    let program = campus.workshop.at("program").display().to_string();
    campus.workshop.set("INFRA", format!("sh {program}"));
    campus.pushed('a');
    campus.workshop.fails("plan", 1, "role-id role-token");
    assert_eq!(campus.workshop.calls("aws", &format!("sts assume-role --role-arn {role}")), 1);
    campus.workshop.unset("DEPLOY_ROLE");
    assert!(!campus.workshop.run("plan").said.contains("role-token"));
}

#[test]
fn a_site_that_is_not_well_is_rolled_back() {
    let campus = Campus::new();
    let workshop = &campus.workshop;
    campus.deploy('a');
    workshop.ok("verify");
    campus.deploy('b');
    campus.site.answers("/login/index.php", 500);
    workshop.fails("verify", 1, "/login/index.php answers with 500");

    // The old image is well again.
    campus.site.answers("/login/index.php", 200);
    campus.runs('a');
    workshop.ok("rollback");
    assert_eq!(workshop.result("rollback", "image"), image('a'));
    assert_eq!(campus.output("image"), image('a'));
    // Twice is no harm.
    workshop.ok("rollback");
}

#[test]
fn tasks_of_another_image_are_told() {
    let campus = Campus::new();
    campus.deploy('a');
    // A rollout that was taken back by ECS: the program has done all, and the old tasks run.
    campus.workshop.write("standin/running", &format!("{}\t{}\n", digest('a'), digest('9')));
    campus.workshop.fails("verify", 1, &format!("a task runs {}", digest('9')));
    campus.workshop.write("standin/tasks", "None\n");
    campus.workshop.fails("verify", 1, "no task runs");
}

/// Moodle refuses to run on a database that a newer one has upgraded.
#[test]
fn there_is_no_way_back_over_an_upgrade() {
    let mut campus = Campus::new();
    campus.deploy('a');
    campus.deploy('b');
    // A plugin's version is another.
    campus.workshop.write(&format!("standin/schema.{}", "b".repeat(64)), "another");
    campus.workshop.fails(
        "rollback",
        1,
        "a plugin of the new image may have upgraded the database",
    );
    // Another version by mistake changes nothing.
    campus.workshop.set("MOODLE_VERSION", "5.2.1");
    campus.pushed('c');
    campus.workshop.fails("plan", 1, "Moodle changes from 5.2.0 to 5.2.1, and the rollout is");
    campus.workshop.set("UPGRADE_FROM", "5.2.0");
    campus.deploy('c');
    campus.workshop.fails(
        "rollback",
        1,
        "Moodle 5.2.1 has upgraded the database, and 5.2.0 does not",
    );
    assert_eq!(campus.output("image"), image('c'));
    campus.workshop.write("standin/pull.fails", "");
    campus.workshop.set("ROLLBACK_VERSION", "5.2.1");
    campus.workshop.fails("rollback", 1, "can't be fetched");
}

#[test]
fn the_first_has_nothing_to_go_back_to() {
    let campus = Campus::new();
    campus.deploy('a');
    campus.workshop.fails("rollback", 1, "there is no image before: this was the first");
    campus.deploy('a');
    campus.workshop.fails("rollback", 1, "the image before is the same");
}

#[test]
fn the_delivery_of_somebody_else_is_not_taken_back() {
    let campus = Campus::new();
    campus.deploy('a');
    campus.pushed('b');
    campus.workshop.ok("plan");
    let other = format!("image={}", image('c'));
    let up = campus.infra(&["--config", &other, "--config", "moodle=5.2.0", "up", "--yes"]);
    assert!(up.status.success(), "{up:?}");
    campus.workshop.fails("deploy", 1, "the site has changed since it was planned");
    campus.workshop.fails("rollback", 1, "which this delivery has not brought");
    assert_eq!(campus.output("image"), image('c'));
}

#[test]
fn every_definition_of_a_task_has_the_image() {
    let campus = Campus::new();
    campus.deploy('a');
    campus.deploy('b');
    assert_eq!(campus.images(), [image('b')]);
}
