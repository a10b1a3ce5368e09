//! [`Network`]: a VPC over several zones, with three layers of subnets in each.

use infra_core::{
    aws::{
        SubnetId,
        ec2::{
            AvailabilityZones, ElasticIp, FlowLog, InternetGateway, NatGateway, Route,
            RouteBuilder, RouteTable, RouteTableAssociation, Subnet, Vpc, VpcEndpoint,
        },
        logs::Retention,
    },
    dsl::Provided,
    prelude::*,
};

use crate::{FlowLogs, InterfaceEndpoint, SettingsError, SiteKey, endpoints, layout::Layout};

/// How a network is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkSettings {
    /// The addresses of the whole network, /16 to /22. Changing it replaces everything.
    pub cidr: Ipv4Net,
    /// How many availability zones, 2 to 4. A further zone leaves the others as they are.
    pub zones: u8,
    /// How what is private reaches the internet.
    pub nat: Nat,
    /// Which services of AWS are reached without NAT, besides S3. Naming one twice is an error.
    pub endpoints: Vec<InterfaceEndpoint>,
    /// What is written down of the traffic that it refused.
    pub flow_logs: FlowLogs,
    /// The key that encrypts that. Default: AWS's own.
    pub key: SiteKey,
}

/// How what is private reaches the internet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nat {
    /// A NAT gateway in each zone: the loss of a zone leaves the others connected.
    #[default]
    PerZone,
    /// One for all: cheaper, and the loss of its zone cuts all of them off.
    Single,
}

impl Default for NetworkSettings {
    /// 10.0.0.0/16 over three zones, with a NAT gateway in each; what it refused is kept for a
    /// month.
    fn default() -> Self {
        let cidr = "10.0.0.0/16".parse().expect("the literal is a range of addresses");
        let flow_logs = FlowLogs::Logs(Retention::Days30);
        Self {
            cidr,
            zones: 3,
            nat: Nat::PerZone,
            endpoints: vec![],
            flow_logs,
            key: SiteKey::default(),
        }
    }
}

/// A VPC over several zones.
///
/// In each zone stand a *public* subnet (load balancer, NAT gateway), an *app* subnet (instances)
/// and a *data* subnet (database, cache, mount targets). What is public reaches the internet
/// through the internet gateway, the app subnets through NAT, and the data subnets not at all. S3
/// is reached by a gateway endpoint, without NAT and its price per gigabyte.
#[derive(Clone, Debug)]
pub struct Network {
    /// The VPC.
    pub vpc: Vpc,
    /// The zones, in the order of their names.
    pub zones: Vec<Zone>,
    /// What reaches S3.
    pub s3_endpoint: VpcEndpoint,
    /// What reaches other services of AWS without NAT, in the order of the settings.
    pub endpoints: Vec<VpcEndpoint>,
    /// The region, as the zones' names tell it: `eu-central-1`.
    pub region: Output<String>,
    /// What writes down the traffic that was refused.
    pub flow_log: Option<FlowLog>,
}

/// What stands in one zone.
#[derive(Clone, Debug)]
pub struct Zone {
    /// What it is called within the program, `a` to `d`; the real name is looked up.
    pub letter: &'static str,
    /// The zone's name: `eu-central-1a`.
    pub name: Output<String>,
    /// Reached from the internet.
    pub public: Subnet,
    /// Reaches the internet, and is not reached from it.
    pub app: Subnet,
    /// Neither.
    pub data: Subnet,
    /// The NAT gateway, if this zone has one.
    pub nat: Option<NatGateway>,
}

