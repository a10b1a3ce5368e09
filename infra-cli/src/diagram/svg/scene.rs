//! [`Scene`]: what there is to see, without any measure.

use std::collections::{BTreeMap, BTreeSet};

use infra_core::{
    aws::ec2::{NatGateway, Route, RouteTableAssociation, Subnet, Vpc},
    graph::{Field, NodeView, Program},
    schema::TypeKind,
    state::State,
};

use super::{
    flows::{Flow, flows},
    links::Links,
};

/// Types that say how something else is, rather than what there is: they are counted, not drawn.
const SUPPORTING: [&str; 41] = [
    "applicationautoscaling:ScheduledAction",
    "autoscaling:LifecycleHook",
    "autoscaling:ScheduledAction",
    "backup:RestoreTestingSelection",
    "backup:Selection",
    "crypto:RandomPassword",
    "crypto:SelfSignedCertificate",
    "ec2:ElasticIp",
    "ec2:LaunchTemplate",
    "ec2:NetworkInterface",
    "ec2:Route",
    "ec2:RouteTable",
    "ec2:RouteTableAssociation",
    "ec2:SecurityGroup",
    "ec2:SecurityGroupRule",
    "ec2:VolumeAttachment",
    "ecs:CapacityProvider",
    "ecs:ClusterCapacityProviders",
    "ecs:TaskDefinition",
    "efs:AccessPoint",
    "elasticache:ParameterGroup",
    "elasticache:SubnetGroup",
    "elbv2:Listener",
    "elbv2:ListenerRule",
    "elbv2:TargetGroup",
    "eventbridge:Target",
    "iam:InstanceProfile",
    "iam:RolePolicy",
    "iam:RolePolicyAttachment",
    "kms:Grant",
    "logs:MetricFilter",
    "rds:DbClusterParameterGroup",
    "rds:DbInstance",
    "rds:DbParameterGroup",
    "rds:DbSubnetGroup",
    "rds:EventSubscription",
    "s3:BucketPolicy",
    "s3:Object",
    "secretsmanager:SecretVersion",
    "sns:Subscription",
    "sns:TopicPolicy",
];

/// Supporting types that are told beside what they belong to.
const PARTS: [(&str, &str, &str); 4] = [
    ("elbv2:Listener", "listener", "listeners"),
    ("rds:DbInstance", "instance", "instances"),
    ("s3:Object", "object", "objects"),
    ("efs:AccessPoint", "access point", "access points"),
];

/// Types whose own name says too little beside those of other services.
const KINDS: [(&str, &str); 4] = [
    ("autoscaling:Group", "Auto Scaling group"),
    ("ecs:Cluster", "ECS cluster"),
    ("ecs:Service", "ECS service"),
    ("elasticache:ReplicationGroup", "Cache"),
];

/// What there is to see.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) title: String,
    pub(super) vpcs: Vec<VpcScene>,
    /// What stands in no VPC, by service.
    pub(super) regional: BTreeMap<&'static str, Vec<Item>>,
    /// How many of what is not drawn.
    pub(super) counted: BTreeMap<&'static str, usize>,
}

/// A VPC.
#[derive(Debug)]
pub(super) struct VpcScene {
    pub(super) name: String,
    pub(super) zones: Vec<String>,
    pub(super) layers: Vec<Layer>,
    /// What stands in the VPC and in no subnet.
    pub(super) edge: Vec<Item>,
    pub(super) flows: Vec<Flow>,
}

/// Subnets of the same purpose, one in each zone.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) reach: Reach,
    /// By zone.
    pub(super) cells: Vec<Option<Cell>>,
    /// What stands in several of them.
    pub(super) spans: Vec<Item>,
}

/// A subnet.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) name: String,
    pub(super) cidr: String,
    pub(super) items: Vec<Item>,
}

/// Which way out a layer has, the widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    Public,
    Private,
    Isolated,
}

impl Reach {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Isolated => "isolated",
        }
    }
}

/// Something that is drawn.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) service: &'static str,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) note: String,
    pub(super) groups: BTreeSet<u32>,
}

impl Scene {
    pub(super) fn new(program: &Program, state: Option<&State>) -> Self {
        let title = format!("{} · {}", program.project, program.stack);
        let mut scene =
            Self { title, vpcs: vec![], regional: BTreeMap::new(), counted: BTreeMap::new() };
        // What goes in a circle is reported elsewhere, and has no picture.
        if let Some(links) = Links::new(program) {
            Builder { program, state, links }.fill(&mut scene);
        }
        scene
    }
}

