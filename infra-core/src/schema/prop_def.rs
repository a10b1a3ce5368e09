//! [`PropDef`]: a property or an output of a type.

use super::{Level, Shape};
use crate::value::{Slot, Value};

/// What a reference from one resource to another means for deletion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reference {
    /// The referenced thing can't be deleted while this stands. The usual kind.
    #[default]
    Strong,
    /// This goes when the referenced thing goes: a route with its table.
    Owner,
    /// This may point at nothing: a route to a deleted gateway is a black hole, not an error.
    Weak,
}

/// A property or an output of a type.
#[derive(Debug)]
pub struct PropDef {
    /// AWS's name in `snake_case`.
    pub name: &'static str,
    /// What it means, from the doc comment.
    pub doc: &'static str,
    /// What its value may look like.
    pub shape: Shape,
    /// The Rust type of what is innermost in it: `Seconds` of `Option<Vec<Seconds>>`.
    pub leaf: &'static str,
    /// Told by AWS, never by the program.
    pub output: bool,
    /// Must be given.
    pub required: bool,
    /// A change makes a new resource in place of the old one.
    pub replace: bool,
    /// Chosen by AWS when absent; then never a difference.
    pub computed: bool,
    /// A list whose order means nothing.
    pub set: bool,
    /// AWS never tells it again; state keeps a keyed digest to notice changes.
    pub write_only: bool,
    /// Given at creation only; something else owns it afterwards (an autoscaler the desired
    /// count). Updates leave it out, a replacement starts from the live value.
    pub initial_only: bool,
    /// Set by a call of its own after creation.
    pub separate: bool,
    /// Cleared by a call of its own before deletion.
    pub detach: bool,
    /// What a reference in it means for deletion.
    pub reference: Reference,
    /// The level that what it refers to must have reached.
    pub needs: Level,
    /// The level at which an output, or a property that AWS chooses, is known.
    pub level: Level,
    /// Outputs: the properties whose change changes it. Otherwise it survives every update.
    pub changes_with: &'static [&'static str],
    /// Inputs: what stands there when it is not given.
    pub default: Option<fn() -> Value>,
}

impl PropDef {
    /// An optional property that can change in place: what the macros start from.
    pub const INPUT: Self = Self {
        name: "",
        doc: "",
        shape: Shape::Bool,
        leaf: "",
        output: false,
        required: false,
        replace: false,
        computed: false,
        set: false,
        write_only: false,
        initial_only: false,
        separate: false,
        detach: false,
        reference: Reference::Strong,
        needs: Level::Exists,
        level: Level::Exists,
        changes_with: &[],
        default: None,
    };

    /// An output known when the resource is ready: what the macros start from.
    pub const OUTPUT: Self = Self { output: true, level: Level::Ready, ..Self::INPUT };

    /// Whether values are secret by type.
    #[must_use]
    pub fn secret(&self) -> bool {
        matches!(self.shape, Shape::Secret(_))
    }

    /// Whether a change of the property in this slot changes this output.
    #[must_use]
    pub fn changes_with(&self, props: &[Self], slot: Slot) -> bool {
        self.changes_with.iter().any(|name| {
            *name == "*" || props.get(usize::from(slot)).is_some_and(|prop| prop.name == *name)
        })
    }
}
