//! What is special about a snapshot of a cluster: its cluster may be gone.

use infra_core::{aws::rds, dsl::ResourceType, schema::TypeDef};

use super::aurora;
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&DbClusterSnapshot];

const CODES: Codes = Codes {
    not_found: "DBClusterSnapshotNotFoundFault",
    not_ready: "InvalidDBClusterSnapshotStateFault",
    exists: "DBClusterSnapshotAlreadyExistsFault",
    in_use: "InvalidDBClusterSnapshotStateFault",
    quota: "SnapshotQuotaExceeded",
};

struct DbClusterSnapshot;

impl Special for DbClusterSnapshot {
    fn ty(&self) -> &'static TypeDef {
        rds::DbClusterSnapshot::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Manual DB cluster snapshots", adjustable.
        Some(100)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        aurora::check_identifier("db_cluster_snapshot_identifier", asked.id)
    }
}
