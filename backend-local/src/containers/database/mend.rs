//! The nodes beside the writer: they are started, brought to follow, restarted one after the other.

use std::time::Duration;

use super::{
    ClusterSpec, DatabaseError, NodeSpec, Timing, accounts,
    decide::Condition,
    follow,
    keeper::{Done, Keeper, words},
    look::Look,
    node,
    sql::{Server, name, text},
    tended::Work,
};
use crate::containers::docker::Docker;

/// After so many failed attempts to follow, all data are copied.
const JOINS: u32 = 2;
/// After so many failed starts, a node that is not the writer begins with no data.
const STARTS: u32 = 3;

impl Keeper {
    /// Does what there is to do with each node.
    pub(super) async fn mend(&mut self) {
        for at in 0..self.nodes.len() {
            if !self.nodes[at].is_free() {
                continue;
            }
            match self.nodes[at].condition.clone() {
                Condition::Stopped => self.revive(at).await,
                Condition::Silent(missed) if missed >= self.timing.misses => self.end(at).await,
                Condition::Silent(_) | Condition::Starting => {}
                Condition::Up(look) => self.settle(at, &look),
            }
        }
        if self.rolling {
            self.roll().await;
        }
    }

    /// Starts a node that does not run; with no data if it can't start with those that it has.
    async fn revive(&mut self, at: usize) {
        let node = self.nodes[at].spec.clone();
        let is_writer = self.writer.as_deref() == Some(node.id.as_str());
        if !is_writer && self.writer_follows() {
            // First the writer forgets it.
            return;
        }
        let emptied =
            self.nodes[at].failed_starts >= STARTS && !is_writer && self.serving_writer().is_some();
        if emptied {
            self.event(format!("{} does not start: it gets other data", node.id));
            if let Err(error) = delete(&self.docker, &self.spec, &node.id).await {
                return self.event(words(&error));
            }
            self.nodes[at].failed_starts = 0;
        }
        let start = node::start(self.docker.clone(), self.spec.clone(), node, self.timing);
        self.spawn(at, Work::Start, async { Ok(Done::Running(Some(start.await?))) });
    }

    /// Ends a node that is not the writer and does not answer: it is started again then.
    async fn end(&mut self, at: usize) {
        let id = self.nodes[at].spec.id.clone();
        if self.writer.as_deref() == Some(id.as_str()) {
            return;
        }
        self.event(format!("{id} does not answer: it is started again"));
        if let Err(error) = self.fence(&id).await {
            self.event(words(&error));
        }
    }

    /// Makes of a node that answers what it is to be.
    fn settle(&mut self, at: usize, look: &Look) {
        let (docker, cluster, timing) = (self.docker.clone(), self.spec.clone(), self.timing);
        let node = self.nodes[at].spec.clone();
        let Some(running) = self.nodes[at].running.clone() else {
            return self.spawn(at, Work::Read, async move {
                Ok(Done::Running(node::read(&docker, &cluster, &node).await?))
            });
        };
        let is_writer = self.writer.as_deref() == Some(node.id.as_str());
        if is_writer && look.replica.is_some() {
            let forget = follow::forget(cluster, node, timing);
            return self.spawn(at, Work::Forget, async { forget.await.map(|()| Done::Nothing) });
        }
        if is_writer && look.writable && self.accounts_due {
            let made = make_accounts(cluster, node, timing);
            return self.spawn(at, Work::Accounts, async { made.await.map(|()| Done::Nothing) });
        }
        let unconfirmed = is_writer && look.writable && look.has_replica && !look.in_sync;
        if unconfirmed && self.is_followed_closely(&node) {
            let confirmed = follow::confirm(cluster, node, timing);
            return self
                .spawn(at, Work::Confirm, async { confirmed.await.map(|()| Done::Nothing) });
        }
        if !is_writer && self.joins(at, look) {
            return;
        }
        if running.needs_tuning(&node::wanted(&self.spec, &node, &self.timing)) {
            let tuned = node::tune(docker, cluster, node, timing, running);
            self.spawn(at, Work::Tune, async { Ok(Done::Running(Some(tuned.await?))) });
        }
    }

    /// Brings a node to follow the writer, if it does not.
    fn joins(&mut self, at: usize, look: &Look) -> bool {
        let Some(writer) = self.serving_writer().cloned() else { return false };
        // Somebody opened one that follows: it is closed, and copied if anything was written to it.
        if look.follows(&writer.address.to_string()) && !look.writable {
            return false;
        }
        let address = writer.address.to_string();
        let replica = look.replica.as_ref().filter(|replica| replica.source == address);
        let fatal = replica
            .is_some_and(|replica| replica.trouble.as_ref().is_some_and(|trouble| trouble.fatal));
        // It is about to connect, or tries again by itself.
        if replica.is_some_and(|replica| !replica.stopped) && !fatal && !look.writable {
            return false;
        }
        let node = self.nodes[at].spec.clone();
        let copies = fatal || self.nodes[at].failed_joins >= JOINS;
        let (docker, cluster, timing) = (self.docker.clone(), self.spec.clone(), self.timing);
        let joined = follow::join(docker, cluster, node, writer, timing, copies);
        self.spawn(at, Work::Join, async { Ok(Done::Joined(joined.await?)) });
        true
    }

    /// Whether a replica has all that this node has.
    fn is_followed_closely(&self, writer: &NodeSpec) -> bool {
        let address = writer.address.to_string();
        let mut looks = self.nodes.iter().filter_map(|node| node.condition.look());
        looks.any(|look| {
            let lag = look.replica.as_ref().and_then(|replica| replica.lag);
            look.follows(&address) && lag == Some(0)
        })
    }

