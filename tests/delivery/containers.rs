//! The stages with a real Docker and a real registry: the image of the site with its stand-in is
//! built, looked at, run and pushed.

use std::fs::{self, File};

use crate::{
    docker::{BASE, apt_options, base, copy, docker, is_there, try_docker},
    registry::Registry,
    workshop::{COMMIT, Workshop, workspace},
};

/// A checkout of the image with its stand-in, and a registry.
struct Yard {
    workshop: Workshop,
    registry: Registry,
    // Docker removes an image while another build begins with it; so one at a time.
    _alone: File,
}

impl Yard {
    /// None where there is no Docker.
    fn new() -> Option<Self> {
        if !is_there() {
            return None;
        }
        let lock = std::env::temp_dir().join("moodle-infra-delivery.lock");
        let alone = File::create(lock).unwrap();
        alone.lock().unwrap();
        base();
        let mut workshop = Workshop::with(&["cloud"]);
        let image = workspace().join("moodle-infra/image");
        let context = workshop.at("image/context/moodle");
        for (from, to) in [(&image, workshop.at("image")), (&image.join("standin"), context)] {
            fs::create_dir_all(&to).unwrap();
            copy(from, &to);
        }
        let registry = Registry::start(&workshop.at("standin"));
        let repository = format!("{}/moodle", registry.address);
        workshop
            .set("REPOSITORY", repository)
            .set("REGISTRY", registry.address.clone())
            .set("COMMIT", COMMIT)
            .set("MOODLE_VERSION", "5.1.0")
            .set("SCANNERS", "packages")
            // No registry has the base, and other tests have built the same.
            .set("PULL", "no")
            .set("CACHE", "yes")
            .set("DOCKER_BUILDKIT", "0");
        if let Some(options) = apt_options() {
            workshop.set("APT_OPTS", options);
        }
        Some(Self { workshop, registry, _alone: alone })
    }

    fn reference(&self) -> String {
        format!("{}/moodle:{}", self.registry.address, self.workshop.result("changes", "tag"))
    }

    /// Looks for missing updates. The Debian of this machine may be one without the latest: then
    /// they stop the delivery, until somebody says that they may pass.
    fn scan(&mut self) {
        let found = self.workshop.run("scan");
        if found.code == Some(0) {
            assert_eq!(self.workshop.result("scan", "findings"), "0");
            return;
        }
        let mark = "found: SECURITY update in ";
        let packages: Vec<&str> =
            found.said.lines().filter_map(|line| line.split(mark).nth(1)).collect();
        assert!(!packages.is_empty() && found.code == Some(1), "{}", found.said);
        self.workshop.fails("push", 65, "the stage 'scan' comes before this one");
        let lines = packages.iter().map(|name| format!("{name} 2999-12-31 of this test\n"));
        self.workshop.write("allowed", &lines.collect::<String>());
        let allowed = self.workshop.at("allowed").display().to_string();
        self.workshop.set("ALLOWED", allowed);
        self.workshop.ok("scan");
        assert_eq!(self.workshop.result("scan", "findings"), packages.len().to_string());
    }
}

impl Drop for Yard {
    /// By their names: an image of the same content may be another test's.
    fn drop(&mut self) {
        let repository = format!("{}/moodle", self.registry.address);
        let named = ["{{.Repository}}:{{.Tag}}", "{{.Repository}}@{{.Digest}}"];
        for format in named {
            let options = ["image", "ls", "--digests", "--format", format, &repository];
            let listed = docker(options);
            for name in listed.lines().filter(|name| !name.ends_with("<none>")) {
                // Its layers are those of others too.
                try_docker(["image", "rm", "--no-prune", name]);
            }
        }
    }
}

