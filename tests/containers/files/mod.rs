//! Shared files: tasks have them while servers die, hang and lose their disks.

#![expect(clippy::print_stdout, reason = "what was measured is told")]

mod gluster;
mod load;
mod nfs;
mod simple;
mod site;
