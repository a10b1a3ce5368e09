//! What the nodes and the sentinels say. All are asked at the same time, and have the same time to answer;
//! who did not the last time is called beside the rounds.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddrV4},
    pin::pin,
};

use futures_util::future::{Either, join_all, select};
use tokio::time::{error::Elapsed, timeout};

use super::{Group, Known, Seen};
use crate::containers::cache::{
    CacheError, CacheSpec, Place,
    link::{Link, Way, command},
    look::View,
    node::{Containers, Kept},
    spec::{NAME, SENTINEL_PORT, Timing},
};

/// What is said of a part that is waited for in vain.
const NO_ANSWER: &str = "does not answer";

impl Group {
    /// Asks all of them.
    pub(super) async fn look(&mut self) -> Seen {
        let (way, spec, containers) = (&self.way, &self.spec, &self.containers);
        let mut known = std::mem::take(&mut self.known);
        let mut asked_of = |id: &str| (known.remove(id).unwrap_or_default(), id.to_owned());
        let nodes = self.spec.nodes.iter().chain(
            self.leaving
                .iter()
                .filter(|(_, role)| *role == super::Role::Node)
                .map(|(place, _)| place),
        );
        let nodes = nodes.map(|place| {
            let (known, id) = asked_of(&place.id);
            async move { (id, node(way, spec, containers, place, known).await) }
        });
        let nodes: Vec<_> = nodes.collect();
        let sentinels = self.spec.sentinels.iter().map(|place| {
            let (known, id) = asked_of(&place.id);
            async move { (id, sentinel(way, spec, place, known).await) }
        });
        let sentinels: Vec<_> = sentinels.collect();
        let (nodes, sentinels) = tokio::join!(join_all(nodes), join_all(sentinels));
        let floor = self.floor.as_ref().filter(|(id, _)| Some(id) == self.primary.as_ref());
        let floor = floor.map_or(0, |(_, offset)| *offset);
        let mut seen = Seen { views: BTreeMap::new(), votes: BTreeMap::new(), floor };
        for (id, (known, view)) in nodes {
            self.known.insert(id.clone(), known);
            seen.views.insert(id, view);
        }
        for (id, (known, vote)) in sentinels {
            self.known.insert(id.clone(), known);
            if let Some(address) = vote {
                let node = self.nodes().into_iter().find(|node| node.address == address);
                seen.votes.insert(id, node.map(|node| node.id));
            }
        }
        seen
    }
}

/// How a node is.
async fn node(
    way: &Way,
    spec: &CacheSpec,
    containers: &Containers,
    place: &Place,
    mut known: Known,
) -> (Known, View) {
    let had_link = known.link.is_some();
    if let Some(view) = ask(way, spec, place, &mut known).await {
        return (known, view);
    }
    let look = containers.look(spec, &place.id);
    // A link that has just broken says nothing of the node: it may have been started anew.
    let kept = if had_link && !known.silent {
        match once_more(ask(way, spec, place, &mut known), look).await {
            Ok(view) => return (known, view),
            Err(kept) => kept,
        }
    } else {
        look.await
    };
    known.silent = true;
    let view = match kept {
        Ok(Kept::Ended | Kept::Missing | Kept::Waits) => View::Down,
        Ok(Kept::Frozen) => View::Silent("is frozen".to_owned()),
        Ok(Kept::Runs) => View::Silent(known.why.clone()),
        Err(error) => View::Silent(error.told()),
    };
    (known, view)
}

/// What a node answers; how its container is if there is no answer, or none to be waited for.
async fn once_more(
    ask: impl Future<Output = Option<View>>,
    look: impl Future<Output = Result<Kept, CacheError>>,
) -> Result<View, Result<Kept, CacheError>> {
    match select(pin!(ask), pin!(look)).await {
        Either::Left((Some(view), _)) => Ok(view),
        Either::Left((None, look)) => Err(look.await),
        Either::Right((Ok(Kept::Runs), ask)) => ask.await.ok_or(Ok(Kept::Runs)),
        Either::Right((kept, _)) => Err(kept),
    }
}

/// What a node says of itself; `None` if it does not answer.
async fn ask(way: &Way, spec: &CacheSpec, place: &Place, known: &mut Known) -> Option<View> {
    let to = spec.address(place);
    let call = |way: Way, id: String| async move { way.node(&id, to).await };
    let mut link = known.reach(&spec.timing, || call(way.clone(), place.id.clone())).await?;
    let info = command(&["INFO", "replication", "persistence"]);
    let asked = link.tell::<String>("to say how it is", &info);
    let info = known.heard(timeout(spec.timing.glance, asked).await, link)?;
    Some(View::read(&info))
}

/// Whom a sentinel takes for the primary; `None` if it does not answer.
async fn sentinel(
    way: &Way,
    spec: &CacheSpec,
    place: &Place,
    mut known: Known,
) -> (Known, Option<Ipv4Addr>) {
    let to = SocketAddrV4::new(place.address, SENTINEL_PORT);
    let call = |way: Way, id: String| async move { way.sentinel(&id, to).await };
    let link = known.reach(&spec.timing, || call(way.clone(), place.id.clone())).await;
    let Some(mut link) = link else { return (known, None) };
    let voted = timeout(spec.timing.glance, vote(&mut link)).await;
    let vote = known.heard(voted, link);
    known.silent = vote.is_none();
    (known, vote)
}

impl Known {
    /// The link to a part. If there is none it is called, and that is waited for; but for one that did not
    /// answer last time a moment only: what has to be done meanwhile waits for nobody who is gone.
    async fn reach<F>(&mut self, timing: &Timing, call: impl FnOnce() -> F) -> Option<Link>
    where
        F: Future<Output = Result<Link, CacheError>> + Send + 'static,
    {
        if let Some(link) = self.link.take() {
            return Some(link);
        }
        self.settled = None;
        if self.call.is_empty() {
            self.call.spawn(call());
        }
        let patience = if self.silent { timing.haste } else { timing.glance };
        match timeout(patience, self.call.join_next()).await {
            Ok(Some(Ok(Ok(link)))) => return Some(link),
            Ok(Some(Ok(Err(error)))) => self.why = error.told(),
            Ok(Some(Err(error))) => self.why = error.to_string(),
            // It goes on.
            Ok(None) | Err(_) => NO_ANSWER.clone_into(&mut self.why),
        }
        self.silent = true;
        None
    }

    /// Notes what came of a question; a link that brought no answer is none any more.
    fn heard<T>(
        &mut self,
        answer: Result<Result<T, CacheError>, Elapsed>,
        link: Link,
    ) -> Option<T> {
        match answer {
            Ok(Ok(answer)) => {
                (self.link, self.silent) = (Some(link), false);
                return Some(answer);
            }
            Ok(Err(error)) => self.why = error.told(),
            Err(_) => {
                NO_ANSWER.clone_into(&mut self.why);
                self.silent = true;
            }
        }
        None
    }
}

/// One that watches nothing answers, and has no vote.
async fn vote(link: &mut Link) -> Result<Ipv4Addr, CacheError> {
    let ask = command(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME]);
    let answer: Option<(String, String)> = link.tell("to name the primary", &ask).await?;
    let address = answer.and_then(|(address, _)| address.parse().ok());
    Ok(address.unwrap_or(Ipv4Addr::UNSPECIFIED))
}
