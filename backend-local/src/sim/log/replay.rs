//! Reading the log of an account: what its records come to.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    fs::File,
    hash::{Hash, Hasher},
    io::{self, BufRead, BufReader},
    path::Path,
    sync::Arc,
};

use hashbrown::HashTable;
use infra_core::{
    handler::Ownership,
    schema::{TypeDef, Types},
    urn::Urn,
    value::{Properties, PropertiesBuilder, Texts, ValueSeed},
};
use rustc_hash::FxHasher;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::sim::{
    SimError,
    object::{Life, Object},
};

/// What a log holds.
#[derive(Debug, Default)]
pub(in crate::sim) struct Replayed {
    pub(in crate::sim) objects: Vec<Object>,
    pub(in crate::sim) now: u64,
    pub(in crate::sim) number: u64,
    /// How many records there are.
    pub(super) records: usize,
    /// Whether there are things of types that this program does not know.
    pub(super) has_unknown: bool,
}

/// A record as it is read: of the properties, what their type is shows only afterwards.
#[derive(Deserialize)]
struct Read<'a> {
    t: u64,
    n: u64,
    #[serde(borrow)]
    ty: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    scope: Cow<'a, str>,
    #[serde(borrow)]
    life: Cow<'a, str>,
    #[serde(default)]
    implicit: bool,
    #[serde(borrow)]
    owner: Option<ReadOwner<'a>>,
    #[serde(borrow)]
    token: Option<Cow<'a, str>>,
    #[serde(borrow)]
    inputs: Option<&'a RawValue>,
    #[serde(borrow)]
    outputs: Option<&'a RawValue>,
    #[serde(default)]
    ready_at: u64,
    #[serde(default)]
    gone_at: u64,
    #[serde(default)]
    kept_until: u64,
    #[serde(default)]
    moments: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct ReadOwner<'a> {
    #[serde(borrow)]
    stack: Cow<'a, str>,
    #[serde(borrow)]
    stable: Cow<'a, str>,
    #[serde(borrow)]
    intent: Cow<'a, str>,
    urn: Urn,
}

/// Reads a log; cuts off a torn end.
pub(super) fn replay(file: &File, path: &Path, types: &Types) -> Result<Replayed, SimError> {
    let (replayed, torn) = read(file, path, types)?;
    if let Some(whole) = torn {
        file.set_len(whole).map_err(|source| SimError::Io { path: path.to_owned(), source })?;
    }
    Ok(replayed)
}

/// Reads a log that somebody else writes: a torn end is being written.
pub(in crate::sim) fn read_only(
    file: &File,
    path: &Path,
    types: &Types,
) -> Result<Replayed, SimError> {
    read(file, path, types).map(|(replayed, _)| replayed)
}

/// Reads a log, and says where its torn end begins, if it has one.
fn read(file: &File, path: &Path, types: &Types) -> Result<(Replayed, Option<u64>), SimError> {
    let failed = |source| SimError::Io { path: path.to_owned(), source };
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let mut objects = Objects::default();
    let mut replayed = Replayed::default();
    let (mut line, mut whole) = (vec![], 0);
    let mut torn = None;
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line).map_err(failed)?;
        if read == 0 {
            break;
        }
        // A record without the end of its line is torn too: the next one would be part of it.
        let Some(json) = line.strip_suffix(b"\n").and_then(checked) else {
            // A torn end was never answered for.
            let mut rest = vec![];
            io::Read::read_to_end(&mut reader, &mut rest).map_err(failed)?;
            if rest.split(|byte| *byte == b'\n').any(|line| checked(line).is_some()) {
                return Err(SimError::Damaged { path: path.to_owned(), offset: whole });
            }
            torn = Some(whole);
            break;
        };
        let damaged = |_| SimError::Damaged { path: path.to_owned(), offset: whole };
        let record: Read<'_> = serde_json::from_slice(json).map_err(damaged)?;
        (replayed.now, replayed.number) = (replayed.now.max(record.t), record.n);
        replayed.records += 1;
        match types.get(&record.ty) {
            Some(ty) => objects.take(ty, record).map_err(damaged)?,
            None => replayed.has_unknown |= !record.ty.is_empty(),
        }
        whole += read as u64;
    }
    replayed.objects = objects.all.into_iter().flatten().collect();
    Ok((replayed, torn))
}

