//! A site on this machine: the image with the stand-in for Moodle, a database, a cache, and files
//! that its containers share.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::OnceLock,
};

use moodle_infra::{DATAROOT, LOCAL_CACHE, WebRoot, WebSettings, nginx_conf, php_ini};
use tempfile::TempDir;

use crate::docker::{
    Container, Made, apt_options, base, build, copy, docker, is_there, try_docker,
};

pub(crate) const PASSWORD: &str = "secret-of-this-test";

/// Two authorities, as in the bundle that vouches for databases.
const AUTHORITIES: &str = include_str!("authorities.pem");

/// What the stand-in is told: as a site's, without TLS to the cache.
const CONFIG_PHP: &str = "<?php
unset($CFG);
global $CFG;
$CFG = new stdClass();
$CFG->dbhost = 'database';
$CFG->dbname = 'moodle';
$CFG->dbuser = getenv('DB_USER');
$CFG->dbpass = getenv('DB_PASSWORD');
$CFG->prefix = 'mdl_';
$CFG->wwwroot = 'https://moodle.example.edu';
$CFG->dboptions = ['ssl' => 'verify-full'];
$CFG->dataroot = '/var/moodledata';
$CFG->session_redis_host = 'cache';
$CFG->session_redis_port = 6379;
$CFG->session_redis_auth = getenv('SESSIONS_PASSWORD');
$CFG->session_redis_prefix = 'session_';
$CFG->session_redis_acquire_lock_timeout = 10;
$CFG->session_redis_lock_expire = 30;
require_once('/var/www/moodle/public/lib/setup.php');
";

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The images, by their ids.
pub(crate) struct Images {
    /// That of the site, with the stand-in for Moodle.
    pub(crate) moodle: String,
    /// Database and cache.
    services: String,
}

/// Builds the images, once for all tests, where there is a Docker.
pub(crate) fn images() -> Option<&'static Images> {
    if !is_there() {
        return None;
    }
    static BUILT: OnceLock<Images> = OnceLock::new();
    Some(BUILT.get_or_init(|| {
        base();
        let options = format!("APT_OPTS={}", apt_options().unwrap_or_default());
        let more = ["--build-arg", &options];
        let folder = tempfile::tempdir().unwrap();
        copy(&workspace().join("moodle-infra/image"), folder.path());
        copy(
            &workspace().join("moodle-infra/image/standin"),
            &folder.path().join("context/moodle"),
        );
        let certificates = folder.path().join("context/certificates");
        fs::create_dir(&certificates).unwrap();
        fs::write(certificates.join("authorities.pem"), AUTHORITIES).unwrap();
        let services = workspace().join("tests/image/services");
        Images {
            moodle: build("moodle-infra-test/moodle", folder.path(), &more),
            services: build("moodle-infra-test/services", &services, &more),
        }
    }))
}

/// Starts the database as AWS does: with TLS, and a first user who may do everything.
const DATABASE: &str = "\
    cat >/tmp/init.sql <<'END'
CREATE DATABASE moodle;
CREATE USER moodle IDENTIFIED BY 'PASSWORD';
GRANT ALL ON *.* TO moodle WITH GRANT OPTION;
END
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=database \
        -addext subjectAltName=DNS:database -keyout /tmp/key.pem -out /tmp/certificate.pem 2>/dev/null
    mkdir -p /run/mysqld
    chown mysql /run/mysqld /tmp/key.pem
    exec mariadbd --user=mysql --bind-address=0.0.0.0 --init-file=/tmp/init.sql \
        --ssl-cert=/tmp/certificate.pem --ssl-key=/tmp/key.pem";

/// A site with a database that is empty.
pub(crate) struct Site {
    // Dropped in this order: containers before what they use.
    pub(crate) cache: Container,
    pub(crate) database: Container,
    files: Made,
    network: Made,
    configuration: TempDir,
    images: &'static Images,
}

