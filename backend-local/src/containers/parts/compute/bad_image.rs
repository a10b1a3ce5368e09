//! A drill: a service is given a revision whose image nobody has. Its circuit breaker takes that back.

use super::{Inner, lock, recipe::Recipe};
use crate::containers::{
    agent::AgentError,
    scheduler::service::{Kept, Revision, ServiceSpec},
};

/// The revision.
pub(super) const REVISION: &str = "drill-bad-image:1";
/// Its image: names that end so lead nowhere (RFC 2606).
const IMAGE: &str = "registry.invalid/moodle-infra/drill-bad-image:1";

/// The service that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drilled {
    pub(super) service: String,
    /// Whether that is to end.
    pub(super) over: bool,
}

/// The revision, in the place of another one.
pub(super) fn revision(of: &Revision) -> Revision {
    Revision { id: REVISION.to_owned(), task: of.task.clone() }
}

/// What its tasks are made of.
pub(super) fn recipe(of: &Recipe) -> Recipe {
    let mut bad = Recipe { revision: revision(&of.revision), ..of.clone() };
    for container in &mut bad.containers {
        container.image = IMAGE.to_owned();
    }
    bad
}

impl Inner {
    /// Deploys it in the place of a service that people are served by; says which.
    pub(super) fn deploy_bad_image(&self) -> Result<String, AgentError> {
        let wanted = lock(&self.wanted).1.clone();
        let serves = wanted.services.iter().find(|(_, it)| !it.recipe.targets.is_empty());
        let Some((name, _)) = serves else {
            let said = "no service is behind a load balancer".to_owned();
            return Err(AgentError::Refused { said });
        };
        *lock(&self.drilled) = Some(Drilled { service: name.clone(), over: false });
        self.changed.notify_one();
        Ok(format!("service {name}, with the image {IMAGE}"))
    }

    /// The next round gives the service what the account says; says which it is.
    pub(super) fn take_back_image(&self) -> Option<String> {
        let mut drilled = lock(&self.drilled);
        let drilled = drilled.as_mut()?;
        drilled.over = true;
        self.changed.notify_one();
        Some(drilled.service.clone())
    }

    /// What a service is to run in this round: what the account says, unless a drill is on. After
    /// one, what it was taken back to needs no deployment.
    pub(super) fn revise(&self, name: &str, spec: &mut ServiceSpec, kept: &mut Kept) {
        let mut drilled = lock(&self.drilled);
        match drilled.as_ref().filter(|drilled| drilled.service == name) {
            None => {}
            Some(Drilled { over: false, .. }) => spec.revision = revision(&spec.revision),
            Some(Drilled { over: true, .. }) => {
                kept.requested_is(&spec.revision.id, spec.forced);
                *drilled = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::scheduler::{Room, TaskSpec};

    #[test]
    fn only_revision_and_image_are_others() {
        let task = TaskSpec { room: Room::default(), containers: vec![] };
        let good = Recipe {
            revision: Revision { id: "web:7".to_owned(), task },
            containers: vec![],
            volumes: vec![],
            subnets: vec![],
            groups: ["sg-1".to_owned()].into(),
            targets: vec![("group".to_owned(), 80)],
        };
        let bad = recipe(&good);
        assert_eq!(bad.revision.id, REVISION);
        assert_eq!((&bad.groups, &bad.targets), (&good.groups, &good.targets));
        assert_eq!(bad.revision.task, good.revision.task);
    }
}
