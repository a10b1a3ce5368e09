//! Containers on this machine: the whole site, with a data plane that serves people.
//!
//! | module | is |
//! |---|---|
//! | [`place`] | where each type goes, and how a program gets there |
//! | [`agent`] | the process that makes of an account what is wanted in it |
//! | [`docker`] | Docker, as the rest needs it |
//! | [`images`] | images: pulled, else built under the same tag |
//! | [`network`] | the network of a VPC, its interfaces, and what may talk to whom |
//! | [`endpoint`] | a fixed address that leads to one of several nodes |
//! | [`balancer`] | the load balancer |
//! | [`database`] | MySQL with replicas |
//! | [`cache`] | Redis with replicas and sentinels |
//! | [`drill`] | parts are taken away while people use the site, and what they saw is measured |
//! | [`files`] | shared files: GlusterFS and NFS |
//! | [`scheduler`] | what runs where: decisions alone |

pub mod agent;
pub mod authority;
pub mod balancer;
pub mod cache;
pub mod database;
pub mod docker;
pub mod drill;
mod emulator;
pub mod endpoint;
pub mod files;
mod form;
mod html;
pub mod images;
pub mod network;
pub mod parts;
pub mod place;
pub mod scheduler;
