//! Checks a value against its shape, and spells it canonically.

use std::sync::Arc;

use super::{FieldDef, Shape, StructDef, UnionDef};
use crate::value::{Path, SecretValue, Value};

/// What is wrong with a value, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where inside the resource.
    pub path: Path,
    /// The value as shown to people; `[secret]` for secrets.
    pub value: String,
    /// What is wrong, as the end of a sentence about the value.
    pub message: String,
}

/// Checks a value against its shape. Returns it in canonical spelling, with the defaults of nested
/// structures filled in; what refers to outputs is taken as it is.
pub fn validate(
    shape: &Shape,
    value: &Value,
    path: &mut Path,
    problems: &mut Vec<Problem>,
) -> Value {
    match (shape, value) {
        (_, Value::Null | Value::Ref(_) | Value::Expr(_) | Value::Unknown(_)) => value.clone(),
        (Shape::Within(inner), _) => validate(&inner(), value, path, problems),
        (Shape::Secret(inner), Value::Secret(_)) => secret(inner, value, path, problems),
        (Shape::Secret(inner), plain) => {
            let value = plain.clone().into_secret();
            secret(inner, &value, path, problems)
        }
        (shape, Value::Secret(_)) => secret(shape, value, path, problems),
        (Shape::Bool, Value::Bool(_)) | (Shape::Float, Value::Float(_)) => value.clone(),
        (Shape::Float, Value::Int(number)) => Value::Float(*number as f64),
        (Shape::Int { min, max }, Value::Int(number)) => {
            if number < min || number > max {
                let message = format!("is not {}", shape.describe());
                problems.push(problem(path, value, message));
            }
            value.clone()
        }
        (Shape::Text(format), Value::Str(text)) => {
            canonical((format.parse)(text), value, path, problems)
        }
        (Shape::Id(id), Value::Str(text)) => {
            canonical((id.format.parse)(text), value, path, problems)
        }
        (Shape::Enum(def), Value::Str(text)) => {
            if !def.words.contains(&&**text) {
                problems.push(problem(path, value, format!("is not {}", shape.describe())));
            }
            value.clone()
        }
        (Shape::List(inner), Value::List(items)) => {
            let respelled = respelled(items, |index, item| {
                path.push_index(index);
                let checked = validate(inner, item, path, problems);
                path.pop();
                (!is_same(&checked, item)).then_some(checked)
            });
            respelled.map_or_else(|| value.clone(), |items| Value::List(items.into()))
        }
        (Shape::Map(inner), Value::Map(entries)) => {
            let respelled = respelled(entries, |_, (key, value)| {
                path.push_key(key);
                let checked = validate(inner, value, path, problems);
                path.pop();
                (!is_same(&checked, value)).then(|| (Arc::clone(key), checked))
            });
            respelled.map_or_else(|| value.clone(), |entries| Value::Map(entries.into()))
        }
        (Shape::Struct(def), Value::Map(_)) => structure(def, value, path, problems),
        (Shape::Union(def), Value::Map(entries)) if entries.len() == 1 => {
            union(def, value, path, problems)
        }
        (Shape::Json, _) => value.clone(),
        _ => {
            problems.push(problem(path, value, format!("is not {}", shape.describe())));
            value.clone()
        }
    }
}

/// The items with those in place that a check spells in another way; `None` if it does so to none,
/// so that the whole can be shared.
fn respelled<T: Clone>(
    items: &[T],
    mut check: impl FnMut(usize, &T) -> Option<T>,
) -> Option<Vec<T>> {
    let mut all: Option<Vec<T>> = None;
    for (index, item) in items.iter().enumerate() {
        if let Some(checked) = check(index, item) {
            all.get_or_insert_with(|| items.to_vec())[index] = checked;
        }
    }
    all
}

/// Whether a checked value is the given one itself.
fn is_same(checked: &Value, given: &Value) -> bool {
    match (checked, given) {
        (Value::Str(a), Value::Str(b)) => Arc::ptr_eq(a, b),
        (Value::List(a), Value::List(b)) => Arc::ptr_eq(a, b),
        (Value::Map(a), Value::Map(b)) => Arc::ptr_eq(a, b),
        (Value::Secret(a), Value::Secret(b)) => Arc::ptr_eq(a, b),
        (Value::Expr(a), Value::Expr(b)) => Arc::ptr_eq(a, b),
        (Value::Unknown(a), Value::Unknown(b)) => a == b,
        (a, b) => a == b,
    }
}

fn problem(path: &Path, value: &Value, message: String) -> Problem {
    Problem { path: path.clone(), value: value.to_string(), message }
}

fn canonical(
    parsed: Result<Option<String>, String>,
    value: &Value,
    path: &Path,
    problems: &mut Vec<Problem>,
) -> Value {
    match parsed {
        Ok(None) => value.clone(),
        Ok(Some(text)) => text.into(),
        Err(message) => {
            problems.push(problem(path, value, message));
            value.clone()
        }
    }
}

