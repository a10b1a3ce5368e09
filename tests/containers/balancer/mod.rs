//! The load balancer through its public API, with real sockets and backends in this process. None of it
//! needs Docker.

mod asking;
mod backend;
mod change;
mod forwarding;
mod health;
mod rules;
mod secure;
mod world;
