//! [`Group`]: one round after another: look, decide, do.
//!
//! `eyes` asks the nodes and the sentinels, `primary` sees to it that there is one primary and the
//! endpoints lead there, `mend` to everything else. What takes long (starting a container) runs beside the
//! rounds: a primary that dies meanwhile waits for nobody.

mod eyes;
mod mend;
mod primary;

use std::{collections::BTreeMap, net::SocketAddrV4, sync::Arc, time::Duration};

use tokio::{
    task::{JoinHandle, JoinSet},
    time::Instant,
};

use super::{
    CacheError, CacheSpec, Place, State, Status,
    link::{Link, Way},
    look::View,
    node::{Containers, Role},
    status::Events,
};
use crate::containers::{docker::Docker, endpoint::Endpoint};

/// A node or a sentinel: what is known of it from round to round.
#[derive(Debug, Default)]
struct Known {
    link: Option<Link>,
    /// It is called, while there is no link.
    call: JoinSet<Result<Link, CacheError>>,
    /// Whether it did not answer last time.
    silent: bool,
    /// Why not, for people.
    why: String,
    /// The version of the spec that it was made to be like, over this link.
    settled: Option<u64>,
    /// Since when it is not as it should be: it follows another one, or hangs.
    astray: Option<Instant>,
}

/// A group, with what is known of it.
pub(super) struct Group {
    docker: Docker,
    containers: Containers,
    pub(super) spec: Arc<CacheSpec>,
    version: u64,
    way: Way,
    events: Events,
    /// Who takes writes, or did until now.
    primary: Option<String>,
    /// Whether there has been one since this process looks.
    served: bool,
    known: BTreeMap<String, Known>,
    /// Parts that are there and no longer wanted.
    leaving: Vec<(Place, Role)>,
    /// What is being started.
    jobs: BTreeMap<String, JoinHandle<Result<(), CacheError>>>,
    /// How often each part was started of late, and when last.
    starts: BTreeMap<String, (u32, Instant)>,
    /// The endpoints, and where each was led last.
    endpoints: BTreeMap<String, (Endpoint, SocketAddrV4)>,
    /// Since when there is no primary.
    trouble: Option<Instant>,
    /// The primary of the last round, and how far its data went.
    floor: Option<(String, u64)>,
    /// Since when it is waited for one: anew when the primary was started anew.
    waits: Option<Instant>,
    started: Instant,
    rounds: u64,
}

/// One that runs so long has not failed to start.
const STEADY: Duration = Duration::from_secs(30);

/// How long the second start waits after the first, and the most that any waits.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// What a round has seen.
struct Seen {
    views: BTreeMap<String, View>,
    /// Whom each sentinel that answers takes for the primary.
    votes: BTreeMap<String, Option<String>>,
    /// How far the data of the primary went in the last round.
    floor: u64,
}

impl Seen {
    /// Whether a node has all that the primary has, and gets the rest. For a second after it has got all
    /// of the data a node can be called online and get nothing: its data has to go on.
    fn follows(&self, primary: &Place, node: &Place) -> bool {
        let fed = match self.views.get(&primary.id) {
            Some(View::Primary { fed, .. }) => fed.contains(&node.address),
            _ => false,
        };
        let follows = matches!(self.views.get(&node.id),
            Some(View::Replica { of, follows: true, offset })
                if *of == Some(primary.address) && *offset >= self.floor);
        fed && follows
    }
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group").field("id", &self.spec.id).finish_non_exhaustive()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.jobs.values().for_each(JoinHandle::abort);
    }
}

impl Group {
    pub(super) fn new(
        docker: &Docker,
        spec: CacheSpec,
        events: Events,
    ) -> Result<Self, CacheError> {
        spec.check()?;
        Ok(Self {
            docker: docker.clone(),
            containers: Containers::new(docker),
            way: Way::of(&spec)?,
            spec: Arc::new(spec),
            version: 0,
            events,
            primary: None,
            served: false,
            known: BTreeMap::new(),
            leaving: vec![],
            jobs: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            trouble: None,
            floor: None,
            waits: None,
            starts: BTreeMap::new(),
            started: Instant::now(),
            rounds: 0,
        })
    }

    /// Another spec from now on.
    pub(super) fn want(&mut self, spec: CacheSpec) -> Result<(), CacheError> {
        spec.check()?;
        self.way = Way::of(&spec)?;
        self.spec = Arc::new(spec);
        self.version += 1;
        // What is no longer wanted is found again.
        self.rounds = 0;
        Ok(())
    }

    /// How long until the next round.
    pub(super) fn pause(&self) -> Duration {
        let timing = &self.spec.timing;
        if self.trouble.is_some() { timing.haste } else { timing.look }
    }

    /// Looks, and does the next thing that has to be done.
    pub(super) async fn round(&mut self) -> Result<Status, CacheError> {
        self.reap().await;
        if self.rounds == 0 {
            self.find_leaving().await?;
        }
        self.rounds += 1;
        let seen = self.look().await;
        self.floor = self.primary.clone().and_then(|id| match seen.views.get(&id) {
            Some(View::Primary { offset, .. }) => Some((id, *offset)),
            _ => None,
        });
        self.see_to_primary(&seen).await?;
        // Until there is a primary, nobody can follow it.
        if self.trouble.is_none() && self.primary.is_some() {
            self.lead(&seen).await?;
            self.mend(&seen).await?;
        }
        Ok(self.status(&seen))
    }

