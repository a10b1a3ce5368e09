//! [`TypeDef`]: everything the engine knows about one type of resource.

use super::{Choice, IdDef, ImplicitEdge, NameRule, Problem, PropDef, Shape};
use crate::value::{Properties, Slot, Value};

/// What kind of node a type makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// Something that is created, updated and deleted.
    Resource,
    /// Something that is read at plan time and pinned in state.
    Lookup,
    /// Something that runs once per change of its inputs.
    Task,
}

/// How the physical id of a resource comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The cloud invents it. The output in this slot holds it.
    Generated {
        /// What it looks like.
        form: IdForm,
        /// The output that holds it.
        slot: Slot,
    },
    /// The program or the engine names it; the property in this slot is the id.
    Named {
        /// The property that holds it.
        slot: Slot,
    },
    /// The ARN in this output's slot is the id.
    Arn {
        /// The output that holds it.
        slot: Slot,
    },
    /// Several properties together, joined by `/`: a route is a table and a destination.
    Key {
        /// The properties, in order.
        slots: &'static [Slot],
    },
}

/// What an id that the cloud invents looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdForm {
    /// A prefix with its hyphen, and hexadecimal digits: `vpc-0123456789abcdef0`.
    Prefixed(&'static str),
    /// Hexadecimal digits in groups of 8, 4, 4, 4 and 12.
    Uuid,
    /// 32 hexadecimal digits.
    Digits,
}

impl IdForm {
    /// An id of this form, made of 32 hexadecimal digits.
    ///
    /// # Panics
    /// If there are fewer.
    #[must_use]
    pub fn spell(self, digits: &str) -> String {
        match self {
            Self::Prefixed(prefix) => format!("{prefix}0{}", &digits[..16]),
            Self::Uuid => {
                let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
                parts.join("-")
            }
            Self::Digits => digits[..32].to_owned(),
        }
    }

    /// The prefix, where it has one.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Prefixed(prefix) => prefix,
            Self::Uuid | Self::Digits => "",
        }
    }
}

/// How a creation whose answer was lost is found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find {
    /// By repeating the call with its client token.
    Token,
    /// By the ownership tag `infra:intent`, set at creation.
    Tag,
    /// By its name, which is ours if its ownership tag says so.
    Name,
    /// By its natural key. Proves nothing about who made it: the key must have been free before.
    Key,
}

/// An ARN output and how the ARN is made.
#[derive(Clone, Copy, Debug)]
pub struct ArnDef {
    /// The output that holds it.
    pub slot: Slot,
    /// The form, with `{region}`, `{account}`, `{id}` and `{a_property}` to be filled in (or
    /// `{a_property:3}`, its first characters, or `{a_property>text}`, what stands behind a text in
    /// it, or `{a_property/}`, it and a slash where it is given), `{random}`, `{random:6}` or `{uuid}`
    /// where AWS puts digits that nobody can foresee, and `{number}` where it counts up.
    pub template: &'static str,
}

impl ArnDef {
    /// Whether the ARN of a new thing is none that there was before: it has something in it that
    /// the cloud invents.
    #[must_use]
    pub fn is_invented(&self, identity: Identity) -> bool {
        let by_id =
            matches!(identity, Identity::Generated { .. }) && self.template.contains("{id}");
        by_id || ["{random", "{uuid}", "{number}"].iter().any(|form| self.template.contains(form))
    }
}

/// Typical durations in milliseconds of AWS's own time, for scheduling and for the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Durations {
    /// From the call to readiness.
    pub create: u64,
    /// From the call to readiness again.
    pub update: u64,
    /// From the call until it is gone.
    pub delete: u64,
}

/// Brings the recorded properties of an older version of a type up to date, by name. Gets inputs
/// and outputs in turn.
pub type Migration = fn(from: u32, properties: &mut serde_json::Map<String, serde_json::Value>);

