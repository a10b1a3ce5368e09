//! What drills hit.

use super::*;
use crate::containers::{
    agent::protocol::{Level, ThingReport},
    docker::{Health, Labels},
};

fn container(name: &str, kind: &str, id: &str, part: &str, zone: &str) -> Candidate {
    Candidate {
        name: name.to_owned(),
        kind: kind.to_owned(),
        id: id.to_owned(),
        part: part.to_owned(),
        zone: Some(zone.to_owned()),
        running: true,
        ..Candidate::default()
    }
}

fn task(id: &str, instance: &str, zone: &str, serves: bool) -> Candidate {
    let instance = Some(instance.to_owned());
    let started_at = "2026-01-01T00:00:00Z".to_owned();
    let image = "moodle:5.2".to_owned();
    let name = format!("{id}-web");
    Candidate { instance, serves, started_at, image, ..container(&name, "task", id, "web", zone) }
}

fn site() -> Vec<Candidate> {
    vec![
        task("t1", "i1", "a", true),
        task("t2", "i2", "b", true),
        task("cron", "i2", "b", false),
        container("instance-i1", "instance", "i1", "", "a"),
        container("instance-i2", "instance", "i2", "", "b"),
        container("db-1", "rds", "main", "node-one", "a"),
        container("db-2", "rds", "main", "node-two", "b"),
        container("redis-0", "elasticache", "site-sessions", "node-0", "a"),
        container("redis-1", "elasticache", "site-sessions", "node-1", "b"),
        container("brick-a", "files", "fs-1", "a", "a"),
        container("mount", "files", "fs-1", "i1-mount", "a"),
    ]
}

fn report(name: &str, id: &str, parts: &[(&str, &str)]) -> PartReport {
    let parts = parts.iter().map(|(name, how)| ((*name).to_owned(), (*how).to_owned()));
    PartReport {
        name: name.to_owned(),
        things: vec![ThingReport {
            id: id.to_owned(),
            level: Level::Ready,
            message: String::new(),
            redundant: true,
            parts: parts.collect(),
            events: vec![],
        }],
    }
}

fn reports() -> Vec<PartReport> {
    vec![
        report("database", "main", &[("one", "reader in a, 0 s behind"), ("two", "writer in b")]),
        report("cache", "site-sessions", &[("primary", "node-1")]),
        report("files", "fs-1", &[("a", "up in a")]),
    ]
}

fn anywhere(injection: Injection) -> Strike {
    Strike { injection, zone: None }
}

fn aimed(injection: Injection, chance: u64) -> Aim {
    aim(&anywhere(injection), &site(), &reports(), chance).unwrap()
}

#[test]
fn a_task_that_serves_people_is_hit_and_no_other() {
    let words: Vec<String> =
        (0..4).map(|chance| aimed(Injection::KillTask, chance).words).collect();
    assert_eq!(words, ["task t1 in a", "task t2 in b", "task t1 in a", "task t2 in b"]);
    assert_eq!(aimed(Injection::KillTask, 0).containers, ["t1-web"]);
}

#[test]
fn an_instance_goes_with_all_tasks_on_it() {
    let aim = aimed(Injection::KillInstance, 1);
    assert_eq!(aim.containers, ["t2-web", "cron-web", "instance-i2"]);
    assert_eq!(aim.words, "instance i2 in b");
}

#[test]
fn a_zone_is_all_that_is_in_it() {
    let aim = aimed(Injection::KillZone, 0);
    let own = ["t1-web", "instance-i1", "db-1", "redis-0", "brick-a", "mount"];
    assert_eq!(aim.containers, own);
    assert_eq!(aim.zone.as_deref(), Some("a"));
    assert_eq!(aim.words, "availability zone a (6 containers)");
}

#[test]
fn a_zone_can_be_chosen() {
    let chosen = |zone: &str, chance| {
        let strike = Strike { injection: Injection::CutZone, zone: Some(zone.to_owned()) };
        aim(&strike, &site(), &reports(), chance)
    };
    let zones: Vec<_> = (0..3).map(|chance| chosen("b", chance).unwrap().zone.unwrap()).collect();
    assert_eq!(zones, ["b", "b", "b"]);
    assert_eq!(chosen("z", 0).unwrap_err(), "no task that serves people is in z");
}

#[test]
fn roles_are_those_that_the_parts_report() {
    assert_eq!(aimed(Injection::KillWriter, 0).containers, ["db-2"]);
    assert_eq!(aimed(Injection::HangWriter, 3).words, "writer two of the database main in b");
    assert_eq!(aimed(Injection::KillDatabase, 0).containers, ["db-1", "db-2"]);
    assert_eq!(aimed(Injection::KillCache, 0).containers, ["redis-1"]);
    // What mounts files is none of their servers.
    assert_eq!(aimed(Injection::KillStorage, 5).containers, ["brick-a"]);
}

#[test]
fn what_is_not_there_is_said() {
    let nothing = |injection| aim(&anywhere(injection), &[], &[], 0).unwrap_err();
    assert_eq!(nothing(Injection::KillTask), "no task serves people");
    assert_eq!(nothing(Injection::KillWriter), "no database has a writer");
    let gone = aim(&anywhere(Injection::KillWriter), &[], &reports(), 0).unwrap_err();
    assert_eq!(gone, "writer two of the database main: no container of it runs");
}

#[test]
fn who_serves_is_told_with_when_it_started() {
    let mut all = site();
    all[1].running = false;
    let serving = serving(&all);
    assert_eq!(serving.tasks, BTreeSet::from(["t1 since 2026-01-01T00:00:00Z".to_owned()]));
    assert_eq!(serving.images, BTreeSet::from(["moodle:5.2".to_owned()]));
    assert_eq!(serving.zones, BTreeSet::from(["a".to_owned()]));
}

#[test]
fn a_container_is_in_the_zone_of_the_address_that_it_shares() {
    let seen = |id: &str, image: &str, labels: &[(&str, &str)], shares: Option<&str>| Seen {
        id: id.to_owned(),
        name: format!("name-{id}"),
        labels: Labels(
            labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        ),
        image: image.to_owned(),
        running: true,
        paused: false,
        health: Health::Unknown,
        check: vec![],
        exit_code: None,
        error: None,
        started_at: String::new(),
        pid: None,
        shares: shares.map(str::to_owned),
    };
    let of = |kind| [("infra.account", "x"), ("infra.kind", kind), ("infra.id", "it")];
    let mut address = of("eni").to_vec();
    address.push(("infra.zone", "a"));
    let mut task = of("task").to_vec();
    task.push(("infra.note", r#"{"targets":[["group",80]]}"#));
    let found = candidates(&[
        seen("1", NETWORK_IMAGE, &address, None),
        seen("2", "web:1", &task, Some("1")),
        seen("3", "redis:7", &of("elasticache"), Some("name-1")),
        seen("4", "localstack:4", &of("emulator"), None),
    ]);
    let zones: Vec<Option<&str>> = found.iter().map(|it| it.zone.as_deref()).collect();
    assert_eq!(zones, [Some("a"), Some("a"), None]);
    assert!(found[0].serves && found[0].image == "web:1" && !found[1].serves);
}
