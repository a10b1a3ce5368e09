//! `changes` and `build`: when there is a new image, and what it is called.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use infra_tests::tools::{MACHINE, skipped};

use crate::workshop::{Workshop, workspace};

fn tag(workshop: &Workshop) -> String {
    workshop.ok("changes");
    workshop.result("changes", "tag")
}

#[test]
fn the_tag_says_what_the_image_is_made_of() {
    let mut workshop = Workshop::new();
    let first = tag(&workshop);
    assert!(first.starts_with("5.2.0-") && first.len() == 22, "{first}");
    assert_eq!(workshop.result("changes", "rebuild"), "yes");

    // What Docker does not copy, and when files were written, make no difference.
    workshop.write("image/README.md", "words");
    workshop.write("image/context/moodle/index.php", "<?php\n");
    assert_eq!(tag(&workshop), first);

    let mut tags = vec![first];
    workshop.write("image/context/moodle/index.php", "<?php // other\n");
    tags.push(tag(&workshop));
    workshop.write("image/context/plugins", "mod/x https://example.org/x.git v1\n");
    tags.push(tag(&workshop));
    let script = workshop.at("image/rootfs/usr/local/bin/start");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    tags.push(tag(&workshop));
    std::os::unix::fs::symlink("start", workshop.at("image/rootfs/usr/local/bin/run")).unwrap();
    tags.push(tag(&workshop));
    for (name, value) in [("BASE", "debian:trixie-slim"), ("EPOCH", "2026-49"), ("REF", "v5.2.1")] {
        workshop.set(name, value);
        tags.push(tag(&workshop));
    }
    let mut all = tags.clone();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), tags.len(), "{tags:?}");
}

