//! Redis as ElastiCache has it, with Docker: what dies is replaced, and nobody loses what two had.

mod access;
mod change;
mod failover;
mod site;
