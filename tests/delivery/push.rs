//! `push`: one tag is one image, for good.

use crate::workshop::{REPOSITORY, Workshop};

/// One whose image was built and looked at.
fn looked_at() -> Workshop {
    let mut workshop = Workshop::new();
    workshop.set("SCANNERS", "packages");
    workshop.write("standin/updates", "looked\n");
    for stage in ["changes", "build", "scan"] {
        workshop.ok(stage);
    }
    smoked(&workshop);
    workshop
}

/// There is no container to run here.
fn smoked(workshop: &Workshop) {
    let id = workshop.result("build", "id");
    workshop.write("results/smoke.env", &format!("id={id}\nschema=of-all\n"));
}

#[test]
fn an_image_is_pushed_once_and_known_by_its_digest() {
    let workshop = looked_at();
    workshop.ok("push");
    let digest = workshop.result("push", "digest");
    assert_eq!(workshop.result("push", "image"), format!("{REPOSITORY}@{digest}"));
    assert_eq!(workshop.result("push", "schema"), "of-all");
    workshop.ok("push");
    assert_eq!(workshop.result("push", "digest"), digest);
    assert_eq!(workshop.calls("docker", "push "), 1);
    // The token is nowhere that others would find it.
    assert!(!std::path::Path::new(workshop.read("standin/docker.config").trim()).exists());
    assert!(!workshop.at("home/.docker").exists());
}

#[test]
fn a_tag_with_other_content_is_not_taken_for_this_image() {
    let workshop = looked_at();
    let tag = workshop.result("changes", "tag");
    let other = |letter: &str| format!("sha256:{}", letter.repeat(64));
    workshop.write(&format!("standin/registry/{tag}.digest"), &other("b"));
    let manifest = format!("{{\"config\": {{\"digest\": \"{}\"}}}}", other("c"));
    workshop.write(&format!("standin/registry/{tag}.manifest"), &manifest);
    workshop.fails("push", 1, "is in the registry with other content");
    assert_eq!(workshop.calls("docker", "push "), 0);
    // Which the next run takes.
    workshop.ok("changes");
    assert_eq!(workshop.result("changes", "digest"), other("b"));
}

#[test]
fn tags_that_can_be_moved_are_refused() {
    let workshop = looked_at();
    workshop.write("standin/mutability", "MUTABLE\n");
    workshop.fails("push", 1, "tags of moodle can be moved (MUTABLE)");
}

#[test]
fn what_was_looked_at_is_what_is_pushed() {
    let workshop = looked_at();
    workshop.write("results/smoke.env", "id=sha256:other\nschema=of-all\n");
    workshop.fails("push", 1, "'smoke' has looked at another image: run it again");
    smoked(&workshop);
    let tag = workshop.result("changes", "tag");
    let file = format!("standin/images/{}:{tag}", REPOSITORY.replace('/', "_"));
    workshop.write(&file, "sha256:somebody-else's");
    workshop.fails("push", 1, "somebody built beside this");
}
