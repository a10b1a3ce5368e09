//! The crash ladder: `up`, an update and `destroy` of small stacks, each killed with its agent at every moment
//! of every call, and gone on with. Afterwards nothing is there twice, nothing is left over, and nothing is left
//! to do.
//!
//! Each run dies at the first moment that none before it died at, so that a stack comes about through all of
//! them. `INFRA_PLACE_LADDER=moment` has a deployment of its own for each moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::process::ExitStatusExt as _,
    process::Output,
    thread::sleep,
    time::Duration,
};

use backend_local::containers::docker::Seen;
use tokio::time::Instant;

use crate::world::{World, kill};

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Up,
    Update,
    Destroy,
}

const ACTS: [Act; 3] = [Act::Up, Act::Update, Act::Destroy];

impl Act {
    fn words(self) -> &'static str {
        match self {
            Self::Up => "up --yes",
            Self::Update => "up --yes --delete-data --config changed=true",
            Self::Destroy => "destroy --yes --delete-data",
        }
    }
}

/// What is there, by kind: how many.
type Inventory = BTreeMap<String, usize>;

/// What is there after each act that nobody disturbs.
type Wanted = [Inventory; 3];

fn undisturbed(piece: &'static str) -> Option<Wanted> {
    let world = World::of_piece(piece)?;
    Some(ACTS.map(|act| {
        world.ends(act.words(), 0);
        settled(&world)
    }))
}

/// What is there once nothing comes or goes any more.
fn settled(world: &World) -> Inventory {
    let mut last = world.inventory();
    let mut since = Instant::now();
    let began = Instant::now();
    while since.elapsed() < Duration::from_secs(5) {
        assert!(began.elapsed() < Duration::from_secs(120), "it never rests: {last:#?}");
        sleep(Duration::from_millis(250));
        let now = world.inventory();
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
    last
}

/// Runs an act, which dies at the first moment that is not among the rungs.
fn run(world: &World, act: Act) -> Output {
    let mut command = world.command(act.words());
    command.env("PIECES_RUNGS", world.path("rungs"));
    world.output(command)
}

fn was_killed(output: &Output) -> bool {
    output.status.signal().is_some()
}

/// What an act has to have come to.
fn finished(world: &World, act: Act, wanted: &Wanted, what: &str) -> Result<(), String> {
    let wanted = &wanted[act as usize];
    let began = Instant::now();
    let mut there = world.inventory();
    while there != *wanted {
        if began.elapsed() > Duration::from_secs(90) {
            let kinds = there.keys().chain(wanted.keys()).collect::<BTreeSet<_>>().into_iter();
            let many = |of: &Inventory, kind: &String| of.get(kind).copied().unwrap_or_default();
            let differs = kinds.map(|kind| (kind, many(&there, kind), many(wanted, kind)));
            let differs = differs.filter(|(_, there, wanted)| there != wanted);
            let differs: Vec<String> = differs
                .map(|(kind, there, wanted)| format!("{there} of {kind}, not {wanted}"))
                .collect();
            let (differs, traces, log) = (differs.join("; "), world.traces(), world.log());
            return Err(format!("{what}: {differs}\n{traces}\nThe agent:\n{log}"));
        }
        sleep(Duration::from_millis(250));
        there = world.inventory();
    }
    if act == Act::Destroy {
        let left = world.traces();
        return if left.is_empty() { Ok(()) } else { Err(format!("{what}: left are\n{left}")) };
    }
    let again = world.run(act.words());
    let said = String::from_utf8_lossy(&again.stdout).into_owned()
        + &String::from_utf8_lossy(&again.stderr);
    if said.contains("No changes") { Ok(()) } else { Err(format!("{what}, and again: {said}")) }
}

/// Goes on until the act has ended, whatever it died at. How often that was.
fn climb(world: &World, act: Act) -> Result<usize, String> {
    for kills in 0..1_000 {
        let output = run(world, act);
        if was_killed(&output) {
            continue;
        }
        if output.status.code() == Some(0) {
            return Ok(kills);
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let log = world.log();
        return Err(format!("{act:?} after {kills} kills: {said}\nThe agent:\n{log}"));
    }
    Err(format!("{act:?} does not end"))
}

/// An agent that removes something is killed between the containers and their addresses: the next one goes on.
#[track_caller]
fn goes_though_half_of_it_is_gone(piece: &'static str, kind: &str) {
    let Some(world) = World::of_piece(piece) else { return };
    world.ends(Act::Up.words(), 0);
    kill(world.agent());
    let all = world.containers().into_iter();
    let gone: Vec<Seen> = all.filter(|seen| seen.owner().unwrap().kind == kind).collect();
    assert!(!gone.is_empty(), "{}", world.traces());
    for container in &gone {
        world.wait(world.docker.remove(&container.id)).unwrap();
    }
    goes(&world);
}

#[track_caller]
fn goes(world: &World) {
    world.ends(Act::Destroy.words(), 0);
    let began = Instant::now();
    while !world.traces().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(30), "left are\n{}", world.traces());
        sleep(Duration::from_millis(250));
    }
}

