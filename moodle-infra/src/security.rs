//! [`SecurityGroups`]: who may talk to whom.

use infra_core::{
    aws::ec2::{
        IpProtocol, RuleDirection, SecurityGroup, SecurityGroupRule, SecurityGroupRuleBuilder, Vpc,
    },
    dsl::Provided,
    prelude::*,
};

use crate::{Mail, ReachedFrom, StorageSettings};

/// The ports of the parts of a site.
pub mod ports {
    /// HTTPS, from the edge to the balancer.
    pub const HTTPS: u16 = 443;
    /// HTTP, which the balancer redirects to HTTPS.
    pub const HTTP: u16 = 80;
    /// The application, from the balancer.
    pub const APP: u16 = 8080;
    /// MySQL.
    pub const DATABASE: u16 = 3306;
    /// Redis, with TLS.
    pub const CACHE: u16 = 6379;
    /// NFS.
    pub const FILES: u16 = 2049;
    /// GlusterFS: what machines and clients agree about.
    pub const GLUSTER: (u16, u16) = (24007, 24008);
    /// GlusterFS: the files themselves, a port for each volume that a machine has.
    pub const BRICKS: (u16, u16) = (49152, 49160);
}

/// What the groups of a site are to let through, besides what every site needs.
#[derive(Clone, Debug)]
pub struct SecuritySettings {
    /// Who reaches the balancer: everybody, or an edge alone.
    pub edge: ReachedFrom,
    /// From where somebody within reaches the balancer, who goes by the name of the site:
    /// [`Network::nat_addresses`](crate::Network::nat_addresses). Default: there is nobody.
    pub nat: Vec<Output<Ipv4Net>>,
    /// Whether tasks mount the files, or their instances.
    pub storage: StorageSettings,
    /// Which server takes mail.
    pub mail: Mail,
}

impl Default for SecuritySettings {
    /// The balancer is open to everybody, tasks mount the files, and there is no mail.
    fn default() -> Self {
        let everybody = Ipv4Net::default();
        let edge = ReachedFrom::Ranges(vec![everybody]);
        Self { edge, nat: vec![], storage: StorageSettings::default(), mail: Mail::None }
    }
}

/// One group for each role, each open to exactly those that need it: only the balancer is reached
/// from outside.
#[derive(Clone, Copy, Debug)]
pub struct SecurityGroups {
    /// The load balancer.
    pub balancer: SecurityGroup,
    /// The instances, which reach AWS's services and are reached by nobody.
    pub hosts: SecurityGroup,
    /// The application's tasks, which have network interfaces of their own.
    pub app: SecurityGroup,
    /// What works beside the web, which is reached by nobody.
    pub runners: SecurityGroup,
    /// The database.
    pub database: SecurityGroup,
    /// Both caches.
    pub cache: SecurityGroup,
    /// The mount targets of the shared files.
    pub files: SecurityGroup,
}

