//! [`Keeper`]: the task that watches a cluster and mends it.
//!
//! It looks at all nodes, sees to the writer ([`super::guard`]), to the others ([`super::mend`]), leads
//! the endpoints, and says how it is. What takes long is a task of its own, so that the writer is never
//! out of sight. Nothing is remembered that the nodes and endpoints can't tell: a keeper that has just
//! come goes on where another one was killed.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use futures_util::future::join_all;
use infra_core::clock::{Clock as _, SystemClock};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::{AbortHandle, Id, JoinError, JoinSet},
    time::{Instant, sleep_until},
};

use super::{
    ClusterSpec, DatabaseError, NodeSpec, Timing,
    backup::Backup,
    decide::{self, Condition, Join, Seat},
    follow::Joined,
    node::{self, Running},
    snapshot::{SnapshotInfo, Snapshots},
    status::{ClusterStatus, Event, Level},
    tended::{Tended, Work},
};
use crate::containers::{
    docker::Docker,
    endpoint::{Endpoint, EndpointError},
};

/// After which time it is looked what a task has led to.
const SOON: Duration = Duration::from_millis(50);

/// So many events are kept.
const EVENTS: usize = 200;

/// What a keeper is told.
pub(super) enum Command {
    /// The cluster is to be another one.
    Apply(Box<ClusterSpec>, oneshot::Sender<Result<(), DatabaseError>>),
    /// Another node is to be the writer: this one, or the best.
    Switch(Option<String>, oneshot::Sender<Result<String, DatabaseError>>),
    /// Nodes that wait for a restart get one, the writer last.
    Roll,
    /// A copy of all data is to be kept.
    Snapshot(String, oneshot::Sender<Result<SnapshotInfo, DatabaseError>>),
    /// What was written is to be put away now.
    BackUp(oneshot::Sender<Result<(), DatabaseError>>),
}

/// What a task came to.
pub(super) enum Done {
    /// A node runs, with this.
    Running(Option<Running>),
    /// A node follows the writer.
    Joined(Joined),
    /// It was done.
    Nothing,
}

/// A task at work on a node.
pub(super) struct At {
    node: String,
    work: Work,
    handle: AbortHandle,
}

/// The task that watches a cluster and mends it.
pub(super) struct Keeper {
    pub(super) docker: Docker,
    pub(super) spec: ClusterSpec,
    pub(super) timing: Timing,
    pub(super) nodes: Vec<Tended>,
    /// The node that is the writer, dead or alive.
    pub(super) writer: Option<String>,
    reader: Option<String>,
    /// Whether the writer's commits waited for a replica when it answered last.
    pub(super) in_sync: bool,
    /// Since when the writer is dead.
    pub(super) lost_since: Option<Instant>,
    /// Since when none is the writer.
    pub(super) searching_since: Instant,
    pub(super) had_writer: bool,
    /// Whether database and user have to be looked at on the writer.
    pub(super) accounts_due: bool,
    pub(super) rolling: bool,
    pub(super) tasks: JoinSet<Result<Done, DatabaseError>>,
    pub(super) at_work: HashMap<Id, At>,
    pub(super) backup: Backup,
    pub(super) snapshots: Snapshots,
    events: VecDeque<Event>,
    status: watch::Sender<ClusterStatus>,
    commands: mpsc::Receiver<Command>,
    /// What went wrong with an endpoint last.
    endpoint_trouble: Option<String>,
    endpoints_started: bool,
}

impl Keeper {
    pub(super) fn new(
        docker: Docker,
        spec: ClusterSpec,
        timing: Timing,
        status: watch::Sender<ClusterStatus>,
        commands: mpsc::Receiver<Command>,
    ) -> Self {
        Self {
            nodes: spec.nodes.iter().cloned().map(Tended::new).collect(),
            docker,
            spec,
            timing,
            writer: None,
            reader: None,
            in_sync: false,
            lost_since: None,
            searching_since: Instant::now(),
            had_writer: false,
            accounts_due: true,
            rolling: false,
            tasks: JoinSet::new(),
            at_work: HashMap::new(),
            backup: Backup::default(),
            snapshots: Snapshots::default(),
            events: VecDeque::new(),
            status,
            commands,
            endpoint_trouble: None,
            endpoints_started: false,
        }
    }

    /// Watches until nobody holds the cluster any more.
    pub(super) async fn run(mut self) {
        loop {
            let mut next = Instant::now() + self.timing.look_every;
            self.turn().await;
            loop {
                tokio::select! {
                    () = sleep_until(next) => break,
                    Some(ended) = self.tasks.join_next_with_id() => {
                        self.ended(ended);
                        // What it led to is what the next step waits for.
                        next = next.min(Instant::now() + SOON);
                    }
                    command = self.commands.recv() => match command {
                        Some(command) => self.obey(command).await,
                        None => return self.tasks.shutdown().await,
                    },
                }
            }
        }
    }