/// Problems of a secret are told without its value.
fn secret(shape: &Shape, value: &Value, path: &mut Path, problems: &mut Vec<Problem>) -> Value {
    let Value::Secret(secret) = value else { return value.clone() };
    let SecretValue::Plain(inner) = &**secret else { return value.clone() };
    let mut inside = vec![];
    let inner = validate(shape, inner, path, &mut inside);
    problems.extend(inside.into_iter().map(|problem| Problem {
        value: "[secret]".to_owned(),
        message: format!("is not {}", shape.describe()),
        ..problem
    }));
    inner.into_secret()
}

fn structure(
    def: &StructDef,
    value: &Value,
    path: &mut Path,
    problems: &mut Vec<Problem>,
) -> Value {
    for (key, _) in value.entries() {
        if !def.fields.iter().any(|field| field.name == &**key) {
            let message = format!("is no field of {}", def.name);
            problems.push(Problem { path: path.clone(), value: key.to_string(), message });
        }
    }
    let fields = def.fields.iter().filter_map(|field| {
        let given = value.field(field.name).filter(|value| !value.is_null()).cloned();
        let Some(given) = given.or_else(|| field.default.map(|default| default())) else {
            missing(def, field, path, problems);
            return None;
        };
        path.push_field(field.name);
        let value = validate(&field.shape, &given, path, problems);
        path.pop();
        Some((field.name, value))
    });
    Value::map(fields)
}

fn missing(def: &StructDef, field: &FieldDef, path: &Path, problems: &mut Vec<Problem>) {
    if field.required {
        let message = format!("is required in {}", def.name);
        problems.push(Problem { path: path.clone(), value: field.name.to_owned(), message });
    }
}

fn union(def: &UnionDef, value: &Value, path: &mut Path, problems: &mut Vec<Problem>) -> Value {
    let (tag, inner) = &value.entries()[0];
    let Some(variant) = def.variants.iter().find(|variant| variant.name == &**tag) else {
        let known: Vec<&str> = def.variants.iter().map(|variant| variant.name).collect();
        let message = format!("is not one of {}", known.join(", "));
        problems.push(Problem { path: path.clone(), value: tag.to_string(), message });
        return value.clone();
    };
    path.push_field(variant.name);
    let inner = validate(&variant.shape, inner, path, problems);
    path.pop();
    Value::map([(variant.name, inner)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::TextFormat;

    static LOUD: TextFormat = TextFormat {
        name: "a loud word",
        example: "HELLO",
        parse: |text| match text {
            "" => Err("is empty".to_owned()),
            text => Ok(Some(text.to_uppercase()).filter(|loud| loud != text)),
        },
    };
    static FIELDS: [FieldDef; 2] = [
        FieldDef {
            name: "word",
            doc: "",
            shape: Shape::Text(&LOUD),
            leaf: "String",
            required: true,
            default: None,
            reference: None,
            needs: None,
            computed: false,
        },
        FieldDef {
            name: "port",
            doc: "",
            shape: Shape::Int { min: 1, max: 65_535 },
            leaf: "u16",
            required: false,
            default: Some(|| Value::Int(80)),
            reference: None,
            needs: None,
            computed: false,
        },
    ];
    static DEF: StructDef = StructDef { name: "Greeting", fields: &FIELDS, module: "" };
    static ITEM: Shape = Shape::Struct(&DEF);
    static LIST: Shape = Shape::List(&ITEM);

    #[track_caller]
    fn check(value: Value, expected: Result<&str, &str>) {
        let mut problems = vec![];
        let value = validate(&LIST, &value, &mut Path::property("p"), &mut problems);
        match expected {
            Ok(text) => {
                assert_eq!(problems, []);
                assert_eq!(value.to_string(), text);
            }
            Err(text) => {
                let Problem { path, value, message } = &problems[0];
                assert_eq!(format!("{path}: {value} {message}"), text);
            }
        }
    }

    fn greeting(fields: &[(&str, Value)]) -> Value {
        Value::list([Value::map(fields.iter().map(|(key, value)| (*key, value.clone())))])
    }

    #[test]
    fn values_are_spelled_canonically_and_defaults_filled_in() {
        check(greeting(&[("word", "hi".into())]), Ok(r#"[{port: 80, word: "HI"}]"#));
    }

    #[test]
    fn problems_name_the_place_and_the_value() {
        check(greeting(&[("word", "".into())]), Err(r#"p[0].word: "" is empty"#));
        check(greeting(&[]), Err("p[0]: word is required in Greeting"));
        check(
            greeting(&[("word", "HI".into()), ("port", Value::Int(0))]),
            Err("p[0].port: 0 is not a whole number from 1 to 65535"),
        );
        check(
            greeting(&[("word", "HI".into()), ("prot", Value::Int(1))]),
            Err("p[0]: prot is no field of Greeting"),
        );
        check(Value::from("x"), Err(r#"p: "x" is not a list of Greeting"#));
    }

    #[test]
    fn problems_do_not_show_secrets() {
        let secret = Value::from("").into_secret();
        check(
            greeting(&[("word", secret)]),
            Err("p[0].word: [secret] is not a loud word (such as HELLO)"),
        );
    }
}