fn checked(line: &[u8]) -> Option<&[u8]> {
    let (sum, json) = line.split_at_checked(9)?;
    let sum = std::str::from_utf8(sum).ok()?.strip_suffix(' ')?;
    let sum = u32::from_str_radix(sum, 16).ok()?;
    (crc32fast::hash(json) == sum).then_some(json)
}

/// The objects so far, in the order in which they came about.
struct Objects {
    all: Vec<Option<Object>>,
    /// Their places by the hash of type, scope and id.
    places: HashTable<u32>,
    /// Scopes and stacks: few, and in every record.
    scopes: Vec<Arc<str>>,
    texts: Texts,
}

impl Default for Objects {
    fn default() -> Self {
        let (all, places, scopes) = (vec![], HashTable::new(), vec![]);
        Self { all, places, scopes, texts: Texts::remembered() }
    }
}

impl Objects {
    /// Lets a record happen.
    fn take(&mut self, ty: &'static TypeDef, record: Read<'_>) -> Result<(), serde_json::Error> {
        let object = self.object(ty, record)?;
        let gone = object.life == Life::Gone && object.kept_until == 0;
        let Self { all, places, .. } = self;
        let hash = key_hash(&object);
        let same = |place: &u32| all[*place as usize].as_ref().is_some_and(|o| is_same(o, &object));
        match places.find_entry(hash, same) {
            Ok(entry) if gone => all[entry.remove().0 as usize] = None,
            Ok(entry) => all[*entry.get() as usize] = Some(object),
            Err(_) if gone => {}
            Err(_) => {
                let place = all.len() as u32;
                all.push(Some(object));
                let rehash = |place: &u32| all[*place as usize].as_ref().map_or(0, key_hash);
                places.insert_unique(hash, place, rehash);
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        ty: &'static TypeDef,
        read: Read<'_>,
    ) -> Result<Object, serde_json::Error> {
        let scope = self.scope(&read.scope);
        let owner = read.owner.and_then(|owner| {
            Some(Box::new(Ownership {
                stack: self.scope(&owner.stack),
                stable: owner.stable.parse().ok()?,
                intent: owner.intent.into(),
                urn: owner.urn,
            }))
        });
        Ok(Object {
            ty,
            id: read.id.into(),
            scope,
            life: match &*read.life {
                "deleting" => Life::Deleting,
                "ended" => Life::Ended,
                "gone" => Life::Gone,
                _ => Life::Live,
            },
            implicit: read.implicit,
            owner,
            token: read.token.map(Into::into),
            inputs: self.properties(ty, read.inputs)?,
            outputs: self.properties(ty, read.outputs)?,
            visible_at: 0,
            ready_at: read.ready_at,
            gone_at: read.gone_at,
            kept_until: read.kept_until,
            moments: read.moments,
            stale: None,
            in_use: 0,
            owned: 0,
        })
    }

    fn scope(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.scopes.iter().find(|known| ***known == *text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.scopes.push(Arc::clone(&new));
        new
    }

    fn properties(
        &mut self,
        ty: &'static TypeDef,
        json: Option<&RawValue>,
    ) -> Result<Properties, serde_json::Error> {
        let Some(json) = json else { return Ok(Properties::default()) };
        let seed = PropertiesSeed { ty, texts: &mut self.texts };
        seed.deserialize(&mut serde_json::Deserializer::from_str(json.get()))
    }
}

fn key_hash(object: &Object) -> u64 {
    let mut hasher = FxHasher::default();
    (object.ty.name, &object.scope, &object.id).hash(&mut hasher);
    hasher.finish()
}

fn is_same(one: &Object, other: &Object) -> bool {
    one.ty.name == other.ty.name && one.scope == other.scope && one.id == other.id
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads properties by their names; those that the type does not have any more are left out.
struct PropertiesSeed<'a> {
    ty: &'static TypeDef,
    texts: &'a mut Texts,
}

impl<'de> DeserializeSeed<'de> for PropertiesSeed<'_> {
    type Value = Properties;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Properties, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PropertiesSeed<'_> {
    type Value = Properties;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
        let mut properties = PropertiesBuilder::default();
        while let Some(Name(name)) = map.next_key()? {
            match self.ty.slot(&name) {
                Some(slot) => {
                    properties.set(slot, map.next_value_seed(ValueSeed(self.texts))?);
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(properties.build())
    }
}
