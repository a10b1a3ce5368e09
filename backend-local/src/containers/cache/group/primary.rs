//! That there is one primary, and the endpoints lead there.

use std::{collections::BTreeMap, net::SocketAddrV4, time::Duration};

use futures_util::future::join_all;
use tokio::time::Instant;

use super::{Group, Seen};
use crate::containers::{
    cache::{
        CacheError, Place,
        decide::{Scene, Step, decide},
        link::command,
        live,
        look::View,
        node::Role,
        settings, snapshot,
    },
    endpoint::Endpoint,
};

/// How often a replica is asked whether it has all of it, before it takes over from one that is well.
const CATCH_UP: (u32, Duration) = (40, Duration::from_millis(25));

/// How long writes wait then, at most.
const HELD: &str = "3000";

/// So many rounds after each other the endpoints are not asked where they lead.
const TRUST: u64 = 10;

impl Group {
    /// Does what has to be done for there to be one primary.
    pub(super) async fn see_to_primary(&mut self, seen: &Seen) -> Result<(), CacheError> {
        let Some(primary) = self.primary.clone().or_else(|| self.guess(seen)) else {
            return Ok(());
        };
        if self.primary.is_none() {
            self.primary = Some(primary.clone());
        }
        let takes_writes = matches!(seen.views.get(&primary), Some(View::Primary { .. }));
        if !takes_writes && self.trouble.is_none() {
            self.trouble = Some(Instant::now());
            self.waits = self.trouble;
            if self.served {
                let why = seen.views.get(&primary).map_or("is gone", View::said);
                self.events.note(format!("the primary {primary} {why}"));
            }
        }
        let vote = self.vote(seen);
        let timing = self.spec.timing;
        let scene = Scene {
            views: &seen.views,
            primary: &primary,
            vote: vote.as_deref(),
            trouble: self.waits.map_or(Duration::ZERO, |since| since.elapsed()),
            timing: &timing,
        };
        match decide(&scene) {
            Step::Stay => {
                self.calm();
                Ok(())
            }
            Step::Wait => Ok(()),
            Step::Switch(id) => self.switch(seen, &primary, &id).await,
            Step::Promote(id) => self.promote(seen, &primary, &id).await,
            Step::Fence => {
                self.events.note(format!("{primary} answers nobody: it is ended"));
                self.containers.kill(&self.spec, &primary).await
            }
            Step::Revive => self.revive(&primary).await,
        }
    }

    /// Leads the endpoints to the primary and to a replica.
    pub(super) async fn lead(&mut self, seen: &Seen) -> Result<(), CacheError> {
        let Some(primary) = self.primary.as_ref().and_then(|id| self.place(id)) else {
            return Ok(());
        };
        let spec = self.spec.clone();
        let reader = spec.nodes.iter().find(|node| seen.follows(&primary, node));
        for (place, node) in [(&spec.primary, &primary), (&spec.reader, reader.unwrap_or(&primary))]
        {
            self.lead_one(place, spec.address(node)).await?;
        }
        Ok(())
    }

    async fn lead_one(&mut self, place: &Place, to: SocketAddrV4) -> Result<(), CacheError> {
        let failed = |source| CacheError::Endpoint { part: place.id.clone(), source };
        let endpoint = match self.endpoints.get(&place.id) {
            // It leads where it was led until it ends, which is looked for now and then.
            Some((_, led)) if *led == to && !self.rounds.is_multiple_of(TRUST) => return Ok(()),
            Some((endpoint, _)) => *endpoint,
            None => {
                let (owner, port) = (self.spec.owner(&place.id), self.spec.port);
                let interface = &place.interface;
                let started =
                    Endpoint::start(&self.docker, owner, interface, place.address, port).await;
                started.map_err(failed)?
            }
        };
        let led = endpoint.lead_to(Some(to)).await;
        match &led {
            Ok(()) => self.endpoints.insert(place.id.clone(), (endpoint, to)),
            // It may have ended: it is started anew in the next round.
            Err(_) => self.endpoints.remove(&place.id),
        };
        led.map_err(failed)
    }

