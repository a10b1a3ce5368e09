//! The task that watches a volume and mends it.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use super::{
    super::{FilesError, FilesState, FilesStatus, ServerStatus, Timing, status::Journal},
    decide::{self, Action, Seen, Wanted},
    look::{self, Hanging},
    mend::Mender,
    said::Brick,
    spec::GlusterSpec,
};
use crate::containers::docker::Docker;

/// Whoever watches.
pub(super) struct Watcher {
    docker: Docker,
    timing: Timing,
    journal: Journal,
    hanging: Hanging,
    /// Since when files wait to be brought up to date, and how many at most.
    pending: Option<(Instant, u64)>,
    /// When servers were last told to do so.
    told: Option<Instant>,
    /// Who did not serve at the last look.
    away: Vec<String>,
    was_ready: bool,
    /// When all was well at a thorough look, and when the servers had been started then.
    well: Option<(Instant, Vec<String>)>,
}

/// What one look led to.
enum Round {
    /// Something was done: look again at once.
    Acted,
    /// Nothing is to be done now.
    Rest,
}

impl Watcher {
    pub(super) fn new(docker: Docker, timing: Timing, journal: Journal) -> Self {
        Self {
            docker,
            timing,
            journal,
            hanging: Hanging::new(),
            pending: None,
            told: None,
            away: vec![],
            was_ready: false,
            well: None,
        }
    }

    /// Watches until the sender of specs is gone.
    pub(super) async fn run(mut self, mut specs: watch::Receiver<Arc<GlusterSpec>>) {
        // How long to wait before what failed is tried again.
        let mut pause = self.timing.look;
        loop {
            let spec = Arc::clone(&specs.borrow_and_update());
            let wait = match self.round(&spec).await {
                Ok(Round::Acted) => {
                    pause = self.timing.look;
                    Duration::ZERO
                }
                Ok(Round::Rest) => {
                    pause = self.timing.look;
                    self.timing.look
                }
                Err(error) => {
                    self.failed(&error);
                    pause = (pause * 2).min(self.timing.look * 8);
                    pause
                }
            };
            tokio::select! {
                () = sleep(wait) => {}
                changed = specs.changed() => match changed {
                    Ok(()) => self.well = None,
                    Err(_) => return,
                },
            }
        }
    }

    fn failed(&mut self, error: &FilesError) {
        self.well = None;
        let message = error.in_full();
        self.journal.tell(message.clone());
        let status = self.journal.now();
        let state = match status.state {
            FilesState::Ready | FilesState::Degraded => FilesState::Degraded,
            FilesState::Starting | FilesState::Failed => FilesState::Failed,
        };
        self.journal.set(FilesStatus { state, message, full_redundancy: false, ..status });
    }

    async fn round(&mut self, spec: &GlusterSpec) -> Result<Round, FilesError> {
        let started = look::glance(&self.docker, spec).await?;
        if let Some((when, before)) = &self.well
            && started.as_ref() == Some(before)
            && when.elapsed() < self.timing.thorough
        {
            return Ok(Round::Rest);
        }
        self.well = None;
        let seen = look::servers(&self.docker, spec, self.timing, &mut self.hanging).await?;
        let wanted = Wanted { options: &spec.options, hung: self.timing.hung };
        let actions = decide::servers(&seen, wanted);
        self.note(spec, &seen);
        if !actions.is_empty() {
            self.report(spec, &seen, &[]);
            for action in &actions {
                self.act(spec, action).await?;
            }
            return Ok(Round::Acted);
        }
        if let Some(action) = decide::next(&seen, wanted) {
            self.report(spec, &seen, &[]);
            self.act(spec, &action).await?;
            return Ok(Round::Acted);
        }
        // A client would wait for a server that hangs.
        let all = seen.iter().all(|server| server.local().is_some());
        let bricks = if all && decide::volume(&seen).is_some_and(|volume| volume.started) {
            look::bricks(&self.docker, spec, self.timing, &seen).await
        } else {
            vec![]
        };
        self.count(&bricks);
        self.report(spec, &seen, &bricks);
        let due = |since: Option<Instant>| since.is_none_or(|it| it.elapsed() >= self.timing.heal);
        let due = self.pending.is_some_and(|(since, _)| due(Some(since))) && due(self.told);
        match decide::later(&seen, &bricks, due) {
            Some(action) => {
                if action == Action::Heal {
                    self.told = Some(Instant::now());
                }
                if let Action::Renew(place) = action {
                    self.lessen(&spec.servers[place].id);
                }
                self.act(spec, &action).await?;
                // Healing takes its time.
                Ok(if action == Action::Heal { Round::Rest } else { Round::Acted })
            }
            None => {
                let whole = self.journal.now().full_redundancy;
                self.well = started.filter(|_| whole).map(|started| (Instant::now(), started));
                Ok(Round::Rest)
            }
        }
    }

