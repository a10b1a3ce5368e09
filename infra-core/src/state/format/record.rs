//! Records and properties as JSON, by the names of properties.

use std::{fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::Map as JsonMap;

use crate::{
    schema::{TypeDef, Types},
    state::{Dep, DepKind, Extra, Record, RecordType, StableId, Status},
    urn::Urn,
    value::{Properties, PropertiesBuilder, Slot, Texts, Value, ValueSeed},
};

type Json = JsonMap<String, serde_json::Value>;

/// Properties under their names.
pub(super) struct Named<'a> {
    pub(super) ty: &'a RecordType,
    pub(super) properties: &'a Properties,
    pub(super) extra: Option<&'a Json>,
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(ty) = self.ty.known() {
            for (slot, value) in self.properties.iter() {
                map.serialize_entry(ty.prop(slot).name, value)?;
            }
        }
        for (name, value) in self.extra.into_iter().flatten() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Dependencies as `[place, "kind", "property"]`.
pub(super) struct Deps<'a> {
    pub(super) ty: &'a RecordType,
    pub(super) deps: &'a [Dep],
}

impl Serialize for Deps<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.deps.iter().map(|dep| {
            let known = self.ty.known().filter(|_| dep.slot != Dep::NO_SLOT);
            (dep.target, dep.kind, known.map(|ty| ty.prop(dep.slot).name))
        }))
    }
}

pub(super) fn deps_from<N: AsRef<str>>(
    ty: Option<&TypeDef>,
    deps: Vec<(u32, DepKind, Option<N>)>,
) -> Box<[Dep]> {
    deps.into_iter().map(|(target, kind, name)| dep(ty, target, kind, name)).collect()
}

fn dep<N: AsRef<str>>(ty: Option<&TypeDef>, target: u32, kind: DepKind, name: Option<N>) -> Dep {
    let slot = name.and_then(|name| ty?.slot(name.as_ref()));
    Dep { target, kind, slot: slot.unwrap_or(Dep::NO_SLOT) }
}

/// Reads dependencies without a list of their names.
struct DepsSeed(Option<&'static TypeDef>);

impl<'de> DeserializeSeed<'de> for DepsSeed {
    type Value = Box<[Dep]>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Box<[Dep]>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for DepsSeed {
    type Value = Box<[Dep]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dependencies")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Box<[Dep]>, A::Error> {
        let mut deps = vec![];
        while let Some((target, kind, name)) =
            seq.next_element::<(u32, DepKind, Option<FieldName<'de>>)>()?
        {
            deps.push(dep(self.0, target, kind, name));
        }
        Ok(deps.into())
    }
}

/// Properties from their names; what the type does not have stays as it is.
pub(super) fn properties_from(
    ty: Option<&TypeDef>,
    json: Json,
) -> Result<(Properties, Json), serde_json::Error> {
    let mut properties = PropertiesBuilder::default();
    let mut extra = Json::new();
    for (name, value) in json {
        match ty.and_then(|ty| ty.slot(&name)) {
            Some(slot) => properties.set(slot, Value::deserialize(value)?),
            None => drop(extra.insert(name, value)),
        }
    }
    Ok((properties.build(), extra))
}

/// A record with its place, on one line of a checkpoint.
pub(super) struct Placed<'a>(pub(super) u32, pub(super) &'a Record);

impl Serialize for Placed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(place, record) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("n", place)?;
        map.serialize_entry("urn", &record.urn)?;
        map.serialize_entry("v", &record.version)?;
        map.serialize_entry("stable", &record.stable)?;
        if record.provider != 0 {
            map.serialize_entry("provider", &record.provider)?;
        }
        if record.generation != 0 {
            map.serialize_entry("generation", &record.generation)?;
        }
        if record.status != Status::Done {
            map.serialize_entry("status", &record.status)?;
        }
        for (name, flag) in [
            ("deposed", record.deposed),
            ("protect", record.protect),
            ("retain_on_delete", record.retain_on_delete),
        ] {
            if flag {
                map.serialize_entry(name, &true)?;
            }
        }
        map.serialize_entry("id", &record.id)?;
        map.serialize_entry("token", &record.token)?;
        map.serialize_entry("created_at", &record.created_at)?;
        let (ty, extra) = (&record.ty, record.extra.as_deref());
        let named = |properties, extra| Named { ty, properties, extra };
        map.serialize_entry("inputs", &named(&record.inputs, extra.map(|extra| &extra.inputs)))?;
        if !record.outputs.is_empty() || extra.is_some_and(|extra| !extra.outputs.is_empty()) {
            map.serialize_entry(
                "outputs",
                &named(&record.outputs, extra.map(|extra| &extra.outputs)),
            )?;
        }
        if !record.deps.is_empty() {
            map.serialize_entry("deps", &Deps { ty, deps: &record.deps })?;
        }
        for (name, value) in extra.into_iter().flat_map(|extra| &extra.fields) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for StableId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StableId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = FieldName::deserialize(deserializer)?;
        text.0.parse().map_err(D::Error::custom)
    }
}

/// Reads a line of a checkpoint.
pub(super) struct PlacedSeed<'a> {
    pub(super) types: &'a Types,
    pub(super) texts: &'a mut Texts,
}

