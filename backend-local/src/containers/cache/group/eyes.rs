//! What the nodes and the sentinels say. Each is asked at the same time, and has the same time to answer.

use std::{collections::BTreeMap, net::Ipv4Addr};

use futures_util::future::join_all;
use tokio::time::timeout;

use super::{Group, Known, Seen};
use crate::containers::cache::{
    CacheError, CacheSpec, Place,
    link::{Link, Way, command},
    look::View,
    node::{Containers, Kept},
    spec::{NAME, SENTINEL_PORT},
};

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
    let connect = || way.node(&place.id, spec.address(place));
    let info = command(&["INFO", "replication", "persistence"]);
    let asked = async {
        // A link that has just broken says nothing of the node: it may have been started anew.
        for attempt in 0..2 {
            let mut link = match known.link.take() {
                Some(link) => link,
                None => {
                    known.settled = None;
                    connect().await?
                }
            };
            match link.tell::<String>("to say how it is", &info).await {
                Ok(info) => {
                    known.link = Some(link);
                    return Ok(View::read(&info));
                }
                Err(error) if attempt == 1 => return Err(error),
                Err(_) => {}
            }
        }
        Ok(View::Silent("breaks connections".to_owned()))
    };
    let why = match timeout(spec.timing.glance, asked).await {
        Ok(Ok(view)) => return (known, view),
        Ok(Err(error)) => error.told(),
        Err(_) => "does not answer".to_owned(),
    };
    known.link = None;
    let view = match containers.look(spec, &place.id).await {
        Ok(Kept::Ended | Kept::Missing | Kept::Waits) => View::Down,
        Ok(Kept::Frozen) => View::Silent("is frozen".to_owned()),
        Ok(Kept::Runs) => View::Silent(why),
        Err(error) => View::Silent(error.told()),
    };
    (known, view)
}

/// Whom a sentinel takes for the primary; `None` if it does not answer.
async fn sentinel(
    way: &Way,
    spec: &CacheSpec,
    place: &Place,
    mut known: Known,
) -> (Known, Option<Ipv4Addr>) {
    let asked = async {
        let mut link = match known.link.take() {
            Some(link) => link,
            None => {
                known.settled = None;
                let to = std::net::SocketAddrV4::new(place.address, SENTINEL_PORT);
                way.sentinel(&place.id, to).await?
            }
        };
        let address = vote(&mut link).await?;
        known.link = Some(link);
        Ok::<_, CacheError>(address)
    };
    match timeout(spec.timing.glance, asked).await {
        Ok(Ok(address)) => (known, Some(address)),
        Ok(Err(_)) | Err(_) => {
            known.link = None;
            (known, None)
        }
    }
}

/// One that watches nothing answers, and has no vote.
async fn vote(link: &mut Link) -> Result<Ipv4Addr, CacheError> {
    let ask = command(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME]);
    let answer: Option<(String, String)> = link.tell("to name the primary", &ask).await?;
    let address = answer.and_then(|(address, _)| address.parse().ok());
    Ok(address.unwrap_or(Ipv4Addr::UNSPECIFIED))
}
