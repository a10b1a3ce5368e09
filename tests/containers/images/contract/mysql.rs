//! MySQL by itself: what its environment says, its users, its files, TLS, and how it is started.

use std::{os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use backend_local::containers::images::catalogue::MYSQL;

use super::{
    super::machine::{built_here, official},
    server::{Server, here},
};
use crate::fixture::Fixture;

/// The health of a server: it answers at its port, which is closed until its data are whole.
pub(super) const HEALTH: [&str; 4] = ["mysqladmin", "--host=127.0.0.1", "--silent", "ping"];

/// What a statement comes to, as some user, over TCP with TLS.
pub(super) async fn query(
    server: &Server,
    user: &str,
    password: &str,
    statement: &str,
) -> Result<String, String> {
    // A file of settings, so that no password is in a command line.
    let settings = format!("[client]\nuser={user}\npassword=\"{password}\"\n");
    let command = [
        "mysql",
        "--defaults-extra-file=/dev/stdin",
        "--host=127.0.0.1",
        "--ssl-mode=REQUIRED",
        "--batch",
        "--skip-column-names",
        "--execute",
        statement,
    ];
    let done = server.docker.try_exec(&server.container, &command, settings.as_bytes()).await;
    let done = done.unwrap();
    if done.code == 0 { Ok(done.text()) } else { Err(String::from_utf8(done.stderr).unwrap()) }
}

fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// One server for all of it: the first start takes long.
#[tokio::test]
async fn mysql_does_what_its_environment_and_its_folders_say() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = official(&fixture, MYSQL, "INFRA_IMAGE_MYSQL").await;
    let (secrets, scripts, settings) = (folder(), folder(), folder());
    // Letters that mean something to shells, to SQL, and to files of settings.
    let root = "r'oo$t\\ #`x";
    write(secrets.path(), "root", &format!("{root}\n"));
    write(secrets.path(), "user", "it's");
    let made = "CREATE TABLE made (n INT PRIMARY KEY); INSERT INTO made VALUES (41);";
    write(scripts.path(), "1.sql", made);
    let script = "mysql -uroot -p\"$MYSQL_ROOT_PASSWORD\" \"$MYSQL_DATABASE\" -e 'UPDATE made SET n = n + 1'\n";
    write(scripts.path(), "2.sh", script);
    write(settings.path(), "ours.cnf", "[mysqld]\nmax_connections = 77\n");
    let volume = fixture.owner("contract", "mysql", "data");
    let volume = fixture.docker.ensure_volume(&volume).await.unwrap();
    let server = Server::start(&fixture, "mysql", 10, &image, |spec| {
        let mut spec = spec
            .env("MYSQL_ROOT_PASSWORD_FILE", "/run/secrets/root")
            .env("MYSQL_DATABASE", "moo_dle")
            .env("MYSQL_USER", "moodle")
            .env("MYSQL_PASSWORD_FILE", "/run/secrets/user")
            .command(["--innodb-buffer-pool-size=64M", "--character-set-server=utf8mb4"])
            .volume(volume, "/var/lib/mysql");
        spec.mounts.extend([
            here(secrets.path(), "/run/secrets"),
            here(scripts.path(), "/docker-entrypoint-initdb.d"),
            here(settings.path(), "/etc/mysql/conf.d"),
        ]);
        spec
    })
    .await;
    server.wait_for(&HEALTH).await;
    let as_root = async |statement: &str| query(&server, "root", "r'oo$t\\\\ #`x", statement).await;
    let as_user = async |statement: &str| query(&server, "moodle", "it's", statement).await;

    // Users: root from everywhere, the user on its database alone, and nobody without a password.
    assert_eq!(as_root("SELECT CURRENT_USER()").await.unwrap(), "root@%");
    assert_eq!(as_user("SELECT n FROM moo_dle.made").await.unwrap(), "42");
    as_user("CREATE TABLE moo_dle.own (n INT)").await.unwrap();
    let refused = as_user("CREATE DATABASE mooXdle").await.unwrap_err();
    assert!(refused.contains("Access denied"), "{refused}");
    as_root("CREATE DATABASE mooXdle").await.unwrap();
    let refused = as_user("CREATE TABLE mooXdle.own (n INT)").await.unwrap_err();
    assert!(refused.contains("denied"), "an underscore stands for no other letter: {refused}");
    for password in ["", "wrong"] {
        query(&server, "root", password, "SELECT 1").await.unwrap_err();
    }
    // Settings: of the folder, and of the command line.
    let settings = "SELECT @@max_connections, @@innodb_buffer_pool_size, @@datadir";
    assert_eq!(as_root(settings).await.unwrap(), format!("77\t{}\t/var/lib/mysql/", 64 << 20));
    // TLS, with certificates that it made itself.
    assert!(!as_user("SHOW STATUS LIKE 'Ssl_cipher'").await.unwrap().trim().is_empty());
    let verified = [
        "mysql",
        "--defaults-extra-file=/dev/stdin",
        "--host=127.0.0.1",
        "--ssl-mode=VERIFY_CA",
        "--ssl-ca=/var/lib/mysql/ca.pem",
        "--execute=SELECT 1",
    ];
    let login = b"[client]\nuser=moodle\npassword=\"it's\"\n";
    server.docker.exec(&server.container, &verified, login).await.unwrap();
    // Time zones are known.
    let zone = "SELECT CONVERT_TZ('2026-07-01 12:00', 'UTC', 'Europe/Berlin')";
    assert_eq!(as_root(zone).await.unwrap(), "2026-07-01 14:00:00");
    // It runs as the user mysql, whose files they are, and no password is in a command line.
    let owners = server.run(&["stat", "-c", "%U %u", "/var/lib/mysql", "/var/lib/mysql/mysql.ibd"]);
    assert_eq!(owners.await, "mysql 999\nmysql 999");
    let processes = "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; stat -c %U $p; done";
    let processes = server.run(&["sh", "-c", processes]).await;
    let mysqld: Vec<&str> = processes.lines().filter(|line| line.contains("mysqld ")).collect();
    assert!(mysqld.iter().any(|line| line.ends_with(" mysql")), "{processes}");
    assert!(!processes.contains("oo$t") && !server.logs().await.contains("oo$t"));

    // Started again it has its data, and reads no script twice.
    server.docker.stop(&server.container, Duration::from_secs(60)).await.unwrap();
    assert_eq!(server.end().await, 0, "it ends when it is told to");
    server.docker.start(&server.container).await.unwrap();
    server.wait_for(&HEALTH).await;
    assert_eq!(as_user("SELECT n FROM moo_dle.made").await.unwrap(), "42");
    fixture.end().await;
}

