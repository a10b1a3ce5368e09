//! The files that a task fetches at its start: `nginx.conf`, `config.php`, `php.ini`.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use infra_core::aws::{ecs::TaskDefinition, s3};
use serde_json::Value as Json;

use crate::{
    sites::{Site, deployed},
    tools::{run, said},
};

/// A file as a site has it in its bucket.
fn file<'a>(site: &'a Site, key: &str) -> &'a str {
    let mut all = site.of::<s3::Object>().filter(|it| it.text("key") == key);
    let (Some(file), None) = (all.next(), all.next()) else {
        panic!("{}: {key} is not there once", site.name);
    };
    file.text("content")
}

/// What nginx says of a configuration. The folders that the image makes at its start are others.
fn nginx(text: &str) -> Option<(bool, String)> {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(&path).unwrap();
        format!("{}/", path.display())
    };
    let text = text.replace("/run/moodle/", &here("run")).replace("/tmp/nginx/", &here("tmp"));
    let conf = folder.path().join("nginx.conf");
    fs::write(&conf, text).unwrap();
    let mut command = Command::new("nginx");
    command.args(["-t", "-e", "stderr", "-c"]).arg(&conf);
    // Where Debian has it, for those who are not root.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    command.env("PATH", std::env::join_paths(path).unwrap());
    let output = run(&mut command, "")?;
    Some((output.status.success(), said(&output)))
}

#[test]
fn nginx_takes_its_configuration_and_warns_of_nothing() {
    for site in deployed() {
        let text = file(site, "nginx.conf");
        let Some((taken, said)) = nginx(text) else { return };
        assert!(taken && said.contains("test is successful"), "{}: {said}", site.name);
        assert!(!said.contains("[warn]"), "{}: {said}", site.name);
        // It would say so.
        for (right, wrong) in [("sendfile on;", "sendfile perhaps;"), ("internal;", "internal")] {
            let (taken, said) = nginx(&text.replacen(right, wrong, 1)).unwrap();
            assert!(!taken && said.contains("[emerg]"), "{said}");
        }
    }
}

fn php(arguments: &[&str], file: &Path, variables: &BTreeSet<String>) -> Option<(bool, String)> {
    let mut command = Command::new("php");
    command.args(arguments).arg(file);
    for name in variables {
        command.env(name, format!("the value of {name}"));
    }
    let output = run(&mut command, "")?;
    Some((output.status.success(), said(&output)))
}

/// The variables that a file asks its environment for.
fn asked_for(config: &str) -> BTreeSet<String> {
    let names = config.split("getenv('").skip(1);
    names.map(|rest| rest.split('\'').next().unwrap().to_owned()).collect()
}

#[test]
fn php_reads_the_configuration_of_moodle_and_each_task_has_what_it_asks_for() {
    for site in deployed() {
        let text = file(site, "config.php");
        let variables = asked_for(text);
        assert!(variables.contains("DB_PASSWORD"), "{variables:?}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.php");
        fs::write(&path, text).unwrap();
        let Some((right, said)) = php(&["-n", "-l"], &path, &variables) else { return };
        assert!(right, "{}: {said}", site.name);

        // All but the last line, which loads Moodle; PHP says what it finds strange.
        let (settings, rest) = text.split_once("require_once(").unwrap();
        assert_eq!(rest.lines().count(), 1, "{rest}");
        fs::write(&path, format!("{settings}\necho json_encode($CFG);\n")).unwrap();
        let strict = ["-n", "-d", "error_reporting=-1", "-d", "display_errors=stderr"];
        let (right, said) = php(&strict, &path, &variables).unwrap();
        assert!(right, "{}: {said}", site.name);
        let settings: Json = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
        assert_eq!(settings["dbpass"], "the value of DB_PASSWORD", "{settings}");
        assert_eq!(settings["dboptions"]["ssl"], "verify-full", "{settings}");
        let url = settings["wwwroot"].as_str().unwrap();
        assert!(url.starts_with("https://") && !url.ends_with('/'), "{url}");
        let host = settings["dbhost"].as_str().unwrap();
        assert!(host.contains(".cluster-") && host.ends_with(".rds.amazonaws.com"), "{host}");

        let mut tasks = 0;
        for task in site.of::<TaskDefinition>() {
            let definitions = serde_json::to_value(task.named("container_definitions")).unwrap();
            for container in definitions.as_array().unwrap() {
                let environment = container["environment"].as_object();
                let secrets = container["secrets"].as_array().into_iter().flatten();
                let given: BTreeSet<&str> = environment
                    .into_iter()
                    .flat_map(|it| it.keys().map(String::as_str))
                    .chain(secrets.map(|it| it["name"].as_str().unwrap()))
                    .collect();
                if given.contains("CONFIG_PHP_URL") {
                    tasks += 1;
                    let missing: Vec<_> =
                        variables.iter().filter(|it| !given.contains(it.as_str())).collect();
                    assert!(missing.is_empty(), "{} {}: {missing:?}", site.name, task.id);
                }
            }
        }
        assert!(tasks >= 4, "{}: {tasks}", site.name);
    }
}

/// `On` and `Off` as PHP tells them.
fn as_told(value: &str) -> &str {
    match value {
        "On" => "1",
        "Off" => "",
        value => value,
    }
}

#[test]
fn php_has_each_setting_of_its_own_and_takes_its_value() {
    for site in deployed() {
        let text = file(site, "php.ini");
        let folder = tempfile::tempdir().unwrap();
        let (ini, script) = (folder.path().join("php.ini"), folder.path().join("tell.php"));
        fs::write(&ini, text).unwrap();
        let tell = "<?php echo json_encode([get_loaded_extensions(), ini_get_all(null, false)]);";
        fs::write(&script, tell).unwrap();
        let ini = ini.display().to_string();
        let Some((right, said)) = php(&["-c", &ini], &script, &BTreeSet::new()) else { return };
        let told: Json = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
        assert!(right, "{said}");
        let loaded = told[0].to_string().to_lowercase();
        let mut settings = 0;
        let lines = text.lines().filter(|line| !line.starts_with(';') && !line.is_empty());
        for line in lines {
            let (name, value) = line.split_once(" = ").unwrap_or_else(|| panic!("{line}"));
            // Scripts have no end, whatever the file says.
            if name == "max_execution_time" {
                continue;
            }
            let extension = name.split_once('.').map_or("core", |(extension, _)| extension);
            // A PHP for the command line may come without these, and then knows no such settings.
            if ["curl", "opcache"].contains(&extension) && !loaded.contains(extension) {
                continue;
            }
            assert_eq!(told[1][name], as_told(value), "{}: {line}", site.name);
            settings += 1;
        }
        assert!(settings >= 10, "{settings} of {text}");
    }
}
