//! What instances run at their first start, and what is JSON.

use std::{collections::BTreeSet, fs, process::Command};

use infra_core::{
    aws::{
        cloudwatch::{Dashboard, DashboardBody},
        ec2::{Instance, LaunchTemplate},
    },
    types::PropertyType,
};

use crate::{
    aws::policies,
    sites::{Site, deployed},
    tools::{run, said},
};

/// The first scripts of all instances of a site.
fn first_scripts(site: &Site) -> BTreeSet<String> {
    let of_groups = site.of::<LaunchTemplate>().map(|template| {
        template.named("launch_template_data").field("user_data").cloned().unwrap_or_default()
    });
    let of_nodes = site.of::<Instance>().map(|instance| instance.named("user_data").clone());
    of_groups.chain(of_nodes).filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

#[test]
fn first_scripts_are_ones_that_shells_read_well() {
    for site in deployed() {
        let scripts = first_scripts(site);
        // Those of the hosts, and of each of three nodes.
        let expected = if site.name == "gluster" { 4 } else { 1 };
        assert_eq!(scripts.len(), expected, "{}", site.name);
        for script in scripts {
            // AWS takes no more of it, before it is encoded.
            assert!(script.len() <= 16 * 1024, "{}: {} bytes", site.name, script.len());
            let shell = script.lines().next().unwrap().trim_start_matches("#!").to_owned();
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("first.sh");
            fs::write(&file, &script).unwrap();
            let parsed = run(Command::new(shell).arg("-n").arg(&file), "").unwrap();
            assert!(parsed.status.success(), "{}: {}\n{script}", site.name, said(&parsed));
            let Some(checked) = run(Command::new("shellcheck").arg(&file), "") else { return };
            assert!(checked.status.success(), "{}: {}", site.name, said(&checked));
        }
    }
}

/// What jq says of a document: whether a condition holds of it.
fn holds(condition: &str, document: &str) -> Option<bool> {
    let output = run(Command::new("jq").args(["--exit-status", condition]), document)?;
    // 1: it is false or nothing; more: it is no JSON, or the condition makes no sense.
    let code = output.status.code().unwrap();
    assert!(code <= 1, "{}: {document}", said(&output));
    Some(code == 0)
}

/// A dashboard's widgets fit its 24 columns, and each that draws says what, and of which region.
const DASHBOARD: &str = "
    (.widgets | length) > 0
    and all(.widgets[]; (.x // 0) + .width <= 24 and .height > 0)
    and all(.widgets[] | select(.type == \"metric\") | .properties;
        (.region | type) == \"string\" and (.metrics | length) > 0
        and all(.metrics[]; length % 2 == 1 and (.[-1] | type) == \"object\"))";

#[test]
fn dashboards_are_json_that_can_be_drawn() {
    let mut dashboards = 0;
    for site in deployed() {
        for dashboard in site.of::<Dashboard>() {
            let body = DashboardBody::decode(dashboard.named("dashboard_body")).unwrap();
            let body = body.to_json().to_string();
            let Some(right) = holds(DASHBOARD, &body) else { return };
            assert!(right, "{}: {body}", site.name);
            dashboards += 1;
        }
    }
    // The cheap twin has none.
    assert_eq!(dashboards, 3);
}

const POLICY: &str = "
    .Version == \"2012-10-17\" and (.Statement | length) > 0
    and all(.Statement[]; (.Effect == \"Allow\" or .Effect == \"Deny\") and has(\"Action\"))";

#[test]
fn policies_are_json() {
    for site in deployed() {
        for policy in policies(site) {
            let text = policy.document.to_string();
            let Some(right) = holds(POLICY, &text) else { return };
            assert!(right, "{} {}: {text}", site.name, policy.of);
        }
    }
}
