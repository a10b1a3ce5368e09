//! Walking values together with their shapes.

use super::{FieldDef, IdDef, Level, PropDef, Reference, Shape};
use crate::value::{SecretValue, Value};

/// A leaf of a property that stands where an id is expected, or that depends on an output.
#[derive(Debug)]
pub struct Link<'a> {
    /// The leaf itself.
    pub value: &'a Value,
    /// What kind of id is expected; `None` where it is no id (text computed from an output).
    pub id: Option<&'static IdDef>,
    /// What the reference means for deletion.
    pub reference: Reference,
    /// The level that what is referenced must have reached.
    pub needs: Level,
}

/// Visits every link of a property: every leaf that is an id or that is not known yet.
pub fn each_link<'a>(prop: &PropDef, value: &'a Value, visit: &mut dyn FnMut(Link<'a>)) {
    let context = Context { reference: prop.reference, needs: prop.needs };
    walk(&prop.shape, value, context, visit);
}

#[derive(Clone, Copy)]
struct Context {
    reference: Reference,
    needs: Level,
}

impl Context {
    fn within(self, field: &FieldDef) -> Self {
        Self {
            reference: field.reference.unwrap_or(self.reference),
            needs: field.needs.unwrap_or(self.needs),
        }
    }
}

fn walk<'a>(shape: &Shape, value: &'a Value, context: Context, visit: &mut dyn FnMut(Link<'a>)) {
    let mut link = |id| {
        let Context { reference, needs } = context;
        visit(Link { value, id, reference, needs });
    };
    match (shape, value) {
        (Shape::Id(id), Value::Str(_) | Value::Ref(_) | Value::Expr(_) | Value::Unknown(_)) => {
            link(Some(*id));
        }
        (Shape::List(inner) | Shape::Map(inner), Value::Ref(_) | Value::Expr(_)) => {
            link(innermost_id(inner));
        }
        (Shape::Within(inner), _) => walk(&inner(), value, context, visit),
        (_, Value::Ref(_) | Value::Expr(_)) => link(None),
        (Shape::Secret(inner), Value::Secret(secret)) => {
            if let SecretValue::Plain(value) = &**secret {
                walk(inner, value, context, visit);
            }
        }
        (shape, Value::Secret(secret)) => {
            if let SecretValue::Plain(value) = &**secret {
                walk(shape, value, context, visit);
            }
        }
        (Shape::List(inner), Value::List(items)) => {
            items.iter().for_each(|item| walk(inner, item, context, visit));
        }
        (Shape::Map(inner), Value::Map(entries)) => {
            entries.iter().for_each(|(_, value)| walk(inner, value, context, visit));
        }
        (Shape::Struct(def), Value::Map(_)) => {
            for field in def.fields {
                if let Some(value) = value.field(field.name) {
                    walk(&field.shape, value, context.within(field), visit);
                }
            }
        }
        (Shape::Union(def), Value::Map(_)) => {
            for variant in def.variants {
                if let Some(value) = value.field(variant.name) {
                    walk(&variant.shape, value, context, visit);
                }
            }
        }
        // A document of the user's making may hold outputs anywhere.
        (Shape::Json, Value::List(items)) => {
            items.iter().for_each(|item| walk(shape, item, context, visit));
        }
        (Shape::Json, Value::Map(entries)) => {
            entries.iter().for_each(|(_, value)| walk(shape, value, context, visit));
        }
        _ => {}
    }
}

fn innermost_id(shape: &Shape) -> Option<&'static IdDef> {
    match shape {
        Shape::Id(id) => Some(id),
        Shape::List(inner) | Shape::Map(inner) | Shape::Secret(inner) => innermost_id(inner),
        _ => None,
    }
}
