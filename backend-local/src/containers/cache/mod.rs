//! Redis with replicas and sentinels.