/// The moments that an act has died at.
fn rungs(world: &World) -> Vec<String> {
    let text = fs::read_to_string(world.path("rungs")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// One stack through all moments of its life.
#[expect(clippy::print_stdout, reason = "the numbers are told")]
fn survives(piece: &'static str, least: usize) {
    let Some(wanted) = undisturbed(piece) else { return };
    let world = World::of_piece(piece).unwrap();
    let each = std::env::var("INFRA_PLACE_LADDER").is_ok_and(|value| value == "moment");
    let mut all = 0;
    for act in ACTS {
        let began = Instant::now();
        fs::write(world.path("rungs"), "").unwrap();
        let kills = climb(&world, act).unwrap_or_else(|why| panic!("{why}"));
        println!("{piece}, {act:?}: {kills} kills in {:?}", began.elapsed());
        let done = finished(&world, act, &wanted, &format!("{act:?}"));
        done.unwrap_or_else(|why| panic!("{why}"));
        all += kills;
        if each {
            let moments = rungs(&world);
            all += alone(piece, act, &moments, &wanted);
        }
    }
    assert!(all >= least, "{all} kills");
}

/// Each moment in a deployment of its own. How many of them came.
#[expect(clippy::print_stdout, reason = "the numbers are told")]
fn alone(piece: &'static str, act: Act, moments: &[String], wanted: &Wanted) -> usize {
    let world = World::of_piece(piece).unwrap();
    let (mut wrong, mut kills) = (vec![], 0);
    for moment in moments {
        for before in ACTS.into_iter().take_while(|before| *before != act) {
            world.ends(before.words(), 0);
        }
        let others = moments.iter().filter(|it| *it != moment).map(|it| format!("{it}\n"));
        fs::write(world.path("rungs"), others.collect::<String>()).unwrap();
        kills += usize::from(was_killed(&run(&world, act)));
        // What it dies at now is what comes of the kill: that too is survived.
        let ended = climb(&world, act);
        let ended = ended.and_then(|_| finished(&world, act, wanted, moment));
        wrong.extend(ended.err());
        world.ends(Act::Destroy.words(), 0);
        wrong.extend(finished(&world, Act::Destroy, wanted, &format!("{moment}, gone")).err());
    }
    println!("{piece}, {act:?}: {kills} kills, each in a deployment of its own");
    assert!(wrong.is_empty(), "{} of {kills}:\n{}", wrong.len(), wrong.join("\n"));
    kills
}

#[test]
fn a_cache_that_is_half_removed_goes() {
    goes_though_half_of_it_is_gone("cache", "elasticache");
}

#[test]
fn files_that_are_half_removed_go() {
    goes_though_half_of_it_is_gone("files", "files");
}

#[test]
fn tasks_that_are_half_removed_go() {
    goes_though_half_of_it_is_gone("web", "task");
}

#[test]
fn instances_that_are_half_removed_go() {
    goes_though_half_of_it_is_gone("web", "instance");
}

#[test]
fn a_snapshot_that_is_half_removed_goes() {
    let Some(world) = World::of_piece("database") else { return };
    world.ends(Act::Up.words(), 0);
    world.ends(Act::Update.words(), 0);
    kill(world.agent());
    let all = world.traces();
    let mut volumes = all.lines().filter_map(|trace| trace.strip_prefix("volume "));
    let whole = volumes.find(|it| it.contains("-rds-snapshot-") && it.ends_with("-whole"));
    world.wait(world.docker.remove_volume(whole.unwrap())).unwrap();
    goes(&world);
}

#[test]
fn a_database_survives_its_kills() {
    survives("database", 40);
}

#[test]
fn a_cache_survives_its_kills() {
    survives("cache", 40);
}

#[test]
fn files_survive_their_kills() {
    survives("files", 40);
}

#[test]
fn tasks_behind_a_balancer_survive_their_kills() {
    survives("web", 40);
}

#[test]
fn what_is_in_the_emulator_survives_its_kills() {
    survives("emulated", 25);
}
