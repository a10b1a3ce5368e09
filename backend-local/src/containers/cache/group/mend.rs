//! That the rest is as it is wanted: replicas follow, sentinels watch, settings are those of the spec.

use std::time::Duration;

use tokio::time::Instant;

use super::{Group, Seen};
use crate::containers::cache::{
    CacheError, Place,
    link::command,
    live,
    look::View,
    node::{Kept, Role},
    settings,
};

/// How long a node may follow another one, or a sentinel watch one: they settle that themselves.
const ASTRAY: Duration = Duration::from_secs(4);

impl Group {
    /// Mends what can be mended while there is a primary.
    pub(super) async fn mend(&mut self, seen: &Seen) -> Result<(), CacheError> {
        let Some(primary) = self.primary.clone().and_then(|id| self.place(&id)) else {
            return Ok(());
        };
        for node in self.spec.clone().nodes.iter().filter(|node| node.id != primary.id) {
            let view = seen.views.get(&node.id).unwrap_or(&View::Down);
            self.mend_replica(&primary, node, view).await?;
        }
        for place in &self.spec.clone().sentinels {
            self.mend_sentinel(&primary, place, seen).await?;
        }
        self.settle(seen).await?;
        self.see_off(seen, &primary).await
    }

    async fn mend_replica(
        &mut self,
        primary: &Place,
        node: &Place,
        view: &View,
    ) -> Result<(), CacheError> {
        let astray = match view {
            View::Down => {
                self.start(primary, node, Role::Node);
                false
            }
            View::Replica { of, .. } => *of != Some(primary.address),
            View::Primary { .. } | View::Silent(_) => true,
            View::Loading => false,
        };
        let Some(since) = self.astray(&node.id, astray) else { return Ok(()) };
        match view {
            View::Silent(_) if since >= self.spec.timing.patience => {
                self.events.note(format!("{} answers nobody: it is ended", node.id));
                self.containers.kill(&self.spec, &node.id).await?;
                self.astray(&node.id, false);
            }
            View::Primary { .. } | View::Replica { .. } if since >= ASTRAY => {
                self.events.note(format!("{} is made to follow {}", node.id, primary.id));
                let (address, port) = (primary.address.to_string(), self.spec.port.to_string());
                let follow = command(&["REPLICAOF", &address, &port]);
                self.tell::<()>(&node.id, "to follow", &follow).await?;
                self.astray(&node.id, false);
            }
            _ => {}
        }
        Ok(())
    }

    async fn mend_sentinel(
        &mut self,
        primary: &Place,
        place: &Place,
        seen: &Seen,
    ) -> Result<(), CacheError> {
        match seen.votes.get(&place.id) {
            None if self.jobs.contains_key(&place.id) => {}
            None => match self.containers.look(&self.spec, &place.id).await? {
                Kept::Ended | Kept::Missing | Kept::Waits => {
                    self.start(primary, place, Role::Sentinel);
                }
                Kept::Runs | Kept::Frozen => {
                    let since = self.astray(&place.id, true);
                    if since.is_some_and(|since| since >= self.spec.timing.patience) {
                        self.events.note(format!("{} answers nobody: it is ended", place.id));
                        self.containers.kill(&self.spec, &place.id).await?;
                        self.astray(&place.id, false);
                    }
                }
            },
            Some(vote) => {
                let astray = vote.as_deref() != Some(&primary.id);
                let since = self.astray(&place.id, astray);
                if since.is_some_and(|since| since >= ASTRAY) {
                    self.events.note(format!("{} is made to watch {}", place.id, primary.id));
                    self.rewatch(primary).await;
                    self.astray(&place.id, false);
                }
            }
        }
        Ok(())
    }

    /// Since when a part is not as it should be.
    fn astray(&mut self, part: &str, astray: bool) -> Option<Duration> {
        let known = self.known.entry(part.to_owned()).or_default();
        known.astray = astray.then(|| known.astray.unwrap_or_else(Instant::now));
        known.astray.map(|since| since.elapsed())
    }

    /// Starts a part beside the rounds.
    fn start(&mut self, primary: &Place, place: &Place, role: Role) {
        if self.jobs.contains_key(&place.id) || !self.may_start(&place.id) {
            return;
        }
        let (containers, spec) = (self.containers.clone(), self.spec.clone());
        let (primary, part) = (primary.clone(), place.clone());
        let job = async move {
            containers.run(&spec, &part, role).await?;
            let files = match role {
                Role::Node => settings::node(&spec, &part, Some(&primary)),
                Role::Sentinel => settings::sentinel(&spec, &part, primary.address),
            };
            containers.give(&spec, &part.id, &files, None).await
        };
        self.jobs.insert(place.id.clone(), tokio::spawn(job));
    }

    /// Changes what runs to what is wanted, over each link once.
    async fn settle(&mut self, seen: &Seen) -> Result<(), CacheError> {
        let (spec, version) = (self.spec.clone(), self.version);
        let answers = |node: &&Place| {
            matches!(seen.views.get(&node.id), Some(View::Primary { .. } | View::Replica { .. }))
        };
        for node in spec.nodes.iter().filter(answers) {
            let Some(known) = self.known.get_mut(&node.id) else { continue };
            let Some(link) = known.link.as_mut().filter(|_| known.settled != Some(version)) else {
                continue;
            };
            live::node(&self.containers, &spec, node, link).await?;
            known.settled = Some(version);
        }
        for place in &spec.sentinels {
            let Some(known) = self.known.get_mut(&place.id) else { continue };
            let Some(link) = known.link.as_mut().filter(|_| known.settled != Some(version)) else {
                continue;
            };
            live::configure(&spec, link).await?;
            known.settled = Some(version);
        }
        Ok(())
    }

    /// Parts that are no longer wanted go; a primary hands over first.
    async fn see_off(&mut self, seen: &Seen, primary: &Place) -> Result<(), CacheError> {
        if self.leaving.is_empty() {
            return Ok(());
        }
        if self.leaving.iter().any(|(place, _)| place.id == primary.id) {
            let next = self.spec.nodes.iter().find(|node| seen.follows(primary, node));
            return match next.map(|node| node.id.clone()) {
                Some(next) => self.hand_over(&next).await,
                // It waits for one that has its data.
                None => Ok(()),
            };
        }
        for (place, _) in std::mem::take(&mut self.leaving) {
            self.known.remove(&place.id);
            self.containers.remove(&self.spec, &place.id).await?;
            self.events.note(format!("{} was removed", place.id));
        }
        // Sentinels forget nobody by themselves.
        self.rewatch(primary).await;
        Ok(())
    }
}
