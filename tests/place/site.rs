//! One site, from its first deployment to its last.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread::sleep,
    time::Duration,
};

use backend_local::containers::docker::Seen;
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    page::drawn,
    reach::reaches,
    upgrade::failing,
    world::{World, kill},
};

#[test]
fn a_site_comes_up_serves_fails_over_and_goes() {
    let Some(mut world) = World::of_site() else { return };
    nothing_is_started_by_a_preview(&world);
    world.forgets_images();
    it_comes_up_though_all_was_killed_on_the_way(&world);
    nothing_is_left_to_do(&world);
    only_those_reach_each_other_who_may(&world);
    it_outlives_its_agent(&world);
    its_status_is_a_page(&world);
    // What is tested is what people keep; how fast it goes is measured by hand.
    for drill in ["task", "db-writer", "deploy-bad-image"] {
        nothing_is_lost_in(&world, drill);
    }
    nothing_is_left_to_do(&world);
    its_docker_becomes_slow(&mut world);
    nothing_is_lost_in(&world, &failing(&world));
    it_comes_back_with_its_data(&world);
    it_goes(&world);
}

fn nothing_is_started_by_a_preview(world: &World) {
    let said = world.ends("preview", 0);
    assert!(said.contains("to create"), "{said}");
    assert!(world.containers().is_empty(), "{}", world.traces());
}

/// When a third and when two thirds of it are there, `up` and its agent are killed.
fn it_comes_up_though_all_was_killed_on_the_way(world: &World) {
    for many in [25, 50] {
        let mut up = world.begin("up --yes");
        wait(240, "there are containers", || world.containers().len() >= many);
        up.kill().unwrap();
        up.wait().unwrap();
        kill(world.agent());
    }
    let said = world.ends("up --yes", 0);
    assert!(said.contains("The site is at https://localhost:"), "{said}");
}

fn nothing_is_left_to_do(world: &World) {
    let before = ids(world);
    let said = world.ends("up --yes", 0);
    assert!(said.contains("No changes"), "{said}");
    world.ends("preview --exit-code", 0);
    assert_untouched(world, &before);
}

fn only_those_reach_each_other_who_may(world: &World) {
    let task = site_task(world);
    let database = of(world, "rds", "-database-", "node-");
    let cache = of(world, "elasticache", "-sessions-", "node-");
    let files = of(world, "files", "fs-", "server-");
    assert!(reaches(world, &task, &database, 3306));
    assert!(reaches(world, &task, &cache, 6379));
    assert!(!reaches(world, &task, &files, 24007), "instances mount files, tasks do not");
    assert!(!reaches(world, &database, &cache, 6379));
    assert!(!reaches(world, &cache, &database, 3306));
    assert!(!reaches(world, &files, &task, 8080), "the balancer alone asks for pages");
}

fn it_outlives_its_agent(world: &World) {
    let before = ids(world);
    let agent = world.agent();
    kill(agent);
    wait(10, "it has ended", || world.run("agent status").status.code() == Some(1));
    world.ends("agent start", 0);
    assert_ne!(world.agent(), agent);
    wait(30, "all is there again", || is_whole(world));
    // So does a deployment that has nothing else to do, as after a restart of the machine.
    world.ends("agent stop", 0);
    let said = world.ends("up --yes", 0);
    assert!(said.contains("No agent ran: it was started."), "{said}");
    wait(30, "all is there again", || is_whole(world));
    assert_untouched(world, &before);
}

/// From now on an agent looks at what is no longer so: it must not decide by that what came after.
fn its_docker_becomes_slow(world: &mut World) {
    world.ends("agent stop", 0);
    world.slows_docker();
    world.ends("agent start", 0);
    wait(60, "all is there again", || is_whole(world));
}

fn its_status_is_a_page(world: &World) {
    let Some(page) = drawn(world) else { return };
    for zone in ["eu-central-1a", "eu-central-1b", "eu-central-1c"] {
        assert!(page.contains(&format!("<h3>{zone}</h3>")), "{zone}\n{page}");
    }
    for part in ["database", "cache", "files", "balancer", "compute"] {
        assert!(page.contains(&format!("<h2>{part}</h2>")), "{part}\n{page}");
    }
    // The script has drawn them: they are in no page as it comes.
    assert!(page.matches("<svg viewBox").count() >= 4, "{page}");
    assert!(page.contains("id=\"stale\" hidden"), "{page}");
}

