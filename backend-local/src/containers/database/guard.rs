//! The writer: it is found, watched, and replaced.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    DatabaseError, NodeSpec,
    decide::{self, Condition, Loss, Seat},
    follow,
    gtid::GtidSet,
    keeper::{Keeper, words},
    look::Look,
    sql::Server,
    tended::{Tended, Work},
};

impl Keeper {
    /// Looks for a writer; if there is none, one is chosen once all nodes answer, or those that do not
    /// have been waited for.
    pub(super) async fn search(&mut self) {
        let led_to = match self.writer_endpoint().target().await {
            Ok(target) => {
                target.and_then(|target| self.spec.at(target)).map(|node| node.id.clone())
            }
            // It is started later in this turn.
            Err(_) => None,
        };
        if let Some(id) = decide::writer(&self.seats(), led_to.as_deref()).map(str::to_owned) {
            let serves = self.is_writable(&id);
            self.event(format!("{id} is the writer{}", if serves { "" } else { ", and gone" }));
            self.take_as_writer(id);
            self.had_writer = true;
            if serves {
                self.lost_since = None;
            }
            return;
        }
        let answers = |node: &Tended| node.condition.look().is_some();
        let all = self.nodes.iter().all(answers);
        let waited = self.searching_since.elapsed() >= self.timing.election_patience;
        if !all && !waited {
            return;
        }
        let Some(best) = decide::best(&self.seats()).map(str::to_owned) else { return };
        // Who does not answer must not turn out to be one.
        let silent: Vec<NodeSpec> =
            self.nodes.iter().filter(|node| !answers(node)).map(|node| node.spec.clone()).collect();
        if !silent.is_empty() {
            self.event(format!("{best} is chosen without {}", names(&silent)));
            let out = |node: &str| silent.iter().any(|silent| silent.id == node);
            self.abort(|node, _| out(node));
        }
        for node in silent {
            if let Err(error) = self.fence(&node.id).await {
                return self.event(words(&error));
            }
        }
        self.promote(&best, "no node was the writer").await;
    }

    /// Sees that the writer is alive, and to what follows if it is not.
    pub(super) async fn guard(&mut self) {
        let Some(id) = self.writer.clone() else { return };
        let Some(at) = self.index(&id) else {
            return self.lose();
        };
        match &self.nodes[at].condition {
            Condition::Up(look) if look.writable => {
                let address = self.nodes[at].spec.address.to_string();
                // The writer takes a while to notice that a replica has gone.
                let is_received = self.nodes.iter().any(|node| {
                    node.condition.look().is_some_and(|look| look.receives_from(&address))
                });
                self.in_sync = look.in_sync && is_received;
                if self.lost_since.take().is_some() {
                    self.event(format!("{id} answers again"));
                }
            }
            Condition::Up(look) => {
                // It came back, closed as all do. Nobody has what it has not, or one is chosen.
                let known = look.known();
                let has_all = self.nodes.iter().filter_map(|node| node.condition.look());
                if has_all.into_iter().all(|other| known.contains(&other.known())) {
                    self.promote(&id, "it has come back").await;
                } else {
                    self.lose();
                }
            }
            condition if condition.is_dead(self.timing.misses) => self.lost(&id).await,
            Condition::Starting if self.lost_since.is_some() => self.lost(&id).await,
            Condition::Starting | Condition::Silent(_) | Condition::Stopped => {}
        }
    }

    /// The writer is dead.
    async fn lost(&mut self, id: &str) {
        let is_new = self.lost_since.is_none();
        if is_new {
            self.event(format!("the writer {id} is dead"));
            self.lost_since = Some(Instant::now());
        }
        let gone = self.lost_since.map_or(Duration::ZERO, |since| since.elapsed());
        let seats = self.seats();
        let others: Vec<Seat<'_>> = seats.into_iter().filter(|seat| seat.id != id).collect();
        let in_sync = if is_new {
            decide::is_vouched_for(&others, self.in_sync, self.timing.misses)
        } else {
            self.in_sync
        };
        let loss = decide::after_loss(&others, in_sync, gone, self.timing.return_patience);
        let heir = match loss {
            Loss::Promote(heir) => Some(heir.to_owned()),
            Loss::Restart => None,
        };
        self.in_sync = in_sync;
        let is_coming = self.index(id).is_some_and(|at| self.nodes[at].work.is_some());
        if heir.is_none() && is_coming {
            return;
        }
        if let Err(error) = self.fence(id).await {
            return self.event(words(&error));
        }
        let Some(heir) = heir else { return };
        if !self.in_sync {
            self.event(format!("{id} did not come back: rows that it had alone are lost"));
        }
        // Nobody is to follow it any more; others that start may go on.
        self.abort(|node, work| node == id || work != Work::Start);
        self.promote(&heir, &format!("{id} is dead")).await;
    }

