//! The stand-in itself, in one task with a database and a cache of its own, under the generator.

use std::{path::Path, process::Command, time::Duration};

use backend_local::containers::{
    docker::{Mounted, Network, Spec},
    drill::{
        Accounts, Application, Facts, Hit, Injection, Kind, LoadSettings, Pace, Redundancy, Report,
        Site, SiteError, drill, run,
    },
};
use infra_core::types::Secret;
use moodle_infra::{DATAROOT, LOCAL_CACHE, WebRoot, WebSettings, nginx_conf, php_ini};
use tokio::{process::Command as Later, time::sleep};

use crate::fixture::Fixture;

const IMAGE: &str = "moodle-infra-test/drill-site:1";
const SERVICES: &str = "moodle-infra-test/drill-services:1";
const SECRET: &str = "secret-of-this-test";

const CONFIG_PHP: &str = "<?php
unset($CFG);
global $CFG;
$CFG = new stdClass();
$CFG->dbhost = 'database';
$CFG->dbname = 'moodle';
$CFG->dbuser = 'moodle';
$CFG->dbpass = getenv('DB_PASSWORD');
$CFG->prefix = 'mdl_';
$CFG->wwwroot = 'http://site.example';
$CFG->dboptions = ['ssl' => 'verify-full', 'connecttimeout' => 2];
$CFG->dataroot = '/var/moodledata';
$CFG->session_redis_host = 'cache';
$CFG->session_redis_port = 6379;
$CFG->session_redis_auth = getenv('SESSIONS_PASSWORD');
$CFG->session_redis_prefix = 'session_';
$CFG->session_redis_connection_timeout = 1;
$CFG->session_redis_acquire_lock_timeout = 10;
$CFG->session_redis_lock_expire = 3;
require_once('/var/www/moodle/public/lib/setup.php');
";

/// Starts the database as AWS does: with TLS, and a user of the site.
const DATABASE: &str = "\
    cat >/tmp/init.sql <<END
CREATE DATABASE moodle;
CREATE USER moodle IDENTIFIED BY '$PASSWORD';
GRANT ALL ON moodle.* TO moodle;
END
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=database \
        -addext subjectAltName=DNS:database -keyout /tmp/key.pem -out /tmp/certificate.pem 2>/dev/null
    mkdir -p /run/mysqld
    chown mysql /run/mysqld /tmp/key.pem
    exec mariadbd --user=mysql --bind-address=0.0.0.0 --init-file=/tmp/init.sql \
        --ssl-cert=/tmp/certificate.pem --ssl-key=/tmp/key.pem";

/// Builds the image of the stand-in as it is here, under a name of its own.
fn build() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let succeeds = |command: &mut Command| {
        let output = command.env("DOCKER_BUILDKIT", "0").output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    succeeds(
        Command::new(workspace.join("tests/image/base.sh"))
            .args(["debian:bookworm-slim", "bookworm"]),
    );
    let folder = tempfile::tempdir().unwrap();
    for (from, to) in [("", "."), ("standin", "context/moodle")] {
        let from = workspace.join("moodle-infra/image").join(from).join(".");
        succeeds(Command::new("cp").arg("-R").arg(from).arg(folder.path().join(to)));
    }
    let options = std::env::var_os("INFRA_APT_OPTS").unwrap_or_default().into_string().unwrap();
    let options = format!("APT_OPTS={options}");
    for (tag, path) in
        [(IMAGE, folder.path().to_owned()), (SERVICES, workspace.join("tests/image/services"))]
    {
        let mut docker = Command::new("docker");
        docker.args(["build", "--quiet", "--tag", tag, "--build-arg", &options]).arg(path);
        succeeds(&mut docker);
    }
}

/// One task, one cache, one database: nothing that could take over.
struct Standing {
    fixture: Fixture,
    task: String,
    cache: String,
    url: String,
    _configuration: tempfile::TempDir,
}