    /// Hands over from a primary that is well to a replica. Writes wait meanwhile, none is lost.
    pub(super) async fn hand_over(&mut self, to: &str) -> Result<(), CacheError> {
        let no_replica = || CacheError::NoReplica(self.spec.id.clone());
        let from = self.primary.clone().ok_or_else(no_replica)?;
        let (Some(old), Some(new)) = (self.place(&from), self.place(to)) else {
            return Err(no_replica());
        };
        let hold = command(&["CLIENT", "PAUSE", HELD, "WRITE"]);
        self.tell::<()>(&from, "to hold writes", &hold).await?;
        let handed = self.follow_up(&from, to).await;
        if let Err(error) = handed {
            self.tell::<()>(&from, "to go on", &command(&["CLIENT", "UNPAUSE"])).await?;
            return Err(error);
        }
        let port = self.spec.port.to_string();
        let follow = command(&["REPLICAOF", &new.address.to_string(), &port]);
        let alone = command(&["REPLICAOF", "NO", "ONE"]);
        // From here on the old one takes no writes: there is no moment with two that do.
        self.tell::<()>(&from, "to follow", &follow).await?;
        self.tell::<()>(to, "to take over", &alone).await?;
        self.rewatch(&new).await;
        self.tell::<()>(&from, "to go on", &command(&["CLIENT", "UNPAUSE"])).await?;
        self.primary = Some(to.to_owned());
        self.events.note(format!("{} handed over to {}", old.id, new.id));
        self.follow(&new).await;
        let endpoint = self.spec.primary.clone();
        self.lead_one(&endpoint, self.spec.address(&new)).await
    }

    /// All that answer follow a new primary. The sentinels tell them, too, later.
    async fn follow(&mut self, primary: &Place) {
        for node in self.nodes().iter().filter(|node| node.id != primary.id) {
            if self.known.get(&node.id).is_some_and(|known| known.link.is_some()) {
                self.tell_to_follow(&node.id, primary).await;
            }
        }
    }

    async fn tell_to_follow(&mut self, node: &str, primary: &Place) {
        let port = self.spec.port.to_string();
        let follow = command(&["REPLICAOF", &primary.address.to_string(), &port]);
        if let Err(error) = self.tell::<()>(node, "to follow", &follow).await {
            self.events.note(error.told());
        }
    }

    /// Waits until a replica has all that the primary has.
    async fn follow_up(&mut self, from: &str, to: &str) -> Result<(), CacheError> {
        let info = command(&["INFO", "replication"]);
        for _ in 0..CATCH_UP.0 {
            let old = View::read(&self.tell::<String>(from, "to say how it is", &info).await?);
            let new = View::read(&self.tell::<String>(to, "to say how it is", &info).await?);
            if let (View::Primary { offset: all, .. }, View::Replica { follows: true, offset, .. }) =
                (old, new)
                && offset >= all
            {
                return Ok(());
            }
            tokio::time::sleep(CATCH_UP.1).await;
        }
        Err(CacheError::NoReplica(self.spec.id.clone()))
    }

    /// Who is the primary, if this process does not know yet. `None` as long as it can't be said.
    fn guess(&self, seen: &Seen) -> Option<String> {
        let vote = self.vote(seen);
        let takes_writes = |id: &String| matches!(seen.views.get(id), Some(View::Primary { .. }));
        if let Some(vote) = vote.clone().filter(takes_writes) {
            return Some(vote);
        }
        let primaries = seen.views.iter().filter_map(|(id, view)| match view {
            View::Primary { offset, .. } => Some((*offset, id)),
            _ => None,
        });
        if let Some((_, id)) = primaries.max() {
            return Some(id.clone());
        }
        let mut followed: BTreeMap<String, usize> = BTreeMap::new();
        for view in seen.views.values() {
            if let View::Replica { of: Some(address), .. } = view
                && let Some(node) = self.nodes().into_iter().find(|node| node.address == *address)
            {
                *followed.entry(node.id).or_default() += 1;
            }
        }
        if let Some((id, _)) = followed.into_iter().max_by_key(|(_, followers)| *followers) {
            return Some(id);
        }
        // One that hangs or loads may be it.
        let unsure = seen.views.values().any(|view| *view != View::Down);
        if unsure && self.started.elapsed() < self.spec.timing.hang {
            return None;
        }
        vote.or_else(|| self.spec.nodes.first().map(|node| node.id.clone()))
    }

    /// Whom most of the sentinels take for the primary.
    fn vote(&self, seen: &Seen) -> Option<String> {
        let mut votes: BTreeMap<&String, usize> = BTreeMap::new();
        seen.votes.values().flatten().for_each(|id| *votes.entry(id).or_default() += 1);
        let (id, count) = votes.into_iter().max_by_key(|(_, count)| *count)?;
        (count >= self.spec.quorum()).then(|| id.clone())
    }

    fn calm(&mut self) {
        if let Some(since) = self.trouble.take().filter(|_| self.served) {
            let took = since.elapsed().as_millis();
            self.events.note(format!("writes are taken again, after {took} ms"));
        }
        self.waits = None;
        self.served = true;
    }

