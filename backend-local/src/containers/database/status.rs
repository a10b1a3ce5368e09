//! [`ClusterStatus`]: how a cluster is, for programs and people.

/// How well a cluster serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It has not had a writer yet.
    Starting,
    /// It is what it is to be.
    Ready,
    /// It serves, and something is missing.
    Degraded,
    /// Nobody can write.
    Failed,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is written.
    Writer,
    /// It follows the writer.
    Reader,
    /// Neither, now.
    Outside,
}

/// How a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeStatus {
    /// Its id.
    pub id: String,
    /// Its zone.
    pub zone: String,
    /// What it is.
    pub role: Role,
    /// Whether it answers and does what its role says.
    pub healthy: bool,
    /// By how many seconds it is behind the writer, if that is known.
    pub lag: Option<u64>,
    /// Whether parameters or an image wait for its next restart.
    pub pending_restart: bool,
    /// How it is, in words.
    pub message: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// What, in words.
    pub words: String,
}

/// How a cluster is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterStatus {
    /// How well it serves.
    pub level: Level,
    /// The same in words.
    pub message: String,
    /// The node that is written.
    pub writer: Option<String>,
    /// The node that the reader's address leads to.
    pub reader: Option<String>,
    /// Whether all nodes do what they are for, and commits wait for a replica if there is one.
    pub full_redundancy: bool,
    /// Its nodes, in the order of the spec.
    pub nodes: Vec<NodeStatus>,
    /// The last moment that can be restored, in milliseconds since 1970.
    pub latest_restorable: Option<u64>,
    /// Whether nodes are being restarted one after the other.
    pub rolling: bool,
    /// What happened, the oldest first.
    pub events: Vec<Event>,
}

impl ClusterStatus {
    pub(super) fn new() -> Self {
        Self {
            level: Level::Starting,
            message: "it starts".to_owned(),
            writer: None,
            reader: None,
            full_redundancy: false,
            nodes: vec![],
            latest_restorable: None,
            rolling: false,
            events: vec![],
        }
    }

    /// A node by its id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&NodeStatus> {
        self.nodes.iter().find(|node| node.id == id)
    }
}
