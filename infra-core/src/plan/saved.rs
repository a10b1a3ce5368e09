//! [`SavedPlan`]: a plan on disk, to be carried out later and nothing else.

use serde::{Deserialize, Serialize};

use super::{Action, Plan};
use crate::{
    graph::Program,
    state::{
        State,
        seal::{KeyHeader, digest_hex},
    },
    urn::Urn,
    value::{Value, canonical_bytes},
};

/// The version of the format.
pub const PLAN_FORMAT: u32 = 1;

/// A plan on disk. Carrying it out builds the program anew and refuses, naming the first
/// difference, if program or state are not those that it was made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedPlan {
    /// [`PLAN_FORMAT`].
    pub format: u32,
    /// The lineage of the state; `None` if there was none.
    pub lineage: Option<String>,
    /// The serial of the state.
    pub serial: u64,
    /// The key that its secrets are digested with, wrapped; `None` if it is the state's. A first
    /// deployment begins its state with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyHeader>,
    /// Digests of the program's nodes, in order.
    pub program: Vec<SavedNode>,
    /// What is permitted, by URN. What is not named is left as it is.
    pub permissions: Vec<SavedPermission>,
    /// What goes, by URN and generation.
    pub deletions: Vec<(Urn, u32)>,
    /// The results of lookups, sealed.
    pub lookups: Vec<(Urn, Value)>,
    /// The options that the plan was made with.
    pub options: SavedOptions,
}

/// A node of the program, as far as the plan depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedNode {
    /// Its URN.
    pub urn: Urn,
    /// A digest of its properties, provider and options. Secrets go into it by a key that the
    /// file does not hold.
    pub digest: String,
}

/// What is permitted for a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedPermission {
    /// Its URN.
    pub urn: Urn,
    /// What may be done.
    pub action: String,
    /// Whether a replacement is certain.
    pub certain: bool,
}

/// The options of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `PlanOptions`")]
pub struct SavedOptions {
    pub targets: Vec<String>,
    pub excludes: Vec<String>,
    pub replace: Vec<String>,
    pub may_lose_data: Vec<String>,
    pub refresh: bool,
}

impl SavedPlan {
    /// The first thing in which this plan does not belong to a program, state and plan made anew.
    #[must_use]
    pub fn first_difference(&self, other: &Self) -> Option<String> {
        if self.format != other.format {
            return Some(format!(
                "its format is {}, this program writes {}",
                self.format, other.format
            ));
        }
        if self.lineage != other.lineage {
            return Some("it belongs to another state".to_owned());
        }
        if self.serial != other.serial {
            return Some(format!(
                "the state has moved on from {} to {}",
                self.serial, other.serial
            ));
        }
        let nodes = self.program.iter().zip(&other.program);
        if let Some((a, b)) = nodes.clone().find(|(a, b)| a != b) {
            return Some(if a.urn == b.urn {
                format!("the program says something else of `{}`", b.urn)
            } else {
                format!("the program has `{}` where it had `{}`", b.urn, a.urn)
            });
        }
        if self.program.len() != other.program.len() {
            let longer = if self.program.len() > other.program.len() {
                &self.program
            } else {
                &other.program
            };
            let extra = &longer[self.program.len().min(other.program.len())].urn;
            return Some(format!("`{extra}` was added to or removed from the program"));
        }
        let permissions = self.permissions.iter().zip(&other.permissions).find(|(a, b)| a != b);
        if let Some((a, b)) = permissions {
            return Some(format!(
                "`{}` was to be {}, and now it would be {}",
                a.urn, a.action, b.action
            ));
        }
        let rest =
            self.permissions.len() != other.permissions.len() || self.deletions != other.deletions;
        rest.then(|| "other things would be done now".to_owned())
    }
}

/// A digest of what a plan depends on of a node, by a function that takes the key into account
/// where there are secrets.
pub(crate) fn node_digest(
    program: &Program,
    node: u32,
    keyed: impl Fn(&[u8]) -> String,
) -> SavedNode {
    let this = &program.nodes[node as usize];
    let mut bytes = vec![];
    for (slot, value) in this.inputs.iter() {
        bytes.extend(slot.to_le_bytes());
        canonical_bytes(value, &mut bytes);
    }
    let mut depends_on: Vec<String> =
        this.depends_on.iter().map(|other| format!("{other:?}")).collect();
    depends_on.sort();
    let words = [
        keyed(&bytes),
        program.provider(this).to_string(),
        format!("{:?}", this.options()),
        depends_on.join(","),
    ];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    SavedNode { urn: this.urn.clone(), digest: digest_hex(&words, 32) }
}

/// The permissions of a plan.
pub(crate) fn permissions(program: &Program, plan: &Plan) -> Vec<SavedPermission> {
    let acting =
        plan.decisions.iter().enumerate().filter(|(_, decision)| decision.action != Action::Same);
    acting
        .map(|(node, decision)| SavedPermission {
            urn: program.nodes[node].urn.clone(),
            action: format!("{:?}", decision.action),
            certain: decision.certain,
        })
        .collect()
}

/// What goes, by URN and generation.
pub(crate) fn deletions(state: &State, plan: &Plan) -> Vec<(Urn, u32)> {
    let records = plan.deletions.iter().map(|deletion| state.record(deletion.place));
    records.map(|record| (record.urn.clone(), record.generation)).collect()
}