    async fn turn(&mut self) {
        let (docker, spec, timing) = (&self.docker, &self.spec, &self.timing);
        join_all(self.nodes.iter_mut().map(|node| node.look(docker, spec, timing))).await;
        self.note_health();
        match self.writer {
            Some(_) => self.guard().await,
            None => self.search().await,
        }
        self.mend().await;
        let led = self.lead().await;
        self.say_trouble_of_endpoints(led);
        self.put_away();
        self.publish();
    }

    fn note_health(&mut self) {
        let writer = self.writer.clone();
        let at = self.nodes.iter().position(|node| Some(&node.spec.id) == writer.as_ref());
        let serving: Vec<bool> =
            self.nodes.iter().map(|node| node.serves(at.map(|at| &self.nodes[at]))).collect();
        for (node, serves) in self.nodes.iter_mut().zip(serving) {
            if serves {
                (node.failed_joins, node.failed_starts, node.trouble) = (0, 0, None);
            }
        }
    }

    async fn obey(&mut self, command: Command) {
        // That nobody waits for an answer any more is no reason to do less.
        match command {
            Command::Apply(spec, answer) => drop(answer.send(self.apply(*spec).await)),
            Command::Switch(target, answer) => {
                drop(answer.send(self.switch(target.as_deref()).await));
            }
            Command::Roll => self.rolling = true,
            Command::Snapshot(id, answer) => self.snapshot(id, answer),
            Command::BackUp(answer) => self.back_up(answer),
        }
        self.publish();
    }