impl SecurityGroups {
    /// The groups of a site in a component of their own.
    #[track_caller]
    pub fn create(stack: &Stack, name: &str, vpc: &Vpc, settings: &SecuritySettings) -> Self {
        let SecuritySettings { edge, nat, storage, mail } = settings;
        let stack = &stack.component(name);
        let group = |name: &str, description: &str| {
            SecurityGroup::named(name).vpc_id(vpc).group_description(description).create(stack)
        };
        let groups = Self {
            balancer: group("balancer", "The load balancer: from the edge"),
            hosts: group("hosts", "The instances: from nobody"),
            app: group("app", "The application: from the load balancer alone"),
            runners: group("runners", "What works beside the web: from nobody"),
            database: group("database", "The database: from the application and its runners alone"),
            cache: group("cache", "The caches: from the application and its runners alone"),
            files: group("files", files_are_from(storage)),
        };
        open(stack, &groups.balancer, edge);
        for (index, address) in nat.iter().enumerate() {
            let name = format!("balancer-443-nat-{index}");
            rule(&name, &groups.balancer, RuleDirection::Ingress, ports::HTTPS)
                .cidr_ipv4(address)
                .create(stack);
        }
        let (app, runners) = (("app", &groups.app), ("runners", &groups.runners));
        let (database, cache) = (("database", &groups.database), ("cache", &groups.cache));
        let (hosts, files) = (("hosts", &groups.hosts), ("files", &groups.files));
        let mut links = vec![
            (("balancer", &groups.balancer), app, ports::APP),
            (app, database, ports::DATABASE),
            (app, cache, ports::CACHE),
            (runners, database, ports::DATABASE),
            (runners, cache, ports::CACHE),
        ];
        match storage {
            StorageSettings::Efs(_) if !storage.is_mounted_by_hosts() => {
                links.push((app, files, ports::FILES));
                links.push((runners, files, ports::FILES));
            }
            StorageSettings::Efs(_) => {
                links.push((hosts, files, ports::FILES));
            }
            StorageSettings::Gluster(_) => gluster(stack, hosts, files),
        }
        for (from, to, port) in links {
            link(stack, from, to, "", (port, port));
        }
        // AWS's own services, and whatever Moodle fetches: feeds and repositories.
        let outward = [
            (hosts, ports::HTTPS),
            (app, ports::HTTPS),
            (app, ports::HTTP),
            (runners, ports::HTTPS),
            (runners, ports::HTTP),
        ];
        let packages = match storage {
            StorageSettings::Gluster(_) => Some((files, ports::HTTPS)),
            StorageSettings::Efs(_) => None,
        };
        let mail = mail.port().into_iter().flat_map(|port| [(app, port), (runners, port)]);
        for ((name, group), port) in outward.into_iter().chain(packages).chain(mail) {
            rule(&format!("{name}-to-internet-{port}"), group, RuleDirection::Egress, port)
                .cidr_ipv4("0.0.0.0/0")
                .create(stack);
        }
        groups
    }
}

/// Lets people or an edge reach the balancer.
fn open(stack: &Stack, balancer: &SecurityGroup, from: &ReachedFrom) {
    let ranges = match from {
        ReachedFrom::Ranges(ranges) => ranges,
        ReachedFrom::List(list) => {
            rule("balancer-443", balancer, RuleDirection::Ingress, ports::HTTPS)
                .prefix_list_id(list)
                .create(stack);
            return;
        }
    };
    for (index, range) in ranges.iter().enumerate() {
        for port in [ports::HTTPS, ports::HTTP] {
            let name = match ranges.as_slice() {
                [_] => format!("balancer-{port}"),
                _ => format!("balancer-{port}-{index}"),
            };
            rule(&name, balancer, RuleDirection::Ingress, port).cidr_ipv4(*range).create(stack);
        }
    }
}

/// The machines that keep the files talk to each other, and instances to all of them.
fn gluster(stack: &Stack, hosts: Named<'_>, files: Named<'_>) {
    for from in [hosts, files] {
        link(stack, from, files, "-agreement", ports::GLUSTER);
        link(stack, from, files, "-bricks", ports::BRICKS);
    }
}

fn files_are_from(storage: &StorageSettings) -> &'static str {
    if storage.is_mounted_by_hosts() {
        "The shared files: from the instances alone"
    } else {
        "The shared files: from the application and its runners alone"
    }
}

/// A group, with what rules call it.
type Named<'a> = (&'a str, &'a SecurityGroup);

/// Lets one group speak to another, by a rule at each end. `what` ends their names, where there is
/// more than one link.
#[track_caller]
pub(crate) fn link(
    stack: &Stack,
    (a, from): Named<'_>,
    (b, to): Named<'_>,
    what: &str,
    ports: (u16, u16),
) {
    range(&format!("{a}-to-{b}{what}"), from, RuleDirection::Egress, ports)
        .referenced_group_id(to)
        .create(stack);
    range(&format!("{b}-from-{a}{what}"), to, RuleDirection::Ingress, ports)
        .referenced_group_id(from)
        .create(stack);
}

pub(crate) type Rule = SecurityGroupRuleBuilder<Provided, Provided, Provided>;

/// A rule for one port of TCP.
#[track_caller]
pub(crate) fn rule(name: &str, group: &SecurityGroup, direction: RuleDirection, port: u16) -> Rule {
    range(name, group, direction, (port, port))
}

#[track_caller]
fn range(
    name: &str,
    group: &SecurityGroup,
    direction: RuleDirection,
    (first, last): (u16, u16),
) -> Rule {
    SecurityGroupRule::named(name)
        .group_id(group)
        .direction(direction)
        .ip_protocol(IpProtocol::Tcp)
        .from_port(i32::from(first))
        .to_port(i32::from(last))
}
