//! [`Properties`]: all properties of one resource.

use std::{fmt, sync::Arc};

use super::Value;

/// Place of a property in its type's schema: inputs first, outputs after them.
pub type Slot = u16;

/// The largest number of properties and outputs that one type may have together.
pub const MAX_SLOTS: usize = 128;

/// All properties of one resource, by slot. Absent ones take no room.
///
/// A bit per slot says what is present; the values stand behind one shared pointer, so that a
/// program, its state and a simulated account hold one copy of what they have in common.
#[derive(Clone, Default, PartialEq)]
pub struct Properties {
    present: [u64; 2],
    values: Arc<[Value]>,
}

const NULL: Value = Value::Null;

impl Properties {
    /// The value in a slot; `Null` when absent.
    #[must_use]
    pub fn get(&self, slot: Slot) -> &Value {
        match self.place(slot) {
            Some(place) => &self.values[place],
            None => &NULL,
        }
    }

    /// Whether a slot holds a value.
    #[must_use]
    pub fn has(&self, slot: Slot) -> bool {
        self.present[usize::from(slot / 64)] >> (slot % 64) & 1 == 1
    }

    /// The present slots and their values, by slot.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &Value)> {
        let slots = Slots(self.present);
        slots.zip(self.values.iter())
    }

    /// How many properties are present.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether none is present.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The place among the present values, for tables kept beside them.
    #[must_use]
    pub fn place(&self, slot: Slot) -> Option<usize> {
        if !self.has(slot) {
            return None;
        }
        let (word, bit) = (usize::from(slot / 64), slot % 64);
        let below = self.present[word] & ((1 << bit) - 1);
        let before = if word == 1 { self.present[0].count_ones() } else { 0 };
        Some((before + below.count_ones()) as usize)
    }

    /// The same properties with one set; `Null` removes it.
    #[must_use]
    pub fn with(&self, slot: Slot, value: Value) -> Self {
        let mut builder = PropertiesBuilder::from(self.clone());
        builder.set(slot, value);
        builder.build()
    }

    /// The same properties with those of `other` laid over them.
    #[must_use]
    pub fn merged(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        if self.is_empty() {
            return other.clone();
        }
        let mut builder = PropertiesBuilder::from(self.clone());
        for (slot, value) in other.iter() {
            builder.set(slot, value.clone());
        }
        builder.build()
    }

    /// The slots that `keep` accepts.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(Slot) -> bool) -> Self {
        if self.iter().all(|(slot, _)| keep(slot)) {
            return self.clone();
        }
        self.iter()
            .filter(|(slot, _)| keep(*slot))
            .map(|(slot, value)| (slot, value.clone()))
            .collect()
    }

    /// Every value through a function; stops at its first error.
    ///
    /// # Errors
    /// Whatever `change` returns.
    pub fn try_map<E>(
        &self,
        mut change: impl FnMut(Slot, &Value) -> Result<Value, E>,
    ) -> Result<Self, E> {
        let mut builder = PropertiesBuilder::with_capacity(self.len());
        for (slot, value) in self.iter() {
            builder.set(slot, change(slot, value)?);
        }
        Ok(builder.build())
    }
}

impl FromIterator<(Slot, Value)> for Properties {
    fn from_iter<I: IntoIterator<Item = (Slot, Value)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut builder = PropertiesBuilder::with_capacity(entries.size_hint().0);
        for (slot, value) in entries {
            builder.set(slot, value);
        }
        builder.build()
    }
}

impl fmt::Debug for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

struct Slots([u64; 2]);

impl Iterator for Slots {
    type Item = Slot;

    fn next(&mut self) -> Option<Slot> {
        let word = if self.0[0] != 0 { 0 } else { 1 };
        if self.0[word] == 0 {
            return None;
        }
        let bit = self.0[word].trailing_zeros();
        self.0[word] &= self.0[word] - 1;
        Some(word as Slot * 64 + bit as Slot)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = (self.0[0].count_ones() + self.0[1].count_ones()) as usize;
        (count, Some(count))
    }
}

/// Collects properties in any order of slots.
#[derive(Clone, Debug, Default)]
pub struct PropertiesBuilder {
    entries: Vec<(Slot, Value)>,
}

impl PropertiesBuilder {
    /// A builder with room for so many properties.
    #[must_use]
    pub fn with_capacity(count: usize) -> Self {
        Self { entries: Vec::with_capacity(count) }
    }

    /// Sets a property; `Null` removes it.
    ///
    /// # Panics
    /// If the slot is not below [`MAX_SLOTS`]; the macros refuse such types at compile time.
    pub fn set(&mut self, slot: Slot, value: Value) {
        assert!(usize::from(slot) < MAX_SLOTS, "a slot is below {MAX_SLOTS}");
        let at = match self.entries.last() {
            Some((last, _)) if *last < slot => Err(self.entries.len()),
            _ => self.entries.binary_search_by_key(&slot, |(slot, _)| *slot),
        };
        match (at, value.is_null()) {
            (Ok(place), true) => drop(self.entries.remove(place)),
            (Ok(place), false) => self.entries[place].1 = value,
            (Err(_), true) => {}
            (Err(place), false) => self.entries.insert(place, (slot, value)),
        }
    }

    /// The finished properties.
    #[must_use]
    pub fn build(self) -> Properties {
        if self.entries.is_empty() {
            return Properties::default();
        }
        let mut present = [0_u64; 2];
        for (slot, _) in &self.entries {
            present[usize::from(slot / 64)] |= 1 << (slot % 64);
        }
        Properties { present, values: self.entries.into_iter().map(|(_, value)| value).collect() }
    }
}

impl From<Properties> for PropertiesBuilder {
    fn from(properties: Properties) -> Self {
        Self { entries: properties.iter().map(|(slot, value)| (slot, value.clone())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_slots_take_no_room_and_read_as_null() {
        let properties: Properties =
            [(127, Value::from("z")), (0, Value::from("a")), (64, Value::from("m"))]
                .into_iter()
                .collect();
        assert_eq!(properties.len(), 3);
        let slots: Vec<Slot> = properties.iter().map(|(slot, _)| slot).collect();
        assert_eq!(slots, [0, 64, 127]);
        assert_eq!(properties.get(64), &Value::from("m"));
        assert_eq!(properties.get(127), &Value::from("z"));
        assert!(properties.get(63).is_null());
        assert_eq!(properties.place(127), Some(2));
    }

    #[test]
    fn null_removes() {
        let properties: Properties =
            [(1, Value::from("a")), (2, Value::from("b"))].into_iter().collect();
        let without = properties.with(1, Value::Null);
        assert_eq!(without.len(), 1);
        assert!(!without.has(1));
        assert_eq!(without.merged(&properties), properties);
    }
}
