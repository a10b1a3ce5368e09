//! What Jenkins reads, read by those who read it here: Groovy's own parser, and one of YAML.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use infra_tests::tools::{MACHINE, PYTHON, skipped};
use serde_json::Value as Json;

use crate::{docker::text, workshop::delivery};

fn jenkinsfile() -> String {
    fs::read_to_string(delivery().join("Jenkinsfile")).unwrap()
}

/// The stages that are scripts.
fn scripts() -> BTreeSet<String> {
    let entries = fs::read_dir(delivery().join("stages")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "lib.sh").collect()
}

/// What a command says, or nothing where it is not installed: then the test says so.
fn said(command: &mut Command, missing: &str, required: &str) -> Option<String> {
    match command.output() {
        Ok(output) if !text(&output.stderr).contains("No module named") => {
            assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
            Some(text(&output.stdout))
        }
        _ => {
            skipped(missing, required);
            None
        }
    }
}

/// A file of YAML, as JSON.
fn yaml(path: &Path) -> Option<Json> {
    let python = std::env::var_os("INFRA_PYTHON").unwrap_or_else(|| "python3".into());
    let read = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";
    let mut command = Command::new(python);
    command.args(["-c", read]).arg(path);
    let text = said(&mut command, "no PyYAML (pip install pyyaml)", PYTHON)?;
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn every_stage_is_a_script_and_every_script_a_stage() {
    let text = jenkinsfile();
    let named: BTreeSet<String> = text
        .split("$STAGES/")
        .skip(1)
        .map(|rest| rest.chars().take_while(char::is_ascii_lowercase).collect())
        .collect();
    assert_eq!(named, scripts());
    // In the order in which each finds what it reads.
    let places: Vec<usize> =
        ["changes", "build", "scan", "smoke", "push", "plan", "deploy", "verify"]
            .iter()
            .map(|stage| text.find(&format!("$STAGES/{stage}")).unwrap())
            .collect();
    assert!(places.is_sorted(), "{places:?}");
}

/// By the version of Groovy that Jenkins has.
#[test]
fn the_jenkinsfile_is_groovy() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("parse.groovy");
    fs::write(&script, "args.each { new GroovyShell().parse(new File(it)) }").unwrap();
    let broken = folder.path().join("broken");
    fs::write(&broken, jenkinsfile().replacen("stages {", "stages", 1)).unwrap();
    let parse = |file: &Path| {
        let mut command = Command::new("groovy");
        command.arg(&script).arg(file);
        // Debian's groovy looks for Java where only its metapackage puts it.
        if std::env::var_os("JAVA_HOME").is_none() {
            let java =
                Command::new("sh").args(["-c", "readlink -f \"$(command -v java)\""]).output();
            let java = text(&java.unwrap().stdout);
            command.env("JAVA_HOME", java.trim_end_matches("/bin/java"));
        }
        command
    };
    let file = delivery().join("Jenkinsfile");
    let missing = "no Groovy (install groovy and default-jre-headless)";
    if said(&mut parse(&file), missing, MACHINE).is_some() {
        assert!(!parse(&broken).output().unwrap().status.success());
    }
}