    /// Ends a node, for certain. It comes back closed.
    pub(super) async fn fence(&mut self, id: &str) -> Result<(), DatabaseError> {
        let name = self.spec.node_owner(id).name();
        self.docker.kill(&name).await?;
        let began = Instant::now();
        while self.docker.see(&name).await?.is_some_and(|seen| seen.running) {
            if began.elapsed() >= self.timing.stop_grace {
                let what = format!("the end of {id}");
                return Err(DatabaseError::TooLong { what, seconds: began.elapsed().as_secs() });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if let Some(at) = self.index(id) {
            self.nodes[at].condition = Condition::Stopped;
            self.nodes[at].running = None;
        }
        Ok(())
    }

    /// Makes a node the writer, and leads people there.
    async fn promote(&mut self, id: &str, why: &str) {
        if let Err(error) = self.try_promote(id, &GtidSet::default()).await {
            let error = words(&error);
            return self.event(format!("{id} could not be made the writer: {error}"));
        }
        self.event(format!("{id} is the writer: {why}"));
    }

    async fn try_promote(&mut self, id: &str, also: &GtidSet) -> Result<(), DatabaseError> {
        let gone = || DatabaseError::NoWriter { cluster: self.spec.id.clone() };
        let node = self.spec.node(id).ok_or_else(gone)?.clone();
        let server = Server::new(&self.spec, &node);
        let patience = self.timing.statement_patience;
        let longest = patience + self.timing.apply_patience;
        let mut session = server.open(patience).await?.patient(longest);
        follow::drain(&mut session, also, self.timing.apply_patience).await?;
        follow::open(&mut session).await?;
        let look = Look::at(&mut session).await?;
        session.close().await;
        self.take_as_writer(node.id.clone());
        self.lost_since = None;
        // Nobody follows it yet.
        self.in_sync = false;
        if let Some(at) = self.index(&node.id) {
            self.nodes[at].condition = Condition::Up(Box::new(look));
        }
        // It is the writer from here on: that people are not led there yet is mended with the next
        // look, and no reason to say that all is as before.
        let led = self.writer_endpoint().lead_to(Some(node.socket())).await;
        self.say_trouble_of_endpoints(led);
        Ok(())
    }

    /// Makes another node the writer while all are well: nobody writes for a moment, nothing is lost.
    pub(super) async fn switch(&mut self, target: Option<&str>) -> Result<String, DatabaseError> {
        let none = || DatabaseError::NoWriter { cluster: self.spec.id.clone() };
        let old = self.serving_writer().ok_or_else(none)?.clone();
        let heir = self.heir(&old, target)?;
        self.event(format!("{heir} is to be the writer, by request"));
        let mut session =
            Server::new(&self.spec, &old).open(self.timing.statement_patience).await?;
        // Whoever is cut writes no more, so that closing waits for nobody.
        self.writer_endpoint().lead_to(None).await?;
        let closed = async {
            follow::close(&mut session).await?;
            Look::at(&mut session).await
        };
        let switched = match closed.await {
            Ok(look) => self.try_promote(&heir, &look.executed).await,
            Err(error) => Err(error),
        };
        if let Err(error) = switched {
            // It is closed, or almost: it takes writes again, and all is as before.
            if self.writer.as_deref() == Some(old.id.as_str()) {
                let server = Server::new(&self.spec, &old);
                follow::open(&mut server.open(self.timing.statement_patience).await?).await?;
                self.writer_endpoint().lead_to(Some(old.socket())).await?;
            }
            session.close().await;
            return Err(error);
        }
        session.close().await;
        if let Some(at) = self.index(&old.id) {
            self.nodes[at].condition = Condition::Silent(0);
        }
        self.event(format!("{heir} is the writer: by request"));
        Ok(heir)
    }

    /// Who takes the writer's place by request.
    fn heir(&self, old: &NodeSpec, target: Option<&str>) -> Result<String, DatabaseError> {
        let refused = |node: &str, reason: &str| DatabaseError::NoSwitch {
            cluster: self.spec.id.clone(),
            node: node.to_owned(),
            reason: reason.to_owned(),
        };
        let address = old.address.to_string();
        let follows =
            |seat: &Seat<'_>| seat.condition.look().is_some_and(|look| look.follows(&address));
        match target {
            Some(target) if target == old.id => Err(refused(target, "it is the writer")),
            Some(target) => {
                let seats = self.seats();
                let seat = seats.iter().find(|seat| seat.id == target);
                let seat = seat.ok_or_else(|| refused(target, "there is no such node"))?;
                let heir = follows(seat).then(|| target.to_owned());
                heir.ok_or_else(|| refused(target, "it does not follow the writer now"))
            }
            None => {
                let seats: Vec<_> = self.seats().into_iter().filter(follows).collect();
                let best = seats.iter().min_by_key(|seat| (seat.tier, seat.id));
                let best = best.map(|seat| seat.id.to_owned());
                best.ok_or_else(|| refused("another node", "none follows the writer now"))
            }
        }
    }

    fn take_as_writer(&mut self, id: String) {
        self.abort(|_, work| work == Work::Accounts);
        self.had_writer = true;
        self.accounts_due = true;
        self.writer = Some(id);
    }

    /// None is the writer any more.
    fn lose(&mut self) {
        (self.writer, self.searching_since) = (None, Instant::now());
    }

    fn is_writable(&self, id: &str) -> bool {
        let at = self.index(id);
        let look = at.and_then(|at| self.nodes[at].condition.look());
        look.is_some_and(|look| look.writable)
    }
}

fn names(nodes: &[NodeSpec]) -> String {
    nodes.iter().map(|node| node.id.as_str()).collect::<Vec<_>>().join(", ")
}
