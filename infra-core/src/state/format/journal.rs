//! Journals: one entry a line, each with a checksum in front.
//!
//! ```text
//! 5f3a9c01 {"op":"header","base":7,"epoch":3}
//! 01c2b7e9 {"op":"create","n":0,"urn":"…",…}
//! ```
//!
//! A header says on which checkpoint the entries behind it stand. Entries on an older checkpoint
//! than the one at hand are left over from a crash between the checkpoint and the emptying of the
//! journal, and are skipped.

use std::{io::Write, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    FormatError,
    record::{Deps, Named, deps_from, properties_from},
};
use crate::{
    dsl::Provider,
    schema::{Level, Types},
    state::{Change, DepKind, NewRecord, Place, RecordType, StableId, State, seal::KeyHeader},
    urn::Urn,
    value::{Properties, Value},
};

/// Appends the header of a run.
pub fn encode_header(base: u64, epoch: u64, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Header {
        op: &'static str,
        base: u64,
        epoch: u64,
    }
    line(&Header { op: "header", base, epoch }, out)
        .expect("three fields of numbers and text have a JSON form");
}

/// Appends an entry. The state is the one before it.
///
/// # Errors
/// If it holds what has no form on disk (a secret in clear).
pub fn encode_entry(
    state: &State,
    change: &Change,
    out: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    let ty = change.moment().and_then(|(place, _)| state.get(place)).map(|record| &record.ty);
    let named = |properties| ty.map(|ty| Named { ty, properties, extra: None });
    let deps = |deps| ty.map(|ty| Deps { ty, deps });
    let mut entry = Entry { n: change.moment().map(|(place, _)| place), ..Entry::default() };
    match change {
        Change::Begun(place) => (entry.op, entry.place) = ("begun", Some(place)),
        Change::KeyMade(key) => (entry.op, entry.key) = ("key", Some(key)),
        Change::ProviderAdded(provider) => {
            (entry.op, entry.provider) = ("provider", Some(provider))
        }
        Change::Create(place, new) => return line(&CreateEntry::new(*place, new), out),
        Change::Allocated(_, id, outputs, at) => {
            (entry.op, entry.id, entry.at) = ("allocated", Some(id), Some(*at));
            entry.outputs = named(outputs);
        }
        Change::Aborted(_) => entry.op = "aborted",
        Change::Reached(_, level, outputs) => {
            (entry.op, entry.level, entry.outputs) = ("reached", Some(*level), named(outputs));
        }
        Change::Done(_, inputs, outputs) => {
            (entry.op, entry.inputs) = ("done", inputs.as_ref().and_then(named));
            entry.outputs = named(outputs);
        }
        Change::UpdateStarted(_, slots, added) => {
            let known = ty.and_then(RecordType::known);
            let names = |ty: &'static crate::schema::TypeDef| {
                slots.iter().map(|slot| ty.prop(*slot).name).collect()
            };
            (entry.op, entry.changed, entry.deps) = ("update", known.map(names), deps(added));
        }
        Change::DeleteStarted(_) => entry.op = "delete",
        Change::DeleteReverted(_) => entry.op = "undelete",
        Change::Deleted(_) => entry.op = "deleted",
        Change::Forgotten(_) => entry.op = "forgotten",
        Change::Reinstated(_) => entry.op = "reinstated",
        Change::Refreshed(_, inputs, outputs) => {
            (entry.op, entry.inputs, entry.outputs) = ("refreshed", named(inputs), named(outputs));
        }
        Change::Renamed(_, urn) => (entry.op, entry.urn) = ("renamed", Some(urn)),
        Change::Relinked(_, all, protect, retain) => {
            (entry.op, entry.deps) = ("relinked", deps(all));
            (entry.protect, entry.retain_on_delete) = (*protect, *retain);
        }
        Change::Outputs(outputs) => {
            (entry.op, entry.shown) = ("outputs", Some(outputs));
        }
        Change::Learned(ty, took) => {
            (entry.op, entry.ty, entry.took) = ("learned", Some(ty), Some(*took));
        }
    }
    line(&entry, out)
}

