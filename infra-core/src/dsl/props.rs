//! [`Fields`]: what the builders of nested structures collect.

use super::Input;
use crate::value::Value;

/// The fields of a nested structure on the way to an [`Input`].
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    /// Sets a field; the last one wins.
    pub fn set<T>(&mut self, name: &'static str, value: Input<T>) {
        self.0.push((name, value.into_value()));
    }

    /// Adds an item to a list.
    pub fn push<T>(&mut self, name: &'static str, item: Input<T>) {
        let old = self.take(name);
        let mut items = old.items().to_vec();
        items.push(item.into_value());
        self.0.push((name, Value::list(items)));
    }

    /// Adds an entry to a map.
    pub fn insert<T>(&mut self, name: &'static str, key: &str, value: Input<T>) {
        let old = self.take(name);
        let entries = old.entries().iter().map(|(key, value)| (key.clone(), value.clone()));
        let entry = (key.into(), value.into_value());
        self.0.push((name, Value::map(entries.chain([entry]))));
    }

    fn take(&self, name: &str) -> Value {
        let found = self.0.iter().rev().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The finished structure.
    #[must_use]
    pub fn into_value(self) -> Value {
        Value::map(self.0.into_iter().filter(|(_, value)| !value.is_null()))
    }
}
