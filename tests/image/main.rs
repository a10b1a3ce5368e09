//! The image of the site: built, and run as a task runs it. Without Docker each test says that it
//! was skipped, unless `INFRA_REQUIRE_DOCKER` is set.

#![allow(clippy::unwrap_used, missing_docs)]

mod aws;
mod docker;
mod probe;
mod runners;
mod site;
mod users;
mod verify;

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::Command,
    thread::{sleep, spawn},
    time::Duration,
};

use serde_json::Value as Json;

use self::{
    docker::{Container, docker, succeeded, text},
    site::{Site, check_php, folder, images},
};

/// Asks for a page from within a container, with a jar of cookies there.
#[track_caller]
fn page(web: &Container, path: &str, more: &[&str]) -> Json {
    let url = format!("http://localhost:8080{path}");
    let command = ["curl", "-fsS", "-b", "/tmp/jar", "-c", "/tmp/jar", &url];
    let command: Vec<&str> = command.iter().chain(more).copied().collect();
    let output = web.run(&command);
    assert!(output.status.success(), "{}{}", text(&output.stderr), web.logs());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The status of the answer to a request.
fn status(web: &Container, path: &str, more: &[&str]) -> String {
    let url = format!("http://localhost:8080{path}");
    let command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", &url];
    text(&web.run(&command.iter().chain(more).copied().collect::<Vec<_>>()).stdout)
}

#[test]
fn pages_need_and_get_sessions_database_and_files() {
    let Some(site) = Site::new() else { return };
    succeeded(&site.run("install", &[]));
    let (first, second) = (site.web(), site.web());
    let before = page(&first, "/index.php", &[]);
    assert_eq!(
        (&before["session"], &before["database"], &before["files"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!((&before["uid"], &before["upload"]), (&33.into(), &"100M".into()));
    // The same person on the other task.
    let jar = succeeded(&first.run(&["cat", "/tmp/jar"]));
    succeeded(&second.run(&["sh", "-c", "printf '%s\n' \"$0\" >/tmp/jar", &jar]));
    let after = page(&second, "/index.php", &[]);
    assert_eq!(
        (&after["session"], &after["database"], &after["files"]),
        (&2.into(), &2.into(), &2.into())
    );
    assert_ne!(after["node"], before["node"]);
    assert_eq!(text(&first.run(&["curl", "-fsS", "http://localhost:8080/file.php"]).stdout), "..");

    // Only whom it trusts says from where a request comes, and then the last that is not trusted.
    let claimed = page(&first, "/", &["-H", "X-Forwarded-For: 203.0.113.9, 198.51.100.7"]);
    assert_eq!(claimed["client"], "198.51.100.7");
    for hidden in ["/dataroot/visits", "/.git/config", "/composer.json", "/nothing.php"] {
        assert_eq!(status(&first, hidden, &[]), "404", "{hidden}");
    }
    let too_large = ["-H", "Content-Length: 120000000", "-d", "x"];
    assert_eq!(status(&first, "/index.php", &too_large), "413");
}

#[test]
fn a_failover_behind_a_task_leaves_it_healthy() {
    let Some(site) = Site::new() else { return };
    succeeded(&site.run("install", &[]));
    let web = site.web();
    docker(["pause", &site.database.0]);
    docker(["pause", &site.cache.0]);
    // More requests than there are processes to answer them.
    let hanging = "for _ in $(seq 20); do curl -s http://localhost:8080/slow.php?seconds=8 & done";
    docker(["exec", "--detach", &web.0, "bash", "-c", hanging]);
    sleep(Duration::from_secs(1));
    assert_eq!(status(&web, "/health", &["--max-time", "2"]), "200");
    docker(["unpause", &site.database.0]);
    docker(["unpause", &site.cache.0]);
}

#[test]
fn a_request_that_is_under_way_ends_before_its_task_does() {
    let Some(site) = Site::new() else { return };
    succeeded(&site.run("install", &[]));
    let web = site.web();
    let url = format!("{}/slow.php?seconds=4", web.address());
    let request = spawn(move || Command::new("curl").args(["-fsS", &url]).output().unwrap());
    sleep(Duration::from_secs(1));
    assert_eq!(web.stop(), "0", "{}", web.logs());
    assert_eq!(succeeded(&request.join().unwrap()), "finished");
    assert!(web.logs().contains("drained"), "{}", web.logs());
}

#[test]
fn a_task_that_loses_its_php_ends() {
    let Some(site) = Site::new() else { return };
    let web = site.web();
    succeeded(&web.run(&["bash", "-c", "kill -KILL $(cat /run/moodle/php-fpm.pid)"]));
    assert_eq!(docker(["wait", &web.0]), "1", "{}", web.logs());
}

#[test]
fn a_site_is_installed_once_and_upgraded_when_there_is_something_to_upgrade() {
    let Some(site) = Site::new() else { return };
    let early = site.run("upgrade", &[]);
    assert!(text(&early.stderr).contains("there is no site to upgrade: run install"), "{early:?}");
    // Two at once: one installs, the other waits and finds it done.
    let (one, other) = (site.start("install", &[]), site.start("install", &[]));
    let said = [one, other].map(|task| {
        assert_eq!(docker(["wait", &task.0]), "0", "{}", task.logs());
        task.logs()
    });
    assert_eq!(
        said.iter().filter(|it| it.contains("Installation completed")).count(),
        1,
        "{said:?}"
    );
    assert_eq!(said.iter().filter(|it| it.contains("nothing to upgrade")).count(), 1, "{said:?}");
    let newer = ["--env", "STANDIN_VERSION=2"];
    // The program said that no version changes; the image, or a plugin in it, is newer all the same.
    let refused = site.run("install", &[&newer[..], &["--env", "ROLLOUT=config-only"]].concat());
    assert!(text(&refused.stderr).contains("(Rollout::VersionChanging)"), "{refused:?}");
    assert!(!refused.status.success());
    let upgraded = succeeded(&site.run("install", &newer));
    assert!(upgraded.contains("upgraded to 2\ncaches purged"), "{upgraded}");
    assert!(succeeded(&site.run("upgrade", &newer)).contains("nothing to upgrade"));
}

#[test]
fn what_is_missing_is_named() {
    let Some(site) = Site::new() else { return };
    let unset = site.run("web", &["--env", "PHP_INI_URL="]);
    let said = text(&unset.stderr);
    assert!(said.contains("PHP_INI_URL is not set: it says where php.ini is"), "{said}");
    let nowhere = site.run("web", &["--env", "CONFIG_PHP_URL=s3://bucket/config.php"]);
    assert!(text(&nowhere.stderr).contains("AWS_REGION: says where the bucket is"), "{nowhere:?}");
    let role = site.run("wbe", &[]);
    assert!(text(&role.stderr).contains("'wbe' is no role: one of web, cron"), "{role:?}");
}

/// The program says what this version of Moodle needs; the image may be built of an older Debian.
#[test]
fn a_php_that_is_too_old_is_named() {
    let Some(site) = Site::new() else { return };
    let refused = site.run("install", &["--env", "PHP_NEEDED=99.1"]);
    let said = text(&refused.stderr);
    assert!(said.contains("is older than this Moodle needs, 99.1"), "{said}");
    assert_eq!(refused.status.code(), Some(65), "{said}");
    let works = site.run("install", &["--env", "PHP_NEEDED=7.4"]);
    assert!(works.status.success(), "{works:?}");
}

/// The session's token as well: without it S3 refuses the credentials of a role.
#[test]
fn a_version_of_an_object_is_asked_for_with_all_of_a_roles_credentials() {
    let Some(images) = images() else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("AWS_ENDPOINT_URL_S3=http://{}", listener.local_addr().unwrap());
    let server = spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = vec![];
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            connection.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<?php").unwrap();
        text(&request)
    });
    let mut command = vec!["run", "--rm", "--network", "host", "--env", &endpoint];
    let role = ["AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=key"];
    for variable in role.iter().chain(&["AWS_SESSION_TOKEN=token/of+role="]) {
        command.extend(["--env", variable]);
    }
    command.extend(["--entrypoint", "sh", &images.moodle, "-ec"]);
    command.push("moodle-fetch s3://bucket/config.php v.1_2 /tmp/it && cat /tmp/it");
    assert_eq!(docker(command), "<?php");
    let request = server.join().unwrap();
    assert!(request.starts_with("GET /bucket/config.php?versionId=v.1_2 HTTP/1.1"), "{request}");
    assert!(request.contains("x-amz-security-token: token/of+role="), "{request}");
    let signed = "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,";
    assert!(request.contains(signed), "{request}");
}

#[test]
fn php_goes_on_with_what_it_is_at_for_as_long_as_its_task() {
    let Some(images) = images() else { return };
    let mut command = vec!["run", "--rm", "--entrypoint", "sh"];
    for variable in ["DRAIN=45", "LONGEST_REQUEST=300", "PHP_WORKERS=8"] {
        command.extend(["--env", variable]);
    }
    let test = "php-fpm -tt --fpm-config /etc/moodle/php-fpm.conf 2>&1";
    command.extend([&images.moodle, "-ec", test]);
    let said = docker(command);
    assert!(said.contains("process_control_timeout = 45s"), "{said}");
    assert!(said.contains("request_terminate_timeout = 300s"), "{said}");
}

/// Aurora's certificates are from an authority that no Debian knows.
#[test]
fn whom_its_builder_trusts_is_trusted_and_its_code_has_a_name() {
    let Some(images) = images() else { return };
    let within = |command: &str| {
        docker(["run", "--rm", "--entrypoint", "sh", &images.moodle, "-ec", command])
    };
    let names = "for it in /usr/local/share/ca-certificates/*; do \
                 openssl x509 -noout -subject -in $it; \
                 openssl verify -CAfile /etc/ssl/certs/ca-certificates.crt $it; done";
    let trusted = within(names);
    assert_eq!(trusted.matches(": OK").count(), 2, "{trusted}");
    assert!(trusted.contains("first of this test") && trusted.contains("second of this test"));
    let code = within("cat /usr/local/share/moodle/code-version");
    assert!(code.len() == 16 && code.chars().all(|it| it.is_ascii_hexdigit()), "{code}");
}

#[test]
fn its_scripts_are_sound() {
    let Some(images) = images() else { return };
    check_php(&images.moodle);
    let scripts = ["bin", "lib/moodle"].into_iter().flat_map(|below| {
        let scripts = folder().join("rootfs/usr/local").join(below);
        std::fs::read_dir(scripts).unwrap().map(|entry| entry.unwrap().path())
    });
    let checked = Command::new("shellcheck").args(scripts).output();
    succeeded(&checked.expect("shellcheck is installed beside Docker"));
}
