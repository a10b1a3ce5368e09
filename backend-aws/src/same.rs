//! What AWS tells of a property, held against what is recorded: the same in other words is no
//! difference.

use infra_core::{
    schema::{FieldDef, PropDef, Shape},
    value::{Value, canonical_bytes},
};

use crate::seen::is_empty;

/// Whether AWS tells of a property what is recorded of it: what is left out is a default or an empty
/// list, and the order of a set means nothing.
pub(crate) fn is_alike(prop: &PropDef, recorded: &Value, told: &Value) -> bool {
    if recorded == told {
        return true;
    }
    match (&prop.shape, prop.set) {
        (Shape::List(inner), true) => {
            let (recorded, told) = (ordered(recorded), ordered(told));
            recorded.len() == told.len()
                && recorded.iter().zip(&told).all(|(recorded, told)| same(inner, recorded, told))
        }
        (shape, _) => same(shape, recorded, told),
    }
}

fn ordered(list: &Value) -> Vec<&Value> {
    let mut items: Vec<&Value> = list.items().iter().collect();
    items.sort_by_cached_key(|item| {
        let mut bytes = vec![];
        canonical_bytes(item, &mut bytes);
        bytes
    });
    items
}

fn same(shape: &Shape, recorded: &Value, told: &Value) -> bool {
    match shape {
        Shape::Within(inner) => same(&inner(), recorded, told),
        Shape::List(_) | Shape::Map(_) if is_empty(recorded) => is_empty(told),
        Shape::List(inner) => {
            let (recorded, told) = (recorded.items(), told.items());
            recorded.len() == told.len()
                && recorded.iter().zip(told).all(|(recorded, told)| same(inner, recorded, told))
        }
        Shape::Map(inner) => {
            let (recorded, told) = (recorded.entries(), told.entries());
            recorded.len() == told.len()
                && recorded.iter().zip(told).all(|((key, recorded), (other, told))| {
                    key == other && same(inner, recorded, told)
                })
        }
        Shape::Struct(def) => match (recorded, told) {
            (Value::Map(_), Value::Map(_)) => def
                .fields
                .iter()
                .all(|field| same(&field.shape, &given(recorded, field), &given(told, field))),
            _ => recorded == told,
        },
        Shape::Union(def) => match (recorded.entries(), told.entries()) {
            ([(tag, recorded)], [(other, told)]) if tag == other => {
                let variant = def.variants.iter().find(|variant| *variant.name == **tag);
                variant.is_some_and(|variant| same(&variant.shape, recorded, told))
            }
            _ => recorded == told,
        },
        Shape::Text(format) => recorded == told || respelt(format.parse, told) == *recorded,
        _ => recorded == told,
    }
}

/// What a structure has in a field, or what stands there by default.
fn given(structure: &Value, field: &FieldDef) -> Value {
    let given = structure.field(field.name).filter(|value| !value.is_null()).cloned();
    given.or_else(|| field.default.map(|default| default())).unwrap_or_default()
}

fn respelt(parse: fn(&str) -> Result<Option<String>, String>, told: &Value) -> Value {
    let respelt = told.as_str().and_then(|text| parse(text).ok()).flatten();
    respelt.map_or_else(|| told.clone(), |text| text.as_str().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use infra_core::{aws::backup, dsl::ResourceType};

    fn alike(name: &str, recorded: &Value, told: &Value) -> bool {
        let ty = backup::Plan::definition();
        is_alike(ty.prop(ty.slot(name).unwrap()), recorded, told)
    }

    fn named(field: &'static str) -> [Value; 2] {
        ["EC2", "S3"].map(|name| Value::map([(field, Value::from(name))]))
    }

    #[test]
    fn defaults_and_empty_lists_say_nothing() {
        let name = ("rule_name", Value::from("nightly"));
        let bare = Value::list([Value::map([name.clone()])]);
        let window = ("start_window_minutes", Value::Int(480));
        let full = Value::map([name.clone(), ("copy_actions", Value::list([])), window]);
        assert!(alike("rules", &bare, &Value::list([full])));
        let short = Value::map([name, ("start_window_minutes", Value::Int(60))]);
        assert!(!alike("rules", &bare, &Value::list([short])));
    }

    #[test]
    fn the_order_of_a_set_means_nothing() {
        let [one, other] = named("resource_type");
        let recorded = Value::list([one.clone(), other.clone()]);
        let told = Value::list([other, one.clone()]);
        assert!(alike("advanced_backup_settings", &recorded, &told));
        assert!(!alike("advanced_backup_settings", &recorded, &Value::list([one])));
        let [one, other] = named("rule_name");
        let recorded = Value::list([one.clone(), other.clone()]);
        assert!(!alike("rules", &recorded, &Value::list([other, one])));
    }
}
