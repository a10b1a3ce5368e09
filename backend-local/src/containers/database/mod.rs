//! MySQL with replicas: replication, failure detection, fencing, promotion, snapshots.
