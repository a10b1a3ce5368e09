//! [`Value`]: one property, or a part of one.

use std::{fmt, sync::Arc};

use super::{Expr, SecretValue, Slot};

/// The place of an output: which node of which stack, and which of its properties.
///
/// Unique within one process. It never reaches a file: state holds resolved values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OutputRef {
    /// Place of the node in its program; `OutputRef::NOBODY` when no node is to blame.
    pub node: u32,
    /// Place of the property in the schema of the node's type.
    pub slot: Slot,
    /// Which stack of this process the node belongs to, to catch outputs used in another one.
    pub stack: u16,
}

impl OutputRef {
    const NOBODY: u32 = u32::MAX;

    /// An unknown that no output of the program causes: the property of a resource whose update
    /// was interrupted.
    pub const INTERRUPTED: Self = Self { node: Self::NOBODY, slot: 0, stack: 0 };

    /// Whether this names an output of the program.
    #[must_use]
    pub fn names_a_node(self) -> bool {
        self.node != Self::NOBODY
    }
}

/// One property, or a part of one. 24 bytes; clones share what they point to.
///
/// Equality is structural, except that an unknown equals nothing, itself included: what is not
/// known cannot be called unchanged.
#[derive(Clone, Default)]
pub enum Value {
    /// Absent.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text; ids, ARNs, addresses and dates too.
    Str(Arc<str>),
    /// A list in its given order.
    List(Arc<[Self]>),
    /// A map, sorted by key: free-form (tags) or the fields of a nested structure.
    Map(Arc<[(Arc<str>, Self)]>),
    /// A value that must not be shown.
    Secret(Arc<SecretValue>),
    /// Not known yet; names the output that will tell.
    Unknown(OutputRef),
    /// Programs only: the output of another node.
    Ref(OutputRef),
    /// Programs only: computed from outputs.
    Expr(Arc<Expr>),
}

const _: () = assert!(size_of::<Value>() == 24, "memory per property is a design decision");

impl Value {
    /// A map from entries in any order; of equal keys the last wins.
    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let mut all: Vec<(Arc<str>, Self)> =
            entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
        if !all.is_sorted_by(|a, b| a.0 < b.0) {
            // The sort is stable: of equal keys the last one overwrites those before it.
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all.dedup_by(|later, kept| {
                let equal = later.0 == kept.0;
                if equal {
                    std::mem::swap(later, kept);
                }
                equal
            });
        }
        Self::Map(all.into())
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// This value, marked secret. Idempotent; `Null` stays `Null`.
    #[must_use]
    pub fn into_secret(self) -> Self {
        match self {
            Self::Null | Self::Secret(_) | Self::Unknown(_) => self,
            value => Self::Secret(Arc::new(SecretValue::Plain(value))),
        }
    }

    /// Whether this is absent.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if this is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// The number, if this is a whole number.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The items of a list; empty for everything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The entries of a map; empty for everything else.
    #[must_use]
    pub fn entries(&self) -> &[(Arc<str>, Self)] {
        if let Self::Map(entries) = self { entries } else { &[] }
    }

