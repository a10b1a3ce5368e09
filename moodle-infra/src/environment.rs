//! [`Environment`]: whether people depend on a site.

use infra_core::prelude::*;

use crate::{
    AppSettings, BackupSettings, BalancerSettings, CacheSettings, Capacity, DatabaseCapacity,
    DatabaseSettings, Domain, FlowLogs, HostSettings, MonitoringSettings, MoodleVersion, Nat,
    NetworkSettings, Trunking,
};

/// Whether people depend on a site: what that means for each of its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Environment {
    /// Everything stands at least twice, in several zones, and is protected against deletion.
    #[default]
    Production,
    /// The cheap twin, for trying an upgrade or a course: the same parts, wired in the same way,
    /// each of them once and small. The loss of a zone is an outage, and one command removes all.
    NonProduction,
}

impl Environment {
    /// The network: three zones with a NAT gateway in each, or the two that databases and balancers
    /// insist on, with one, of whose traffic nothing is written down.
    #[must_use]
    pub fn network(self) -> NetworkSettings {
        match self {
            Self::Production => NetworkSettings::default(),
            Self::NonProduction => NetworkSettings {
                zones: 2,
                nat: Nat::Single,
                flow_logs: FlowLogs::None,
                ..NetworkSettings::default()
            },
        }
    }

    /// The database: as large as the capacity says, or one machine that shrinks while nobody is
    /// there.
    #[must_use]
    pub fn database(self, capacity: &Capacity) -> DatabaseSettings {
        match self {
            Self::Production => capacity.database(),
            Self::NonProduction => DatabaseSettings {
                capacity: DatabaseCapacity::Serverless { min: 0.5, max: 4.0 },
                instances: 1,
                backup_retention: Days(1),
                deletion_protection: false,
                ..DatabaseSettings::default()
            },
        }
    }

    /// The caches: two nodes each, or one of the smallest.
    #[must_use]
    pub fn caches(self) -> CacheSettings {
        match self {
            Self::Production => CacheSettings::default(),
            Self::NonProduction => CacheSettings {
                sessions: "cache.t4g.micro".to_owned(),
                store: "cache.t4g.micro".to_owned(),
                nodes: 1,
                ..CacheSettings::default()
            },
        }
    }

    /// The instances: as many as the capacity says, or one to five that hold two tasks each, by
    /// processors as by interfaces: it leaves the account's settings alone.
    #[must_use]
    pub fn hosts(self, capacity: &Capacity) -> HostSettings {
        match self {
            Self::Production => capacity.host_settings(),
            Self::NonProduction => HostSettings {
                instance_type: "m7g.large".to_owned(),
                min: 1,
                max: 5,
                trunking: Trunking::Off,
                ..HostSettings::default()
            },
        }
    }

    /// The application: from one task in each zone to what the capacity says, or one and a second.
    #[must_use]
    pub fn app(self, capacity: &Capacity, domain: Domain, version: MoodleVersion) -> AppSettings {
        let settings = AppSettings::new(domain, version);
        match self {
            Self::Production => {
                AppSettings { tasks: capacity.tasks, max_tasks: capacity.tasks, ..settings }
            }
            Self::NonProduction => AppSettings {
                tasks: 1,
                min_tasks: 1,
                max_tasks: 2,
                adhoc: 1,
                max_adhoc: 2,
                ..settings
            },
        }
    }

    /// The backups: those of the settings' own default, or none but what the database keeps itself.
    #[must_use]
    pub fn backups(self) -> Option<BackupSettings> {
        (self == Self::Production).then(BackupSettings::default)
    }

    /// The monitoring: alarms that tell nobody yet, or none.
    #[must_use]
    pub fn monitoring(self) -> Option<MonitoringSettings> {
        (self == Self::Production).then(MonitoringSettings::default)
    }

    /// Which rules what is not production may break, and why.
    pub(crate) fn allow(self, stack: &Stack) {
        if self == Self::NonProduction {
            for (rule, pattern, reason) in NOT_PRODUCTION {
                stack.allow(rule, pattern, reason);
            }
        }
    }

    /// The balancer, protected against deletion or not.
    #[must_use]
    pub fn balancer(self) -> BalancerSettings {
        BalancerSettings {
            deletion_protection: self == Self::Production,
            ..BalancerSettings::default()
        }
    }
}

/// What the cheap twin does without.
const NOT_PRODUCTION: [(&str, &str, &str); 4] = [
    ("single-point-of-failure", "*", "nobody depends on it: each part is there once"),
    ("nat-in-its-zone", "Route/app-b", "nobody depends on it: one NAT gateway costs half of two"),
    ("data-protected", "DbCluster/database", "one command removes what is only tried out"),
    ("data-backed-up", "DbCluster/database", "what is only tried out is not missed"),
];