impl Standing {
    async fn new() -> Option<Self> {
        let fixture = Fixture::new().await?;
        tokio::task::spawn_blocking(build).await.unwrap();
        let mut interfaces = vec![];
        for (name, last) in [("database", 11), ("cache", 12), ("task", 13)] {
            interfaces.push(fixture.interface(name, fixture.address(1, last), &[name]).await);
        }
        let service = |id: &str, interface: &str, script: &str| {
            let owner = fixture.owner("service", id, "");
            Spec::new(owner, SERVICES, Network::Of(interface.to_owned()))
                .command(["sh", "-c", script])
                .env("PASSWORD", SECRET)
        };
        let database = service("database", &interfaces[0], DATABASE);
        let script = "exec redis-server --requirepass \"$PASSWORD\" --save ''";
        let cache = service("cache", &interfaces[1], script);
        for spec in [&database, &cache] {
            fixture.docker.run(spec).await.unwrap();
        }
        let name = database.owner.name();
        let ask = "mariadb -h127.0.0.1 -umoodle -p\"$PASSWORD\" moodle -e 'SELECT 1'";
        succeeds_in(&fixture, &name, ask).await;
        let certificate = succeeds_in(&fixture, &name, "cat /tmp/certificate.pem").await;
        let configuration = configuration(&certificate);
        let folder = configuration.path().display().to_string();

        let files = fixture.owner("task", "files", "");
        fixture.docker.ensure_volume(&files).await.unwrap();
        let install = task(&fixture, "install", &interfaces[2], &folder);
        let id = fixture.docker.run(&install).await.unwrap();
        while fixture.docker.see(&id).await.unwrap().unwrap().running {
            sleep(Duration::from_millis(200)).await;
        }
        assert_eq!(fixture.docker.see(&id).await.unwrap().unwrap().exit_code, Some(0));
        let web = task(&fixture, "web", &interfaces[2], &folder);
        let task = fixture.docker.run(&web).await.unwrap();
        succeeds_in(&fixture, &task, "curl -fsS http://localhost:8080/health").await;
        let url = format!("http://{}:8080", fixture.address(1, 13));
        let cache = cache.owner.name();
        Some(Self { fixture, task, cache, url, _configuration: configuration })
    }

    async fn drilled(&self, name: &str) -> Report {
        let accounts = Accounts::Derived { secret: Secret::new(SECRET.to_owned()), users: 20 };
        let mut settings = LoadSettings::new(Application::StandIn, &self.url, accounts);
        settings.users = 20;
        let mut pace = Pace::default();
        pace.warm_up = Duration::from_secs(8);
        pace.baseline = Duration::from_secs(8);
        pace.cool_down = Duration::from_secs(8);
        pace.notice = Duration::from_secs(5);
        let never = std::future::pending();
        run(self, drill(name).unwrap(), settings, pace, never, |_| {}).await.unwrap()
    }
}

/// Runs a command in a container again and again until it succeeds, and returns what it said.
async fn succeeds_in(fixture: &Fixture, container: &str, script: &str) -> String {
    for _ in 0..300 {
        let done = fixture.docker.try_exec(container, &["sh", "-c", script], b"").await;
        match done {
            Ok(done) if done.code == 0 => return done.text(),
            _ => sleep(Duration::from_millis(200)).await,
        }
    }
    panic!("`{script}` fails in {container}");
}

fn configuration(certificate: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let web = WebSettings::default();
    let network = "127.0.0.0/8".parse().unwrap();
    let files = [
        ("config.php", CONFIG_PHP.to_owned()),
        ("php.ini", php_ini(&web)),
        ("nginx.conf", nginx_conf(&web, WebRoot::Public, network)),
        ("ca.pem", certificate.to_owned()),
    ];
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path(), everybody).unwrap();
    folder
}

/// The image in a role, as a task runs it.
fn task(fixture: &Fixture, role: &str, interface: &str, configuration: &str) -> Spec {
    let owner = fixture.owner("task", role, "");
    let files = fixture.owner("task", "files", "").name();
    let mut spec = Spec::new(owner, IMAGE, Network::Of(interface.to_owned()))
        .command([role])
        .env("CA_FILE", "/configuration/ca.pem")
        .env("CACHE_STORE", "cache:6379")
        .env("CACHE_STORE_TLS", "no")
        .volume(files, DATAROOT);
    for name in ["DB_PASSWORD", "SESSIONS_PASSWORD", "ADMIN_PASSWORD", "CACHE_STORE_PASSWORD"] {
        spec = spec.env(name, SECRET);
    }
    for (name, file) in
        [("CONFIG_PHP", "config.php"), ("PHP_INI", "php.ini"), ("NGINX_CONF", "nginx.conf")]
    {
        spec = spec.env(&format!("{name}_URL"), format!("file:///configuration/{file}"));
    }
    let (path, at) = (configuration.to_owned(), "/configuration".to_owned());
    spec.mounts.push(Mounted::Host { path, at, read_only: true, shared: false });
    for (at, options) in
        [("/tmp", "mode=1777"), ("/run", "uid=33,gid=33"), (LOCAL_CACHE, "uid=33,gid=33")]
    {
        let (at, options) = (at.to_owned(), options.to_owned());
        spec.mounts.push(Mounted::Memory { at, options });
    }
    (spec.read_only, spec.drops_capabilities) = (true, true);
    spec
}