    /// The nodes, as decisions see them.
    pub(super) fn seats(&self) -> Vec<Seat<'_>> {
        self.nodes.iter().map(Tended::seat).collect()
    }

    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.spec.id == id)
    }

    /// The writer, if it answers and is written.
    pub(super) fn serving_writer(&self) -> Option<&NodeSpec> {
        let node = &self.nodes[self.index(self.writer.as_deref()?)?];
        node.condition.look().is_some_and(|look| look.writable).then_some(&node.spec)
    }

    pub(super) fn writer_endpoint(&self) -> Endpoint {
        Endpoint::at(self.spec.writer.address, self.spec.writer.port)
    }

    /// Starts the endpoints, or finds them.
    pub(super) async fn start_endpoints(&mut self) -> Result<(), EndpointError> {
        let parts =
            [("endpoint-writer", &self.spec.writer), ("endpoint-reader", &self.spec.reader)];
        for (part, at) in parts {
            let owner = self.spec.owner(part.to_owned());
            Endpoint::start(&self.docker, owner, &at.interface, at.address, at.port).await?;
        }
        self.endpoints_started = true;
        Ok(())
    }

    async fn lead(&mut self) -> Result<(), EndpointError> {
        if !self.endpoints_started {
            self.start_endpoints().await?;
        }
        let Some(writer) = self.serving_writer().map(NodeSpec::socket) else { return Ok(()) };
        self.writer_endpoint().lead_to(Some(writer)).await?;
        let seats = self.seats();
        let (now, limit) = (self.reader.as_deref(), self.timing.lag_limit);
        let reader = decide::reader(&seats, self.writer.as_deref(), now, limit);
        let reader = reader.map(str::to_owned);
        let target = reader.as_deref().and_then(|id| self.spec.node(id)).map(NodeSpec::socket);
        let endpoint = Endpoint::at(self.spec.reader.address, self.spec.reader.port);
        endpoint.lead_to(target).await?;
        self.reader = reader;
        Ok(())
    }

    pub(super) fn say_trouble_of_endpoints(&mut self, led: Result<(), EndpointError>) {
        let trouble = led.err().map(|error| words(&error));
        if let Some(trouble) =
            trouble.as_ref().filter(|now| Some(*now) != self.endpoint_trouble.as_ref())
        {
            self.event(trouble.clone());
        }
        // One that takes no commands is looked for, and started if it is not there.
        self.endpoints_started &= trouble.is_none();
        self.endpoint_trouble = trouble;
    }

    /// Starts a task for a node.
    pub(super) fn spawn<F>(&mut self, at: usize, work: Work, task: F)
    where
        F: Future<Output = Result<Done, DatabaseError>> + Send + 'static,
    {
        let node = &mut self.nodes[at];
        node.work = Some(work);
        let handle = self.tasks.spawn(task);
        let node = node.spec.id.clone();
        self.at_work.insert(handle.id(), At { node, work, handle });
    }

    fn ended(&mut self, ended: Result<(Id, Result<Done, DatabaseError>), JoinError>) {
        let (id, result) = match ended {
            Ok((id, result)) => (id, result.map_err(|error| words(&error))),
            Err(error) => (error.id(), Err(error.to_string())),
        };
        let Some(At { node, work, .. }) = self.at_work.remove(&id) else { return };
        let Some(at) = self.index(&node) else { return };
        self.nodes[at].work = None;
        match result {
            Ok(done) => self.done(at, work, done),
            Err(error) => {
                let later = Instant::now() + self.timing.retry_after;
                let tended = &mut self.nodes[at];
                tended.not_before = later;
                tended.failed_joins += u32::from(work == Work::Join);
                tended.failed_starts += u32::from(work == Work::Start);
                let new = tended.trouble.as_ref() != Some(&error);
                tended.trouble = Some(error.clone());
                if new {
                    self.event(format!("{node}: {error}"));
                }
            }
        }
    }

    fn done(&mut self, at: usize, work: Work, done: Done) {
        let node = &mut self.nodes[at];
        let id = node.spec.id.clone();
        node.trouble = None;
        match done {
            Done::Running(running) => {
                node.running = running;
                if work == Work::Start {
                    // Whether it answers is known by a look, not by how it was before.
                    node.condition = Condition::Silent(0);
                    self.event(format!("{id} has started"));
                }
            }
            Done::Joined(joined) => {
                if joined.running.is_some() {
                    node.running = joined.running;
                }
                // It takes a moment until it is connected.
                node.not_before = Instant::now() + self.timing.retry_after;
                let how = match joined.how {
                    Join::Follow => "from the writer's log",
                    Join::Copy => "with a copy of all data",
                };
                self.event(format!("{id} follows the writer, {how}"));
            }
            Done::Nothing if work == Work::Accounts => self.accounts_due = false,
            Done::Nothing => {}
        }
    }

    /// Ends tasks: what they are about is not so any more.
    pub(super) fn abort(&mut self, which: impl Fn(&str, Work) -> bool) {
        let ends: Vec<Id> = self
            .at_work
            .iter()
            .filter(|(_, at)| which(&at.node, at.work))
            .map(|(id, _)| *id)
            .collect();
        for at in ends.iter().filter_map(|id| self.at_work.remove(id)).collect::<Vec<_>>() {
            at.handle.abort();
            if let Some(index) = self.index(&at.node) {
                self.nodes[index].work = None;
            }
        }
    }

    pub(super) fn event(&mut self, words: impl Into<String>) {
        if self.events.len() == EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(Event { at: SystemClock.now(), words: words.into() });
    }

    pub(super) fn publish(&mut self) {
        let writer = self.writer.as_deref().and_then(|id| self.index(id)).map(|at| &self.nodes[at]);
        let wanted = |node: &Tended| node::wanted(&self.spec, &node.spec, &self.timing);
        let nodes: Vec<_> =
            self.nodes.iter().map(|node| node.status(writer, &wanted(node))).collect();
        let serves = self.serving_writer().is_some();
        let whole = nodes.iter().all(|node| node.healthy) && (nodes.len() == 1 || self.in_sync);
        let settled = whole && !self.accounts_due && self.endpoint_trouble.is_none();
        let (level, message) = match (serves, settled) {
            (true, true) => (Level::Ready, "it is what it is to be".to_owned()),
            (true, false) => (Level::Degraded, self.what_is_missing(&nodes)),
            (false, _) if self.had_writer => {
                (Level::Failed, "nobody can write: a writer is being made".to_owned())
            }
            (false, _) => (Level::Starting, "it starts".to_owned()),
        };
        let status = ClusterStatus {
            level,
            message,
            writer: self.writer.clone(),
            reader: self.reader.clone(),
            full_redundancy: serves && whole,
            nodes,
            latest_restorable: self.backup.latest(),
            rolling: self.rolling,
            events: self.events.iter().cloned().collect(),
        };
        self.status.send_if_modified(|now| {
            let differs = *now != status;
            *now = status;
            differs
        });
    }

    fn what_is_missing(&self, nodes: &[super::status::NodeStatus]) -> String {
        let ill = nodes.iter().filter(|node| !node.healthy);
        let mut words: Vec<String> =
            ill.map(|node| format!("{}: {}", node.id, node.message)).collect();
        words.extend(self.endpoint_trouble.clone());
        if words.is_empty() && self.accounts_due {
            words.push("its user is being made".to_owned());
        }
        if words.is_empty() {
            words.push("no replica confirms what is written".to_owned());
        }
        words.join("; ")
    }
}

/// An error with what led to it.
pub(super) fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let said = source.to_string();
        if !words.contains(&said) {
            words = format!("{words}: {said}");
        }
        next = source.source();
    }
    words
}