/// Everything the engine knows about one type of resource.
#[derive(Debug)]
pub struct TypeDef {
    /// `provider:service:Type`: `aws:ec2:Vpc`.
    pub name: &'static str,
    /// What it is, from the doc comment.
    pub doc: &'static str,
    /// The name of the Rust type: `Vpc`.
    pub ident: &'static str,
    /// The module that the Rust type stands in.
    pub module: &'static str,
    /// What kind of node it makes.
    pub kind: TypeKind,
    /// Version of this table; recorded with every resource.
    pub version: u32,
    /// Brings recorded properties of an older version up to this one, by name.
    pub migrate: Option<Migration>,
    /// Inputs, then outputs; the place is the slot.
    pub props: &'static [PropDef],
    /// How the physical id comes about.
    pub identity: Identity,
    /// The ARN, if it has one.
    pub arn: Option<ArnDef>,
    /// How a creation whose answer was lost is found again.
    pub find: Find,
    /// Sets of properties that no two resources of an account and region may share.
    pub unique: &'static [&'static [Slot]],
    /// Properties that exclude each other.
    pub choices: &'static [Choice],
    /// Whether old and new of a replacement can't exist together, by a rule of AWS that no set of
    /// properties shows: a file system has one mount target in a zone, whatever its subnet.
    pub delete_first: bool,
    /// How the engine makes up a name when the program gives none.
    pub name_rule: Option<NameRule>,
    /// The property that holds tags.
    pub tags: Option<Slot>,
    /// Whether deletion loses data that people miss.
    pub holds_data: bool,
    /// The property that makes AWS refuse deletion, and the value that allows it again.
    pub protection: Option<(Slot, fn() -> Value)>,
    /// Typical durations.
    pub durations: Durations,
    /// Orders that no property shows.
    pub after: &'static [ImplicitEdge],
    /// How long creation, update and deletion may take, in seconds, before the engine gives up.
    pub timeout_secs: u64,
}

impl TypeDef {
    /// The slot of a property or output.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<Slot> {
        self.props.iter().position(|prop| prop.name == name).map(|place| place as Slot)
    }

    /// The property or output in a slot.
    #[must_use]
    pub fn prop(&self, slot: Slot) -> &'static PropDef {
        &self.props[usize::from(slot)]
    }

    /// The inputs with their slots.
    pub fn inputs(&self) -> impl Iterator<Item = (Slot, &'static PropDef)> {
        self.slots().filter(|(_, prop)| !prop.output)
    }

    /// The outputs with their slots.
    pub fn outputs(&self) -> impl Iterator<Item = (Slot, &'static PropDef)> {
        self.slots().filter(|(_, prop)| prop.output)
    }

    fn slots(&self) -> impl Iterator<Item = (Slot, &'static PropDef)> {
        self.props.iter().enumerate().map(|(slot, prop)| (slot as Slot, prop))
    }

    /// The slots that hold ids by which others refer to a thing of this type: its own, and those
    /// that are told of it.
    pub fn told_ids(&self) -> impl Iterator<Item = (Slot, &'static IdDef)> {
        let own = self.id_slot();
        self.slots().filter_map(move |(slot, prop)| match prop.shape {
            Shape::Id(id) if prop.output || Some(slot) == own => Some((slot, id)),
            _ => None,
        })
    }

    /// The slot that holds the physical id, where one alone does.
    #[must_use]
    pub fn id_slot(&self) -> Option<Slot> {
        match self.identity {
            Identity::Generated { slot, .. }
            | Identity::Named { slot }
            | Identity::Arn { slot } => Some(slot),
            Identity::Key { .. } => None,
        }
    }

    /// What is wrong with properties taken together.
    pub fn problems(&self, inputs: &Properties) -> impl Iterator<Item = Problem> {
        self.choices.iter().filter_map(|choice| choice.check(self, inputs))
    }

    /// Whether a property is the type's own name, and no reference to another resource.
    #[must_use]
    pub fn is_own_name(&self, slot: Slot) -> bool {
        self.identity == Identity::Named { slot }
    }

    /// The provider: the part of the name before the first colon.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.name.split(':').next().unwrap_or(self.name)
    }

    /// The service: `ec2` of `aws:ec2:Vpc`.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.name.split(':').nth(1).unwrap_or(self.name)
    }

    /// The last part of the name: `Vpc` of `aws:ec2:Vpc`.
    #[must_use]
    pub fn short_name(&self) -> &'static str {
        self.name.rsplit(':').next().unwrap_or(self.name)
    }
}