#[test]
fn an_image_is_built_looked_at_run_and_pushed() {
    let Some(mut yard) = Yard::new() else { return };
    for stage in ["changes", "build"] {
        yard.workshop.ok(stage);
    }
    assert_eq!(yard.workshop.result("changes", "rebuild"), "yes");
    let label = |name: &str| format!("{{{{index .Config.Labels \"{name}\"}}}}");
    let commit = label("org.opencontainers.image.revision");
    assert_eq!(docker(["image", "inspect", "--format", &commit, &yard.reference()]), COMMIT);
    yard.scan();
    yard.workshop.ok("smoke");
    let schema = yard.workshop.result("smoke", "schema");
    assert_eq!(schema.len(), 64, "{schema}");
    // Nothing of it stays.
    let label = format!("label=org.moodle-infra.smoke={}/moodle", yard.registry.address);
    assert_eq!(docker(["ps", "--all", "--quiet", "--filter", &label]), "");
    assert_eq!(docker(["volume", "ls", "--quiet", "--filter", &label]), "");

    yard.workshop.ok("push");
    let image = yard.workshop.result("push", "image");
    docker(["image", "rm", "--force", &yard.reference()]);
    let token = ["--username", "AWS", "--password", "token-of-this-test"];
    let home = yard.workshop.at("home/.docker").display().to_string();
    let client = ["--config", &home];
    let login = [&client[..], &["login"], &token, &[&yard.registry.address]].concat();
    docker(login);
    docker([&client[..], &["pull", "--quiet", &image]].concat());
    docker(["image", "rm", &image]);

    // The next delivery of the same finds it there.
    yard.workshop.ok("changes");
    assert_eq!(yard.workshop.result("changes", "rebuild"), "no");
    for stage in ["build", "scan", "smoke", "push"] {
        yard.workshop.ok(stage);
    }
    assert_eq!(yard.workshop.result("push", "image"), image);
}

#[test]
fn a_tag_is_one_image_for_good() {
    let Some(mut yard) = Yard::new() else { return };
    for stage in ["changes", "build"] {
        yard.workshop.ok(stage);
    }
    yard.scan();
    yard.workshop.ok("smoke");
    // Somebody else builds the same, a moment earlier, and it comes out otherwise.
    let (reference, first) = (yard.reference(), yard.workshop.result("build", "id"));
    let folder = yard.workshop.at("other").display().to_string();
    yard.workshop.write("other/Dockerfile", &format!("FROM {BASE}\nENV OTHER=1\n"));
    let other = docker(["build", "--quiet", "--tag", &reference, &folder]);
    docker([
        "login",
        "--username",
        "AWS",
        "--password",
        "token-of-this-test",
        &yard.registry.address,
    ]);
    docker(["push", &reference]);
    docker(["logout", &yard.registry.address]);
    yard.workshop.fails("push", 1, "somebody built beside this");
    docker(["tag", &first, &reference]);
    yard.workshop.fails("push", 1, "is in the registry with other content");
    assert_ne!(first, other);
}

#[test]
fn an_image_that_is_not_what_it_is_said_to_be_does_not_pass() {
    let Some(mut yard) = Yard::new() else { return };
    yard.workshop.set("MOODLE_VERSION", "5.2.0");
    for stage in ["changes", "build"] {
        yard.workshop.ok(stage);
    }
    yard.workshop.fails("smoke", 1, "the image is Moodle 5.1, and not 5.2.0");

    // And neither does one that never becomes healthy.
    yard.workshop.set("MOODLE_VERSION", "5.1.0").set("SMOKE_SECONDS", "20");
    let script = "image/rootfs/usr/local/bin/moodle-entrypoint";
    yard.workshop.write(script, "#!/bin/sh\necho broken on purpose >&2\nexit 1\n");
    for stage in ["changes", "build"] {
        yard.workshop.ok(stage);
    }
    let ran = yard.workshop.run("smoke");
    assert_eq!(ran.code, Some(1), "{}", ran.said);
    for part in ["broken on purpose", "the image does not become healthy"] {
        assert!(ran.said.contains(part), "{}", ran.said);
    }
}