struct Builder<'a> {
    program: &'a Program,
    state: Option<&'a State>,
    links: Links<'a>,
}

impl Builder<'_> {
    fn fill(&self, scene: &mut Scene) {
        let count = self.program.nodes.len() as u32;
        let vpcs: Vec<u32> = (0..count).filter(|node| self.links.is::<Vpc>(*node)).collect();
        scene.vpcs = vpcs.iter().map(|vpc| self.vpc(*vpc)).collect();
        for node in 0..count {
            let this = &self.program.nodes[node as usize];
            let drawn_elsewhere = self.links.is::<Vpc>(node) || self.links.is::<Subnet>(node);
            if drawn_elsewhere || this.ty.kind != TypeKind::Resource {
                continue;
            }
            if is_supporting(this.ty.name) {
                *scene.counted.entry(this.ty.short_name()).or_default() += 1;
                continue;
            }
            let item = self.item(node);
            let inside = self.links.vpc(node).and_then(|vpc| vpcs.iter().position(|at| *at == vpc));
            match inside {
                Some(vpc) if self.stands_in_subnets(node) => {
                    self.place(&mut scene.vpcs[vpc], node, item)
                }
                Some(vpc) if self.links.names_vpc(node) => scene.vpcs[vpc].edge.push(item),
                _ => scene.regional.entry(item.service).or_default().push(item),
            }
        }
    }

    fn stands_in_subnets(&self, node: u32) -> bool {
        // What it starts stands there, and it does not.
        let starts = local(self.program.nodes[node as usize].ty.name) == "scheduler:Schedule";
        !starts && !self.links.names_vpc(node) && !self.links.subnets(node).is_empty()
    }

    /// The VPC with its zones and layers, empty.
    fn vpc(&self, vpc: u32) -> VpcScene {
        let subnets: Vec<u32> = (0..self.program.nodes.len() as u32)
            .filter(|node| self.links.is::<Subnet>(*node) && self.links.vpc(*node) == Some(vpc))
            .collect();
        let zones: BTreeSet<String> = subnets.iter().map(|subnet| self.zone(*subnet)).collect();
        let zones: Vec<String> = zones.into_iter().collect();
        let mut layers: Vec<Layer> = vec![];
        for subnet in subnets {
            let (name, zone) = (self.layer_name(subnet), self.zone(subnet));
            let at = zones.iter().position(|other| *other == zone).unwrap_or_default();
            let fits = |layer: &&mut Layer| layer.name == name && layer.cells[at].is_none();
            let cell = Cell {
                name: self.short_name(subnet),
                cidr: self.text(subnet, "cidr_block"),
                items: vec![],
            };
            match layers.iter_mut().find(fits) {
                Some(layer) => layer.cells[at] = Some(cell),
                None => {
                    let mut cells: Vec<Option<Cell>> = zones.iter().map(|_| None).collect();
                    cells[at] = Some(cell);
                    layers.push(Layer { name, reach: self.reach(subnet), cells, spans: vec![] });
                }
            }
        }
        layers.sort_by_key(|layer| layer.reach);
        let name = format!("{} {}", self.short_name(vpc), self.text(vpc, "cidr_block"));
        let flows = flows(self.program);
        VpcScene { name, zones, layers, edge: vec![], flows }
    }

    /// Puts something into the subnet or across the subnets that it stands in.
    fn place(&self, vpc: &mut VpcScene, node: u32, item: Item) {
        let names: BTreeSet<String> =
            self.links.subnets(node).iter().map(|subnet| self.short_name(*subnet)).collect();
        for layer in &mut vpc.layers {
            let mut cells: Vec<&mut Cell> = layer
                .cells
                .iter_mut()
                .flatten()
                .filter(|cell| names.contains(&cell.name))
                .collect();
            match cells.as_mut_slice() {
                [] => continue,
                [cell] => cell.items.push(item),
                _ => layer.spans.push(item),
            }
            return;
        }
    }

    fn item(&self, node: u32) -> Item {
        let this = &self.program.nodes[node as usize];
        let mut notes = vec![];
        let referring = self.links.referring(node);
        for (ty, one, many) in PARTS {
            let is_part = |other: &&u32| local(self.program.nodes[**other as usize].ty.name) == ty;
            let parts = referring.iter().filter(is_part).count();
            if parts > 0 {
                notes.push(format!("{parts} {}", if parts == 1 { one } else { many }));
            }
        }
        Item {
            service: service(this.ty.name),
            kind: kind(this.ty.name, this.ty.short_name()),
            name: self.short_name(node),
            note: notes.join(", "),
            groups: self.links.groups(node),
        }
    }

    /// The zone of a subnet: as the program says, as it was deployed, or as the name tells.
    fn zone(&self, subnet: u32) -> String {
        let node = &self.program.nodes[subnet as usize];
        let view = NodeView::<Subnet>::new(node);
        if let Some(Field::Known(zone)) = view.map(|view| view.get(Subnet::AVAILABILITY_ZONE)) {
            return zone;
        }
        let slot = Subnet::AVAILABILITY_ZONE.slot;
        let record = self.state.and_then(|state| state.get(state.find(&node.urn)?));
        if let Some(zone) = record.and_then(|record| record.value(slot).as_str()) {
            return zone.to_owned();
        }
        let name = self.short_name(subnet);
        let letter = name.rsplit('-').next().unwrap_or(&name);
        format!("zone {letter}")
    }

    /// What the subnets of a layer have in common: the name without the zone.
    fn layer_name(&self, subnet: u32) -> String {
        let name = self.short_name(subnet);
        name.rsplit_once('-').map_or(name.clone(), |(layer, _)| layer.to_owned())
    }

    /// Which way out a subnet has, by the routes of its table.
    fn reach(&self, subnet: u32) -> Reach {
        let links = &self.links;
        let of_type = |node: u32, is: fn(&Links<'_>, u32) -> bool| {
            links.referring(node).into_iter().filter(move |other| is(links, *other))
        };
        let tables = of_type(subnet, |links, node| links.is::<RouteTableAssociation>(node))
            .flat_map(|association| links.referred(association).map(|(other, _)| other))
            .filter(|other| *other != subnet);
        let routes = tables.flat_map(|table| of_type(table, |links, node| links.is::<Route>(node)));
        let way_out = |route: u32| {
            let inputs = &self.program.nodes[route as usize].inputs;
            if !inputs.get(Route::GATEWAY_ID.slot).is_null() {
                return Reach::Public;
            }
            let nat = links.referred(route).any(|(to, _)| links.is::<NatGateway>(to));
            if nat { Reach::Private } else { Reach::Isolated }
        };
        routes.map(way_out).min().unwrap_or(Reach::Isolated)
    }

    /// The name without the components that it stands in.
    fn short_name(&self, node: u32) -> String {
        let node = &self.program.nodes[node as usize];
        let path = &self.program.components[node.component as usize].path;
        let prefix = format!("{}-", path.replace('/', "-"));
        let name = node.urn.name();
        name.strip_prefix(&prefix).unwrap_or(name).to_owned()
    }

    fn text(&self, node: u32, property: &str) -> String {
        let node = &self.program.nodes[node as usize];
        let value = node.ty.slot(property).map(|slot| node.inputs.get(slot));
        value.and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }
}