#[test]
fn a_checkout_says_its_commit_and_its_place_does_not_matter() {
    let run = |workshop: &Workshop, words: &[&str]| {
        let output = workshop.command("git").args(words).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let mut origin = Workshop::new();
    origin.unset("COMMIT").set("EPOCH", "week");
    run(&origin, &["init", "--quiet", "."]);
    run(&origin, &["add", "image"]);
    let author = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    run(&origin, &[&author[..], &["commit", "--quiet", "--message", "all"]].concat());
    let mut clone = Workshop::with(&["cloud", "docker"]);
    let (from, to) =
        (origin.at(".").display().to_string(), clone.at("clone").display().to_string());
    run(&clone, &["clone", "--quiet", &from, &to]);
    clone.set("IMAGE_DIR", "clone/image").set("EPOCH", "week");
    clone.set("REPOSITORY", crate::workshop::REPOSITORY);
    assert_eq!(tag(&clone), tag(&origin));
    assert_eq!(origin.result("changes", "commit"), run(&origin, &["rev-parse", "HEAD"]));
}

#[test]
fn what_is_in_the_registry_is_not_built_again() {
    let workshop = Workshop::new();
    let tag = tag(&workshop);
    let digest = format!("sha256:{}", "a".repeat(64));
    workshop.write(&format!("standin/registry/{tag}.digest"), &digest);
    workshop.ok("changes");
    assert_eq!(workshop.result("changes", "rebuild"), "no");
    for stage in ["build", "scan", "smoke", "push"] {
        workshop.ok(stage);
    }
    assert_eq!(workshop.read("standin/docker.calls"), "");
    let image = format!("{}@{digest}", crate::workshop::REPOSITORY);
    assert_eq!(workshop.result("push", "image"), image);
}

#[test]
fn a_registry_that_does_not_answer_is_not_an_empty_one() {
    let workshop = Workshop::new();
    workshop.write("standin/ecr.down", "");
    workshop.fails("changes", 1, "ECR does not tell about 5.2.0-");
}

#[test]
fn a_build_is_done_once_and_says_what_it_was_made_of() {
    let workshop = Workshop::new();
    workshop.ok("changes");
    workshop.ok("build");
    workshop.ok("build");
    let calls = workshop.read("standin/docker.calls");
    let builds: Vec<&str> = calls.lines().filter(|line| line.starts_with("build ")).collect();
    assert_eq!(builds.len(), 1, "{calls}");
    let inputs = workshop.result("changes", "inputs");
    for part in [
        "--pull --no-cache",
        &format!("org.moodle-infra.inputs={inputs}"),
        "org.opencontainers.image.revision=0123456789abcdef",
        "org.opencontainers.image.version=5.2.0",
    ] {
        assert!(builds[0].contains(part), "{}", builds[0]);
    }
}

#[test]
fn a_build_that_fails_leaves_no_result() {
    let workshop = Workshop::new();
    workshop.ok("changes");
    workshop.ok("build");
    workshop.write("image/context/moodle/index.php", "<?php // other\n");
    workshop.ok("changes");
    workshop.write("standin/build.fails", "");
    workshop.fails("build", 1, "the image can't be built");
    // And what comes after it does not go by what an earlier one said.
    workshop.fails("scan", 65, "the stage 'build' comes before this one");
    workshop.fails("smoke", 65, "the stage 'build' comes before this one");
    workshop.fails("push", 65, "the stage 'build' comes before this one");
}

#[test]
fn what_is_not_said_or_wrong_is_told() {
    let mut workshop = Workshop::new();
    workshop.fails("build", 65, "the stage 'changes' comes before this one");
    workshop.set("REPOSITORY", "moodle");
    workshop.fails("changes", 64, "REPOSITORY=moodle: give host and name, without a tag");
    workshop.unset("REPOSITORY");
    workshop.fails("changes", 64, "REPOSITORY is not set: README.md says what it is");
    workshop.set("REPOSITORY", "host/moodle").set("MOODLE_VERSION", "v5");
    workshop.fails("changes", 64, "MOODLE_VERSION=v5: give one such as 5.2.0");
    workshop.set("MOODLE_VERSION", "5.2.0").set("IMAGE_DIR", "nowhere");
    workshop.fails("changes", 64, "IMAGE_DIR=nowhere: there is no Dockerfile");
    workshop.set("PULL", "perhaps");
    workshop.fails("build", 64, "PULL=perhaps: give yes or no");
}

#[test]
fn old_images_go_and_those_of_others_stay() {
    let mut workshop = Workshop::new();
    workshop.ok("tidy");
    let calls = workshop.read("standin/docker.calls");
    for filter in ["label=org.moodle-infra.inputs", "until=48h"] {
        assert!(calls.contains(&format!("--filter {filter}")), "{calls}");
    }
    workshop.set("KEEP_HOURS", "two");
    workshop.fails("tidy", 64, "KEEP_HOURS=two: give a number of hours");
}

/// A stage that could not look must not pass for one that has looked.
#[test]
fn a_tool_that_is_missing_is_an_error() {
    for (stage, tool) in [("changes", "aws"), ("build", "docker"), ("scan", "jq")] {
        let mut workshop = Workshop::new();
        if stage != "changes" {
            workshop.ok("changes");
        }
        if stage == "scan" {
            workshop.ok("build");
        }
        workshop.without(&[tool]);
        workshop.fails(stage, 69, &format!("there is no '{tool}' here: install it"));
    }
}

#[test]
fn its_scripts_are_sound() {
    let stages = fs::read_dir(crate::workshop::delivery().join("stages")).unwrap();
    let controller = crate::workshop::delivery().join("controller/rootfs/usr/local/bin");
    let standins = ["cloud/aws", "docker/docker", "scanners/trivy", "scanners/grype"];
    let scripts = stages.chain(fs::read_dir(controller).unwrap()).map(|it| it.unwrap().path());
    let scripts =
        scripts.chain(standins.map(|name| workspace().join("tests/delivery/standin").join(name)));
    let checked = Command::new("shellcheck").arg("--external-sources").args(scripts).output();
    let Ok(checked) = checked else {
        return skipped("no shellcheck", MACHINE);
    };
    crate::docker::succeeded(&checked);
}
