//! The image of the controller, with a stand-in for Jenkins and for its plugins: built, and started
//! as a task of ECS starts it.

use std::{
    fs,
    process::{Command, Output},
    sync::OnceLock,
};

use tempfile::TempDir;

use crate::{
    docker::{
        BASE, Container, apt_options, base, copy, docker, is_there, succeeded, text, try_docker,
    },
    workshop::{delivery, workspace},
};

const IMAGE: &str = "moodle-infra-test/controller";
const PASSWORD: &str = "secret-of-this-test";

/// What the image is built of: its folder, the stand-in, and files for the plugins.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&delivery().join("controller"), folder.path());
    let context = folder.path().join("context");
    fs::create_dir_all(context.join("plugins")).unwrap();
    fs::create_dir_all(context.join("bin")).unwrap();
    fs::write(context.join("bin/site"), "#!/bin/sh\n").unwrap();
    let war = workspace().join("tests/delivery/standin/controller/standin.war");
    fs::copy(war, context.join("jenkins.war")).unwrap();
    let plugins = fs::read_to_string(delivery().join("controller/plugins.txt")).unwrap();
    for line in plugins.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(':').next().unwrap();
        fs::write(context.join(format!("plugins/{name}.jpi")), line).unwrap();
    }
    folder
}

fn build(folder: &TempDir, more: &[&str]) -> Output {
    let options = format!("APT_OPTS={}", apt_options().unwrap_or_default());
    let base = format!("BASE={BASE}");
    let arguments = [&options, &base, "JAVA=openjdk-17-jre-headless"];
    let arguments = arguments.iter().copied().chain(["DOCKER=docker.io", "WAR=jenkins.war"]);
    let arguments = arguments.chain(["PLUGINS=context"]).chain(more.iter().copied());
    let mut command = ["build", "--force-rm", "--tag", IMAGE].map(str::to_owned).to_vec();
    for argument in arguments {
        command.extend(["--build-arg".to_owned(), argument.to_owned()]);
    }
    command.push(folder.path().display().to_string());
    try_docker(command)
}

/// Builds the image, once for all tests, where there is a Docker.
fn image() -> bool {
    if !is_there() {
        return false;
    }
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        base();
        let folder = folder();
        let war = folder.path().join("context/jenkins.war");
        let sum = succeeded(&Command::new("sha256sum").arg(war).output().unwrap());
        let sum = format!("WAR_SHA256={}", sum.split(' ').next().unwrap());
        succeeded(&build(&folder, &[&sum]));
        // What its publisher does not vouch for is not taken.
        let other = format!("WAR_SHA256={}", "0".repeat(64));
        assert!(!build(&folder, &[&other]).status.success());
        let none = build(&folder, &[]);
        assert!(
            text(&none.stderr).contains("WAR_SHA256") || text(&none.stdout).contains("WAR_SHA256"),
            "{none:?}"
        );
    });
    true
}

/// How a task runs it, with these variables set to something else.
fn start(more: &[&str]) -> Container {
    let mut all =
        vec!["--read-only", "--cap-drop", "ALL", "--cap-add", "SETUID", "--cap-add", "SETGID"];
    all.extend([
        "--tmpfs",
        "/tmp:mode=1777",
        "--tmpfs",
        "/run/jenkins:uid=1000,gid=1000,mode=0700",
    ]);
    all.extend(["--tmpfs", "/var/cache/jenkins:uid=1000,gid=1000"]);
    all.extend(["--tmpfs", "/var/jenkins_home:uid=1000,gid=1000"]);
    let variables = [
        "JENKINS_URL=https://delivery.example.edu/".to_owned(),
        "GIT_URL=https://git.example.edu/site.git".to_owned(),
        format!("ADMIN_PASSWORD={PASSWORD}"),
        format!("GIT_PASSWORD={PASSWORD}"),
        format!("INFRA_PASSPHRASE={PASSWORD}"),
    ];
    for variable in &variables {
        all.extend(["--env", variable]);
    }
    all.extend(more);
    all.push(IMAGE);
    Container::start(&all.into_iter().map(str::to_owned).collect::<Vec<_>>())
}

#[test]
fn it_starts_as_nobody_in_particular_and_ends_when_told() {
    if !image() {
        return;
    }
    let controller = start(&[]);
    controller.wait_until_it_says("fully up and running");
    let said = controller.logs();
    for part in [
        "--httpPort=8080",
        "variable CASC_JENKINS_CONFIG=/usr/share/jenkins/jenkins.yaml",
        "plugin configuration-as-code.jpi",
        "plugin workflow-aggregator.jpi",
        "secret ADMIN_PASSWORD=19 rw-------",
        "secret GIT_USERNAME=0",
        "Uid:\t1000\t1000\t1000\t1000",
        "CapEff:\t0000000000000000",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // Builds get the environment of Jenkins.
    assert!(!said.contains(PASSWORD), "{said}");
    // 128 and the number of SIGTERM: how Java ends when it is told to.
    assert_eq!(controller.stop(), "143", "{}", controller.logs());
    assert!(controller.logs().contains("told to end"), "{}", controller.logs());
}

#[test]
fn it_speaks_with_docker_where_there_is_a_socket() {
    if !image() {
        return;
    }
    let group = text(
        &Command::new("stat")
            .args(["--format", "%g", "/var/run/docker.sock"])
            .output()
            .unwrap()
            .stdout,
    );
    let controller = start(&["--volume", "/var/run/docker.sock:/var/run/docker.sock"]);
    controller.wait_until_it_says("fully up and running");
    let said = controller.logs();
    let groups = said.lines().find(|line| line.starts_with("groups")).unwrap();
    assert!(groups.split(|c: char| !c.is_ascii_digit()).any(|word| word == group), "{groups}");
}

#[test]
fn the_stages_have_their_tools_and_what_is_missing_is_named() {
    if !image() {
        return;
    }
    let tools = "for tool in aws curl docker git jq sha256sum tar site; do command -v $tool; done";
    let found = docker(["run", "--rm", "--entrypoint", "sh", IMAGE, "-ec", tools]);
    assert_eq!(found.lines().count(), 8, "{found}");
    let nothing = try_docker(["run", "--rm", "--env", "GIT_URL=", "--env", "JENKINS_URL=x", IMAGE]);
    assert!(text(&nothing.stderr).contains("GIT_URL is not set"), "{nothing:?}");
    assert_eq!(nothing.status.code(), Some(64));
}