impl Network {
    /// A network in a component of its own.
    ///
    /// # Errors
    /// If the addresses do not suffice for the zones.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        settings: &NetworkSettings,
    ) -> Result<Self, SettingsError> {
        let layout = Layout::new(settings.cidr, settings.zones)?;
        let stack = &stack.component(name);
        let vpc = Vpc::named("vpc").cidr_block(settings.cidr).create(stack);
        let gateway = InternetGateway::named("internet").vpc_id(&vpc).create(stack);
        let names = AvailabilityZones::lookup("available").create(stack).zone_names();
        let public = RouteTable::named("public").vpc_id(&vpc).create(stack);
        to_everywhere("public", &public).gateway_id(&gateway).create(stack);
        let data = RouteTable::named("data").vpc_id(&vpc).create(stack);

        let mut zones: Vec<Zone> = vec![];
        let mut tables = vec![public, data];
        for (index, (ranges, letter)) in layout.zones.iter().zip(LETTERS).enumerate() {
            let place = ZonePlace { stack, vpc: &vpc, letter, name: names.index(index) };
            let outer = place.subnet("public", ranges.public, &public);
            let own = settings.nat == Nat::PerZone || index == 0;
            let nat = own.then(|| place.nat(&outer));
            let app = RouteTable::named(format!("app-{letter}")).vpc_id(&vpc).create(stack);
            let way_out = nat.or(zones.first().and_then(|first| first.nat));
            to_everywhere(&format!("app-{letter}"), &app)
                .maybe_nat_gateway_id(way_out.as_ref())
                .create(stack);
            tables.push(app);
            zones.push(Zone {
                letter,
                public: outer,
                app: place.subnet("app", ranges.app, &app),
                data: place.subnet("data", ranges.data, &data),
                nat,
                name: place.name,
            });
        }
        let region = zones[0].name.map(|zone| zone[..zone.len() - 1].to_owned());
        let s3_endpoint = VpcEndpoint::named("s3")
            .vpc_id(&vpc)
            .service_name(interpolate!("com.amazonaws.{region}.s3"))
            .route_table_ids(tables.iter().collect::<Vec<_>>())
            .create(stack);
        let flow_log = settings.flow_logs.create(stack, &vpc, settings.key);
        let mut network = Self { vpc, zones, s3_endpoint, endpoints: vec![], region, flow_log };
        network.endpoints = endpoints::create(stack, &network, settings.cidr, &settings.endpoints);
        Ok(network)
    }

    /// The public subnets, one in each zone.
    #[must_use]
    pub fn public_subnets(&self) -> Vec<Output<SubnetId>> {
        self.zones.iter().map(|zone| zone.public.subnet_id()).collect()
    }

    /// The addresses that the app subnets reach the internet from, one for each NAT gateway.
    #[must_use]
    pub fn nat_addresses(&self) -> Vec<Output<Ipv4Net>> {
        let gateways = self.zones.iter().filter_map(|zone| zone.nat);
        let address = |nat: NatGateway| {
            nat.public_ip().try_map(|address| {
                address.map(Ipv4Net::from).ok_or("the NAT gateway has no public address")
            })
        };
        gateways.map(address).collect()
    }

    /// The app subnets, one in each zone.
    #[must_use]
    pub fn app_subnets(&self) -> Vec<Output<SubnetId>> {
        self.zones.iter().map(|zone| zone.app.subnet_id()).collect()
    }

    /// The data subnets, one in each zone.
    #[must_use]
    pub fn data_subnets(&self) -> Vec<Output<SubnetId>> {
        self.zones.iter().map(|zone| zone.data.subnet_id()).collect()
    }
}

/// See [`Zone::letter`].
const LETTERS: [&str; 4] = ["a", "b", "c", "d"];

/// A route to whatever has no other route.
fn to_everywhere(name: &str, table: &RouteTable) -> RouteBuilder<Provided, Provided> {
    Route::named(name).route_table_id(table).destination_cidr_block("0.0.0.0/0")
}

/// Where things of one zone are made.
struct ZonePlace<'a> {
    stack: &'a Stack,
    vpc: &'a Vpc,
    letter: &'static str,
    name: Output<String>,
}

impl ZonePlace<'_> {
    fn subnet(&self, layer: &str, range: Ipv4Net, table: &RouteTable) -> Subnet {
        let name = format!("{layer}-{}", self.letter);
        let subnet = Subnet::named(&name)
            .vpc_id(self.vpc)
            .cidr_block(range)
            .availability_zone(&self.name)
            .tags([("Layer", layer)])
            .create(self.stack);
        RouteTableAssociation::named(&name)
            .subnet_id(&subnet)
            .route_table_id(table)
            .create(self.stack);
        subnet
    }

    fn nat(&self, subnet: &Subnet) -> NatGateway {
        let address = ElasticIp::named(format!("nat-{}", self.letter)).create(self.stack);
        NatGateway::named(self.letter).subnet_id(subnet).allocation_id(&address).create(self.stack)
    }
}
