//! What is put away for the restore to a point in time.

use super::{DatabaseError, options::BACKUP};
use crate::containers::docker::Docker;

/// What is known of what was put away.
pub(super) struct Backup {
    latest: Option<u64>,
}

impl Backup {
    pub(super) fn new() -> Self {
        Self { latest: None }
    }

    /// The last moment that can be restored.
    pub(super) fn latest(&self) -> Option<u64> {
        self.latest
    }
}

/// Forgets the binary logs of a server whose data are replaced: their names begin anew.
pub(super) async fn forget(
    docker: &Docker,
    container: &str,
    uuid: &str,
) -> Result<(), DatabaseError> {
    let folder = format!("{BACKUP}/log/{uuid}");
    docker.exec(container, &["rm", "-rf", &folder], b"").await?;
    Ok(())
}