    /// Whether the writer still knows whom it followed.
    fn writer_follows(&self) -> bool {
        let at = self.writer.as_deref().and_then(|id| self.index(id));
        let look = at.and_then(|at| self.nodes[at].condition.look());
        look.is_some_and(|look| look.replica.is_some())
    }

    /// Restarts the next node that waits for it, while all others are well: the writer last, which
    /// another node replaces before.
    async fn roll(&mut self) {
        let writer = self.serving_writer().map(|writer| writer.id.clone());
        let Some(writer) = writer else { return };
        let at_writer = self.index(&writer);
        let all_serve = self
            .nodes
            .iter()
            .all(|node| node.is_free() && node.serves(at_writer.map(|at| &self.nodes[at])));
        if !all_serve || (self.nodes.len() > 1 && !self.in_sync) {
            return;
        }
        let pending = |at: &usize| {
            let node = &self.nodes[*at];
            let wanted = node::wanted(&self.spec, &node.spec, &self.timing);
            node.running.as_ref().is_none_or(|running| running.needs_restart(&wanted))
        };
        let waiting: Vec<usize> = (0..self.nodes.len()).filter(pending).collect();
        let is_writer = |at: usize| Some(at) == at_writer;
        let Some(next) = waiting.iter().copied().min_by_key(|at| is_writer(*at)) else {
            self.rolling = false;
            return self.event("all nodes are as they are to be");
        };
        if is_writer(next) && self.nodes.len() > 1 {
            if let Err(error) = self.switch(None).await {
                self.event(words(&error));
            }
            return;
        }
        let node = self.nodes[next].spec.clone();
        self.event(format!("{} is started again", node.id));
        let (docker, cluster, timing) = (self.docker.clone(), self.spec.clone(), self.timing);
        self.spawn(next, Work::Start, async move {
            docker.stop(&cluster.node_owner(&node.id).name(), timing.stop_grace).await?;
            Ok(Done::Running(Some(node::start(docker, cluster, node, timing).await?)))
        });
    }

    /// Makes the cluster another one.
    pub(super) async fn apply(&mut self, spec: ClusterSpec) -> Result<(), DatabaseError> {
        spec.check()?;
        let goes = |node: &NodeSpec| spec.node(&node.id).is_none();
        let gone: Vec<NodeSpec> =
            self.spec.nodes.iter().filter(|node| goes(node)).cloned().collect();
        let leaves = |node: &NodeSpec| Some(&node.id) == self.writer.as_ref();
        if gone.iter().any(leaves) {
            let stays = |seat: &super::decide::Seat<'_>| spec.node(seat.id).is_some();
            let heir = self
                .seats()
                .into_iter()
                .filter(stays)
                .min_by_key(|seat| (seat.tier, seat.id.to_owned()));
            let heir = heir.map(|seat| seat.id.to_owned());
            self.switch(heir.as_deref()).await?;
        }
        // What is under way with the old spec is not what is wanted.
        let of_old = |work: Work| matches!(work, Work::Accounts | Work::Join | Work::Tune);
        self.abort(|node, work| of_old(work) || gone.iter().any(|gone| gone.id == node));
        for node in &gone {
            delete(&self.docker, &self.spec, &node.id).await?;
            self.event(format!("{} is gone", node.id));
        }
        self.nodes.retain(|node| spec.node(&node.spec.id).is_some());
        for node in &spec.nodes {
            match self.index(&node.id) {
                Some(at) => self.nodes[at].spec = node.clone(),
                None => self.nodes.push(super::tended::Tended::new(node.clone())),
            }
        }
        self.spec = spec;
        self.accounts_due = true;
        self.start_endpoints().await?;
        Ok(())
    }
}

/// Deletes a node and its data.
pub(super) async fn delete(
    docker: &Docker,
    spec: &ClusterSpec,
    node: &str,
) -> Result<(), DatabaseError> {
    docker.remove(&spec.node_owner(node).name()).await?;
    docker.remove_volume(&spec.data_owner(node).name()).await?;
    Ok(())
}

/// Makes the database and the user of applications what they are to be. What is so already is not
/// written again.
async fn make_accounts(
    spec: ClusterSpec,
    writer: NodeSpec,
    timing: Timing,
) -> Result<(), DatabaseError> {
    let patience = timing.statement_patience;
    let mut session = Server::new(&spec, &writer).open(patience).await?;
    if let Some(database) = &spec.database {
        let there = format!(
            "SELECT 1 AS there FROM information_schema.schemata WHERE schema_name = {}",
            text(database)
        );
        if session.rows("look for the database", &there).await?.is_empty() {
            let make = format!("CREATE DATABASE IF NOT EXISTS {}", name(database));
            session.run("make the database", &make).await?;
        }
    }
    let there = format!(
        "SELECT 1 AS there FROM mysql.user WHERE user = {} AND host = '%'",
        text(&spec.user)
    );
    let known = !session.rows("look for the user", &there).await?.is_empty();
    if !known || !logs_in(&spec, &writer, patience).await? {
        for statement in accounts::of_applications(&spec) {
            session.run("make the user", &statement).await?;
        }
    }
    session.close().await;
    Ok(())
}

/// Whether the user of applications, whom there is, has the password that it is to have.
async fn logs_in(
    spec: &ClusterSpec,
    writer: &NodeSpec,
    patience: Duration,
) -> Result<bool, DatabaseError> {
    match Server::of_applications(spec, writer).open(patience).await {
        Ok(theirs) => {
            theirs.close().await;
            Ok(true)
        }
        // ER_ACCESS_DENIED_ERROR.
        Err(error) if error.code() == Some(1045) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
