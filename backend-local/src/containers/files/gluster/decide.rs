//! What is to be done next, by what is seen: decisions alone.

use std::time::Duration;

use super::said::{Brick, Local, VolumeInfo};

/// A server as it is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It has no container, or one that has ended.
    Down,
    /// It is frozen, or does not answer, for so long.
    Hung(Duration),
    /// It answers.
    Up {
        /// What it has.
        local: Local,
        /// Whether its container is of another spec.
        outdated: bool,
    },
}

impl Seen {
    pub(super) fn local(&self) -> Option<&Local> {
        match self {
            Self::Up { local, .. } => Some(local),
            Self::Down | Self::Hung(_) => None,
        }
    }
}

/// What is to be done. Servers are named by their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Start it.
    Start(usize),
    /// Kill it, and start it again.
    Restart(usize),
    /// Make its container anew.
    Renew(usize),
    /// Bring all together and make the volume.
    Create {
        /// Whether the bricks bear marks of an attempt before, and no files.
        again: bool,
    },
    /// Bring one together with the others, who tell it what it forgot.
    Rejoin(usize),
    /// Change options.
    Set(Vec<(String, String)>),
    /// Start the volume.
    StartVolume,
    /// Start the process of a brick.
    StartBrick(usize),
    /// Have a brick on an empty disk filled by the others.
    Refill(usize),
    /// Tell servers to bring each other up to date.
    Heal,
    /// Nothing can be done: the brick is of another volume.
    OtherVolume(usize),
}

/// How a volume is to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Options that differ from a volume's own.
    pub(super) options: &'a std::collections::BTreeMap<String, String>,
    /// How long a server may hang.
    pub(super) hung: Duration,
}

/// What the volume is by the servers that know it.
pub(super) fn volume(seen: &[Seen]) -> Option<&VolumeInfo> {
    seen.iter().find_map(|server| server.local()?.volume.as_ref())
}

/// What is to be done next for servers themselves: what later decisions wait for.
pub(super) fn servers(seen: &[Seen], wanted: Wanted<'_>) -> Vec<Action> {
    let actions = seen.iter().enumerate().filter_map(|(place, server)| match server {
        Seen::Down => Some(Action::Start(place)),
        Seen::Hung(since) if *since >= wanted.hung => Some(Action::Restart(place)),
        Seen::Hung(_) | Seen::Up { .. } => None,
    });
    actions.collect()
}

/// What is to be done next for the volume. Most of it needs all servers: a command to all of them
/// waits for one that hangs.
pub(super) fn next(seen: &[Seen], wanted: Wanted<'_>) -> Option<Action> {
    let locals: Vec<&Local> = seen.iter().filter_map(Seen::local).collect();
    let all = locals.len() == seen.len();
    let Some(known) = volume(seen) else {
        let again = locals.iter().any(|local| local.brick.is_some());
        return all.then_some(Action::Create { again });
    };
    let places = || seen.iter().enumerate().filter_map(|(place, it)| Some((place, it.local()?)));
    if let Some((place, _)) = places().find(|(_, local)| local.volume.is_none()) {
        return Some(Action::Rejoin(place));
    }
    let other = |local: &Local| local.brick.as_ref().is_some_and(|brick| *brick != known.id);
    if let Some((place, _)) = places().find(|(_, local)| other(local)) {
        return Some(Action::OtherVolume(place));
    }
    if !known.started {
        return all.then_some(Action::StartVolume);
    }
    if !all {
        return None;
    }
    if let Some((place, _)) = places().find(|(_, local)| local.brick.is_none()) {
        return Some(Action::Refill(place));
    }
    if let Some((place, _)) = places().find(|(_, local)| !local.serves) {
        return Some(Action::StartBrick(place));
    }
    let differs =
        wanted.options.iter().filter(|(name, value)| known.options.get(*name) != Some(value));
    let differing: Vec<(String, String)> =
        differs.map(|(name, value)| (name.clone(), value.clone())).collect();
    (!differing.is_empty()).then_some(Action::Set(differing))
}