/// A type's name without its provider: `ec2:Vpc`.
fn local(ty: &str) -> &str {
    ty.split_once(':').map_or(ty, |(_, rest)| rest)
}

/// The service of a type: `ec2`.
fn service(ty: &'static str) -> &'static str {
    ty.split(':').nth(1).unwrap_or(ty)
}

fn is_supporting(ty: &str) -> bool {
    SUPPORTING.contains(&local(ty))
}

fn kind(ty: &str, short: &str) -> String {
    let known = KINDS.iter().find(|(known, _)| *known == local(ty));
    known.map_or_else(|| spaced(short), |(_, kind)| (*kind).to_owned())
}

/// `NatGateway` as people write it: `NAT gateway`.
fn spaced(name: &str) -> String {
    let mut words: Vec<String> = vec![];
    for letter in name.chars() {
        match words.last_mut() {
            Some(word) if letter.is_lowercase() => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    for (index, word) in words.iter_mut().enumerate() {
        *word = match word.as_str() {
            "Db" | "Nat" | "Vpc" => word.to_uppercase(),
            _ if index > 0 => word.to_lowercase(),
            _ => continue,
        };
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn types_are_written_as_people_do() {
        assert_eq!(spaced("NatGateway"), "NAT gateway");
        assert_eq!(spaced("VpcEndpoint"), "VPC endpoint");
        assert_eq!(spaced("DbCluster"), "DB cluster");
        assert_eq!(spaced("Bucket"), "Bucket");
    }
}