impl<'de> DeserializeSeed<'de> for PlacedSeed<'_> {
    type Value = (u32, Record);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(u32, Record), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PlacedSeed<'_> {
    type Value = (u32, Record);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    /// Place, URN and version come first, as written: they decide how the rest is read.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(u32, Record), A::Error> {
        let place = leading(&mut map, "n")?;
        let urn: Urn = leading(&mut map, "urn")?;
        let version: u32 = leading(&mut map, "v")?;
        let known = self.types.get(urn.ty()).filter(|ty| version <= ty.version);
        let reader =
            Reader { ty: known, old: known.filter(|ty| version < ty.version).map(|_| version) };
        let mut extra = Extra::default();
        let mut record = Record {
            ty: known.map_or_else(|| RecordType::Unknown(urn.ty().into()), RecordType::Known),
            urn,
            stable: StableId(0),
            version: known.map_or(version, |ty| ty.version),
            provider: 0,
            generation: 0,
            status: Status::Done,
            deposed: false,
            id: Arc::default(),
            token: Arc::default(),
            created_at: 0,
            inputs: Properties::default(),
            outputs: Properties::default(),
            deps: Box::default(),
            protect: false,
            retain_on_delete: false,
            extra: None,
        };
        while let Some(field) = map.next_key::<FieldName<'de>>()? {
            match &*field.0 {
                "stable" => record.stable = map.next_value()?,
                "provider" => record.provider = map.next_value()?,
                "generation" => record.generation = map.next_value()?,
                "status" => record.status = map.next_value()?,
                "deposed" => record.deposed = map.next_value()?,
                "protect" => record.protect = map.next_value()?,
                "retain_on_delete" => record.retain_on_delete = map.next_value()?,
                "id" => record.id = map.next_value_seed(&mut *self.texts)?,
                "token" => record.token = map.next_value_seed(&mut *self.texts)?,
                "created_at" => record.created_at = map.next_value()?,
                "inputs" => {
                    let seed = reader.properties(&mut extra.inputs, self.texts);
                    record.inputs = map.next_value_seed(seed)?;
                }
                "outputs" => {
                    let seed = reader.properties(&mut extra.outputs, self.texts);
                    record.outputs = map.next_value_seed(seed)?;
                }
                "deps" => record.deps = map.next_value_seed(DepsSeed(known))?,
                name => drop(extra.fields.insert(name.to_owned(), map.next_value()?)),
            }
        }
        if extra != Extra::default() {
            record.extra = Some(Box::new(extra));
        }
        Ok((place, record))
    }
}

fn leading<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    name: &'static str,
) -> Result<T, A::Error> {
    match map.next_key::<FieldName<'de>>()? {
        Some(FieldName(found)) if found == name => map.next_value(),
        _ => Err(A::Error::missing_field(name)),
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct FieldName<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

impl AsRef<str> for FieldName<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Copy)]
struct Reader {
    ty: Option<&'static TypeDef>,
    /// The version that wrote the record, if it is older.
    old: Option<u32>,
}

impl Reader {
    fn properties<'a>(self, extra: &'a mut Json, texts: &'a mut Texts) -> PropertiesSeed<'a> {
        PropertiesSeed { reader: self, extra, texts }
    }
}

struct PropertiesSeed<'a> {
    reader: Reader,
    extra: &'a mut Json,
    texts: &'a mut Texts,
}

impl<'de> DeserializeSeed<'de> for PropertiesSeed<'_> {
    type Value = Properties;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Properties, D::Error> {
        let Reader { ty, old } = self.reader;
        let (Some(ty), None) = (ty, old) else {
            let mut json = Json::deserialize(deserializer)?;
            if let (Some(version), Some(migrate)) = (old, ty.and_then(|ty| ty.migrate)) {
                migrate(version, &mut json);
            }
            let (properties, extra) = properties_from(ty, json).map_err(D::Error::custom)?;
            *self.extra = extra;
            return Ok(properties);
        };
        let Self { extra, texts, .. } = self;
        deserializer.deserialize_map(PropertiesVisitor { ty, extra, texts })
    }
}

/// How many properties most resources have at most; more cost a second allocation.
const USUAL: usize = 8;

struct PropertiesVisitor<'a> {
    ty: &'static TypeDef,
    extra: &'a mut Json,
    texts: &'a mut Texts,
}

impl<'de> Visitor<'de> for PropertiesVisitor<'_> {
    type Value = Properties;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
        let mut properties = PropertiesBuilder::with_capacity(USUAL);
        let mut next = 0;
        while let Some(name) = map.next_key::<FieldName<'de>>()? {
            match slot_of(self.ty, next, &name.0) {
                Some(slot) => {
                    properties.set(slot, map.next_value_seed(ValueSeed(self.texts))?);
                    next = slot + 1;
                }
                None => drop(self.extra.insert(name.0.into_owned(), map.next_value()?)),
            }
        }
        Ok(properties.build())
    }
}

/// Properties are written in the order of their slots: the search starts behind the last one.
fn slot_of(ty: &TypeDef, from: Slot, name: &str) -> Option<Slot> {
    let ahead = ty.props.get(usize::from(from)..)?;
    match ahead.iter().position(|prop| prop.name == name) {
        Some(place) => Some(from + place as Slot),
        None => ty.slot(name),
    }
}
