//! [`Cache`]: a replication group that somebody looks after.

use std::time::Duration;

use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::{
    CacheError, CacheSpec, Event, Snapshot, State, Status, group::Group, snapshot, status::Events,
};
use crate::containers::docker::Docker;

/// So many things may be asked for before anybody has time for them.
const WAITING: usize = 16;

/// What is asked of the task.
enum Request {
    Apply(Box<CacheSpec>, Answer),
    FailOver(Answer),
    Snapshot(String, oneshot::Sender<Result<Snapshot, CacheError>>),
    Remove(Answer),
}

type Answer = oneshot::Sender<Result<(), CacheError>>;

/// A replication group that a task looks after. Its containers outlive it; whoever starts it again finds
/// them.
#[derive(Debug)]
pub struct Cache {
    id: String,
    requests: mpsc::Sender<Request>,
    status: watch::Receiver<Status>,
    events: Events,
    task: JoinHandle<()>,
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Cache {
    /// Begins to look after a group: starts what does not run, finds what does, and changes what differs.
    /// That takes its time: see [`Cache::ready`].
    ///
    /// # Errors
    /// If it can't be as it is wanted.
    pub fn start(docker: &Docker, spec: CacheSpec) -> Result<Self, CacheError> {
        let events = Events::default();
        let id = spec.id.clone();
        let group = Group::new(docker, spec, events.clone())?;
        let (status_sender, status) = watch::channel(Status::starting());
        let (requests, receiver) = mpsc::channel(WAITING);
        let task =
            Task { docker: docker.clone(), group, status: status_sender, events: events.clone() };
        let task = tokio::spawn(task.run(receiver));
        Ok(Self { id, requests, status, events, task })
    }

    /// How it is, now and whenever that changes.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// What happened last.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.events.all()
    }

    /// Waits until all of it is there, as it was wanted last.
    ///
    /// # Errors
    /// If it takes longer than that.
    pub async fn ready(&self, patience: Duration) -> Result<(), CacheError> {
        let mut status = self.status.clone();
        let fine = |status: &Status| status.state == State::Ready && status.settled;
        let result = tokio::time::timeout(patience, status.wait_for(fine)).await;
        match result {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(CacheError::NotReady {
                id: self.id.clone(),
                seconds: patience.as_secs(),
                message: self.status.borrow().message.clone(),
            }),
        }
    }

    /// Makes it another one: parameters, users, tokens, certificates, nodes and sentinels. It returns at
    /// once; [`Cache::ready`] waits for it.
    ///
    /// # Errors
    /// If it can't be so; it stays as it is then.
    pub async fn apply(&self, spec: CacheSpec) -> Result<(), CacheError> {
        self.ask(|answer| Request::Apply(Box::new(spec), answer)).await
    }

    /// Has a replica take over from a primary that is well: no write is lost.
    ///
    /// # Errors
    /// If no replica has all of its data.
    pub async fn fail_over(&self) -> Result<(), CacheError> {
        self.ask(Request::FailOver).await
    }

    /// Takes a snapshot, of a replica if there is one.
    ///
    /// # Errors
    /// If there is one of that name, or nobody to take it of.
    pub async fn snapshot(&self, name: &str) -> Result<Snapshot, CacheError> {
        let name = name.to_owned();
        self.ask(|answer| Request::Snapshot(name, answer)).await
    }

    /// Ends it and removes its containers, with their data. Snapshots and interfaces stay.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn remove(self) -> Result<(), CacheError> {
        self.ask(Request::Remove).await
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, CacheError>>) -> Request,
    ) -> Result<T, CacheError> {
        let (sender, receiver) = oneshot::channel();
        let ended = || CacheError::NoPrimary(self.id.clone());
        self.requests.send(request(sender)).await.map_err(|_| ended())?;
        receiver.await.map_err(|_| ended())?
    }
}

/// What looks after a group.
struct Task {
    docker: Docker,
    group: Group,
    status: watch::Sender<Status>,
    events: Events,
}

impl Task {
    async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut said = String::new();
        loop {
            let began = Instant::now();
            match self.group.round().await {
                Ok(status) => {
                    said.clear();
                    self.status.send_if_modified(|there| {
                        let differs = *there != status;
                        *there = status;
                        differs
                    });
                }
                Err(error) => {
                    let words = error.told();
                    // It is tried again until it is done; once is enough to say so.
                    if words != said {
                        self.events.note(&words);
                    }
                    said.clone_from(&words);
                    self.status.send_if_modified(|there| {
                        let before = there.clone();
                        (there.message, there.settled, there.redundant) = (words, false, false);
                        if there.state == State::Ready {
                            there.state = State::Degraded;
                        }
                        *there != before
                    });
                }
            }
            let pause = self.group.pause().saturating_sub(began.elapsed());
            let request = tokio::select! {
                request = requests.recv() => match request {
                    Some(request) => request,
                    None => return,
                },
                () = sleep(pause) => continue,
            };
            match request {
                Request::Apply(spec, answer) => {
                    let result = self.group.want(*spec);
                    if result.is_ok() {
                        self.status.send_modify(|status| status.settled = false);
                    }
                    tell(answer, result);
                }
                Request::FailOver(answer) => {
                    let result = self.group.fail_over().await;
                    // Whoever waits for it to be ready waits for a look at what has become of it.
                    self.status.send_modify(|status| status.settled = false);
                    tell(answer, result);
                }
                Request::Snapshot(name, answer) => {
                    let source = self.group.source();
                    let (docker, spec) = (self.docker.clone(), self.group.spec.clone());
                    // It takes long; the group needs to be looked after meanwhile.
                    tokio::spawn(async move {
                        let result = match source {
                            Some(place) => snapshot::take(&docker, &spec, &place, &name).await,
                            None => Err(CacheError::NoPrimary(spec.id.clone())),
                        };
                        tell(answer, result);
                    });
                }
                Request::Remove(answer) => {
                    tell(answer, self.group.remove().await);
                    return;
                }
            }
        }
    }
}

/// Whoever has asked may have gone: what was done is done.
fn tell<T>(answer: oneshot::Sender<T>, result: T) {
    drop(answer.send(result));
}