impl Site for Standing {
    async fn inject(&self, injection: Injection) -> Result<Hit, SiteError> {
        let target = match injection {
            Injection::KillTask => &self.task,
            Injection::KillCache => &self.cache,
            other => return Err(format!("nothing here can {other}").into()),
        };
        self.fixture.docker.kill(target).await?;
        // What AWS would do, after a while.
        let (docker, container) = (self.fixture.docker.clone(), target.clone());
        tokio::spawn(async move {
            sleep(Duration::from_secs(2)).await;
            docker.start(&container).await.unwrap();
        });
        Ok(Hit { target: target.clone(), in_flight: None })
    }

    async fn heal(&self) -> Result<(), SiteError> {
        Ok(())
    }

    async fn redundancy(&self) -> Result<Redundancy, SiteError> {
        for container in [&self.task, &self.cache] {
            let seen = self.fixture.docker.see(container).await?;
            if !seen.is_some_and(|seen| seen.running) {
                return Ok(Redundancy::Missing(vec![container.clone()]));
            }
        }
        let health = format!("{}/health", self.url);
        let asked = Later::new("curl").args(["-fsS", "--max-time", "2", &health]).output().await?;
        let is_healthy = asked.status.success();
        Ok(if is_healthy {
            Redundancy::Full
        } else {
            Redundancy::Missing(vec!["a healthy task".to_owned()])
        })
    }

    async fn facts(&self) -> Result<Facts, SiteError> {
        Ok(Facts::default())
    }
}

/// In one test, since the site takes a while to come up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stand_in_bears_the_load_and_its_losses_are_seen_as_what_they_are() {
    let Some(site) = Standing::new().await else { return };

    let killed = site.drilled("task").await;
    let text = killed.text();
    // All journeys work, and before the event nothing goes wrong.
    assert_eq!(killed.phases[0].failed, 0, "{text}");
    let done: Vec<Kind> = killed.kinds.iter().map(|kind| kind.kind).collect();
    for kind in [Kind::Read, Kind::ReadBack, Kind::WriteSession, Kind::WriteRow, Kind::WriteFile] {
        assert!(done.contains(&kind), "{kind:?}: {text}");
    }
    // There is one task: while it is away nobody is there.
    assert!(killed.failures.contains_key("no connection"), "{text}");
    assert!(killed.outage.longest >= 2.0 && killed.event.recovered.is_some(), "{text}");
    // What people were told is stored, is; and a lock that was left expires.
    assert!(killed.lost.acknowledged_rows > 10 && killed.lost.acknowledged_files > 5, "{text}");
    assert!(killed.lost.rows.is_empty() && killed.lost.files.is_empty(), "{text}");
    assert_eq!((killed.lost.unknown, killed.lost.stranded.len()), (0, 0), "{text}");
    assert_eq!(killed.lost.sessions + killed.lost.stale_sessions, 0, "{text}");

    let forgotten = site.drilled("cache").await;
    let text = forgotten.text();
    assert_eq!(forgotten.phases[0].failed, 0, "{text}");
    assert!(forgotten.failures.contains_key("HTTP 500"), "{text}");
    // A cache without a replica forgets everybody; they log in again.
    assert!(forgotten.lost.sessions >= 10, "{text}");
    let kept = forgotten.goals.iter().find(|goal| goal.goal.contains("session")).unwrap();
    assert!(!kept.met, "{kept:?}");
    assert_eq!(forgotten.lost.stranded.len(), 0, "{text}");
    assert!(forgotten.lost.rows.is_empty() && forgotten.lost.files.is_empty(), "{text}");
    println!("{}\n{text}", killed.text());
    site.fixture.end().await;
}