/// An entry as it is written; each operation has its fields.
#[derive(Default, Serialize)]
struct Entry<'a> {
    op: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deps: Option<Deps<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    protect: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    retain_on_delete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    urn: Option<&'a Urn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a KeyHeader>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a Provider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown: Option<&'a Vec<(Arc<str>, Value)>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ty: Option<&'a Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    took: Option<[u64; 3]>,
}

#[derive(Serialize)]
struct CreateEntry<'a> {
    op: &'static str,
    n: u32,
    urn: &'a Urn,
    stable: StableId,
    provider_place: u16,
    generation: u32,
    token: &'a Arc<str>,
    created_at: u64,
    inputs: Named<'a>,
    deps: Deps<'a>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    protect: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    retain_on_delete: bool,
}

impl<'a> CreateEntry<'a> {
    fn new(n: u32, new: &'a NewRecord) -> Self {
        Self {
            op: "create",
            n,
            urn: &new.urn,
            stable: new.stable,
            provider_place: new.provider,
            generation: new.generation,
            token: &new.token,
            created_at: new.created_at,
            inputs: Named { ty: &new.ty, properties: &new.inputs, extra: None },
            deps: Deps { ty: &new.ty, deps: &new.deps },
            protect: new.protect,
            retain_on_delete: new.retain_on_delete,
        }
    }
}

fn line(entry: &impl Serialize, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    let start = out.len();
    out.extend(b"00000000 ");
    if let Err(error) = serde_json::to_writer(&mut *out, entry) {
        out.truncate(start);
        return Err(error);
    }
    let sum = crc32fast::hash(&out[start + 9..]);
    write!(&mut out[start..start + 8], "{sum:08x}").expect("eight digits fit into eight places");
    out.push(b'\n');
    Ok(())
}

/// An entry as it is read.
#[derive(Deserialize)]
struct Read {
    op: String,
    n: Option<u32>,
    base: Option<u64>,
    id: Option<Arc<str>>,
    at: Option<u64>,
    level: Option<Level>,
    inputs: Option<serde_json::Map<String, serde_json::Value>>,
    outputs: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(default)]
    changed: Vec<String>,
    #[serde(default)]
    deps: Vec<(u32, DepKind, Option<String>)>,
    #[serde(default)]
    protect: bool,
    #[serde(default)]
    retain_on_delete: bool,
    urn: Option<Urn>,
    place: Option<Place>,
    key: Option<KeyHeader>,
    provider: Option<Provider>,
    shown: Option<Vec<(Arc<str>, Value)>>,
    ty: Option<Arc<str>>,
    took: Option<[u64; 3]>,
    stable: Option<StableId>,
    #[serde(default)]
    provider_place: u16,
    #[serde(default)]
    generation: u32,
    token: Option<Arc<str>>,
    #[serde(default)]
    created_at: u64,
}

