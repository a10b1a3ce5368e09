//! What Linux gives a container.

use crate::{prelude::*, props};

/// What Linux gives a container.
#[props]
pub struct LinuxParameters {
    /// What it may do beyond an ordinary process, or not even that. Default: what Docker gives.
    /// AWS: `Capabilities`.
    pub capabilities: Option<KernelCapabilities>,
    /// Whether its first process passes signals on and clears up after others. Default: false. AWS:
    /// `InitProcessEnabled`.
    #[prop(default = false)]
    pub init_process_enabled: bool,
    /// Shared memory in `/dev/shm`; not on Fargate. Default: 64 MiB. AWS: `SharedMemorySize`.
    pub shared_memory_size: Option<MiB>,
    /// Folders in memory. Default: none. AWS: `Tmpfs`.
    #[prop(default)]
    pub tmpfs: Vec<Tmpfs>,
    /// How much it may swap, 0 for not at all; not on Fargate. Default: as the instance says. AWS:
    /// `MaxSwap`.
    pub max_swap: Option<MiB>,
    /// How readily it swaps, 0 to 100, with `max_swap` alone. Default: 60. AWS: `Swappiness`.
    pub swappiness: Option<u32>,
}

/// What a container may do beyond an ordinary process, or not even that: names of capabilities
/// such as `NET_ADMIN`, or `ALL`.
#[props]
pub struct KernelCapabilities {
    /// What it may do in addition; on Fargate `SYS_PTRACE` alone. Default: nothing. AWS: `Add`.
    #[prop(default)]
    pub add: Vec<String>,
    /// What it may not do. Default: nothing. AWS: `Drop`.
    #[prop(default)]
    pub drop: Vec<String>,
}

impl KernelCapabilities {
    /// Nothing but these.
    pub fn only(add: &[&str]) -> Self {
        let add: Vec<&str> = add.to_vec();
        Self::new().drop(["ALL"]).add(add)
    }
}

/// A folder in memory.
#[props]
pub struct Tmpfs {
    /// Where. AWS: `ContainerPath`.
    pub container_path: String,
    /// How much it may hold. AWS: `Size`.
    pub size: MiB,
    /// How it is mounted, such as `noexec`. Default: as Docker does. AWS: `MountOptions`.
    #[prop(default)]
    pub mount_options: Vec<String>,
}

/// A limit of a container's processes.
#[props]
pub struct Ulimit {
    /// Of what. AWS: `Name`.
    pub name: UlimitName,
    /// The limit that holds. AWS: `SoftLimit`.
    pub soft_limit: i64,
    /// How far processes may raise it. AWS: `HardLimit`.
    pub hard_limit: i64,
}

/// What a limit is of.
#[props(words = "lower")]
pub enum UlimitName {
    /// Dumps of memory.
    Core,
    /// Seconds of processor.
    Cpu,
    /// Data.
    Data,
    /// The size of a file.
    Fsize,
    /// Locks.
    Locks,
    /// Memory that is not swapped.
    Memlock,
    /// Queues of messages.
    Msgqueue,
    /// Niceness.
    Nice,
    /// Open files.
    Nofile,
    /// Processes.
    Nproc,
    /// Memory in use.
    Rss,
    /// Priority in real time.
    Rtprio,
    /// Time in real time.
    Rttime,
    /// Signals that wait.
    Sigpending,
    /// The stack.
    Stack,
}

/// A setting of the kernel.
#[props]
pub struct SystemControl {
    /// Which, such as `net.core.somaxconn`. AWS: `Namespace`.
    pub namespace: String,
    /// Its value. AWS: `Value`.
    pub value: String,
}