    /// The value under a key of a map.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Self> {
        let entries = self.entries();
        let found = entries.binary_search_by(|(name, _)| (**name).cmp(key)).ok()?;
        Some(&entries[found].1)
    }

    /// Visits every leaf (a value without parts), in order, opened secrets included.
    pub fn leaves<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        match self {
            Self::List(items) => items.iter().for_each(|item| item.leaves(visit)),
            Self::Map(entries) => entries.iter().for_each(|(_, value)| value.leaves(visit)),
            Self::Secret(secret) => match &**secret {
                SecretValue::Plain(value) => value.leaves(visit),
                SecretValue::Sealed(_) | SecretValue::Digest(_) => visit(self),
            },
            leaf => visit(leaf),
        }
    }

    /// Visits every output this value depends on, through expressions too.
    pub fn refs(&self, visit: &mut impl FnMut(OutputRef)) {
        match self {
            Self::List(items) => items.iter().for_each(|item| item.refs(visit)),
            Self::Map(entries) => entries.iter().for_each(|(_, value)| value.refs(visit)),
            Self::Secret(secret) => {
                if let SecretValue::Plain(value) = &**secret {
                    value.refs(visit);
                }
            }
            Self::Ref(output) => visit(*output),
            // A closure on trait objects would recurse through an ever larger type.
            Self::Expr(expr) => expr.input().refs_dyn(visit),
            _ => {}
        }
    }

    fn refs_dyn(&self, visit: &mut dyn FnMut(OutputRef)) {
        self.refs(&mut |output| visit(output));
    }

    /// Whether this value is yet to be resolved: it depends on an output, or is computed.
    #[must_use]
    pub fn has_refs(&self) -> bool {
        match self {
            Self::Ref(_) | Self::Expr(_) => true,
            Self::List(items) => items.iter().any(Self::has_refs),
            Self::Map(entries) => entries.iter().any(|(_, value)| value.has_refs()),
            Self::Secret(secret) => match &**secret {
                SecretValue::Plain(value) => value.has_refs(),
                SecretValue::Sealed(_) | SecretValue::Digest(_) => false,
            },
            _ => false,
        }
    }

    /// Whether a function of the program computes it, or a part of it.
    #[must_use]
    pub fn has_computed(&self) -> bool {
        match self {
            Self::Expr(_) => true,
            Self::List(items) => items.iter().any(Self::has_computed),
            Self::Map(entries) => entries.iter().any(|(_, value)| value.has_computed()),
            Self::Secret(secret) => match &**secret {
                SecretValue::Plain(value) => value.has_computed(),
                SecretValue::Sealed(_) | SecretValue::Digest(_) => false,
            },
            _ => false,
        }
    }

    /// The first unknown inside, if any.
    #[must_use]
    pub fn first_unknown(&self) -> Option<OutputRef> {
        let mut found = None;
        self.leaves(&mut |leaf| {
            if let Self::Unknown(cause) = leaf {
                found = found.or(Some(*cause));
            }
        });
        found
    }

    /// Whether any part is secret.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::List(items) => items.iter().any(Self::has_secret),
            Self::Map(entries) => entries.iter().any(|(_, value)| value.has_secret()),
            _ => false,
        }
    }

    /// Whether any part is secret, or computed from something that is.
    #[must_use]
    pub fn made_of_secret(&self) -> bool {
        match self {
            Self::Expr(expr) => expr.input().made_of_secret(),
            Self::List(items) => items.iter().any(Self::made_of_secret),
            Self::Map(entries) => entries.iter().any(|(_, value)| value.made_of_secret()),
            value => value.has_secret(),
        }
    }

    /// The same value with every plain secret opened. Sealed ones stay as they are.
    #[must_use]
    pub fn expose(&self) -> Self {
        match self {
            Self::Secret(secret) => match &**secret {
                SecretValue::Plain(value) => value.expose(),
                SecretValue::Sealed(_) | SecretValue::Digest(_) => self.clone(),
            },
            Self::List(items) if self.has_secret() => Self::list(items.iter().map(Self::expose)),
            Self::Map(entries) if self.has_secret() => Self::Map(
                entries.iter().map(|(key, value)| (key.clone(), value.expose())).collect(),
            ),
            value => value.clone(),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            (Self::Secret(a), Self::Secret(b)) => a == b,
            (Self::Ref(a), Self::Ref(b)) => a == b,
            (Self::Expr(a), Self::Expr(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// Shows a value as people write it; secrets as `[secret]`, unknowns as `[unknown]`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(truth) => truth.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Str(text) => write!(f, "{text:?}"),
            Self::List(items) => {
                f.write_str("[")?;
                for (place, item) in items.iter().enumerate() {
                    let comma = if place > 0 { ", " } else { "" };
                    write!(f, "{comma}{item}")?;
                }
                f.write_str("]")
            }
            Self::Map(entries) => {
                f.write_str("{")?;
                for (place, (key, value)) in entries.iter().enumerate() {
                    let comma = if place > 0 { ", " } else { "" };
                    write!(f, "{comma}{key}: {value}")?;
                }
                f.write_str("}")
            }
            Self::Secret(_) => f.write_str("[secret]"),
            Self::Unknown(_) => f.write_str("[unknown]"),
            Self::Ref(_) => f.write_str("[output]"),
            Self::Expr(_) => f.write_str("[computed]"),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::Str(text)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_equals_nothing() {
        let unknown = Value::Unknown(OutputRef::INTERRUPTED);
        assert_ne!(unknown, unknown.clone());
        assert_ne!(Value::list([unknown.clone()]), Value::list([unknown]));
    }

    #[test]
    fn maps_are_sorted_and_the_last_of_equal_keys_wins() {
        let map = Value::map([("b", 1.into()), ("a", 2.into()), ("b", 3.into())]);
        assert_eq!(map.to_string(), "{a: 2, b: 3}");
        assert_eq!(map.field("b"), Some(&Value::Int(3)));
        assert_eq!(map.field("c"), None);
    }

    #[test]
    fn secrets_are_never_shown() {
        let value = Value::map([("password", Value::from("canary").into_secret())]);
        assert_eq!(format!("{value} {value:?}"), "{password: [secret]} {password: [secret]}");
        assert!(value.has_secret());
        assert_eq!(value.expose().field("password"), Some(&Value::from("canary")));
    }

    impl From<i32> for Value {
        fn from(number: i32) -> Self {
            Self::Int(number.into())
        }
    }
}