impl Read {
    /// `None` if a field that the operation needs is missing.
    fn change(self, state: &State, types: &Types) -> Option<Result<Change, serde_json::Error>> {
        let n = self.n.unwrap_or_default();
        let known = match &self.urn {
            Some(urn) if self.op == "create" => types.get(urn.ty()),
            _ => state.get(n).and_then(|record| record.ty.known()),
        };
        let read = |json: Option<serde_json::Map<_, _>>| -> Result<Properties, serde_json::Error> {
            Ok(properties_from(known, json.unwrap_or_default())?.0)
        };
        let deps = deps_from(known, self.deps);
        let has_inputs = self.inputs.is_some();
        let (inputs, outputs) = match (read(self.inputs), read(self.outputs)) {
            (Ok(inputs), Ok(outputs)) => (inputs, outputs),
            (Err(error), _) | (_, Err(error)) => return Some(Err(error)),
        };
        Some(Ok(match self.op.as_str() {
            "begun" => Change::Begun(self.place?),
            "key" => Change::KeyMade(self.key?),
            "provider" => Change::ProviderAdded(self.provider?),
            "create" => {
                let urn = self.urn?;
                let ty =
                    known.map_or_else(|| RecordType::Unknown(urn.ty().into()), RecordType::Known);
                Change::Create(
                    n,
                    Box::new(NewRecord {
                        urn,
                        stable: self.stable?,
                        ty,
                        provider: self.provider_place,
                        generation: self.generation,
                        token: self.token?,
                        created_at: self.created_at,
                        inputs,
                        deps,
                        protect: self.protect,
                        retain_on_delete: self.retain_on_delete,
                    }),
                )
            }
            "allocated" => Change::Allocated(n, self.id?, outputs, self.at?),
            "aborted" => Change::Aborted(n),
            "reached" => Change::Reached(n, self.level?, outputs),
            "done" => Change::Done(n, has_inputs.then_some(inputs), outputs),
            "update" => {
                let slots = self.changed.iter().filter_map(|name| known?.slot(name));
                Change::UpdateStarted(n, slots.collect(), deps)
            }
            "delete" => Change::DeleteStarted(n),
            "undelete" => Change::DeleteReverted(n),
            "deleted" => Change::Deleted(n),
            "forgotten" => Change::Forgotten(n),
            "reinstated" => Change::Reinstated(n),
            "refreshed" => Change::Refreshed(n, inputs, outputs),
            "renamed" => Change::Renamed(n, self.urn?),
            "relinked" => Change::Relinked(n, deps, self.protect, self.retain_on_delete),
            "outputs" => Change::Outputs(self.shown?),
            "learned" => Change::Learned(self.ty?, self.took?),
            _ => return None,
        }))
    }
}

/// What replaying a journal came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// How many entries were applied.
    pub entries: usize,
    /// The end of what is whole, if a crash tore the last entry: cut here before writing on.
    pub torn_at: Option<u64>,
    /// How many bytes were torn.
    pub torn_bytes: u64,
}

/// Applies the entries of a journal to the checkpoint that they stand on.
///
/// # Errors
/// If an entry is damaged that is not the last, or does not fit the checkpoint. A torn last entry
/// is no error: it was never acknowledged.
pub fn replay(
    state: &mut State,
    place: &str,
    bytes: &[u8],
    types: &Types,
) -> Result<Replayed, FormatError> {
    let mut replayed = Replayed::default();
    let mut current = true;
    let mut offset = 0;
    while offset < bytes.len() {
        let rest = &bytes[offset..];
        let end = rest.iter().position(|byte| *byte == b'\n');
        let start = offset as u64;
        let damaged = |message: String| FormatError::Damaged {
            place: place.to_owned(),
            offset: start,
            message,
        };
        let Some(json) = end.and_then(|end| checked(&rest[..end])) else {
            if whole_entry_follows(rest) {
                return Err(damaged("an entry is damaged, and whole ones follow it".to_owned()));
            }
            replayed.torn_at = Some(offset as u64);
            replayed.torn_bytes = rest.len() as u64;
            break;
        };
        offset += end.map_or(0, |end| end + 1);
        let read: Read =
            serde_json::from_slice(json).map_err(|error| damaged(error.to_string()))?;
        if let Some(base) = read.base {
            current = base == state.serial;
            if base > state.serial {
                return Err(damaged(format!(
                    "it stands on checkpoint {base}, and the one here is {}",
                    state.serial
                )));
            }
            continue;
        }
        if !current {
            continue;
        }
        let op = read.op.clone();
        let change = read.change(state, types);
        let change = change.ok_or_else(|| damaged(format!("the entry `{op}` is incomplete")))?;
        let change = change.map_err(|error| damaged(error.to_string()))?;
        state.apply(change).map_err(|error| damaged(error.to_string()))?;
        replayed.entries += 1;
    }
    Ok(replayed)
}

/// The entry of a line whose checksum fits.
fn checked(line: &[u8]) -> Option<&[u8]> {
    let (sum, json) = line.split_at_checked(9)?;
    let sum = std::str::from_utf8(sum).ok()?.strip_suffix(' ')?;
    let sum = u32::from_str_radix(sum, 16).ok()?;
    (crc32fast::hash(json) == sum).then_some(json)
}

/// Whether there is a whole entry somewhere behind the first line: then this is no torn end.
fn whole_entry_follows(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').skip(1).any(|line| checked(line).is_some())
}
