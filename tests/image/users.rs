//! The users that the site logs in to its database as, and how their passwords change.

use crate::{
    aws::{Account, Aws, Login, Moment, SERVICES},
    docker::{Container, succeeded, text},
    site::{PASSWORD, Site},
};

/// The password that the program made up.
const FIRST: &str = "first-of-this-test";

/// What the roles `users` and `rotate` are told of the database.
const MASTER: [&str; 4] =
    ["DB_HOST=database", "DB_NAME=moodle", "DB_MASTER_USER=moodle", "DB_MASTER_PASSWORD=MASTER"];

/// The arguments of `docker run` for what administers the database, and a login of the site.
fn administration(login: &Login) -> Vec<String> {
    let master = MASTER.map(|variable| {
        variable.replace("MASTER_PASSWORD=MASTER", &format!("MASTER_PASSWORD={PASSWORD}"))
    });
    let login = [format!("DB_USER={}", login.0), format!("DB_PASSWORD={}", login.1)];
    master.into_iter().chain(login).flat_map(|it| ["--env".to_owned(), it]).collect()
}

fn first() -> Login {
    ("moodle_a".to_owned(), FIRST.to_owned())
}

/// Creates the users, as the program does before it installs.
#[track_caller]
fn users(site: &Site, login: &Login) -> String {
    let more = administration(login);
    succeeded(&site.run("users", &more.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// What the database answers to somebody.
fn ask(
    site: &Site,
    (user, password): &Login,
    options: &[&str],
    statement: &str,
) -> Result<String, String> {
    let (user, password) = (format!("-u{user}"), format!("-p{password}"));
    let command = ["mariadb", "-h127.0.0.1", &user, &password, "-N", "-e", statement];
    let output = site.database.run(&[&command[..], options].concat());
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

fn gets_in(site: &Site, login: &Login) -> bool {
    ask(site, login, &["--ssl", "moodle"], "SELECT 1").is_ok()
}

#[test]
fn moodle_logs_in_as_somebody_who_may_do_what_moodle_does_and_nothing_else() {
    let Some(site) = Site::new() else { return };
    let said = users(&site, &first());
    assert!(said.contains("moodle_a is used, moodle_b stands by"), "{said}");
    let login = [format!("DB_USER={}", first().0), format!("DB_PASSWORD={FIRST}")];
    succeeded(&site.run("install", &["--env", &login[0], "--env", &login[1]]));

    let plain = ask(&site, &first(), &["--skip-ssl"], "SELECT 1").unwrap_err();
    assert!(plain.contains("Access denied"), "{plain}");
    for other in ["CREATE USER x", "SELECT * FROM mysql.user", "CREATE DATABASE x", "SHUTDOWN"] {
        let refused = ask(&site, &first(), &["--ssl"], other).unwrap_err();
        assert!(refused.to_lowercase().contains("denied"), "{other}: {refused}");
    }
    let master = ("moodle".to_owned(), PASSWORD.to_owned());
    let kept = || {
        let hash = "SELECT authentication_string FROM mysql.user WHERE user = 'moodle_b'";
        ask(&site, &master, &[], hash).unwrap()
    };
    let before = kept();
    users(&site, &first());
    assert!(before == kept() && gets_in(&site, &first()));
    // Restored from a copy, the database knows another password than the secret.
    let newer = ("moodle_a".to_owned(), "another-of-this-test".to_owned());
    users(&site, &newer);
    assert!(gets_in(&site, &newer) && !gets_in(&site, &first()));

    let stranger = administration(&("root".to_owned(), FIRST.to_owned()));
    let refused = site.run("users", &stranger.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(text(&refused.stderr).contains("none of moodle_a and moodle_b"), "{refused:?}");
}

/// A site whose tasks run with the first login.
fn running() -> Option<(Site, Aws)> {
    let site = Site::new()?;
    users(&site, &first());
    let aws = Aws::new(&site, first());
    Some((site, aws))
}

/// Starts a rotation.
fn rotate(site: &Site, aws: &Aws) -> Container {
    rotate_with(site, aws, &[])
}

fn rotate_with(site: &Site, aws: &Aws, more: &[&str]) -> Container {
    let master = administration(&first());
    let mut all: Vec<&str> = master.iter().map(String::as_str).chain(aws.arguments()).collect();
    all.extend(more);
    site.start("rotate", &all)
}

/// Everybody gets in with what they were given, and whoever comes next with what the secret says.
#[track_caller]
fn assert_works(site: &Site, account: &Account, when: &str) {
    assert!(gets_in(site, &account.secret), "{when}: the secret {:?}", account.secret);
    for task in account.tasks() {
        assert!(gets_in(site, &task.login), "{when}: {task:?}");
    }
}

#[test]
fn a_rotation_gives_everybody_the_other_user_and_leaves_the_old_one_for_those_that_end() {
    let Some((site, aws)) = running() else { return };
    let mut before = first();
    for user in ["moodle_b", "moodle_a"] {
        let rotation = rotate(&site, &aws);
        assert_eq!(rotation.end(), "0", "{}", rotation.logs());
        assert!(!rotation.logs().contains(&aws.account.lock().unwrap().secret.1));
        let account = aws.account.lock().unwrap();
        assert_eq!(account.secret.0, user);
        let given: Vec<Login> = account.tasks().into_iter().map(|task| task.login).collect();
        assert_eq!(given, vec![account.secret.clone(); SERVICES.len()]);
        assert!(gets_in(&site, &before), "the old one works until the next rotation");
        assert_works(&site, &account, "afterwards");
        before = account.secret.clone();
    }
    assert!(!gets_in(&site, &first()), "the first password is changed by the second rotation");
    assert_eq!(aws.account.lock().unwrap().changes.len(), 2 * (1 + SERVICES.len()));
}

#[test]
fn no_password_changes_while_somebody_uses_it() {
    let Some((site, aws)) = running() else { return };
    aws.account.lock().unwrap().stuck = true;
    for _ in 0..2 {
        let rotation = rotate_with(&site, &aws, &["--env", "ROTATE_PATIENCE=3"]);
        assert_eq!(rotation.end(), "1", "{}", rotation.logs());
        assert!(rotation.logs().contains("still run: moodle, cron"), "{}", rotation.logs());
        assert_works(&site, &aws.account.lock().unwrap(), "while tasks do not end");
    }
    let mut account = aws.account.lock().unwrap();
    assert_eq!(account.changes.iter().filter(|it| *it == "PutSecretValue").count(), 1);
    account.stuck = false;
    drop(account);
    let rotation = rotate(&site, &aws);
    assert_eq!(rotation.end(), "0", "{}", rotation.logs());
    assert!(rotation.logs().contains("moodle_b is used by everybody; nothing else was changed"));
}

#[test]
fn a_rotation_that_is_killed_anywhere_leaves_a_site_that_works_and_is_brought_to_its_end() {
    let Some((site, aws)) = running() else { return };
    for at in 0..=SERVICES.len() {
        for moment in [Moment::Before, Moment::After] {
            let when = format!("killed {moment:?} change {at}");
            let old = aws.account.lock().unwrap().secret.clone();
            let first_change = aws.account.lock().unwrap().changes.len();
            let killed = rotate(&site, &aws);
            aws.account.lock().unwrap().dies = Some((first_change + at, moment, killed.0.clone()));
            assert_eq!(killed.end(), "137", "{when}: {}", killed.logs());
            assert_works(&site, &aws.account.lock().unwrap(), &when);

            let next = rotate(&site, &aws);
            assert_eq!(next.end(), "0", "{when}: {}", next.logs());
            let account = aws.account.lock().unwrap();
            assert_works(&site, &account, &when);
            assert!(account.tasks().iter().all(|task| task.login == account.secret), "{when}");
            // One change of the password, however often it was begun.
            assert_ne!(account.secret.0, old.0, "{when}");
            let changes = &account.changes[first_change..];
            let put = changes.iter().filter(|change| *change == "PutSecretValue").count();
            assert_eq!(put, 1, "{when}: {changes:?}");
        }
    }
}
