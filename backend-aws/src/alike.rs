//! What AWS tells, held against what was recorded: the same is often said in other words.

use infra_core::{types::PropertyType, value::Value};

use crate::seen::{self, is_empty};

/// Whether a field has the value that AWS fills in where nothing was said: its name, its value, and
/// the structure that it stands in.
pub(crate) type Filled<'a> = &'a dyn Fn(&str, &Value, &Value) -> bool;

/// What AWS told, without what nobody had said: empty lists and maps within structures, and what
/// AWS fills in.
pub(crate) fn alike(recorded: &Value, told: &Value, filled: Filled<'_>) -> Value {
    match told {
        Value::Map(entries) => {
            let kept = entries.iter().filter_map(|(key, value)| {
                let before = recorded.field(key).unwrap_or(&Value::Null);
                let value = alike(before, value, filled);
                let silent = is_empty(&value) || filled(key, &value, told);
                (!before.is_null() || !silent).then(|| (key.clone(), value))
            });
            let empty = recorded.entries().iter().filter(|(key, value)| {
                is_empty(value) && told.field(key).is_none_or(Value::is_null)
            });
            let empty = empty.map(|(key, value)| (key.clone(), value.clone()));
            Value::map(kept.chain(empty).collect::<Vec<_>>())
        }
        Value::List(items) => {
            let before = |index| recorded.items().get(index).unwrap_or(&Value::Null);
            let items = items.iter().enumerate();
            Value::list(items.map(|(index, item)| alike(before(index), item, filled)))
        }
        other => other.clone(),
    }
}

/// A list whose order means nothing to AWS, in the order of what was recorded.
pub(crate) fn in_order<T: PartialEq>(recorded: &[T], mut told: Vec<T>) -> Vec<T> {
    let mut sorted = vec![];
    for item in recorded {
        if let Some(place) = told.iter().position(|other| other == item) {
            sorted.push(told.remove(place));
        }
    }
    sorted.extend(told);
    sorted
}

/// [`seen::word`] for types that resolve to themselves, which are inferred.
pub(crate) fn word<T: PropertyType<Resolved = T>>(word: &str) -> Option<T> {
    seen::word::<T>(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::from(text)
    }

    #[test]
    fn what_nobody_said_is_left_out() {
        let recorded = Value::map([("name", text("web")), ("ports", Value::list([]))]);
        let told = Value::map([
            ("name", text("api")),
            ("hosts", Value::list([])),
            ("most", Value::Int(200)),
            ("least", Value::Int(50)),
        ]);
        let filled = |field: &str, value: &Value, _: &Value| match field {
            "most" => *value == Value::Int(200),
            _ => *value == Value::Int(100),
        };
        let expected = Value::map([
            ("name", text("api")),
            ("ports", Value::list([])),
            ("least", Value::Int(50)),
        ]);
        assert_eq!(alike(&recorded, &told, &filled), expected);
    }

    #[test]
    fn order_is_that_of_the_record() {
        assert_eq!(in_order(&["b", "a"], vec!["c", "a", "b"]), ["b", "a", "c"]);
    }
}