#[tokio::test]
async fn mysql_makes_a_password_of_root_if_it_is_told_to_and_survives_a_stop_while_it_starts() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = official(&fixture, MYSQL, "INFRA_IMAGE_MYSQL").await;
    let server = Server::start(&fixture, "random", 11, &image, |spec| {
        spec.env("MYSQL_RANDOM_ROOT_PASSWORD", "1").env("MYSQL_INITDB_SKIP_TZINFO", "1")
    })
    .await;
    // The official image takes data for whole that are not: it is not asked.
    if built_here(&fixture.docker, &image).await {
        server.wait_for(&["test", "-e", "/var/lib/mysql/mysql"]).await;
        server.docker.kill(&server.container).await.unwrap();
        server.docker.start(&server.container).await.unwrap();
    }
    server.wait_for(&HEALTH).await;
    let logs = server.logs().await;
    let mut password = logs.lines().filter_map(|line| line.split_once("GENERATED ROOT PASSWORD: "));
    let password = password.next_back().expect("it says the password").1.trim().to_owned();
    let said = query(&server, "root", &password, "SELECT CURRENT_USER()").await.unwrap();
    assert_eq!(said, "root@%");
    assert_eq!(query(&server, "root", &password, "SHOW DATABASES LIKE 'test'").await.unwrap(), "");
    fixture.end().await;
}

#[tokio::test]
async fn mysql_does_not_start_without_a_word_on_the_password_of_root() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = official(&fixture, MYSQL, "INFRA_IMAGE_MYSQL").await;
    let none = Server::start(&fixture, "none", 12, &image, |spec| spec).await;
    let twice = Server::start(&fixture, "twice", 13, &image, |spec| {
        spec.env("MYSQL_ROOT_PASSWORD", "a").env("MYSQL_ROOT_PASSWORD_FILE", "/etc/hostname")
    })
    .await;
    let wrong = Server::start(&fixture, "wrong", 14, &image, |spec| {
        spec.env("MYSQL_ROOT_PASSWORD", "a").command(["--no-such-option"])
    })
    .await;
    for (server, word) in
        [(none, "MYSQL_ROOT_PASSWORD"), (twice, "MYSQL_ROOT_PASSWORD_FILE"), (wrong, "no-such")]
    {
        assert_eq!(server.end().await, 1);
        let logs = server.logs().await;
        assert!(logs.contains(word), "{logs}");
    }
    fixture.end().await;
}