/// What can wait until nothing else is to be done, by what clients of the volume see.
pub(super) fn later(seen: &[Seen], bricks: &[Brick], heal_is_due: bool) -> Option<Action> {
    let well = bricks.len() == seen.len() && bricks.iter().all(|brick| brick.connected);
    let pending = bricks.iter().any(|brick| brick.pending != Some(0));
    if !well {
        return None;
    }
    if pending {
        return heal_is_due.then_some(Action::Heal);
    }
    // One at a time, and only while the others have all files.
    let outdated = |server: &Seen| matches!(server, Seen::Up { outdated: true, .. });
    seen.iter().position(outdated).map(Action::Renew)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const ID: &str = "9a0958e1bed447bd8e105df9e736b3ed";

    fn options() -> BTreeMap<String, String> {
        BTreeMap::from([("network.ping-timeout".to_owned(), "5".to_owned())])
    }

    fn serving() -> Local {
        let volume = VolumeInfo { id: ID.to_owned(), started: true, options: options() };
        Local { volume: Some(volume), brick: Some(ID.to_owned()), files: true, serves: true }
    }

    fn up(local: Local) -> Seen {
        Seen::Up { local, outdated: false }
    }

    fn three(change: impl Fn(usize, &mut Local)) -> Vec<Seen> {
        let each = (0..3).map(|place| {
            let mut local = serving();
            change(place, &mut local);
            up(local)
        });
        each.collect()
    }

    #[track_caller]
    fn check(seen: &[Seen], expected: Option<Action>) {
        let options = options();
        let wanted = Wanted { options: &options, hung: Duration::from_secs(30) };
        assert_eq!(next(seen, wanted), expected);
    }

    #[test]
    fn where_all_is_well_there_is_nothing_to_do() {
        check(&three(|_, _| {}), None);
    }

    #[test]
    fn a_volume_is_made_when_all_servers_are_there() {
        let mut seen = vec![up(Local::default()), up(Local::default()), Seen::Down];
        check(&seen, None);
        seen[2] = up(Local::default());
        check(&seen, Some(Action::Create { again: false }));
        seen[1] = up(Local { brick: Some("b".to_owned()), ..Local::default() });
        check(&seen, Some(Action::Create { again: true }));
    }

    #[test]
    fn what_is_missing_is_mended_in_an_order() {
        let forgot = |place: usize, local: &mut Local| {
            if place == 1 {
                *local = Local::default();
            }
        };
        check(&three(forgot), Some(Action::Rejoin(1)));
        let empty = |place: usize, local: &mut Local| {
            if place == 2 {
                (local.brick, local.files, local.serves) = (None, false, false);
            }
        };
        check(&three(empty), Some(Action::Refill(2)));
        check(&three(|place, local| local.serves = place != 0), Some(Action::StartBrick(0)));
        let stopped = |_: usize, local: &mut Local| {
            local.volume.as_mut().unwrap().started = false;
            local.serves = false;
        };
        check(&three(stopped), Some(Action::StartVolume));
        let differs = |_: usize, local: &mut Local| {
            let options = &mut local.volume.as_mut().unwrap().options;
            options.insert("network.ping-timeout".to_owned(), "42".to_owned());
        };
        let set = vec![("network.ping-timeout".to_owned(), "5".to_owned())];
        check(&three(differs), Some(Action::Set(set)));
        let other = |place: usize, local: &mut Local| {
            if place == 1 {
                local.brick = Some("b".to_owned());
            }
        };
        check(&three(other), Some(Action::OtherVolume(1)));
    }

    #[test]
    fn nothing_is_asked_of_all_while_one_hangs() {
        let mut seen = three(|place, local| local.serves = place != 0);
        seen[2] = Seen::Hung(Duration::from_secs(1));
        check(&seen, None);
        // What asks nobody else but those who answer goes on.
        seen[0] = up(Local::default());
        check(&seen, Some(Action::Rejoin(0)));
    }

    #[test]
    fn servers_that_are_down_start_and_those_that_hang_have_time() {
        let options = options();
        let wanted = Wanted { options: &options, hung: Duration::from_secs(30) };
        let hung = |seconds| Seen::Hung(Duration::from_secs(seconds));
        let seen = [Seen::Down, hung(29), hung(30)];
        assert_eq!(servers(&seen, wanted), [Action::Start(0), Action::Restart(2)]);
    }

    #[test]
    fn a_server_is_renewed_only_while_the_others_have_all_files() {
        let mut seen = three(|_, _| {});
        let brick = |pending, connected| Brick { pending, connected, ..Brick::default() };
        let well = vec![brick(Some(0), true); 3];
        assert_eq!(later(&seen, &well, true), None);
        seen[1] = Seen::Up { local: serving(), outdated: true };
        assert_eq!(later(&seen, &well, false), Some(Action::Renew(1)));
        let behind = [well[0].clone(), well[1].clone(), brick(Some(2), true)];
        assert_eq!(later(&seen, &behind, false), None);
        assert_eq!(later(&seen, &behind, true), Some(Action::Heal));
        let away = [well[0].clone(), well[1].clone(), brick(None, false)];
        assert_eq!(later(&seen, &away, true), None);
    }
}
