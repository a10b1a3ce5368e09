//! [`Stack`]: what somebody would write for Docker Compose, of the same images.

use std::{
    fmt::Write as _,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use moodle_infra::{WebRoot, WebSettings, nginx_conf, php_ini};

const PASSWORD: &str = "of-this-benchmark";

const CONFIG_PHP: &str = "<?php
unset($CFG);
global $CFG;
$CFG = new stdClass();
$CFG->dbhost = 'db-1';
$CFG->dbname = 'moodle';
$CFG->dbuser = 'moodle';
$CFG->dbpass = getenv('DB_PASSWORD');
$CFG->prefix = 'mdl_';
$CFG->wwwroot = 'https://site.example';
$CFG->dboptions = ['connecttimeout' => 2];
$CFG->dataroot = '/var/moodledata';
$CFG->session_redis_host = 'sessions-1';
$CFG->session_redis_port = 6379;
$CFG->session_redis_auth = getenv('SESSIONS_PASSWORD');
$CFG->session_redis_prefix = 'session_';
$CFG->session_redis_acquire_lock_timeout = 60;
$CFG->session_redis_lock_expire = 300;
require_once('/var/www/moodle/public/lib/setup.php');
";

/// A folder with a `compose.yml`: as many nodes, tasks and servers as the production example has. What
/// Compose does not do is left out: replication, failover, security groups, a file system on three
/// servers, and a load balancer.
pub(crate) struct Stack<'a> {
    folder: &'a Path,
}

impl<'a> Stack<'a> {
    pub(crate) fn write(folder: &'a Path, image: &str) -> Self {
        let web = WebSettings::default();
        let network = "0.0.0.0/0".parse().unwrap();
        for (name, content) in [
            ("config.php", CONFIG_PHP.to_owned()),
            ("php.ini", php_ini(&web)),
            ("nginx.conf", nginx_conf(&web, WebRoot::Public, network)),
            ("compose.yml", compose(folder, image)),
        ] {
            std::fs::write(folder.join(name), content).unwrap();
        }
        let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder, everybody).unwrap();
        Self { folder }
    }

    fn compose(&self, words: &[&str]) -> String {
        let mut command = Command::new("docker-compose");
        command.args(["--project-name", "infra-bench", "--file"]);
        let output = command.arg(self.folder.join("compose.yml")).args(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Until all of it runs, and what has a health check is healthy.
    pub(crate) fn up(&self) -> Duration {
        let began = Instant::now();
        self.compose(&["up", "--detach"]);
        let ids = self.compose(&["ps", "--quiet"]);
        let ids: Vec<&str> = ids.lines().collect();
        let format = "{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}";
        loop {
            let mut inspect = Command::new("docker");
            let seen = inspect.args(["inspect", "--format", format]).args(&ids).output().unwrap();
            let seen = String::from_utf8(seen.stdout).unwrap();
            let ready = seen.lines().filter(|line| ["running ", "running healthy"].contains(line));
            // The installation has ended.
            if ready.count() + 1 >= ids.len() {
                return began.elapsed();
            }
            assert!(began.elapsed() < Duration::from_secs(600), "{seen}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    pub(crate) fn down(&self) -> Duration {
        let began = Instant::now();
        self.compose(&["down", "--volumes", "--timeout", "10"]);
        began.elapsed()
    }
}

fn compose(folder: &Path, image: &str) -> String {
    let mut all = String::from("services:\n");
    let mut service = |name: &str, lines: &[String]| {
        writeln!(all, "  {name}:").unwrap();
        for line in lines {
            writeln!(all, "    {line}").unwrap();
        }
    };
    let line = |text: &str| text.to_owned();
    let check = |command: &str| {
        format!("healthcheck: {{test: [CMD-SHELL, \"{command}\"], interval: 1s, retries: 120}}")
    };
    service(
        "emulator",
        &[
            line("image: localstack/localstack:4.14"),
            check("curl -fsS http://localhost:4566/_localstack/health"),
        ],
    );
    for number in 1..=3 {
        service(
            &format!("db-{number}"),
            &[
                line("image: mysql:8.4"),
                format!(
                    "environment: {{MYSQL_ROOT_PASSWORD: {PASSWORD}, MYSQL_DATABASE: moodle, \
                 MYSQL_USER: moodle, MYSQL_PASSWORD: {PASSWORD}}}"
                ),
                check(&format!("mysqladmin ping -h127.0.0.1 -umoodle -p{PASSWORD}")),
            ],
        );
        service(&format!("files-{number}"), &[line("image: moodle-infra/gluster:1")]);
    }
    for cache in ["sessions", "store"] {
        for number in 1..=2 {
            service(
                &format!("{cache}-{number}"),
                &[
                    line("image: redis:7"),
                    format!("command: [redis-server, --requirepass, {PASSWORD}]"),
                    check(&format!("redis-cli -a {PASSWORD} ping")),
                ],
            );
        }
        for number in 1..=3 {
            service(
                &format!("{cache}-sentinel-{number}"),
                &[
                    line("image: redis:7"),
                    line(
                        "command: [sh, -c, 'touch /tmp/s.conf && exec redis-server /tmp/s.conf --sentinel']",
                    ),
                    check("redis-cli -p 26379 ping"),
                ],
            );
        }
    }
    let task = |role: &str, needs: &str| {
        let url = |file: &str| format!("file:///configuration/{file}");
        vec![
            format!("image: {image}"),
            format!("command: [{role}]"),
            line("user: '33'"),
            format!(
                "environment: {{DB_PASSWORD: {PASSWORD}, SESSIONS_PASSWORD: {PASSWORD}, \
                 ADMIN_PASSWORD: {PASSWORD}, CACHE_STORE_PASSWORD: {PASSWORD}, \
                 CACHE_STORE: 'store-1:6379', CACHE_STORE_TLS: 'no', CONFIG_PHP_URL: '{}', \
                 PHP_INI_URL: '{}', NGINX_CONF_URL: '{}'}}",
                url("config.php"),
                url("php.ini"),
                url("nginx.conf")
            ),
            format!("volumes: ['{}:/configuration:ro', 'files:/var/moodledata']", folder.display()),
            line("tmpfs: ['/tmp', '/run:uid=33,gid=33', '/var/cache/moodle:uid=33,gid=33']"),
            format!("depends_on: {needs}"),
        ]
    };
    let data = "{db-1: {condition: service_healthy}, sessions-1: {condition: service_healthy}, \
                store-1: {condition: service_healthy}, emulator: {condition: service_healthy}}";
    service("install", &task("install", data));
    let installed = "{install: {condition: service_completed_successfully}}";
    for (role, many) in [("web", 6), ("cron", 1), ("adhoc", 2)] {
        for number in 1..=many {
            let mut lines = task(role, installed);
            if role == "web" {
                // That of the task definition.
                lines.push(line(
                    "healthcheck: {test: [CMD-SHELL, 'curl -fsS http://localhost:8080/health'], \
                     interval: 5s, timeout: 5s, start_period: 60s, retries: 3}",
                ));
            }
            service(&format!("{role}-{number}"), &lines);
        }
    }
    all + "volumes: {files: {}}\n"
}