impl Site {
    /// One of its own for each test; none where there is no Docker.
    pub(crate) fn new() -> Option<Self> {
        let images = images()?;
        let configuration = configuration(&WebSettings::default());
        let name = configuration.path().file_name().unwrap().to_string_lossy();
        let name = format!("moodle-infra-{}", name.trim_start_matches('.').to_lowercase());
        let network = Made::create("network", name.clone(), &[]);
        let files = Made::create("volume", name, &[]);
        let start = |alias: &str, script: &str| {
            let options = ["--network", &network.name, "--network-alias", alias, &images.services];
            Container::start(
                &options
                    .into_iter()
                    .chain(["sh", "-c", script])
                    .map(str::to_owned)
                    .collect::<Vec<_>>(),
            )
        };
        let cache =
            start("cache", &format!("exec redis-server --requirepass {PASSWORD} --save ''"));
        let database = start("database", &DATABASE.replace("PASSWORD", PASSWORD));
        cache.wait_for(&["redis-cli", "-a", PASSWORD, "ping"]);
        database.wait_for(&[
            "mariadb",
            "-h127.0.0.1",
            "-umoodle",
            &format!("-p{PASSWORD}"),
            "moodle",
            "-e",
            "SELECT 1",
        ]);
        let certificate = docker(["exec", &database.0, "cat", "/tmp/certificate.pem"]);
        fs::write(configuration.path().join("ca.pem"), certificate).unwrap();
        Some(Self { cache, database, files, network, configuration, images })
    }

    /// How the image is run: nobody in particular, who writes only where a task may. A role may have
    /// a word behind it.
    fn arguments(&self, role: &str, more: &[&str]) -> Vec<String> {
        let files = format!("{}:{DATAROOT}", self.files.name);
        let own = format!("{LOCAL_CACHE}:uid=33,gid=33");
        let folder = format!("{}:/configuration:ro", self.configuration.path().display());
        let passwords = ["DB_PASSWORD", "SESSIONS_PASSWORD", "ADMIN_PASSWORD"];
        let passwords = passwords.map(|name| format!("{name}={PASSWORD}"));
        let mut all = vec!["--network", &self.network.name, "--read-only", "--user", "33"];
        all.extend(["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]);
        all.extend(["--tmpfs", "/tmp:mode=1777", "--tmpfs", "/run:uid=33,gid=33", "--tmpfs", &own]);
        all.extend(["--volume", &files, "--volume", &folder, "--env", "DB_USER=moodle"]);
        all.extend(["--env", "CA_FILE=/configuration/ca.pem"]);
        for password in &passwords {
            all.extend(["--env", password]);
        }
        let urls =
            FILES.map(|(name, variable)| format!("{variable}_URL=file:///configuration/{name}"));
        for url in &urls {
            all.extend(["--env", url]);
        }
        all.extend(more);
        all.push(&self.images.moodle);
        all.extend(role.split(' '));
        all.into_iter().map(str::to_owned).collect()
    }

    /// The address of this machine, as containers of the site see it.
    pub(crate) fn gateway(&self) -> String {
        let format = "{{(index .IPAM.Config 0).Gateway}}";
        docker(["network", "inspect", "--format", format, &self.network.name])
    }

    /// Starts a role in the background.
    pub(crate) fn start(&self, role: &str, more: &[&str]) -> Container {
        Container::start(&self.arguments(role, more))
    }

    /// Runs a role to its end.
    pub(crate) fn run(&self, role: &str, more: &[&str]) -> Output {
        let begin = ["run", "--rm"].map(str::to_owned);
        try_docker(begin.iter().chain(&self.arguments(role, more)))
    }

    /// Starts what serves pages, and waits until it is healthy.
    pub(crate) fn web(&self) -> Container {
        let web = self.start("web", &[]);
        web.wait_for(&["curl", "-fsS", "http://localhost:8080/health"]);
        web
    }
}

/// What the files are called, and the variables that name them.
const FILES: [(&str, &str); 3] =
    [("config.php", "CONFIG_PHP"), ("php.ini", "PHP_INI"), ("nginx.conf", "NGINX_CONF")];

/// The files that a container reads at its start, as the program writes them.
fn configuration(web: &WebSettings) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let network = "127.0.0.0/8".parse().unwrap();
    let contents = [CONFIG_PHP.to_owned(), php_ini(web), nginx_conf(web, WebRoot::Public, network)];
    for ((name, _), content) in FILES.iter().zip(contents) {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder.path(), everybody).unwrap();
    folder
}

/// The scripts and PHP files of the image, which are to be checked.
pub(crate) fn check_php(image: &str) {
    let find = "find /usr/local/share/moodle /var/www/moodle -name '*.php' -print0 | \
                xargs -0 -n1 php -l";
    docker(["run", "--rm", "--entrypoint", "sh", image, "-ec", find]);
}

/// The folder of the image.
pub(crate) fn folder() -> PathBuf {
    workspace().join("moodle-infra/image")
}
