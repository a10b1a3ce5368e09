//! The one network of Docker that a VPC has, whoever asks for it at the same time.
//!
//! A request of an agent that was killed is carried out all the same, and Docker lists a network once it
//! is whole: the next agent, which finds none, asks for one too. Older ones make both, under one name, and
//! from then on refuse all that is asked by that name. So who finds a part of a network that none is
//! listed for, its addresses or its bridge, waits for it; and of several, those go that nobody is on.

use std::time::Duration;

use ipnet::Ipv4Net;
use tokio::time::{Instant, sleep};

use super::{
    error::NetworkError,
    range::{Ranges, Taken, first_free, overlaps},
    routes::{Route, routes},
};
use crate::containers::docker::{Docker, DockerError, Labels, ListedNetwork, NetworkSpec, Owner};

/// How long Docker may take to make a network of which a part is seen. What is no network by then was
/// left over.
const MAKING: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_millis(50);

/// The network that is there, and what has the range that its VPC was to have, if something has.
pub(super) struct Bridge {
    pub(super) network: ListedNetwork,
    pub(super) by: Option<String>,
}

/// What has addresses on this machine.
struct Look {
    /// Networks of this owner.
    own: Vec<ListedNetwork>,
    taken: Vec<Taken>,
    /// Whether a part of a network is there that is not listed.
    unlisted: bool,
}

/// Finds the network of a VPC, or makes it: in the range that is wanted if nothing has that.
pub(super) async fn ensure(docker: &Docker, wanted: &NetworkSpec) -> Result<Bridge, NetworkError> {
    let until = Instant::now() + MAKING;
    let (owner, mut refused) = (&wanted.owner, vec![]);
    let mut by = None;
    loop {
        let Look { own, taken, unlisted } = look(docker, owner, &refused).await?;
        if let Some(network) = only(docker, own).await.map_err(failed("find", owner))? {
            return Ok(Bridge { network, by });
        }
        let late = Instant::now() >= until;
        if unlisted && !late {
            sleep(AGAIN).await;
            continue;
        }
        let range = first_free(wanted.range.trunc(), &taken);
        let range = range
            .ok_or_else(|| NetworkError::NoRange { vpc: owner.id.clone(), range: wanted.range })?;
        let ranges = Ranges::new(wanted.range, range).unwrap_or(Ranges::same(range));
        let gateway = ranges.address(wanted.gateway);
        let network = NetworkSpec { owner: owner.clone(), range, gateway };
        match docker.make_network(&network).await {
            // It is listed now, and with it whatever came about at the same time.
            Ok(()) => by = overlaps(wanted.range, &taken).map(|taken| taken.by.clone()),
            Err(error) if is_taken(&error) => refused.push(range),
            Err(error) if error.is_conflict() && !late => sleep(AGAIN).await,
            Err(error) => return Err(failed("make", owner)(error)),
        }
    }
}

/// Removes what there is of it.
pub(super) async fn remove(docker: &Docker, owner: &Owner) -> Result<(), DockerError> {
    for network in docker.networks(&Labels::of(owner)).await? {
        docker.remove_network(&network.id).await?;
    }
    Ok(())
}

/// Of several networks the one that something is on, or any; the others go.
async fn only(
    docker: &Docker,
    mut own: Vec<ListedNetwork>,
) -> Result<Option<ListedNetwork>, DockerError> {
    // Whoever else looks must come to the same.
    own.sort_by(|one, other| one.id.cmp(&other.id));
    let mut kept = own.pop();
    for network in own {
        match docker.remove_network(&network.id).await {
            Err(error) if is_taken(&error) => {
                if let Some(other) = kept.replace(network) {
                    docker.remove_network(&other.id).await?;
                }
            }
            removed => removed?,
        }
    }
    Ok(kept)
}

/// Docker's answer for ranges that others have, and for networks that something is on.
fn is_taken(error: &DockerError) -> bool {
    error.status() == Some(403)
}

fn failed(doing: &str, owner: &Owner) -> impl FnOnce(DockerError) -> NetworkError {
    NetworkError::docker(format!("{doing} the network of {}", owner.id))
}

async fn look(docker: &Docker, owner: &Owner, refused: &[Ipv4Net]) -> Result<Look, NetworkError> {
    // In this order: what becomes whole between the two is listed.
    let routes = routes().await?;
    let listed = docker.networks(&Labels::default()).await;
    let listed = listed.map_err(NetworkError::docker("list the networks of Docker"))?;
    let mut taken: Vec<Taken> = listed.iter().flat_map(ranges).collect();
    let is_unlisted = |range: &Ipv4Net| overlaps(*range, &taken).is_none();
    let mut parts = routes.iter().filter(|route| route.is_of_docker).map(|route| &route.range);
    let unlisted = parts.any(is_unlisted) || refused.iter().any(is_unlisted);
    taken.extend(routes.into_iter().map(Route::taken));
    let by = "another network of Docker".to_owned();
    taken.extend(refused.iter().map(|range| Taken { range: *range, by: by.clone() }));
    let labels = Labels::of(owner);
    let own = listed.into_iter().filter(|network| network.labels == labels).collect();
    Ok(Look { own, taken, unlisted })
}

fn ranges(network: &ListedNetwork) -> impl Iterator<Item = Taken> + '_ {
    let by = format!("the network {} of Docker", network.name);
    let ranges = network.ranges.iter().filter_map(|range| range.parse().ok());
    ranges.map(move |range| Taken { range, by: by.clone() })
}