/// What Jenkins would do on its own account: nothing is deployed from anything but `main`.
#[test]
fn other_branches_are_built_and_not_deployed() {
    let text = jenkinsfile();
    let stages: Vec<&str> = text.split("        stage('").skip(1).collect();
    assert_eq!(stages.len(), 8, "{stages:?}");
    for stage in stages {
        let writes = ["push", "plan", "deploy"];
        let writes = writes.iter().any(|script| stage.contains(&format!("$STAGES/{script}\"")));
        assert_eq!(writes, stage.contains("when { branch 'main' }"), "{stage}");
    }
    for part in ["disableConcurrentBuilds()", "timeout(", "failure {"] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn nobody_who_is_not_logged_in_may_do_anything() {
    let Some(yaml) = yaml(&delivery().join("controller/jenkins.yaml")) else { return };
    let jenkins = &yaml["jenkins"];
    let realm = &jenkins["securityRealm"]["local"];
    assert_eq!(realm["allowsSignup"], false);
    let users = realm["users"].as_array().unwrap();
    assert_eq!(users.len(), 1);
    assert_eq!(users[0]["password"], "${ADMIN_PASSWORD}");

    let entries = jenkins["authorizationStrategy"]["globalMatrix"]["entries"].as_array().unwrap();
    let mut who = vec![];
    for entry in entries {
        let (kind, holder) = entry.as_object().unwrap().iter().next().unwrap();
        let name = holder["name"].as_str().unwrap();
        let permissions = holder["permissions"].as_array().unwrap();
        // The console for scripts is part of this one.
        let administers = permissions.iter().any(|it| it == "Overall/Administer");
        assert_eq!(administers, name == "admin", "{entry}");
        who.push(format!("{kind} {name}"));
    }
    assert_eq!(who, ["user admin", "group authenticated"]);
    assert_eq!(jenkins["slaveAgentPort"], -1);
    assert_eq!(jenkins["crumbIssuer"]["standard"]["excludeClientIPFromCrumb"], true);
    assert_eq!(yaml["security"]["apiToken"]["creationOfLegacyTokenEnabled"], false);
}

#[test]
fn secrets_are_named_and_not_said() {
    let Some(yaml) = yaml(&delivery().join("controller/jenkins.yaml")) else { return };
    let mut found = vec![];
    secrets("", &yaml, &mut found);
    assert!(found.len() >= 2, "{found:?}");
    for (path, value) in found {
        assert!(value.starts_with("${") && value.ends_with('}'), "{path}: {value}");
    }
}

/// All that is called a secret, with its path.
fn secrets(path: &str, value: &Json, found: &mut Vec<(String, String)>) {
    match value {
        Json::Object(entries) => {
            for (key, value) in entries {
                let path = format!("{path}.{key}");
                let words = ["password", "privatekey", "token", "secret", "passphrase"];
                let secret = words.iter().any(|word| key.to_lowercase().ends_with(word));
                match value {
                    Json::String(text) if secret => found.push((path, text.clone())),
                    _ => secrets(&path, value, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| secrets(path, item, found)),
        _ => {}
    }
}

#[test]
fn the_one_job_is_the_sites_own_repository() {
    let Some(yaml) = yaml(&delivery().join("controller/jenkins.yaml")) else { return };
    let jobs = yaml["jobs"].as_array().unwrap();
    assert_eq!(jobs.len(), 1);
    let script = jobs[0]["script"].as_str().unwrap();
    for part in ["multibranchPipelineJob('site')", "remote('${GIT_URL}')", "credentialsId('git')"] {
        assert!(script.contains(part), "{part}");
    }
    let id = &yaml["credentials"]["system"]["domainCredentials"][0]["credentials"][0];
    assert_eq!(id["usernamePassword"]["id"], "git");
    assert_eq!(script.matches('{').count(), script.matches('}').count());
    let path = script.split("scriptPath('${JENKINSFILE:-").nth(1).unwrap();
    let path = path.split('}').next().unwrap();
    assert!(crate::workshop::workspace().join(path).is_file(), "{path}");
}

/// Every plugin has a version, and what the configuration speaks of is there.
#[test]
fn plugins_are_pinned() {
    let text = fs::read_to_string(delivery().join("controller/plugins.txt")).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    let mut names = BTreeSet::new();
    for line in lines {
        let (name, version) = line.split_once(':').unwrap_or((line, ""));
        assert!(version.starts_with(|first: char| first.is_ascii_digit()), "{line} has no version");
        names.insert(name);
    }
    for needed in ["configuration-as-code", "git", "job-dsl", "matrix-auth", "workflow-aggregator"]
    {
        assert!(names.contains(needed), "{needed}");
    }
}

/// What the smoke test gives the image is what a site gives it.
#[test]
fn the_smoke_test_speaks_as_a_site_does() {
    use moodle_infra::{WebRoot, WebSettings, nginx_conf, php_ini};
    let read = |name: &str| fs::read_to_string(delivery().join("smoke").join(name)).unwrap();
    let (web, network) = (WebSettings::default(), "10.0.0.0/16".parse().unwrap());
    assert_eq!(read("nginx.conf"), nginx_conf(&web, WebRoot::Public, network));
    assert_eq!(read("php.ini"), php_ini(&web));
}

/// What a stage reads stands at its top, and what it does in the table.
#[test]
fn what_a_stage_reads_is_told() {
    let readme = fs::read_to_string(delivery().join("README.md")).unwrap();
    for name in scripts() {
        assert!(readme.contains(&format!("\n| `{name}` | ")), "README.md has no row for {name}");
        let text = fs::read_to_string(delivery().join("stages").join(&name)).unwrap();
        let (head, body): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| line.starts_with('#'));
        let head = head.join("\n");
        // What has no default is needed; what has one is set by it.
        let needed = body.iter().filter_map(|line| line.split("need ").nth(1));
        let needed = needed.flat_map(|line| line.split(';').next().unwrap().split(' '));
        let chosen = body.iter().flat_map(|line| line.split("=${").skip(1));
        let chosen = chosen.filter_map(|rest| rest.split_once(":-")).map(|(variable, _)| variable);
        for variable in needed.chain(chosen) {
            assert!(head.contains(variable), "{name} does not say at its top what {variable} is");
        }
    }
}
