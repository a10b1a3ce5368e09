//! [`Choice`]: properties that exclude each other.

use super::{Problem, TypeDef};
use crate::value::{Path, Properties, Slot, Value};

/// Properties of which one may be given, or has to be: a password, or that AWS keeps one itself.
///
/// Checked when the program is built, so that what AWS would refuse at the end of a run, or when
/// everything else is gone already, is refused before it begins.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The properties.
    pub slots: &'static [Slot],
    /// Whether one of them has to be given.
    pub required: bool,
}

impl Choice {
    /// What is wrong with properties, seen from this choice.
    #[must_use]
    pub fn check(&self, ty: &TypeDef, inputs: &Properties) -> Option<Problem> {
        let mut given = self.slots.iter().filter(|slot| is_given(inputs.get(**slot)));
        let name = |slot: Slot| ty.prop(slot).name;
        match (given.next(), given.next()) {
            (Some(one), Some(other)) => Some(Problem {
                path: Path::property(name(*one)),
                value: inputs.get(*one).to_string(),
                message: format!("and `{}` exclude each other; give one of them", name(*other)),
            }),
            (None, _) if self.required => {
                let (first, others) = self.slots.split_first()?;
                let others: Vec<String> =
                    others.iter().map(|slot| format!("`{}`", name(*slot))).collect();
                Some(Problem {
                    path: Path::property(name(*first)),
                    value: "is absent:".to_owned(),
                    message: format!("it or {} must be given", others.join(" or ")),
                })
            }
            _ => None,
        }
    }
}

/// Whether a property says anything: "no" and an empty list say as little as nothing at all. What
/// is still unknown is taken at its word.
fn is_given(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        _ => true,
    }
}
