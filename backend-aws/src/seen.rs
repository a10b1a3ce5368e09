//! [`Seen`]: what AWS says of a thing.

use std::collections::BTreeMap;

use infra_core::{
    dsl::Prop,
    handler::{Ownership, Request},
    schema::{Level, TypeDef},
    types::{IntoValue, PropertyType, Tags},
    value::{Properties, PropertiesBuilder, Slot, Value},
};

/// AWS's word for a value of a type: one of a list, an id, a number with a unit. `None` if the type
/// does not know it.
pub(crate) fn word<T: PropertyType>(word: impl Into<Value>) -> Option<T::Resolved> {
    T::decode(&word.into()).ok()
}

/// AWS's word for something, as the catalogue has it: a word of a list, an id, an address.
pub(crate) fn told<T: PropertyType>(word: Option<impl AsRef<str>>) -> Option<T::Resolved> {
    self::word::<T>(word?.as_ref())
}

/// AWS's words for some things; `None` if there are none.
pub(crate) fn all_told<T: PropertyType>(
    words: impl IntoIterator<Item = impl AsRef<str>>,
) -> Option<Vec<T::Resolved>> {
    let words = words.into_iter().filter_map(|word| told::<T>(Some(word)));
    Some(words.collect::<Vec<_>>()).filter(|words| !words.is_empty())
}

/// Whether a value says nothing.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// What AWS says of a thing: its id, its state, its tags, and every property and output that the
/// answer tells.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) id: String,
    pub(crate) level: Level,
    pub(crate) deleting: bool,
    /// Its state, for people, while it has not reached the last level.
    pub(crate) waits_for: Option<String>,
    /// Why it will never be ready.
    pub(crate) failed: Option<String>,
    tags: Option<Tags>,
    properties: PropertiesBuilder,
}