    async fn act(&self, spec: &GlusterSpec, action: &Action) -> Result<(), FilesError> {
        let mender = Mender { docker: &self.docker, spec, timing: self.timing };
        let done = mender.act(action).await?;
        self.journal.tell(done);
        Ok(())
    }

    /// A server that is about to be taken away does not count any more.
    fn lessen(&self, id: &str) {
        let mut status = self.journal.now();
        for server in status.servers.iter_mut().filter(|server| server.id == id) {
            server.up = false;
        }
        (status.state, status.full_redundancy) = (FilesState::Degraded, false);
        status.message = format!("the server {id} is being made anew");
        self.journal.set(status);
    }

    /// Tells of servers that have begun or ceased to serve.
    fn note(&mut self, spec: &GlusterSpec, seen: &[Seen]) {
        let mut away = vec![];
        for (server, seen) in spec.servers.iter().zip(seen) {
            let what = match seen {
                Seen::Down => "does not run",
                Seen::Hung(_) => "hangs",
                Seen::Up { local, .. } if !local.serves => "does not serve its brick",
                Seen::Up { .. } => continue,
            };
            if self.was_ready && !self.away.contains(&server.id) {
                self.journal.tell(format!("the server {} in {} {what}", server.id, server.zone));
            }
            away.push(server.id.clone());
        }
        self.away = away;
    }

    /// Tells how long files were behind.
    fn count(&mut self, bricks: &[Brick]) {
        let most = bricks.iter().filter_map(|brick| brick.pending).max().unwrap_or(0);
        let all = !bricks.is_empty() && bricks.iter().all(|it| it.connected);
        match self.pending {
            None if most > 0 => {
                self.journal.tell(format!("{most} files have to be brought up to date"));
                self.pending = Some((Instant::now(), most));
            }
            Some((since, before)) if most > 0 => self.pending = Some((since, before.max(most))),
            Some((since, most)) if all => {
                let seconds = since.elapsed().as_secs_f32();
                let words = format!("{most} files were brought up to date within {seconds:.1} s");
                self.journal.tell(words);
                (self.pending, self.told) = (None, None);
            }
            None | Some(_) => {}
        }
    }

    fn report(&mut self, spec: &GlusterSpec, seen: &[Seen], bricks: &[Brick]) {
        let status = status(spec, seen, bricks, self.was_ready);
        if status.full_redundancy && !self.was_ready {
            self.was_ready = true;
            self.journal.tell("all servers serve");
        }
        self.journal.set(status);
    }
}