fn nothing_is_lost_in(world: &World, drill: &str) {
    wait(120, "all is there", || is_whole(world));
    let report = world.path("report.json");
    let words = format!("drill run {drill} --report {}", report.display());
    let output = world.run(&words);
    let said = String::from_utf8_lossy(&output.stderr);
    // A machine that is slow misses goals that are times.
    let code = output.status.code();
    if code != Some(0) && code != Some(GOALS_MISSED) {
        // Last what commands said that it ran: it is that which is looked for.
        let commands: Vec<&str> = said.lines().filter(|it| it.trim().starts_with('|')).collect();
        let (log, commands) = (world.log(), commands.join("\n"));
        panic!("{drill}: {code:?}\n{said}\nThe agent:\n{log}\nCommands:\n{commands}");
    }
    let report = std::fs::read(report).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let lost = &report["lost"];
    for of in ["rows", "files"] {
        assert_eq!(lost[of], serde_json::json!([]), "{drill}: {report:#}");
    }
    for (of, least) in [("acknowledgedRows", 20), ("acknowledgedFiles", 20)] {
        assert!(lost[of].as_u64().unwrap() >= least, "{drill}: {report:#}");
    }
    assert_eq!(lost["unknown"], 0, "{drill}: {report:#}");
    assert_eq!(lost["sessions"], 0, "{drill}: {report:#}");
    if drill == "deploy-bad-image" {
        assert_eq!(report["failed"], 0, "{report:#}");
    }
}

/// What was written is there again, in a new database that is made of the last snapshot of the first.
fn it_comes_back_with_its_data(world: &World) {
    let rows = rows(world);
    assert!(rows > 60, "{rows}");
    world.ends("up --yes --config final_snapshot=last", 0);
    world.ends("destroy --yes --delete-data --config final_snapshot=last", 0);
    // That of the upgrade outlives everything too.
    let is_left = || world.traces().lines().all(|trace| trace.contains("rds-snapshot-"));
    wait(60, "snapshots alone are left", is_left);
    assert!(world.traces().contains("rds-snapshot-last"), "{}", world.traces());
    world.ends("up --yes --config snapshot=last", 0);
    assert_eq!(self::rows(world), rows);
}

/// How many rows drills have written.
fn rows(world: &World) -> u64 {
    let task = site_task(world);
    let script = "define('CLI_SCRIPT', true); require '/var/www/moodle/config.php';
        echo $DB->query('SELECT COUNT(*) FROM mdl_drill_rows')->fetch_row()[0];";
    let counted = world.wait(world.docker.exec(&task.id, &["php", "-r", script], b"")).unwrap();
    counted.text().parse().unwrap()
}

/// A container that serves people.
fn site_task(world: &World) -> Seen {
    of(world, "task", "-moodle-", "moodle")
}

#[track_caller]
fn of(world: &World, kind: &str, id: &str, part: &str) -> Seen {
    world.container(&format!("{kind} {id} {part}"), |seen| {
        let owner = seen.owner().unwrap();
        let is_part = owner.id.contains(id) && owner.part.starts_with(part);
        owner.kind == kind && is_part && seen.running
    })
}

/// What `drill run` ends with if something was slower than it is to be.
const GOALS_MISSED: i32 = 12;

fn it_goes(world: &World) {
    world.ends("destroy --yes --delete-data", 0);
    let is_left = || world.traces().lines().all(|trace| trace.contains("rds-snapshot-"));
    wait(60, "nothing is left", is_left);
    world.ends("agent stop", 0);
    world.ends("agent status", 1);
}

/// Whether one thing more could be lost.
fn is_whole(world: &World) -> bool {
    let output = world.run("--json agent status");
    let Ok(status) = serde_json::from_slice::<Value>(&output.stdout) else { return false };
    let Some(things) = status["things"].as_object() else { return false };
    let all = things.values().flat_map(|things| things.as_array().into_iter().flatten());
    let mut all = all.peekable();
    all.peek().is_some() && all.all(|thing| thing["redundant"] == true)
}

/// The containers that do something at an address, by name: their ids, and whether they may come and
/// go by themselves, as tasks and instances do.
fn ids(world: &World) -> BTreeMap<String, (String, bool)> {
    let all = world.containers().into_iter().filter(|seen| seen.shares.is_some());
    let all = all.map(|seen| {
        let scales = seen.owner().is_some_and(|owner| ["task", "instance"].contains(&&*owner.kind));
        (seen.name, (seen.id, scales))
    });
    all.collect()
}

/// That the containers are those that they were: none was made anew.
#[track_caller]
fn assert_untouched(world: &World, before: &BTreeMap<String, (String, bool)>) {
    let now = ids(world);
    let changed = before.iter().filter(|(name, (id, scales))| match now.get(*name) {
        Some((other, _)) => other != id,
        None => !scales,
    });
    let changed: BTreeSet<&String> = changed.map(|(name, _)| name).collect();
    assert!(changed.is_empty(), "others than before: {changed:#?}");
}

#[track_caller]
fn wait(seconds: u64, what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(seconds), "waited in vain until {what}");
        sleep(Duration::from_millis(250));
    }
}
