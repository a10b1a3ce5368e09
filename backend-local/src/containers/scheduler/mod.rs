//! What runs where: services, tasks, instances, deployments, scaling; decisions alone, no Docker.
