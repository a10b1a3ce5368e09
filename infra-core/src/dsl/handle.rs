//! What a program holds of a resource after it was created, and what the macros say of types.

use std::marker::PhantomData;

use super::Output;
use crate::{
    schema::TypeDef,
    types::DecodeError,
    value::{OutputRef, Properties, Slot},
};

/// Which node of which stack. What every handle is made of; cheap to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeRef {
    pub(crate) node: u32,
    pub(crate) stack: u16,
}

impl NodeRef {
    /// A property or output of the node; the macros answer for the type.
    #[doc(hidden)]
    #[must_use]
    pub const fn output<T>(self, slot: Slot) -> Output<T> {
        Output::of(OutputRef { node: self.node, slot, stack: self.stack })
    }

    /// The place of the node in its program.
    #[must_use]
    pub const fn index(self) -> usize {
        self.node as usize
    }
}

/// A type made by `#[resource]`, `#[lookup]` or `#[task]`.
pub trait ResourceType: Sized + 'static {
    /// What handlers get: the resolved properties.
    type Args: Send + Sync;

    /// What handlers return: the outputs, each absent until it is known.
    type Outputs: Default + Send;

    /// Everything that the engine knows about the type.
    fn definition() -> &'static TypeDef;

    /// The handle of a node.
    #[doc(hidden)]
    fn from_node(node: NodeRef) -> Self;

    /// Which node this is.
    fn node(&self) -> NodeRef;

    /// Reads resolved properties.
    ///
    /// # Errors
    /// If a property is absent that may not be, or has another shape.
    fn decode_args(properties: &Properties) -> Result<Self::Args, DecodeError>;

    /// Writes outputs.
    fn encode_outputs(outputs: Self::Outputs) -> Properties;

    /// A property or output of this resource.
    #[must_use]
    fn output<T>(&self, prop: Prop<Self, T>) -> Output<T> {
        self.node().output(prop.slot)
    }
}

/// A type made by `#[lookup]`.
pub trait Lookup: ResourceType {}

/// A type made by `#[task]`.
pub trait Task: ResourceType {}

/// A property or output of a type: `Vpc::CIDR_BLOCK`. For options (`ignore_changes`), for checks
/// (`view.get(Subnet::VPC_ID)`) and for simulators.
pub struct Prop<R, T> {
    /// The place in the type's schema.
    pub slot: Slot,
    ty: PhantomData<fn() -> (R, T)>,
}

impl<R, T> Prop<R, T> {
    /// The property in a slot; the macros answer for the types.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(slot: Slot) -> Self {
        Self { slot, ty: PhantomData }
    }
}

impl<R, T> Clone for Prop<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for Prop<R, T> {}

impl<R: ResourceType, T> std::fmt::Debug for Prop<R, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let definition = R::definition();
        write!(f, "{}.{}", definition.name, definition.prop(self.slot).name)
    }
}

/// What others can wait for: a resource or a component.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that can be waited for",
    label = "expected a resource or a component",
    note = "pass what `create` or `component` returned; where an output is used, nothing is needed"
)]
pub trait Dependable {
    /// What to wait for.
    fn dependency(&self) -> Dependency;
}

/// What to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// A node.
    Node(NodeRef),
    /// Everything in a component.
    Component {
        /// Its place in the program.
        component: u32,
        /// Which stack.
        stack: u16,
    },
}

#[diagnostic::do_not_recommend]
impl<R: ResourceType> Dependable for R {
    fn dependency(&self) -> Dependency {
        Dependency::Node(self.node())
    }
}
