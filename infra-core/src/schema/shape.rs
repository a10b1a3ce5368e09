//! [`Shape`]: what a value may look like.

use super::{Level, Reference};
use crate::value::Value;

/// What a value may look like. A tree of static tables.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A truth value.
    Bool,
    /// A whole number within bounds, both included.
    Int {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// A number with a fraction.
    Float,
    /// Text of a format.
    Text(&'static TextFormat),
    /// The id, name or ARN of another resource.
    Id(&'static IdDef),
    /// One of several words.
    Enum(&'static EnumDef),
    /// A value that must not be shown.
    Secret(&'static Self),
    /// A list.
    List(&'static Self),
    /// A free-form map from text.
    Map(&'static Self),
    /// A nested structure.
    Struct(&'static StructDef),
    /// One of several nested structures, tagged by name: `{"forward": {..}}`.
    Union(&'static UnionDef),
    /// A JSON document of the user's making (a policy).
    Json,
    /// A shape that may stand within itself, told when somebody asks: a condition of conditions.
    Within(fn() -> Self),
}

/// A format of text, with its reader.
#[derive(Clone, Copy)]
pub struct TextFormat {
    /// The name in messages: `IPv4 range`.
    pub name: &'static str,
    /// An example for messages.
    pub example: &'static str,
    /// Checks a text. `Ok(Some(text))` is the canonical spelling where it differs.
    pub parse: fn(&str) -> Result<Option<String>, String>,
}

impl std::fmt::Debug for TextFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl TextFormat {
    /// Any text.
    pub const ANY: Self = Self { name: "text", example: "text", parse: |_| Ok(None) };
}

/// A kind of id: what it looks like and what it names.
#[derive(Debug)]
pub struct IdDef {
    /// The name of the Rust type: `VpcId`.
    pub name: &'static str,
    /// The type of resource that it names: `aws:ec2:Vpc`. Empty if it names nothing that a
    /// program can make (an AMI).
    pub target: &'static str,
    /// What it looks like.
    pub format: TextFormat,
}

/// A closed set of words.
#[derive(Debug)]
pub struct EnumDef {
    /// The name of the Rust type.
    pub name: &'static str,
    /// The words as AWS spells them.
    pub words: &'static [&'static str],
    /// The variants of the Rust type, in the same order.
    pub variants: &'static [&'static str],
    /// The module that the Rust type stands in.
    pub module: &'static str,
}

/// A nested structure.
#[derive(Debug)]
pub struct StructDef {
    /// The name of the Rust type.
    pub name: &'static str,
    /// Its fields, in the order of the declaration.
    pub fields: &'static [FieldDef],
    /// The module that the Rust type stands in.
    pub module: &'static str,
}

/// A field of a nested structure.
#[derive(Debug)]
pub struct FieldDef {
    /// AWS's name in `snake_case`.
    pub name: &'static str,
    /// What it means, from the doc comment.
    pub doc: &'static str,
    /// What its value may look like.
    pub shape: Shape,
    /// The Rust type of what is innermost in it: `Seconds` of `Option<Vec<Seconds>>`.
    pub leaf: &'static str,
    /// Whether it must be given.
    pub required: bool,
    /// What stands there when it is not given.
    pub default: Option<fn() -> Value>,
    /// Its own kind of reference, where it differs from that of the property.
    pub reference: Option<Reference>,
    /// The level that what it refers to must have reached, where it differs.
    pub needs: Option<Level>,
    /// Chosen by AWS when absent.
    pub computed: bool,
}

/// One of several nested structures.
#[derive(Debug)]
pub struct UnionDef {
    /// The name of the Rust type.
    pub name: &'static str,
    /// The alternatives.
    pub variants: &'static [VariantDef],
    /// The module that the Rust type stands in.
    pub module: &'static str,
}

/// An alternative of a [`UnionDef`].
#[derive(Debug)]
pub struct VariantDef {
    /// The tag.
    pub name: &'static str,
    /// What it means, from the doc comment.
    pub doc: &'static str,
    /// What is inside.
    pub shape: Shape,
    /// The Rust type of what is innermost in it.
    pub leaf: &'static str,
}

impl Shape {
    /// How messages name what is expected.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Bool => "true or false".to_owned(),
            Self::Int { min, max } => match (*min, *max) {
                (i64::MIN, i64::MAX) => "a whole number".to_owned(),
                (min, i64::MAX) => format!("a whole number from {min}"),
                (min, max) => format!("a whole number from {min} to {max}"),
            },
            Self::Float => "a number".to_owned(),
            Self::Text(format) => format!("{} (such as {})", format.name, format.example),
            Self::Id(id) => format!("{} (such as {})", id.name, id.format.example),
            Self::Enum(words) => format!("one of {}", words.words.join(", ")),
            Self::Secret(inner) => inner.describe(),
            Self::List(inner) => format!("a list of {}", inner.describe()),
            Self::Map(inner) => format!("a map to {}", inner.describe()),
            Self::Struct(def) => def.name.to_owned(),
            Self::Union(def) => def.name.to_owned(),
            Self::Json => "a JSON document".to_owned(),
            Self::Within(shape) => shape().describe(),
        }
    }
}
