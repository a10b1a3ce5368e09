//! [`aim`]: what a drill hits, out of what the containers say about themselves and the parts report.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::protocol::{PartReport, Serving, Strike};
use crate::containers::{docker::Seen, drill::Injection, endpoint::NETWORK_IMAGE};

/// What is known of a container of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) part: String,
    pub(super) zone: Option<String>,
    pub(super) running: bool,
    /// The instance that it is on, if it is of a task.
    pub(super) instance: Option<String>,
    /// Whether it is of a task that people are served by.
    pub(super) serves: bool,
    pub(super) image: String,
    pub(super) started_at: String,
}

/// What is to be hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Aim {
    /// For people.
    pub(super) words: String,
    /// The containers, by name.
    pub(super) containers: Vec<String>,
    /// The availability zone, if it is one.
    pub(super) zone: Option<String>,
}

/// What the containers of tasks say of themselves, as far as drills go by it.
#[derive(Deserialize)]
struct Note {
    #[serde(default)]
    targets: Vec<(String, u16)>,
}

/// What may be hit among the containers of an account: what works, not the addresses that it has.
pub(super) fn candidates(all: &[Seen]) -> Vec<Candidate> {
    let mut zones: BTreeMap<&str, &str> = BTreeMap::new();
    for seen in all.iter().filter(|seen| seen.image == NETWORK_IMAGE) {
        if let Some(zone) = seen.labels.0.get("infra.zone") {
            zones.insert(&seen.id, zone);
            zones.insert(&seen.name, zone);
        }
    }
    let works = all.iter().filter(|seen| seen.image != NETWORK_IMAGE);
    works
        .filter_map(|seen| {
            let owner = seen.owner()?;
            let note = seen.labels.0.get("infra.note");
            let note: Option<Note> = note.and_then(|note| serde_json::from_str(note).ok());
            let zone = seen.shares.as_deref().and_then(|shared| zones.get(shared));
            Some(Candidate {
                name: seen.name.clone(),
                kind: owner.kind,
                id: owner.id,
                part: owner.part,
                zone: zone.map(|zone| (*zone).to_owned()),
                running: seen.running,
                instance: seen.labels.0.get("infra.instance").cloned(),
                serves: note.is_some_and(|note| !note.targets.is_empty()),
                image: seen.image.clone(),
                started_at: seen.started_at.clone(),
            })
        })
        .collect()
}

/// Who serves people.
pub(super) fn serving(all: &[Candidate]) -> Serving {
    let serve = || all.iter().filter(|it| it.serves && it.running && it.kind == "task");
    Serving {
        tasks: serve().map(|it| format!("{} since {}", it.id, it.started_at)).collect(),
        instances: all.iter().filter(|it| it.kind == "instance" && it.running).count(),
        images: serve().map(|it| it.image.clone()).collect(),
        zones: serve().filter_map(|it| it.zone.clone()).collect(),
    }
}

