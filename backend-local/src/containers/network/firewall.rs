//! [`Firewall`]: puts the rules of a policy into the interfaces.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use tokio::{sync::Mutex, time::sleep};

use super::{
    compile::rulesets,
    error::NetworkError,
    interface::{KIND, TELL, owner},
    rules::Policy,
    ruleset::Ruleset,
};
use crate::containers::docker::{Docker, DockerError, Labels, Session};

/// So many interfaces are told at the same time.
const PARALLEL: usize = 16;

/// How long is waited until Docker has heard that a container has ended.
const GOES: Duration = Duration::from_millis(300);

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The interfaces whose rules changed.
    pub changed: BTreeSet<String>,
    /// Those that have no container that runs. They are closed when they start; apply again then.
    pub missing: BTreeSet<String>,
}

/// What is in an interface, as long as its container runs.
struct There {
    container: String,
    ruleset: Ruleset,
    /// By which it is told what changes.
    session: Session,
}

/// Puts the rules of policies into the interfaces of an account. Clones share what they know.
#[derive(Clone)]
pub struct Firewall {
    docker: Docker,
    account: String,
    there: Arc<Mutex<BTreeMap<String, There>>>,
}

impl std::fmt::Debug for Firewall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Firewall").field("account", &self.account).finish_non_exhaustive()
    }
}

impl Firewall {
    /// That of an account. It knows nothing of what is there: it says all of it once.
    #[must_use]
    pub fn new(docker: &Docker, account: impl Into<String>) -> Self {
        Self { docker: docker.clone(), account: account.into(), there: Arc::default() }
    }

    /// Puts the rules of a policy in place, where they are not: each interface's at once or not at all.
    /// Rules of interfaces that the policy does not have stay.
    ///
    /// Who is told at the same time waits until this is done.
    ///
    /// # Errors
    /// If an interface is in a group that is not there (then nothing changes), or some can't be told
    /// (the others are).
    pub async fn apply(&self, policy: &Policy) -> Result<Applied, NetworkError> {
        let wanted = rulesets(policy)?;
        let mut there = self.there.lock().await;
        let running = self.running().await?;
        // With a start of the container its rules go, and the shell in it.
        there.retain(|id, there| {
            running.get(id) == Some(&there.container) && !there.session.is_over()
        });
        let mut applied = Applied::default();
        let mut changes = vec![];
        for (id, ruleset) in wanted {
            let Some(container) = running.get(&id).cloned() else {
                applied.missing.insert(id);
                continue;
            };
            let known = match there.get(&id) {
                None => None,
                Some(known) => match ruleset.change_from(&known.ruleset) {
                    None => continue,
                    // What goes wrong leaves nothing that is known.
                    Some(change) => there.remove(&id).map(|known| (change, known.session)),
                },
            };
            changes.push((id, container, ruleset, known));
        }
        let told = stream::iter(changes).map(|(id, container, ruleset, known)| async move {
            let result = self.tell(&id, known, &ruleset).await;
            (id, result.map(|session| There { container, ruleset, session }))
        });
        let told: Vec<_> = told.buffer_unordered(PARALLEL).collect().await;
        let mut failed = BTreeMap::new();
        for (id, result) in told {
            match result {
                Ok(new) => {
                    there.insert(id.clone(), new);
                    applied.changed.insert(id);
                }
                Err(error) => drop(failed.insert(id, error)),
            }
        }
        if !failed.is_empty() {
            // Whose container went meanwhile needs no rules, and is no trouble of the others. Docker
            // says that one runs a moment longer than it does.
            sleep(GOES).await;
            let now = self.running().await?;
            failed.retain(|id, _| {
                let stays = now.get(id).is_some_and(|began| running.get(id) == Some(began));
                if !stays {
                    applied.missing.insert(id.clone());
                }
                stays
            });
        }
        let others = failed.len().saturating_sub(1);
        match failed.pop_first() {
            Some((interface, source)) => Err(NetworkError::Rules { interface, others, source }),
            None => Ok(applied),
        }
    }

    /// The container of each interface that runs, by the interface's id.
    async fn running(&self) -> Result<BTreeMap<String, String>, NetworkError> {
        let listed = self.docker.list(&Labels::of_kind(&self.account, KIND)).await;
        let listed = listed.map_err(NetworkError::docker("find the interfaces"))?;
        let running = listed.into_iter().filter(|listed| listed.running);
        Ok(running.filter_map(|listed| Some((listed.owner()?.id, listed.id))).collect())
    }

    /// Tells an interface what changes, if it is known what there was, else all.
    async fn tell(
        &self,
        id: &str,
        known: Option<(String, Session)>,
        all: &Ruleset,
    ) -> Result<Session, DockerError> {
        if let Some((change, mut session)) = known
            && session.run(&change).await.is_ok()
        {
            return Ok(session);
        }
        // What was there is not what was known: somebody else has told it, or it was started anew.
        let container = owner(&self.account, id).name();
        let mut session = match self.docker.served_session(&container, &TELL).await? {
            Some(session) => session,
            None => self.docker.session(&container, &TELL).await?,
        };
        session.run(&all.text()).await?;
        Ok(session)
    }
}
