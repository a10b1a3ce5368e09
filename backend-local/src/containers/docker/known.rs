//! What a list of Docker's says of containers, and [`Known`]: what else was seen of them.
//!
//! To look at a container costs Docker and us some milliseconds. A list says of all at once which there
//! are, what is written on them and how well they are.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    Docker, DockerError, Health, Labels, Owner, Seen,
    bollard::{
        models::{ContainerSummary, ContainerSummaryStateEnum as State},
        query_parameters::ListContainersOptionsBuilder,
    },
};

/// How many containers are looked at at once.
const AT_ONCE: usize = 8;

/// A container as a list of Docker's has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// Whether it runs. What is paused does.
    pub running: bool,
    /// Whether it is frozen.
    pub paused: bool,
    /// How healthy it is.
    pub health: Health,
}

impl Listed {
    /// Whose it is; `None` if it is none of ours.
    #[must_use]
    pub fn owner(&self) -> Option<Owner> {
        self.labels.owner()
    }

    fn of(listed: ContainerSummary) -> Option<Self> {
        let name = listed.names?.into_iter().next()?;
        let paused = listed.state == Some(State::PAUSED);
        Some(Self {
            id: listed.id?,
            name: name.trim_start_matches('/').to_owned(),
            labels: Labels(listed.labels.unwrap_or_default()),
            running: paused || listed.state == Some(State::RUNNING),
            paused,
            health: health(&listed.status.unwrap_or_default()),
        })
    }

    /// Whether what was seen is so still. What ends, starts or waits for its health has more to say
    /// than a list does.
    fn is_still(&self, seen: &Seen) -> bool {
        let settled = self.running && !self.paused && self.health != Health::Starting;
        let now = (&self.name, self.running, self.paused, self.health);
        settled && now == (&seen.name, seen.running, seen.paused, seen.health)
    }
}

/// `Up 5 minutes (healthy)`
fn health(status: &str) -> Health {
    match status.rsplit_once('(').map(|(_, how)| how) {
        Some("healthy)") => Health::Healthy,
        Some("unhealthy)") => Health::Unhealthy,
        Some("health: starting)") => Health::Starting,
        _ => Health::Unknown,
    }
}

/// What was seen of containers, by their ids.
#[derive(Debug, Default)]
pub struct Known(BTreeMap<String, Seen>);

impl Known {
    /// A container is looked at again, whatever lists say of it.
    pub fn forget(&mut self, id: &str) {
        self.0.remove(id);
    }
}

impl Docker {
    /// The containers that have all these labels, whether they run or not, by name.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn list(&self, labels: &Labels) -> Result<Vec<Listed>, DockerError> {
        let options = ListContainersOptionsBuilder::new().all(true).filters(&labels.filters());
        let listed = self.api().list_containers(Some(options.build())).await;
        let listed = listed.map_err(|source| DockerError::api("list", "containers", source))?;
        let mut listed: Vec<Listed> = listed.into_iter().filter_map(Listed::of).collect();
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(listed)
    }

    /// What is to be seen of the containers that have all these labels, whether they run or not, by
    /// name.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn find(&self, labels: &Labels) -> Result<Vec<Seen>, DockerError> {
        self.find_again(labels, &mut Known::default()).await
    }

    /// As [`find`](Self::find), for who asks for the same again and again: only what has changed is
    /// looked at. One that was stopped and started anew between two looks may be seen with the start
    /// and the process that it had before.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn find_again(
        &self,
        labels: &Labels,
        known: &mut Known,
    ) -> Result<Vec<Seen>, DockerError> {
        let listed = self.list(labels).await?;
        let seen = stream::iter(listed).map(|listed| {
            let is_still = known.0.get(&listed.id).filter(|seen| listed.is_still(seen)).cloned();
            async move {
                match is_still {
                    Some(seen) => Ok(Some(seen)),
                    None => self.see(&listed.id).await,
                }
            }
        });
        let seen: Vec<Option<Seen>> = seen.buffered(AT_ONCE).try_collect().await?;
        // One that is gone meanwhile is none.
        let seen: Vec<Seen> = seen.into_iter().flatten().collect();
        known.0 = seen.iter().map(|seen| (seen.id.clone(), seen.clone())).collect();
        Ok(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_how_well_who_is() {
        for (status, expected) in [
            ("Up 3 seconds (health: starting)", Health::Starting),
            ("Up 5 minutes (healthy)", Health::Healthy),
            ("Up About an hour (unhealthy)", Health::Unhealthy),
            ("Up Less than a second", Health::Unknown),
            ("Up 2 hours (Paused)", Health::Unknown),
            ("Exited (0) 4 seconds ago", Health::Unknown),
            ("Created", Health::Unknown),
        ] {
            assert_eq!(health(status), expected, "{status}");
        }
    }
}