/// Chooses what a drill hits. `chance` says which one where there are several.
///
/// # Errors
/// If there is nothing of that kind, in words.
pub(super) fn aim(
    strike: &Strike,
    all: &[Candidate],
    reports: &[PartReport],
    chance: u64,
) -> Result<Aim, String> {
    let running: Vec<&Candidate> = all.iter().filter(|it| it.running).collect();
    let serve: Vec<&&Candidate> =
        running.iter().filter(|it| it.serves && it.kind == "task").collect();
    let injection = strike.injection;
    let one = |ids: BTreeSet<&str>| pick(&ids, chance).map(str::to_owned);
    match injection {
        Injection::KillTask => {
            let id = one(serve.iter().map(|it| it.id.as_str()).collect());
            let id = id.ok_or("no task serves people")?;
            let own = |it: &Candidate| it.kind == "task" && it.id == id;
            hit(&running, format!("task {id}"), own)
        }
        Injection::KillInstance => {
            let id = one(serve.iter().filter_map(|it| it.instance.as_deref()).collect());
            let id = id.ok_or("no instance has a task that serves people")?;
            let own = |it: &Candidate| {
                (it.kind == "instance" && it.id == id) || it.instance.as_deref() == Some(&id)
            };
            hit(&running, format!("instance {id}"), own)
        }
        Injection::KillZone | Injection::CutZone => {
            let meant = |zone: &&str| strike.zone.as_deref().is_none_or(|meant| meant == *zone);
            let zones = serve.iter().filter_map(|it| it.zone.as_deref());
            let zone = one(zones.filter(meant).collect());
            let zone = zone.ok_or_else(|| match &strike.zone {
                Some(zone) => format!("no task that serves people is in {zone}"),
                None => "no task that serves people is in an availability zone".to_owned(),
            })?;
            let own = |it: &Candidate| it.zone.as_deref() == Some(&zone);
            let words = format!("availability zone {zone}");
            let mut aim = hit(&running, words, own)?;
            aim.words = format!("availability zone {zone} ({})", count(&aim.containers));
            aim.zone = Some(zone);
            Ok(aim)
        }
        Injection::KillWriter | Injection::HangWriter => {
            let (cluster, node) = part(reports, "database", |_, how| how.starts_with("writer"))
                .ok_or("no database has a writer")?;
            let own = |it: &Candidate| {
                it.kind == "rds" && it.id == cluster && it.part == format!("node-{node}")
            };
            hit(&running, format!("writer {node} of the database {cluster}"), own)
        }
        Injection::KillDatabase => {
            let own = |it: &Candidate| it.kind == "rds" && it.part.starts_with("node-");
            let aim = hit(&running, String::new(), own)?;
            let words = format!("all nodes of the database ({})", count(&aim.containers));
            Ok(Aim { words, ..aim })
        }
        Injection::KillCache => {
            let primaries = parts(reports, "cache", |name, _| name == "primary");
            let sessions = primaries.iter().find(|(id, _, _)| id.contains("session"));
            let chosen = sessions.or(primaries.first()).ok_or("no cache has a primary")?;
            let (group, _, node) = chosen;
            let own =
                |it: &Candidate| it.kind == "elasticache" && it.id == *group && it.part == *node;
            hit(&running, format!("primary {node} of the cache {group}"), own)
        }
        Injection::KillStorage | Injection::HangStorage => {
            let servers = parts(reports, "files", |_, how| how.starts_with("up"));
            let is_server = |it: &Candidate| {
                let of_gluster =
                    || servers.iter().any(|(id, part, _)| *id == it.id && *part == it.part);
                // NFS has one server for all mount targets.
                it.kind == "files" && (of_gluster() || it.part == "server")
            };
            let names = running.iter().filter(|it| is_server(it)).map(|it| it.name.as_str());
            let name = one(names.collect()).ok_or("no server of shared files runs")?;
            let chosen = running.iter().find(|it| it.name == name);
            let words = chosen.map_or_else(String::new, |it| {
                let zone = it.zone.as_deref().map(|zone| format!(" in {zone}"));
                format!("server {} of the files {}{}", it.part, it.id, zone.unwrap_or_default())
            });
            Ok(Aim { words, containers: vec![name], zone: None })
        }
        Injection::DeployBadImage | Injection::FailUpgrade | Injection::Rush => {
            Err(format!("to {injection} is nothing that is done to containers"))
        }
    }
}

fn hit(
    running: &[&Candidate],
    words: String,
    own: impl Fn(&Candidate) -> bool,
) -> Result<Aim, String> {
    let own: Vec<&&Candidate> = running.iter().filter(|it| own(it)).collect();
    if own.is_empty() {
        let what = if words.is_empty() { "nothing of that kind".to_owned() } else { words };
        return Err(format!("{what}: no container of it runs"));
    }
    let containers = own.iter().map(|it| it.name.clone()).collect();
    let zones: BTreeSet<&str> = own.iter().filter_map(|it| it.zone.as_deref()).collect();
    // What is all in one zone says so.
    let words = match zones.first() {
        Some(zone) if zones.len() == 1 => format!("{words} in {zone}"),
        _ => words,
    };
    Ok(Aim { words, containers, zone: None })
}

fn count(containers: &[String]) -> String {
    match containers.len() {
        1 => "1 container".to_owned(),
        many => format!("{many} containers"),
    }
}

fn pick<'a>(ids: &BTreeSet<&'a str>, chance: u64) -> Option<&'a str> {
    let many = u64::try_from(ids.len()).ok().filter(|many| *many > 0)?;
    ids.iter().nth(usize::try_from(chance % many).ok()?).copied()
}

/// The parts of things of a kind: thing, part, how that is.
fn parts(
    reports: &[PartReport],
    kind: &str,
    which: impl Fn(&str, &str) -> bool,
) -> Vec<(String, String, String)> {
    let things = reports.iter().filter(|report| report.name == kind).flat_map(|it| &it.things);
    let parts = things.flat_map(|thing| {
        thing.parts.iter().map(|(name, how)| (thing.id.clone(), name.clone(), how.clone()))
    });
    parts.filter(|(_, name, how)| which(name, how)).collect()
}

fn part(
    reports: &[PartReport],
    kind: &str,
    which: impl Fn(&str, &str) -> bool,
) -> Option<(String, String)> {
    parts(reports, kind, which).into_iter().next().map(|(thing, part, _)| (thing, part))
}

#[cfg(test)]
mod tests;
