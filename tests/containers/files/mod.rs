//! Shared files: tasks have them while servers die, hang and lose their disks.

mod gluster;
mod load;
mod nfs;
mod simple;
mod site;
