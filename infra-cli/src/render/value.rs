//! Values, and the differences between them, as people read them.

use infra_core::{
    graph::{Node, Program},
    value::{Path, Value},
};

/// A part of a property that differs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Differing {
    /// Where inside the property; the property itself first.
    pub(crate) path: Path,
    pub(crate) old: Value,
    pub(crate) new: Value,
}

/// What differs between two values of a property: as deep inside as can be told.
pub(crate) fn differing(name: &str, old: &Value, new: &Value) -> Vec<Differing> {
    let mut found = vec![];
    walk(&mut Path::property(name.to_owned()), old, new, &mut found);
    found
}

fn walk(path: &mut Path, old: &Value, new: &Value, found: &mut Vec<Differing>) {
    match (old, new) {
        (Value::Map(a), Value::Map(b)) => {
            let mut keys: Vec<&str> = a.iter().chain(b.iter()).map(|(key, _)| &**key).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                path.push_field(key.to_owned());
                let null = &Value::Null;
                walk(path, old.field(key).unwrap_or(null), new.field(key).unwrap_or(null), found);
                path.pop();
            }
        }
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b.iter()).enumerate() {
                path.push_index(index);
                walk(path, a, b, found);
                path.pop();
            }
        }
        // A list that grew or shrank: what is in one and not in the other.
        (Value::List(a), Value::List(b)) => {
            let only = |these: &[Value], those: &[Value]| -> Vec<Value> {
                these.iter().filter(|item| !those.contains(item)).cloned().collect()
            };
            for item in only(a, b) {
                found.push(Differing { path: path.clone(), old: item, new: Value::Null });
            }
            for item in only(b, a) {
                found.push(Differing { path: path.clone(), old: Value::Null, new: item });
            }
        }
        (old, new) if old == new => {}
        (old, new) => {
            found.push(Differing { path: path.clone(), old: old.clone(), new: new.clone() });
        }
    }
}

/// A value whose unknown parts say after what they are known.
pub(crate) fn named(value: &Value, program: &Program) -> Value {
    match value {
        Value::Unknown(cause) if cause.names_a_node() => {
            let node = program.nodes.get(cause.node as usize);
            let known = |node: &Node| format!("(known after {})", node.urn.short()).into();
            node.map_or_else(|| value.clone(), known)
        }
        Value::List(items) => Value::list(items.iter().map(|item| named(item, program))),
        Value::Map(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.clone(), named(value, program))))
        }
        value => value.clone(),
    }
}

/// A value on one line. What is not known yet says so.
pub(crate) fn line(value: &Value) -> String {
    match value {
        Value::Unknown(cause) if cause.names_a_node() => "(known after deployment)".to_owned(),
        Value::Unknown(_) => "(unknown: an update was interrupted)".to_owned(),
        Value::Null => "(none)".to_owned(),
        Value::Str(text) if text.contains('\n') => {
            let first = text.lines().next().unwrap_or_default();
            format!("{first:?} … ({} lines)", text.lines().count())
        }
        Value::Str(text) => text.to_string(),
        Value::List(items) => {
            format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) => {
            let shown = entries.iter().map(|(key, value)| format!("{key}: {}", line(value)));
            format!("{{{}}}", shown.collect::<Vec<_>>().join(", "))
        }
        value => value.to_string(),
    }
}

/// A value on one line, cut to a width.
pub(crate) fn short(value: &Value, width: usize) -> String {
    let line = line(value);
    console::truncate_str(&line, width.max(12), "…").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: Value, new: Value, expected: &[&str]) {
        let found = differing("p", &old, &new);
        let shown: Vec<String> = found
            .iter()
            .map(|part| format!("{}: {} -> {}", part.path, line(&part.old), line(&part.new)))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn differences_are_told_as_deep_as_they_are() {
        let tags = |value: &str| Value::map([("env", value.into()), ("x", Value::Bool(true))]);
        check(tags("a"), tags("b"), &["p.env: a -> b"]);
        check(Value::Null, "x".into(), &["p: (none) -> x"]);
        let list = |items: &[&str]| Value::list(items.iter().map(|item| Value::from(*item)));
        check(list(&["a", "b"]), list(&["a", "c"]), &["p[1]: b -> c"]);
        check(list(&["a"]), list(&["a", "c"]), &["p: (none) -> c"]);
        check(tags("a"), tags("a"), &[]);
    }
}