impl Seen {
    /// A thing that is ready; [`state`](Self::state) says otherwise.
    pub(crate) fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            level: Level::Ready,
            deleting: false,
            waits_for: None,
            failed: None,
            tags: None,
            properties: PropertiesBuilder::default(),
        }
    }

    /// A property or output, by a value of its Rust type, or of what has its shape: a text for an
    /// id, a number for a port. Nothing, if AWS says nothing.
    pub(crate) fn set<R, T: PropertyType>(self, prop: Prop<R, T>, value: impl IntoValue) -> Self {
        self.value(prop, value.into_value())
    }

    /// A property or output, by AWS's word for it: an id, an ARN, a range, a word of a list.
    pub(crate) fn text<R, T: PropertyType>(
        mut self,
        prop: Prop<R, T>,
        text: Option<impl AsRef<str>>,
    ) -> Self {
        if let Some(text) = text {
            self.properties.set(prop.slot, text.as_ref().into());
        }
        self
    }

    /// A property that is a list of AWS's words.
    pub(crate) fn texts<R, T: PropertyType>(
        self,
        prop: Prop<R, T>,
        texts: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Self {
        let texts = texts.into_iter().map(|text| Value::from(text.as_ref()));
        self.value(prop, Value::list(texts))
    }

    /// A property by the value that the engine keeps: what was recorded, or made by hand.
    pub(crate) fn value<R, T: PropertyType>(self, prop: Prop<R, T>, value: Value) -> Self {
        self.at(prop.slot, value)
    }

    /// The same by the property's place in the schema.
    pub(crate) fn at(mut self, slot: Slot, value: Value) -> Self {
        // The engine keeps an empty list or map as none.
        if !is_empty(&value) {
            self.properties.set(slot, value);
        }
        self
    }

    /// A property that is a structure. What was recorded stays if it says the same: a structure may
    /// leave out what it does not say, and have it as nothing.
    pub(crate) fn structured<R, T: PropertyType>(
        self,
        prop: Prop<R, T>,
        request: &Request,
        told: Value,
    ) -> Self
    where
        T::Resolved: PartialEq,
    {
        let recorded = request.inputs.get(prop.slot);
        let is_same = match (T::decode(recorded), T::decode(&told)) {
            (Ok(recorded), Ok(told)) => recorded == told,
            _ => false,
        };
        let value = if is_same { recorded.clone() } else { told };
        self.value(prop, value)
    }

    /// A list whose order means nothing to AWS: in that of the program, if it says the same.
    pub(crate) fn unordered<R, T: PropertyType>(
        self,
        prop: Prop<R, T>,
        request: &Request,
        value: impl IntoValue,
    ) -> Self {
        self.in_any_order(prop, request, value.into_value())
    }

    /// The same by the value that the engine keeps.
    pub(crate) fn in_any_order<R, T: PropertyType>(
        self,
        prop: Prop<R, T>,
        request: &Request,
        told: Value,
    ) -> Self {
        let recorded = request.inputs.get(prop.slot);
        let same = recorded.items().len() == told.items().len()
            && told.items().iter().all(|item| recorded.items().contains(item));
        self.value(prop, if same { recorded.clone() } else { told })
    }

    /// A property that can be said in several ways: as the program says it, if that means the same.
    /// `normal` makes one way of all.
    pub(crate) fn alike<R, T>(
        self,
        prop: Prop<R, T>,
        request: &Request,
        value: Option<T::Resolved>,
        normal: impl Fn(T::Resolved) -> T::Resolved,
    ) -> Self
    where
        T: PropertyType,
        T::Resolved: IntoValue + PartialEq,
    {
        let recorded = request.inputs.get(prop.slot);
        let known = T::decode(recorded).ok().map(&normal);
        match value.map(&normal) {
            Some(told) if known.as_ref() == Some(&told) => self.value(prop, recorded.clone()),
            told => self.set(prop, told),
        }
    }

    /// A property that AWS gives a usual value where the program says nothing: that value is nothing
    /// then.
    pub(crate) fn unless_usual<R, T: PropertyType, V: IntoValue + PartialEq>(
        self,
        prop: Prop<R, T>,
        request: &Request,
        value: Option<V>,
        usual: &[V],
    ) -> Self {
        let left_out = !request.inputs.has(prop.slot);
        self.set(prop, value.filter(|value| !left_out || !usual.contains(value)))
    }

    /// A property that AWS tells whether the program says it or not, and of which nobody can tell
    /// what AWS takes where the program says nothing.
    pub(crate) fn if_said<R, T: PropertyType>(
        self,
        prop: Prop<R, T>,
        request: &Request,
        value: impl IntoValue,
    ) -> Self {
        if request.inputs.has(prop.slot) { self.set(prop, value) } else { self }
    }

    /// Its tags, those of ownership among them.
    pub(crate) fn tags<K: Into<String>, V: Into<String>>(
        mut self,
        tags: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let tags = tags.into_iter().map(|(key, value)| (key.into(), value.into()));
        self.tags = Some(Tags(tags.collect()));
        self
    }

    /// What its state comes to: ready in some, on its way out in some, failed in some, and on its
    /// way in all others.
    pub(crate) fn state(
        mut self,
        state: Option<&str>,
        ready: &[&str],
        deleting: &[&str],
        failed: &[&str],
    ) -> Self {
        let state = state.unwrap_or("in no state");
        self.deleting = deleting.contains(&state);
        if failed.contains(&state) {
            self.failed = Some(format!("{} is {state}", self.id));
        }
        if !ready.contains(&state) {
            self.level = Level::Configured;
            self.waits_for = Some(state.to_owned());
        }
        self
    }

    /// Whether it has any tag.
    pub(crate) fn has_tags(&self) -> bool {
        self.tags.as_ref().is_some_and(|tags| !tags.0.is_empty())
    }

    /// It is not ready yet, because of something beside its state.
    pub(crate) fn waiting(mut self, what: impl Into<String>) -> Self {
        self.level = self.level.min(Level::Configured);
        self.waits_for = Some(what.into());
        self
    }

    /// It will never be what was asked for.
    pub(crate) fn failing(mut self, why: impl Into<String>) -> Self {
        self.failed = Some(why.into());
        self
    }

    /// Whose it is, if its tags say so.
    pub(crate) fn owner(&self) -> Option<Ownership> {
        Ownership::from_tags(self.tags.as_ref()?)
    }

    /// Whether it came of the creation that a request is about.
    pub(crate) fn is_of(&self, request: &Request) -> bool {
        self.owner().is_some_and(|owner| owner.intent == request.owner.intent)
    }

    /// All that was told, by slot. Tags of ownership and of AWS itself are none of the program's.
    pub(crate) fn into_properties(mut self, ty: &TypeDef) -> Properties {
        if let (Some(slot), Some(tags)) = (ty.tags, self.tags) {
            let own = |key: &String| !Ownership::KEYS.contains(&key.as_str());
            let own = tags.0.into_iter().filter(|(key, _)| own(key) && !key.starts_with("aws:"));
            let own: BTreeMap<String, String> = own.collect();
            if !own.is_empty() {
                self.properties.set(slot, Tags(own).into_value());
            }
        }
        self.properties.build()
    }
}