/// How a volume fares by what is seen.
fn status(spec: &GlusterSpec, seen: &[Seen], bricks: &[Brick], was_ready: bool) -> FilesStatus {
    let servers: Vec<ServerStatus> = spec
        .servers
        .iter()
        .zip(seen)
        .map(|(server, seen)| {
            let name = spec.brick(server);
            let brick = bricks.iter().find(|brick| brick.name == name);
            let serves = seen.local().is_some_and(|local| local.serves);
            ServerStatus {
                id: server.id.clone(),
                zone: server.zone.clone(),
                up: serves && brick.is_none_or(|brick| brick.connected),
                pending: brick.and_then(|brick| brick.pending),
            }
        })
        .collect();
    let up = servers.iter().filter(|server| server.up).count();
    let count = servers.len();
    let split: u64 = bricks.iter().map(|brick| brick.split).max().unwrap_or(0);
    let known = !bricks.is_empty() && servers.iter().all(|server| server.pending.is_some());
    let mut status = FilesStatus {
        state: FilesState::Ready,
        message: format!("all {count} servers serve"),
        full_redundancy: false,
        servers,
    };
    let pending = status.pending();
    status.full_redundancy = up == count && known && pending == 0;
    if up * 2 <= count {
        status.state = if was_ready { FilesState::Failed } else { FilesState::Starting };
        status.message =
            format!("{up} of {count} servers serve: files can't be written without a majority");
    } else if split > 0 {
        status.state = FilesState::Degraded;
        status.message = format!(
            "{split} files differ and nobody knows which one is right: \
             `gluster volume heal {} info split-brain` names them",
            spec.volume
        );
    } else if up < count {
        status.state = FilesState::Degraded;
        status.message = format!("{up} of {count} servers serve: files can be read and written");
    } else if pending > 0 {
        status.state = FilesState::Degraded;
        status.message = format!("{pending} files are being brought up to date");
    } else if !known {
        status.state = if was_ready { FilesState::Degraded } else { FilesState::Starting };
        status.message = format!("all {count} servers serve; who lacks what is not known yet");
    }
    status
}

#[cfg(test)]
mod tests {
    use super::{
        super::{said::Local, spec::tests::spec},
        *,
    };

    fn seen(serving: usize) -> Vec<Seen> {
        let each = (0..3).map(|place| {
            let local = Local { serves: place < serving, ..Local::default() };
            Seen::Up { local, outdated: false }
        });
        each.collect()
    }

    fn bricks(pending: [Option<u64>; 3]) -> Vec<Brick> {
        let spec = spec();
        let each = spec.servers.iter().zip(pending).map(|(server, pending)| Brick {
            name: spec.brick(server),
            connected: pending.is_some(),
            pending,
            split: 0,
        });
        each.collect()
    }

    #[track_caller]
    fn check(serving: usize, pending: [Option<u64>; 3], state: FilesState, message: &str) {
        let status = status(&spec(), &seen(serving), &bricks(pending), true);
        assert_eq!((status.state, &*status.message), (state, message));
        let full = state == FilesState::Ready;
        assert_eq!(status.full_redundancy, full);
    }

    #[test]
    fn how_a_volume_fares() {
        let (ready, degraded) = (FilesState::Ready, FilesState::Degraded);
        check(3, [Some(0); 3], ready, "all 3 servers serve");
        check(3, [Some(0), Some(50), Some(50)], degraded, "50 files are being brought up to date");
        let two = "2 of 3 servers serve: files can be read and written";
        check(2, [Some(50), Some(50), None], degraded, two);
        // It serves, but nobody reaches it.
        check(3, [Some(0), Some(0), None], degraded, two);
        let one = "1 of 3 servers serve: files can't be written without a majority";
        check(1, [Some(0), None, None], FilesState::Failed, one);
    }

    #[test]
    fn files_that_differ_are_told_of() {
        let mut bricks = bricks([Some(1); 3]);
        bricks[0].split = 1;
        let status = status(&spec(), &seen(3), &bricks, true);
        assert!(status.message.contains("info split-brain"), "{}", status.message);
        assert_eq!(status.state, FilesState::Degraded);
    }

    #[test]
    fn before_it_was_ready_it_is_starting() {
        let status = status(&spec(), &seen(0), &[], false);
        assert_eq!(status.state, FilesState::Starting);
    }
}
