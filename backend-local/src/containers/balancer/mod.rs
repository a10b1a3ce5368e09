//! The load balancer: TLS, listener rules, health checks, draining, metrics.
