//! [`Caches`]: what is kept in memory, for sessions and for everything that can be computed again.

use infra_core::{
    aws::{
        SecurityGroupId,
        elasticache::{Engine, ParameterGroup, ReplicationGroup, SubnetGroup},
        secretsmanager,
    },
    local::RandomPassword,
    prelude::*,
};

use crate::{Network, SiteKey};

/// How the caches are to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheSettings {
    /// The engine, in its newest version.
    pub engine: Engine,
    /// The type of the nodes that hold sessions: `cache.t4g.small` and larger.
    pub sessions: String,
    /// The type of the nodes that hold Moodle's caches: `cache.r7g.large`.
    pub store: String,
    /// How many nodes each has, 1 to 6, in different zones as far as there are any: one answers,
    /// the others take over. With one alone its loss is an outage, and logs everybody out.
    pub nodes: u32,
    /// The key that encrypts what is on their disks, and their passwords. Default: AWS's own. Another
    /// one replaces them.
    pub key: SiteKey,
}

impl Default for CacheSettings {
    /// Valkey, which Moodle takes for Redis, on two nodes each.
    fn default() -> Self {
        Self {
            engine: Engine::Valkey,
            sessions: "cache.m7g.large".to_owned(),
            store: "cache.r7g.large".to_owned(),
            nodes: 2,
            key: SiteKey::default(),
        }
    }
}

/// Two caches, so that neither can crowd out the other: sessions are never given up
/// (`noeviction`), Moodle's caches make room for what is used (`allkeys-lru`).
///
/// Both answer to TLS and a password alone, and fail over to another zone if there is a second
/// node.
#[derive(Clone, Copy, Debug)]
pub struct Caches {
    /// Who is logged in.
    pub sessions: Cache,
    /// What Moodle has computed: its cache store (MUC).
    pub store: Cache,
    /// How many nodes each has.
    pub nodes: u32,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Cache {
    /// The nodes; the primary endpoint leads to the one that writes.
    pub group: ReplicationGroup,
    /// The secret that holds the password.
    pub password: secretsmanager::Secret,
}

impl Caches {
    /// The caches of a site in a component of their own.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        network: &Network,
        reached_by: impl IntoInput<SecurityGroupId>,
        settings: &CacheSettings,
    ) -> Self {
        let stack = &stack.component(name);
        let subnets = SubnetGroup::named("caches")
            .cache_subnet_group_description("Moodle's caches: the data subnets of all zones")
            .subnet_ids(network.data_subnets())
            .create(stack);
        let place =
            CachePlace { stack, subnets: &subnets, group: reached_by.into_input(), settings };
        Self {
            sessions: place.cache("sessions", &settings.sessions, "noeviction"),
            store: place.cache("store", &settings.store, "allkeys-lru"),
            nodes: settings.nodes,
        }
    }
}

/// What both caches have in common.
struct CachePlace<'a> {
    stack: &'a Stack,
    subnets: &'a SubnetGroup,
    group: Input<SecurityGroupId>,
    settings: &'a CacheSettings,
}

impl CachePlace<'_> {
    fn cache(&self, name: &str, node_type: &str, when_full: &str) -> Cache {
        let (version, family) = match self.settings.engine {
            Engine::Redis => ("7.1", "redis7"),
            Engine::Valkey => ("8.1", "valkey8"),
        };
        let parameters = ParameterGroup::named(name)
            .cache_parameter_group_family(family)
            .description(format!("Moodle's {name}"))
            .parameters([("maxmemory-policy", when_full)])
            .create(self.stack);
        // Letters and digits alone: they mean the same to Redis, PHP and shells.
        let password = RandomPassword::named(name).length(64_u32).symbols(false).create(self.stack);
        let kept = secretsmanager::Secret::named(format!("{name}-password"))
            .description(format!("The password of Moodle's {name}"))
            .secret_string(password.password())
            .maybe_kms_key_id(self.settings.key.get())
            .create(self.stack);
        let group = ReplicationGroup::named(name)
            .replication_group_description(format!("Moodle's {name}"))
            .engine(self.settings.engine)
            .engine_version(version)
            .cache_node_type(node_type)
            .cache_subnet_group_name(self.subnets)
            .security_group_ids([self.group.clone()])
            .cache_parameter_group_name(&parameters)
            .num_cache_clusters(self.settings.nodes)
            .automatic_failover_enabled(self.settings.nodes > 1)
            .multi_az_enabled(self.settings.nodes > 1)
            .auth_token(password.password())
            .snapshot_retention_limit(Days(1))
            .maybe_kms_key_id(self.settings.key.get())
            .create(self.stack);
        Cache { group, password: kept }
    }
}
