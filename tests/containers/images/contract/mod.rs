//! What every image of a name does, whether it was pulled or built here.

mod files;
mod localstack;
mod mysql;
mod mysql_replication;
mod redis;
mod server;