    /// Hands over to a replica that follows.
    pub(super) async fn fail_over(&mut self) -> Result<(), CacheError> {
        let seen = self.look().await;
        let primary = self.primary.as_ref().filter(|_| self.trouble.is_none());
        let primary = primary.and_then(|id| self.place(id));
        let primary = primary.ok_or_else(|| CacheError::NoPrimary(self.spec.id.clone()))?;
        let next = self.spec.nodes.iter().find(|node| seen.follows(&primary, node));
        let next = next.map(|node| node.id.clone());
        match next {
            Some(next) => self.hand_over(&next).await,
            None => Err(CacheError::NoReplica(self.spec.id.clone())),
        }
    }

    /// The node that a snapshot is taken of: a replica, if there is one that answers.
    pub(super) fn source(&self) -> Option<Place> {
        let primary = self.primary.as_ref().filter(|_| self.trouble.is_none())?;
        let answers = |node: &&Place| {
            node.id != *primary
                && self.known.get(&node.id).is_some_and(|known| {
                    known.link.is_some() && known.settled == Some(self.version)
                })
        };
        self.spec.nodes.iter().find(answers).cloned().or_else(|| self.place(primary))
    }

    /// Removes all of it.
    pub(super) async fn remove(mut self) -> Result<(), CacheError> {
        self.jobs.values().for_each(JoinHandle::abort);
        for (_, job) in std::mem::take(&mut self.jobs) {
            // Aborted: whatever it has made is found below.
            drop(job.await);
        }
        self.known.clear();
        self.containers.remove_all(&self.spec).await
    }

    /// The nodes, those that leave included.
    fn nodes(&self) -> Vec<Place> {
        let leaving = self.leaving.iter().filter(|(_, role)| *role == Role::Node);
        self.spec.nodes.iter().chain(leaving.map(|(place, _)| place)).cloned().collect()
    }

    fn place(&self, id: &str) -> Option<Place> {
        self.nodes().into_iter().find(|place| place.id == id)
    }

    /// Notes what was started, and why what could not be was not.
    async fn reap(&mut self) {
        let ended: Vec<String> = self
            .jobs
            .iter()
            .filter(|(_, job)| job.is_finished())
            .map(|(id, _)| id.clone())
            .collect();
        for id in ended {
            let Some(job) = self.jobs.remove(&id) else { continue };
            match job.await {
                Ok(Ok(())) => self.events.note(format!("{id} was started")),
                Ok(Err(error)) => {
                    self.events.note(format!("{id} was not started: {}", error.told()));
                }
                Err(error) => self.events.note(format!("{id} was not started: {error}")),
            }
        }
    }

    /// Whether a part may be started: one that ends again and again waits longer each time.
    fn may_start(&mut self, id: &str) -> bool {
        let (count, last) = self.starts.get(id).copied().unwrap_or((0, self.started));
        let count = if last.elapsed() > STEADY { 0 } else { count };
        let wait = BACK_OFF.0 * (1 << count.min(10)) / 2;
        if count > 0 && last.elapsed() < wait.min(BACK_OFF.1) {
            return false;
        }
        self.starts.insert(id.to_owned(), (count + 1, Instant::now()));
        true
    }

    async fn find_leaving(&mut self) -> Result<(), CacheError> {
        let wanted = |id: &str| {
            self.spec.nodes.iter().chain(&self.spec.sentinels).any(|place| place.id == id)
        };
        let there = self.containers.parts(&self.spec).await?;
        self.leaving = there.into_iter().filter(|(place, _)| !wanted(&place.id)).collect();
        Ok(())
    }

    fn status(&self, seen: &Seen) -> Status {
        let spec = &self.spec;
        let mut missing: Vec<String> = vec![];
        let mut redundant = true;
        let primary = self.primary.as_ref().and_then(|id| self.place(id));
        for node in &spec.nodes {
            let view = seen.views.get(&node.id).unwrap_or(&View::Down);
            let fine = match view {
                View::Primary { .. } => self.primary.as_deref() == Some(&node.id),
                View::Replica { .. } => {
                    primary.as_ref().is_some_and(|primary| seen.follows(primary, node))
                }
                _ => false,
            };
            if !fine {
                redundant = false;
                missing.push(format!("{} {}", node.id, view.said()));
            }
        }
        let silent = spec.sentinels.iter().filter(|place| !seen.votes.contains_key(&place.id));
        missing.extend(silent.map(|place| format!("{} does not answer", place.id)));
        let settled = self.jobs.is_empty()
            && self.leaving.is_empty()
            && spec.nodes.iter().all(|node| {
                self.known.get(&node.id).is_some_and(|known| known.settled == Some(self.version))
            });
        let serves = self.trouble.is_none() && self.primary.is_some() && self.endpoints.len() == 2;
        let (state, message) = if !serves && self.served {
            (State::Failed, format!("nobody takes writes: {}", missing.join(", ")))
        } else if !serves {
            (State::Starting, format!("it starts: {}", missing.join(", ")))
        } else if !missing.is_empty() {
            (State::Degraded, missing.join(", "))
        } else if !settled {
            (State::Ready, "its settings change".to_owned())
        } else {
            (State::Ready, "all of it is there".to_owned())
        };
        let primary = self.primary.clone().filter(|_| serves);
        Status { state, message, redundant: redundant && serves, primary, settled }
    }
}
