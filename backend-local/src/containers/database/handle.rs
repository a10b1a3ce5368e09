//! [`Handle`]: what may be asked of a cluster by others than whoever looks after it.

use tokio::sync::{mpsc, oneshot};

use super::{DatabaseError, SnapshotInfo, keeper::Command};

/// Asks a cluster for copies of its data, as long as somebody looks after it.
#[derive(Clone, Debug)]
pub struct Handle {
    pub(super) cluster: String,
    pub(super) commands: mpsc::WeakSender<Command>,
}

impl Handle {
    /// Keeps a copy of all data, while it serves. It outlives the cluster.
    ///
    /// # Errors
    /// If there is one of that id, no writer now, or nobody looks after it any more.
    pub async fn snapshot(&self, id: &str) -> Result<SnapshotInfo, DatabaseError> {
        let id = id.to_owned();
        self.ask(|answer| Command::Snapshot(id, answer)).await
    }

    /// Puts away now what was written, without waiting for the next time; everything that was
    /// committed until the call can be restored then.
    ///
    /// # Errors
    /// If that fails, the cluster keeps nothing, or nobody looks after it any more.
    pub async fn back_up(&self) -> Result<(), DatabaseError> {
        self.ask(Command::BackUp).await
    }

    pub(super) async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<Result<T, DatabaseError>>) -> Command,
    ) -> Result<T, DatabaseError> {
        let ended = || DatabaseError::Ended { cluster: self.cluster.clone() };
        let commands = self.commands.upgrade().ok_or_else(ended)?;
        let (answer, answered) = oneshot::channel();
        commands.send(command(answer)).await.map_err(|_| ended())?;
        // Whoever stops looking after it waits until nobody can ask any more.
        drop(commands);
        answered.await.map_err(|_| ended())?
    }
}
