//! [`Probe`]: somebody who logs in only to see whether that works.

use infra_core::{
    aws::{
        ecs::{NetworkConfiguration, Service, TaskDefinition},
        secretsmanager::Secret,
    },
    prelude::*,
};

use super::{Kept, password_of};
use crate::SiteKey;

/// Somebody who logs in every minute and out again, as a person does: by the name of the site,
/// through the edge and the balancer, with a session in the cache and a look into the database.
///
/// The user `probe` is made when the site is installed, has a password of its own, and no role in
/// any course. What the task says is counted, so that an alarm tells when nobody can log in:
/// [`Monitoring`](crate::Monitoring). One task does: a lost one is started anew, and until then no
/// minute counts.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    /// The secret with the password of the user `probe`.
    pub password: Secret,
    /// What the task is.
    pub definition: TaskDefinition,
    /// What keeps it running.
    pub service: Service,
}

impl Probe {
    /// The password alone, which roles and tasks refer to.
    #[track_caller]
    pub(super) fn password(stack: &Stack, key: SiteKey) -> Secret {
        password_of(stack, "probe", "The password of who logs in every minute", key).0
    }

    #[track_caller]
    pub(super) fn create(
        stack: &Stack,
        kept: &Kept<'_>,
        password: Secret,
        definition: TaskDefinition,
        place: &NetworkConfiguration,
    ) -> Self {
        let service = kept.running("probe", &definition, place.clone(), 1, (0, 100)).create(stack);
        Self { password, definition, service }
    }
}
