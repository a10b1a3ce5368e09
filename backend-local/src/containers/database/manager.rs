//! [`Database`]: a cluster in the hands of the agent.

use std::time::Duration;

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    ClusterSpec, ClusterStatus, DatabaseError, Handle, KIND, Level, SnapshotInfo, Timing,
    keeper::{Command, Keeper},
};
use crate::containers::docker::{Docker, Labels};

/// A cluster in the hands of the agent. When it is dropped nobody watches any more, and the containers
/// run on; started again it finds them.
#[derive(Debug)]
pub struct Database {
    docker: Docker,
    account: String,
    id: String,
    commands: mpsc::Sender<Command>,
    status: watch::Receiver<ClusterStatus>,
    keeper: JoinHandle<()>,
}

impl Database {
    /// Takes a cluster into its hands: makes it, or finds it and goes on. It is not
    /// [ready](Self::ready) yet then.
    ///
    /// # Errors
    /// If it can't be: see [`ClusterSpec::check`].
    pub fn start(docker: Docker, spec: ClusterSpec, timing: Timing) -> Result<Self, DatabaseError> {
        spec.check()?;
        let (account, id) = (spec.account.clone(), spec.id.clone());
        let (commands, obeys) = mpsc::channel(8);
        let (says, status) = watch::channel(ClusterStatus::new());
        let keeper = Keeper::new(docker.clone(), spec, timing, says, obeys);
        let keeper = tokio::spawn(keeper.run());
        Ok(Self { docker, account, id, commands, status, keeper })
    }

    /// Asks it for copies, from elsewhere.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle { cluster: self.id.clone(), commands: self.commands.downgrade() }
    }

    /// How it is, now and whenever that changes.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<ClusterStatus> {
        self.status.clone()
    }

    /// Waits until it is what it is to be.
    ///
    /// # Errors
    /// If that takes longer: says what is missing.
    pub async fn ready(&self, patience: Duration) -> Result<ClusterStatus, DatabaseError> {
        self.until(patience, |status| status.level == Level::Ready).await
    }

    /// Waits until its status is as one likes.
    ///
    /// # Errors
    /// If that takes longer: says how it is.
    pub async fn until(
        &self,
        patience: Duration,
        is: impl FnMut(&ClusterStatus) -> bool,
    ) -> Result<ClusterStatus, DatabaseError> {
        let mut status = self.status.clone();
        let waited = timeout(patience, status.wait_for(is)).await;
        match waited {
            Ok(Ok(status)) => Ok(status.clone()),
            Ok(Err(_)) => Err(self.has_ended()),
            Err(_) => {
                let what = format!("{} ({})", self.id, self.status.borrow().message);
                Err(DatabaseError::TooLong { what, seconds: patience.as_secs() })
            }
        }
    }

    /// Makes it another one: nodes come and go, parameters that hold at once hold; others wait for the
    /// next [restart](Self::restart). Account and id stay.
    ///
    /// # Errors
    /// If it can't be, or a node can't go.
    pub async fn apply(&self, spec: ClusterSpec) -> Result<(), DatabaseError> {
        spec.check()?;
        self.handle().ask(|answer| Command::Apply(Box::new(spec), answer)).await
    }

    /// Makes another node the writer, in order: this one, or the one of the lowest tier. Returns which.
    ///
    /// # Errors
    /// If it does not follow the writer now. All is as before then.
    pub async fn failover(&self, target: Option<&str>) -> Result<String, DatabaseError> {
        let target = target.map(str::to_owned);
        self.handle().ask(|answer| Command::Switch(target, answer)).await
    }

    /// Restarts the nodes that wait for it, one after the other, each while all others are well, the
    /// writer last. `rolling` in the status says when that has ended.
    ///
    /// # Errors
    /// If the manager has ended.
    pub async fn restart(&self) -> Result<(), DatabaseError> {
        self.commands.send(Command::Roll).await.map_err(|_| self.has_ended())
    }

    /// Keeps a copy of all data, while it serves. It outlives the cluster.
    ///
    /// # Errors
    /// If there is one of that id, or no writer now.
    pub async fn snapshot(&self, id: &str) -> Result<SnapshotInfo, DatabaseError> {
        self.handle().snapshot(id).await
    }

    /// Puts away now what was written, without waiting for the next time; everything that was
    /// committed until the call can be restored then.
    ///
    /// # Errors
    /// If that fails, or the cluster keeps nothing.
    pub async fn back_up(&self) -> Result<(), DatabaseError> {
        self.handle().back_up().await
    }

    /// Ends the watch. Containers run on.
    pub async fn stop(mut self) {
        // Without anybody to obey it ends, and what it was at is over then: two keepers never work on
        // one cluster.
        drop(std::mem::replace(&mut self.commands, mpsc::channel(1).0));
        if let Err(error) = (&mut self.keeper).await
            && error.is_panic()
        {
            std::panic::resume_unwind(error.into_panic());
        }
    }

    /// Removes it: containers, volumes, what was put away. Snapshots stay.
    ///
    /// # Errors
    /// If Docker refuses. It can be done again.
    pub async fn remove(self) -> Result<(), DatabaseError> {
        let (docker, account, id) = (self.docker.clone(), self.account.clone(), self.id.clone());
        self.stop().await;
        Self::remove_all(&docker, &account, &id).await
    }

    /// Removes what there is of a cluster that nobody watches.
    ///
    /// # Errors
    /// If Docker refuses. It can be done again.
    pub async fn remove_all(docker: &Docker, account: &str, id: &str) -> Result<(), DatabaseError> {
        Ok(docker.remove_all(&Labels::of_thing(account, KIND, id)).await?)
    }

    fn has_ended(&self) -> DatabaseError {
        DatabaseError::Ended { cluster: self.id.clone() }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}