    /// Another one takes writes: the old one is ended if it might, and the endpoint leads to the new one.
    async fn switch(&mut self, seen: &Seen, old: &str, new: &str) -> Result<(), CacheError> {
        let ended = !matches!(seen.views.get(old), None | Some(View::Down | View::Replica { .. }));
        if ended {
            self.events.note(format!("{old} is ended, so that it takes no writes"));
            self.containers.kill(&self.spec, old).await?;
            self.known.remove(old);
        }
        let Some(place) = self.place(new) else { return Ok(()) };
        let (endpoint, to) = (self.spec.primary.clone(), self.spec.address(&place));
        self.primary = Some(new.to_owned());
        self.lead_one(&endpoint, to).await?;
        self.events.note(format!("{new} is the primary"));
        self.calm();
        self.follow(&place).await;
        Ok(())
    }

    /// A replica takes the place of the primary, and the sentinels go by that.
    async fn promote(&mut self, seen: &Seen, old: &str, new: &str) -> Result<(), CacheError> {
        let Some(place) = self.place(new) else { return Ok(()) };
        let alone = command(&["REPLICAOF", "NO", "ONE"]);
        self.tell::<()>(new, "to take over", &alone).await?;
        // People do not wait until the sentinels know it, too.
        let switched = self.switch(seen, old, new).await;
        self.rewatch(&place).await;
        switched
    }

    /// All sentinels watch this primary. One that can't be told is ended: it would go by what it knew, and
    /// bring the others to it, since what they are told anew counts less with them than what they agreed on.
    pub(super) async fn rewatch(&mut self, primary: &Place) {
        let spec = &self.spec;
        let sentinels = spec.sentinels.iter().map(|place| {
            let link = self.known.get_mut(&place.id).and_then(|known| known.link.take());
            async move {
                let mut link = link?;
                let told = live::watch(spec, &mut link, primary).await;
                Some(told.map(|()| link))
            }
        });
        // A collection: each of them has its link before any is told.
        let told = join_all(sentinels.collect::<Vec<_>>()).await;
        for (Place { id, .. }, told) in self.spec.clone().sentinels.iter().zip(told) {
            match told {
                Some(Ok(link)) => self.known.entry(id.clone()).or_default().link = Some(link),
                // It is told when it has started.
                _ if self.jobs.contains_key(id) => {}
                Some(Err(error)) => self.end_sentinel(id, &format!(" ({})", error.told())).await,
                None => self.end_sentinel(id, "").await,
            }
        }
    }

    async fn end_sentinel(&mut self, id: &str, why: &str) {
        self.events.note(format!("{id} can't be told who is the primary: it is ended{why}"));
        if let Err(error) = self.containers.kill(&self.spec, id).await {
            self.events.note(error.told());
        }
    }

    /// Nobody has data: the primary starts anew, with that of a snapshot if there never was any.
    async fn revive(&mut self, id: &str) -> Result<(), CacheError> {
        let Some(place) = self.place(id) else {
            // It is no longer wanted, and has gone.
            self.primary = None;
            return Ok(());
        };
        if !self.may_start(id) {
            return Ok(());
        }
        self.note_last_words(id).await?;
        let spec = self.spec.clone();
        let data = match &spec.restore {
            Some(name) if !self.had_data().await? => {
                Some(snapshot::read(&self.docker, &spec, name).await?)
            }
            _ => None,
        };
        self.containers.run(&spec, &place, Role::Node).await?;
        let files = settings::node(&spec, &place, None);
        self.containers.give(&spec, id, &files, data.as_deref()).await?;
        self.events.note(match (&data, self.served) {
            (Some(_), _) => format!("{id} starts as primary, with the data of the snapshot"),
            (None, true) => format!("{id} starts as primary, without data: nobody else has it"),
            (None, false) => format!("{id} starts as primary"),
        });
        self.waits = Some(Instant::now());
        Ok(())
    }

    /// Notes why a part has ended, if it says so.
    async fn note_last_words(&mut self, id: &str) -> Result<(), CacheError> {
        if let Some(words) = self.containers.last_words(&self.spec, id).await? {
            self.events.note(format!("{id} has ended: {words}"));
        }
        Ok(())
    }

    /// Whether a node of the group has ever had data.
    async fn had_data(&self) -> Result<bool, CacheError> {
        for place in &self.spec.nodes {
            self.containers.run(&self.spec, place, Role::Node).await?;
            if self.containers.has_started(&self.spec, &place.id).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells a part that there is a link to.
    pub(super) async fn tell<T: redis::FromRedisValue>(
        &mut self,
        part: &str,
        what: &str,
        words: &redis::Cmd,
    ) -> Result<T, CacheError> {
        match self.known.get_mut(part).and_then(|known| known.link.as_mut()) {
            Some(link) => link.tell(what, words).await,
            None => {
                let source = std::io::Error::from(std::io::ErrorKind::NotConnected);
                Err(CacheError::Unreachable { part: part.to_owned(), source })
            }
        }
    }
}
