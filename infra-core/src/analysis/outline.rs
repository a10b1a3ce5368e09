//! [`Outline`]: the properties of a program as far as they are known before it is deployed.

use std::collections::BTreeSet;

use crate::{
    aws::{
        SubnetId,
        ec2::{AvailabilityZones, RouteTable, RouteTableAssociation, Subnet},
    },
    dsl::{Prop, ResourceType},
    graph::{Node, NodeView, Program},
    types::{PropertyType, decode_or_absent},
    value::{OutputRef, Slot, Value, resolve},
};

/// The letters of a region's zones.
const ZONES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// The properties of a program as far as they are known before it is deployed.
///
/// What is computed from other properties is computed. The zones that are looked up are taken for
/// the first letters of the region: which they really are tells the account, and for what stands
/// where it is enough to tell them apart.
#[derive(Clone, Copy, Debug)]
pub struct Outline<'a> {
    program: &'a Program,
}

impl<'a> Outline<'a> {
    /// That of a program.
    #[must_use]
    pub fn of(program: &'a Program) -> Self {
        Self { program }
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &'a Program {
        self.program
    }

    /// All nodes of a type.
    pub fn all<R: ResourceType>(&self) -> impl Iterator<Item = NodeView<'a, R>> + use<'a, R> {
        self.program.nodes.iter().filter_map(NodeView::new)
    }

    /// A property, with `Unknown` in it for whatever only a deployment tells.
    #[must_use]
    pub fn value<R: ResourceType, T>(&self, view: &NodeView<'a, R>, prop: Prop<R, T>) -> Value {
        self.slot(view.node, prop.slot)
    }

    /// A property that is known; `None` if a part of it is not, or it is absent.
    #[must_use]
    pub fn get<R: ResourceType, T: PropertyType>(
        &self,
        view: &NodeView<'a, R>,
        prop: Prop<R, T>,
    ) -> Option<T::Resolved> {
        let value = self.value(view, prop);
        if value.first_unknown().is_some() {
            return None;
        }
        decode_or_absent::<T>(&value).ok()
    }

    /// The items of a list, each as far as it is known.
    #[must_use]
    pub fn value_by_item<R: ResourceType, T>(
        &self,
        view: &NodeView<'a, R>,
        prop: Prop<R, Vec<T>>,
    ) -> Vec<Value> {
        self.value(view, prop).items().to_vec()
    }

    /// The same for a node of any type.
    #[must_use]
    pub fn slot(&self, node: &Node, slot: Slot) -> Value {
        self.known(node.inputs.get(slot))
    }

    /// A value of the program, part by part as far as it is known; `Null` for a part whose
    /// computation fails.
    #[must_use]
    pub fn known(&self, value: &Value) -> Value {
        match value {
            value if !value.has_refs() => value.clone(),
            Value::List(items) => Value::list(items.iter().map(|item| self.known(item))),
            Value::Map(entries) => {
                Value::map(entries.iter().map(|(key, value)| (key.clone(), self.known(value))))
            }
            value => resolve(value, &|output| self.output(output)).unwrap_or_default(),
        }
    }

    /// A text of the program, with names in place of what only a deployment tells.
    #[must_use]
    pub fn text(&self, value: &Value) -> Option<String> {
        let named = |output: OutputRef| match self.output(output) {
            Value::Unknown(output) => {
                let node = self.program.nodes.get(output.node as usize);
                node.map_or(Value::Unknown(output), |node| {
                    format!("{}.{}", node.urn.name(), node.ty.prop(output.slot).name).into()
                })
            }
            known => known,
        };
        resolve(value, &named).ok()?.as_str().map(str::to_owned)
    }

    fn output(&self, output: OutputRef) -> Value {
        let Some(node) = self.program.nodes.get(output.node as usize) else {
            return Value::Unknown(output);
        };
        let given = node.inputs.get(output.slot);
        if !given.is_null() {
            return self.known(given);
        }
        self.zones(node, output).unwrap_or(Value::Unknown(output))
    }

    /// The zones that a lookup will tell, for its answer.
    fn zones(&self, node: &Node, output: OutputRef) -> Option<Value> {
        NodeView::<AvailabilityZones>::new(node)?;
        if output.slot != AvailabilityZones::ZONE_NAMES.slot {
            return None;
        }
        let region = self.program.provider(node).region.as_deref().unwrap_or("zone-");
        Some(Value::list(ZONES.map(|letter| Value::from(format!("{region}{letter}")))))
    }

    /// What a property refers to, of one type, in the order of the property; what it computes with
    /// counts too.
    pub fn links<R: ResourceType, T, O: ResourceType>(
        &self,
        view: &NodeView<'a, R>,
        prop: Prop<R, T>,
    ) -> Vec<NodeView<'a, O>> {
        self.linked(view.node.inputs.get(prop.slot))
    }

    /// What a value of the program refers to, of one type.
    #[must_use]
    pub fn linked<O: ResourceType>(&self, value: &Value) -> Vec<NodeView<'a, O>> {
        let mut places: Vec<u32> = vec![];
        value.refs(&mut |output| {
            if !places.contains(&output.node) {
                places.push(output.node);
            }
        });
        let nodes = places.into_iter().filter_map(|place| self.program.nodes.get(place as usize));
        nodes.filter_map(NodeView::new).collect()
    }

    /// What refers to a node by a property.
    pub fn referring<R: ResourceType, T>(
        &self,
        prop: Prop<R, T>,
        to: &'a Node,
    ) -> impl Iterator<Item = NodeView<'a, R>> + use<'a, R, T> {
        let outline = *self;
        self.all::<R>().filter(move |view| outline.refers(view.node.inputs.get(prop.slot), to))
    }

    /// Whether a value of the program refers to a node.
    #[must_use]
    pub fn refers(&self, value: &Value, to: &Node) -> bool {
        let mut found = false;
        value.refs(&mut |output| {
            let node = self.program.nodes.get(output.node as usize);
            found |= node.is_some_and(|node| std::ptr::eq(node, to));
        });
        found
    }

    /// The zone of a subnet; `None` where AWS chooses it.
    #[must_use]
    pub fn zone(&self, subnet: &NodeView<'a, Subnet>) -> Option<String> {
        self.get(subnet, Subnet::AVAILABILITY_ZONE)
    }

    /// The zones of the subnets that a property names; `None` if one of them is not known.
    pub fn zones_of<R: ResourceType>(
        &self,
        view: &NodeView<'a, R>,
        prop: Prop<R, Vec<SubnetId>>,
    ) -> Option<BTreeSet<String>> {
        self.zones_of_value(view.node.inputs.get(prop.slot))
    }

    /// The zones of the subnets that a value of the program names; `None` if one of them is not
    /// known, or there is none.
    #[must_use]
    pub fn zones_of_value(&self, value: &Value) -> Option<BTreeSet<String>> {
        let subnets = self.linked::<Subnet>(value);
        let all = subnets.len() == value.items().len().max(1);
        let zones: Option<BTreeSet<String>> =
            subnets.iter().map(|subnet| self.zone(subnet)).collect();
        zones.filter(|_| all)
    }

    /// The zones of the subnets that a route table is for, as far as they are known.
    #[must_use]
    pub fn zones_of_table(&self, table: &NodeView<'a, RouteTable>) -> BTreeSet<String> {
        let associations = self.referring(RouteTableAssociation::ROUTE_TABLE_ID, table.node);
        let subnets = associations
            .flat_map(|it| self.links::<_, _, Subnet>(&it, RouteTableAssociation::SUBNET_ID));
        subnets.filter_map(|subnet| self.zone(&subnet)).collect()
    }
}
