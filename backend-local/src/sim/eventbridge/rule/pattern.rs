//! What EventBridge takes as a pattern of events.

use serde_json::{Map, Value as Json};

/// AWS: the longest pattern.
const LENGTH: usize = 2048;

/// What a value may be compared by.
const FILTERS: [&str; 8] = [
    "anything-but",
    "cidr",
    "equals-ignore-case",
    "exists",
    "numeric",
    "prefix",
    "suffix",
    "wildcard",
];

/// Whether it is one, or where and why not.
pub(super) fn check(pattern: &Json) -> Result<(), String> {
    let Json::Object(fields) = pattern else {
        return Err("must be an object of fields and lists of values".to_owned());
    };
    let length = pattern.to_string().len();
    if length > LENGTH {
        return Err(format!("has {length} characters; {LENGTH} are the most"));
    }
    object("", fields)
}

fn object(path: &str, fields: &Map<String, Json>) -> Result<(), String> {
    if fields.is_empty() {
        return Err(format!("is empty at {:?}; it fits nothing", path.trim_start_matches('.')));
    }
    for (name, value) in fields {
        let path = format!("{path}.{name}");
        let shown = path.trim_start_matches('.');
        match value {
            Json::Object(inner) => object(&path, inner)?,
            Json::Array(values) if values.is_empty() => {
                return Err(format!("has an empty list at `{shown}`, which nothing fits"));
            }
            Json::Array(values) if name == "$or" => {
                for value in values {
                    match value {
                        Json::Object(inner) => object(&path, inner)?,
                        _ => return Err(format!("needs objects in `{shown}`")),
                    }
                }
            }
            Json::Array(values) => values.iter().try_for_each(|value| filter(shown, value))?,
            other => {
                return Err(format!("has {other} at `{shown}`, where a list is needed: [{other}]"));
            }
        }
    }
    Ok(())
}

/// A value that is to be equal, or by what it is compared.
fn filter(path: &str, value: &Json) -> Result<(), String> {
    match value {
        Json::String(_) | Json::Number(_) | Json::Bool(_) | Json::Null => Ok(()),
        Json::Array(_) => Err(format!("has a list within the list at `{path}`")),
        Json::Object(by) => {
            let known = by.keys().next().filter(|name| FILTERS.contains(&name.as_str()));
            match known {
                Some(_) if by.len() == 1 => Ok(()),
                _ => Err(format!(
                    "has {value} in the list at `{path}`; a filter is one of {}",
                    FILTERS.join(", ")
                )),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns_are_lists_at_their_ends() {
        let good = json!({
            "source": ["aws.ecs"],
            "detail": {
                "lastStatus": ["STOPPED"],
                "stopCode": [{"anything-but": ["UserInitiated"]}],
                "$or": [{"cpu": [{"numeric": [">", 1]}]}, {"memory": [{"exists": false}]}],
            },
        });
        assert_eq!(check(&good), Ok(()));
        let said = |pattern: Json| check(&pattern).unwrap_err();
        assert!(said(json!(["aws.ecs"])).contains("must be an object"));
        assert!(said(json!({})).contains("is empty"));
        assert!(said(json!({"detail": {"x": "STOPPED"}})).contains("`detail.x`, where a list"));
        assert!(said(json!({"source": []})).contains("an empty list at `source`"));
        assert!(said(json!({"source": [["a"]]})).contains("a list within the list"));
        assert!(said(json!({"source": [{"begins": "a"}]})).contains("a filter is one of"));
        assert!(said(json!({"source": ["x".repeat(2048)]})).contains("2048 are the most"));
    }
}
