//! [`Tended`]: a node as the manager keeps it in mind.

use tokio::time::Instant;

use super::{
    ClusterSpec, DatabaseError, NodeSpec, Timing,
    decide::{Condition, Seat},
    look::Look,
    node::Running,
    sql::{Server, Session},
    status::{NodeStatus, Role},
};
use crate::containers::docker::Docker;

/// What a task of the manager does with a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// It starts.
    Start,
    /// It comes to follow the writer.
    Join,
    /// What it was started with is read.
    Read,
    /// Parameters are set.
    Tune,
    /// A writer forgets whom it followed.
    Forget,
    /// A writer is told to wait for its replicas.
    Confirm,
    /// The user of applications, and the database.
    Accounts,
}

/// A node as the manager keeps it in mind.
pub(super) struct Tended {
    pub(super) spec: NodeSpec,
    pub(super) condition: Condition,
    pub(super) running: Option<Running>,
    /// What is being done with it.
    pub(super) work: Option<Work>,
    /// It is left alone until then.
    pub(super) not_before: Instant,
    /// How often in a row it could not be brought to follow.
    pub(super) failed_joins: u32,
    /// How often in a row it did not start.
    pub(super) failed_starts: u32,
    /// What went wrong last, while it is so.
    pub(super) trouble: Option<String>,
    session: Option<Session>,
}

impl Tended {
    pub(super) fn new(spec: NodeSpec) -> Self {
        Self {
            spec,
            condition: Condition::Silent(0),
            running: None,
            work: None,
            not_before: Instant::now(),
            failed_joins: 0,
            failed_starts: 0,
            trouble: None,
            session: None,
        }
    }

    /// As decisions see it.
    pub(super) fn seat(&self) -> Seat<'_> {
        Seat {
            id: &self.spec.id,
            address: self.spec.address.to_string(),
            tier: self.spec.tier,
            condition: &self.condition,
        }
    }

    /// Whether something may be done with it now.
    pub(super) fn is_free(&self) -> bool {
        self.work.is_none() && Instant::now() >= self.not_before
    }

    /// Whether it is on its way, so that no answer means nothing.
    fn is_coming(&self) -> bool {
        matches!(self.work, Some(Work::Start | Work::Join))
    }

    /// Looks at it: asks it, and Docker if it does not answer.
    pub(super) async fn look(&mut self, docker: &Docker, cluster: &ClusterSpec, timing: &Timing) {
        let asked = self.ask(cluster, timing).await;
        self.condition = match asked {
            Ok(look) => Condition::Up(Box::new(look)),
            Err(_) => {
                self.session = None;
                self.without_answer(docker, cluster).await
            }
        };
        if self.condition == Condition::Stopped {
            self.running = None;
        }
    }

    /// What it is that does not answer.
    async fn without_answer(&self, docker: &Docker, cluster: &ClusterSpec) -> Condition {
        if self.is_coming() {
            return Condition::Starting;
        }
        let seen = docker.see(&cluster.node_owner(&self.spec.id).name()).await;
        // Docker that does not answer says nothing of the node.
        if seen.is_ok_and(|seen| seen.is_none_or(|seen| !seen.running)) {
            return Condition::Stopped;
        }
        match self.condition {
            Condition::Silent(missed) => Condition::Silent(missed.saturating_add(1)),
            Condition::Stopped | Condition::Starting | Condition::Up(_) => Condition::Silent(1),
        }
    }

    async fn ask(&mut self, cluster: &ClusterSpec, timing: &Timing) -> Result<Look, DatabaseError> {
        let mut session = match self.session.take() {
            Some(session) => session,
            None => Server::new(cluster, &self.spec).open(timing.look_patience).await?,
        };
        let looked = tokio::time::timeout(timing.look_patience, Look::at(&mut session)).await;
        let Ok(looked) = looked else {
            let what = format!("a look at {}", self.spec.id);
            return Err(DatabaseError::TooLong { what, seconds: timing.look_patience.as_secs() });
        };
        let look = looked?;
        self.session = Some(session);
        Ok(look)
    }

    /// Whether it does what it is for.
    pub(super) fn serves(&self, writer: Option<&Self>) -> bool {
        let Some(look) = self.condition.look() else { return false };
        match writer {
            Some(writer) if writer.spec.id == self.spec.id => look.writable,
            Some(writer) => look.follows(&writer.spec.address.to_string()) && !look.writable,
            None => false,
        }
    }

    /// How it is, for people.
    pub(super) fn status(&self, writer: Option<&Self>, wanted: &Running) -> NodeStatus {
        let healthy = self.serves(writer);
        let is_writer = writer.is_some_and(|writer| writer.spec.id == self.spec.id);
        let look = self.condition.look();
        let lag = look.and_then(|look| look.replica.as_ref()?.lag);
        let role = match (is_writer, healthy) {
            (true, _) => Role::Writer,
            (false, true) => Role::Reader,
            (false, false) => Role::Outside,
        };
        NodeStatus {
            id: self.spec.id.clone(),
            zone: self.spec.zone.clone(),
            role,
            healthy,
            lag: lag.filter(|_| !is_writer),
            pending_restart: self.running.as_ref().is_some_and(|now| now.needs_restart(wanted)),
            message: self.words(role, lag),
        }
    }

    fn words(&self, role: Role, lag: Option<u64>) -> String {
        if let (Some(trouble), false) = (&self.trouble, role == Role::Reader) {
            return trouble.clone();
        }
        match (&self.condition, role) {
            (Condition::Stopped, _) => "its container does not run".to_owned(),
            (Condition::Starting, _) => "it starts".to_owned(),
            (Condition::Silent(missed), _) => format!("{missed} looks without an answer"),
            (Condition::Up(_), Role::Writer) => "it is written".to_owned(),
            (Condition::Up(_), Role::Reader) => {
                format!("it follows, {} s behind", lag.unwrap_or_default())
            }
            (Condition::Up(look), Role::Outside) => {
                let trouble = look.replica.as_ref().and_then(|replica| replica.trouble.as_ref());
                trouble.map_or("it follows nobody".to_owned(), |trouble| trouble.said.clone())
            }
        }
    }
}
