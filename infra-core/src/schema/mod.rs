//! What the engine knows about a type of resource: one table per type, written by the macros.
//!
//! Preview, diff, scheduling, documentation, simulator and tests read the same tables, so that a
//! rule stands in one place: [`TypeDef`] (one per type), [`PropDef`] (one per property and
//! output), [`Shape`] (what a value may look like), [`ImplicitEdge`] (an order that no property
//! shows).

mod choice;
mod implicit;
mod level;
mod name;
mod prop_def;
mod shape;
mod spell;
mod type_def;
mod types;
mod validate;
mod visit;

pub use choice::Choice;
pub use implicit::{ImplicitEdge, JoinPath, Step};
pub use level::Level;
pub use name::{NameRule, NameStyle};
pub use prop_def::{PropDef, Reference};
pub use shape::{EnumDef, FieldDef, IdDef, Shape, StructDef, TextFormat, UnionDef, VariantDef};
pub use type_def::{ArnDef, Durations, Find, IdForm, Identity, Migration, TypeDef, TypeKind};
pub use types::Types;
pub use validate::{Problem, validate};
pub use visit::{Link, each_link};
