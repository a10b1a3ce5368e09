//! `scan`: what stops a delivery, and what does not.

use crate::workshop::Workshop;

/// One whose image was built, and in which trivy finds this.
fn built(findings: &[(&str, &str, &str)]) -> Workshop {
    let workshop = Workshop::new();
    workshop.ok("changes");
    workshop.ok("build");
    let found: Vec<_> = findings
        .iter()
        .map(|(id, severity, fixed)| {
            serde_json::json!({
                "VulnerabilityID": id, "PkgName": "libexample", "Severity": severity,
                "FixedVersion": fixed,
            })
        })
        .collect();
    let said = serde_json::json!({ "Results": [{ "Vulnerabilities": found }, {}] });
    workshop.write("standin/trivy", &said.to_string());
    workshop.write("standin/updates", "looked\n");
    workshop.write("allowed", "# nothing\n");
    workshop
}

fn allowing(findings: &[(&str, &str, &str)]) -> Workshop {
    let mut workshop = built(findings);
    let allowed = workshop.at("allowed").display().to_string();
    workshop.set("ALLOWED", allowed);
    workshop
}

#[test]
fn what_is_sound_passes() {
    let workshop = built(&[]);
    workshop.ok("scan");
    assert_eq!(workshop.result("scan", "findings"), "0");
    assert_eq!(workshop.result("scan", "id"), workshop.result("build", "id"));
    // The one that was built here, and not one that a registry has by that name.
    let calls = workshop.read("standin/trivy.calls");
    let tag = workshop.result("build", "tag");
    let reference = format!("--image-src docker {}:{tag}", crate::workshop::REPOSITORY);
    assert!(calls.trim().ends_with(&reference), "{calls}");
}

#[test]
fn a_finding_stops_the_delivery_from_a_threshold_up() {
    let mut workshop = built(&[
        ("CVE-2026-1", "HIGH", "1.2"),
        ("CVE-2026-2", "MEDIUM", "1.2"),
        ("CVE-2026-3", "CRITICAL", ""),
    ]);
    workshop.fails("scan", 1, "found: HIGH CVE-2026-1 in libexample");
    // And so does what comes after it.
    workshop.fails("push", 65, "the stage 'scan' comes before this one");
    assert!(!workshop.run("scan").said.contains("CVE-2026-2"));

    workshop.set("SEVERITY", "CRITICAL");
    // Nobody can do anything about the third.
    workshop.ok("scan");
    workshop.set("UNFIXED", "yes");
    workshop.fails("scan", 1, "found: CRITICAL CVE-2026-3");
    workshop.set("UNFIXED", "no").set("SEVERITY", "MEDIUM");
    workshop.fails("scan", 1, "2 findings from MEDIUM up");
    workshop.set("SEVERITY", "bad");
    workshop.fails("scan", 64, "SEVERITY=bad: give LOW, MEDIUM, HIGH or CRITICAL");
}

#[test]
fn what_is_known_passes_until_its_day() {
    let workshop = allowing(&[("CVE-2026-1", "HIGH", "1.2")]);
    workshop.write("allowed", "CVE-2026-1 2999-12-31 only on 32-bit systems\n");
    let said = workshop.ok("scan").said;
    assert!(!said.contains(": line "), "{said}");
    assert_eq!(workshop.result("scan", "findings"), "1");
    workshop.write("allowed", "CVE-2026-1 2020-01-01 only on 32-bit systems\n");
    workshop.fails("scan", 1, "CVE-2026-1 was let pass until 2020-01-01");
    workshop.write("allowed", "CVE-2026-1 for-ever\n");
    workshop.fails("scan", 64, "is no ID, last day and reason");
    workshop.write("allowed", "libother 2999-12-31 another package\n");
    workshop.fails("scan", 1, "found: HIGH CVE-2026-1");
}

#[test]
fn an_update_of_security_that_is_missing_stops_the_delivery() {
    let workshop = built(&[]);
    workshop.write(
        "standin/updates",
        "looked\n\
         Inst libssl3 [3.0.15-1] (3.0.16-1 Debian-Security:12/oldstable-security [amd64])\n\
         Inst tzdata [2025a] (2025b Debian:12.11/oldstable [all])\n\
         Conf libssl3 (3.0.16-1 Debian-Security:12/oldstable-security [amd64])\n",
    );
    workshop.fails("scan", 1, "found: SECURITY update in libssl3");
    assert!(!workshop.run("scan").said.contains("tzdata"));
    // What did not look has found nothing either.
    workshop.write("standin/updates", "");
    workshop.fails("scan", 1, "the packages were not looked at");
}

#[test]
fn grype_may_look_as_well() {
    let mut workshop = built(&[]);
    workshop.set("SCANNERS", "grype");
    let found = |state: &str| {
        serde_json::json!({ "matches": [{
            "vulnerability": { "id": "CVE-2026-9", "severity": "Critical", "fix": { "state": state } },
            "artifact": { "name": "libexample" },
        }]})
        .to_string()
    };
    workshop.write("standin/grype", &found("not-fixed"));
    workshop.ok("scan");
    workshop.write("standin/grype", &found("fixed"));
    workshop.fails("scan", 1, "found: CRITICAL CVE-2026-9 in libexample");
    workshop.write("standin/grype", "{}");
    workshop.fails("scan", 1, "grype said nothing that can be read");
}

#[test]
fn a_scanner_that_did_not_look_is_an_error() {
    let mut workshop = built(&[]);
    workshop.write("standin/trivy.fails", "");
    workshop.fails("scan", 1, "trivy did not get to its end");
    std::fs::remove_file(workshop.at("standin/trivy.fails")).unwrap();
    workshop.write("standin/trivy", "{}");
    workshop.fails("scan", 1, "trivy said nothing that can be read");
    workshop.set("SCANNERS", " ");
    workshop.fails("scan", 64, "SCANNERS names none");
    workshop.set("SCANNERS", "clamav");
    workshop.fails("scan", 64, "'clamav' is none of trivy, grype, packages");
    workshop.set("SCANNERS", "trivy").without(&["trivy"]);
    workshop.fails("scan", 69, "there is no 'trivy' here: install it");
}
