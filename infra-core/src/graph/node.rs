//! [`Node`]: a resource, lookup or task of a program.

use std::{marker::PhantomData, panic::Location, sync::Arc};

use crate::{
    dsl::{Alias, Dependency, Options, Prop, ResourceType},
    schema::TypeDef,
    types::PropertyType,
    urn::Urn,
    value::{OutputRef, Properties, Slot, Value},
};

/// A resource, lookup or task of a program.
#[derive(Debug)]
pub struct Node {
    /// Its name within everything.
    pub urn: Urn,
    /// Its type.
    pub ty: &'static TypeDef,
    /// What the program says of it, defaults filled in; outputs of others as references.
    pub inputs: Properties,
    /// The line that set each present property.
    pub(crate) sites: Box<[&'static Location<'static>]>,
    /// The line that created it.
    pub at: &'static Location<'static>,
    /// The component that it stands in.
    pub component: u32,
    /// Its provider's place in the program.
    pub provider: u16,
    /// What it was told to wait for.
    pub depends_on: Box<[Dependency]>,
    /// What else was said of it.
    pub options: Option<Box<Options>>,
}

static DEFAULT_OPTIONS: std::sync::LazyLock<Options> = std::sync::LazyLock::new(Options::default);

impl Node {
    /// The line that set a property; the line that created the node if none did.
    #[must_use]
    pub fn site(&self, slot: Slot) -> &'static Location<'static> {
        self.inputs.place(slot).and_then(|place| self.sites.get(place)).copied().unwrap_or(self.at)
    }

    /// What was said of it beside its properties.
    #[must_use]
    pub fn options(&self) -> &Options {
        self.options.as_deref().unwrap_or(&DEFAULT_OPTIONS)
    }
}

/// A component of a program.
#[derive(Debug)]
pub struct Component {
    /// The names from the outermost component, joined by `/`; empty for the stack itself.
    pub path: Arc<str>,
    /// The component that it stands in.
    pub parent: u32,
    /// The line that created it.
    pub at: &'static Location<'static>,
    /// Other paths that it had before.
    pub aliases: Vec<String>,
}

/// A value that the stack shows and offers to other stacks.
#[derive(Debug)]
pub struct StackOutput {
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub value: Value,
    /// The line that set it.
    pub at: &'static Location<'static>,
}

/// A typed look at a node, for checks: each property is absent, known, or waits for an output.
#[derive(Debug)]
pub struct NodeView<'a, R> {
    /// The node.
    pub node: &'a Node,
    ty: PhantomData<fn() -> R>,
}

impl<R> Clone for NodeView<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for NodeView<'_, R> {}

/// A property as a check sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field<T> {
    /// Not set.
    Absent,
    /// A plain value.
    Known(T),
    /// The output of another node.
    Reference(OutputRef),
    /// Computed from outputs, wholly or in part.
    Unknown,
}

impl<'a, R: ResourceType> NodeView<'a, R> {
    /// A typed look at a node; `None` if it is of another type.
    #[must_use]
    pub fn new(node: &'a Node) -> Option<Self> {
        std::ptr::eq(node.ty, R::definition()).then_some(Self { node, ty: PhantomData })
    }

    /// A property.
    #[must_use]
    pub fn get<T: PropertyType>(&self, prop: Prop<R, T>) -> Field<T::Resolved> {
        field::<T>(self.node.inputs.get(prop.slot))
    }

    /// The items of a list, one by one; none if the list itself is an output.
    pub fn items<T: PropertyType>(
        &self,
        prop: Prop<R, Vec<T>>,
    ) -> impl Iterator<Item = Field<T::Resolved>> {
        self.node.inputs.get(prop.slot).items().iter().map(field::<T>)
    }
}

fn field<T: PropertyType>(value: &Value) -> Field<T::Resolved> {
    match value {
        Value::Null => Field::Absent,
        Value::Ref(output) => Field::Reference(*output),
        value if value.has_refs() || value.first_unknown().is_some() => Field::Unknown,
        value => T::decode(value).map_or(Field::Unknown, Field::Known),
    }
}

/// The URNs that a node had before.
pub(super) fn aliases(program: &super::Program, node: &Node) -> Vec<Urn> {
    let options = node.options();
    let component = &program.components[node.component as usize];
    if options.aliases.is_empty() && component.aliases.is_empty() {
        return vec![];
    }
    let paths =
        std::iter::once(&*component.path).chain(component.aliases.iter().map(String::as_str));
    let mut urns = vec![];
    for path in paths {
        let mut names = vec![node.urn.name()];
        for alias in &options.aliases {
            match alias {
                Alias::Name(name) => names.push(name),
                Alias::Urn(urn) => urns.extend(Urn::parse(urn)),
            }
        }
        let (project, stack) = (&program.project, &program.stack);
        urns.extend(
            names.iter().filter_map(|name| Urn::new(project, stack, path, node.ty.name, name).ok()),
        );
    }
    urns.retain(|urn| *urn != node.urn);
    urns
}
