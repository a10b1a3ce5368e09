//! What each component of a site is to be, from what was said of the whole.

use infra_core::{aws::ec2::InstanceSize, prelude::*};

use super::MoodleBuilder;
use crate::{
    AppSettings, BackupSettings, BalancerSettings, CacheSettings, Capacity, DatabaseSettings,
    DeliverySettings, Environment, HostSettings, Layout, Limit, MonitoringSettings,
    NetworkSettings, ReachedFrom, SeasonSize, Seasons, SecuritySettings, SettingsError, SiteKey,
    StorageSettings, Trunking, limits::Bounds,
};

/// What each component is to be.
pub(super) struct Sizes {
    pub(super) environment: Environment,
    pub(super) network: NetworkSettings,
    pub(super) storage: StorageSettings,
    pub(super) database: DatabaseSettings,
    pub(super) caches: CacheSettings,
    pub(super) hosts: HostSettings,
    pub(super) balancer: BalancerSettings,
    pub(super) app: AppSettings,
    pub(super) seasons: Option<Seasons>,
    pub(super) backups: Option<BackupSettings>,
    pub(super) monitoring: Option<MonitoringSettings>,
    pub(super) delivery: Option<DeliverySettings>,
    pub(super) limits: Vec<Limit>,
}

impl Sizes {
    /// Everything that keeps data, encrypted with a key.
    pub(super) fn with_key(self, key: SiteKey) -> Self {
        Self {
            network: NetworkSettings { key, ..self.network },
            storage: self.storage.with_key(key),
            database: DatabaseSettings { key, ..self.database },
            caches: CacheSettings { key, ..self.caches },
            hosts: HostSettings { key, ..self.hosts },
            app: AppSettings { key, ..self.app },
            backups: self.backups.map(|backups| BackupSettings { key, ..backups }),
            delivery: self.delivery.map(|delivery| DeliverySettings { key, ..delivery }),
            ..self
        }
    }

    /// What is said of the account elsewhere no rule sees. What nothing breaks may not be allowed.
    pub(super) fn allow_trunks(&self, stack: &Stack) {
        let (hosts, app) = (&self.hosts, &self.app);
        let tasks = 2 * app.max_tasks + beside(app, self.delivery.as_ref());
        let own = InstanceSize::of(&hosts.instance_type).map(|size| size.interfaces - 1);
        let short = own.is_some_and(|own| tasks > hosts.max * own);
        if short && matches!(hosts.trunking, Trunking::Elsewhere) {
            let why = "the account has awsvpcTrunking, which is not of this program";
            stack.allow("task-interfaces", "Group/web", why);
        }
    }
}

/// How many tasks there are beside the web during a rollout.
fn beside(app: &AppSettings, delivery: Option<&DeliverySettings>) -> u32 {
    1 + 2 * app.max_adhoc + u32::from(app.probe) + u32::from(delivery.is_some())
}

impl MoodleBuilder {
    pub(super) fn sizes(&self) -> Result<Sizes, SettingsError> {
        let environment = self.environment;
        let trunking = self.trunking.unwrap_or(environment.hosts(&self.capacity).trunking);
        let seasons = self.seasons.clone().filter(|_| environment == Environment::Production);
        let seasons = match trunking {
            Trunking::Off => seasons.map(Seasons::without_trunks),
            _ => seasons,
        };
        let now = seasons.as_ref().map(|seasons| seasons.size(seasons.now));
        let backups = self.backups.clone().unwrap_or_else(|| environment.backups());
        let storage = match backups {
            Some(_) => self.storage.clone().without_daily_backups(),
            None => self.storage.clone(),
        };
        let network = environment.network();
        let flow_logs = self.flow_logs.unwrap_or(network.flow_logs);
        let network = NetworkSettings { flow_logs, ..network };
        let hosts = self.hosts(seasons.as_ref(), trunking);
        let database = self.database(now);
        let layout = Layout::new(network.cidr, network.zones)?;
        self.edge.check(&self.domain)?;
        let monitoring = self.monitoring.clone().or_else(|| environment.monitoring());
        let probe = monitoring.as_ref().is_some_and(MonitoringSettings::watches_logins);
        let app = AppSettings { probe, ..self.app(seasons.as_ref())? };
        let bounds = Bounds {
            layout: &layout,
            hosts: &hosts,
            database: &database,
            memory: app.memory,
            cpu: app.cpu,
            beside: beside(&app, self.delivery.as_ref()),
            vcpus: self.vcpus,
            budget: self.budget,
        };
        let limits = bounds.limits()?;
        let app = within(app, &limits[0])?;
        Ok(Sizes {
            environment,
            caches: self.caches(now),
            balancer: environment.balancer(),
            network,
            storage,
            database,
            hosts,
            app,
            seasons,
            backups,
            monitoring,
            delivery: self.delivery_apart()?,
            limits,
        })
    }

    fn delivery_apart(&self) -> Result<Option<DeliverySettings>, SettingsError> {
        match &self.delivery {
            Some(delivery) if delivery.domain == self.domain => {
                Err(SettingsError::DeliveryDomain { domain: self.domain.as_str().to_owned() })
            }
            Some(_) if self.edge.is_between() => Err(SettingsError::DeliveryEdge),
            delivery => Ok(delivery.clone()),
        }
    }

    pub(super) fn security(
        &self,
        edge: ReachedFrom,
        nat: Vec<Output<Ipv4Net>>,
    ) -> SecuritySettings {
        SecuritySettings { edge, nat, storage: self.storage.clone(), mail: self.mail.clone() }
    }

    fn database(&self, now: Option<&SeasonSize>) -> DatabaseSettings {
        let settings = self.environment.database(&self.capacity);
        DatabaseSettings {
            engine_version: self.engine_version.clone().unwrap_or(settings.engine_version),
            final_snapshot: self.final_snapshot.clone(),
            restored_from: self.restored_from.clone(),
            capacity: now.map_or(settings.capacity, |now| now.database.clone()),
            ..settings
        }
    }

    fn caches(&self, now: Option<&SeasonSize>) -> CacheSettings {
        let settings = self.environment.caches();
        let Some(now) = now else { return settings };
        CacheSettings { sessions: now.sessions.clone(), store: now.store.clone(), ..settings }
    }

    /// As many at most as the largest season needs for a rollout, and one more where the delivery
    /// needs room too.
    fn hosts(&self, seasons: Option<&Seasons>, trunking: Trunking) -> HostSettings {
        let settings = self.environment.hosts(&self.capacity);
        let max = match trunking {
            // Those that the capacity says have trunks.
            Trunking::Off if settings.trunking.is_on() => {
                settings.max.max(Capacity::hosts_for(2 * self.capacity.tasks, false))
            }
            _ => settings.max,
        };
        let more = u32::from(self.delivery.is_some());
        let settings =
            HostSettings { max: max + more, trunking, image: self.host_image.clone(), ..settings };
        let Some(seasons) = seasons else { return settings };
        let largest = seasons.largest().max_hosts(trunking.is_on());
        HostSettings {
            min: seasons.size(seasons.now).min_hosts,
            max: settings.max.max(largest + more),
            is_scheduled: true,
            ..settings
        }
    }

    fn app(&self, seasons: Option<&Seasons>) -> Result<AppSettings, SettingsError> {
        let settings = self.environment.app(&self.capacity, self.domain.clone(), self.version);
        let settings = AppSettings {
            web: self.edge.web(self.web.as_ref())?,
            mail: self.mail.clone(),
            code: self.code.clone(),
            rollout: self.rollout,
            rehearse: self.rehearse.clone(),
            rotation: self.rotation.clone().unwrap_or_else(|| settings.rotation.clone()),
            ..settings
        };
        let Some(seasons) = seasons else { return Ok(settings) };
        let min_tasks = seasons.size(seasons.now).min_tasks;
        Ok(AppSettings { min_tasks, tasks: min_tasks, is_scheduled: true, ..settings })
    }
}

/// As many tasks at most as there is room for. In a quiet season the database may have no room for
/// those of a busy one, but for its own.
fn within(app: AppSettings, narrowest: &Limit) -> Result<AppSettings, SettingsError> {
    let wanted = if app.is_scheduled { app.min_tasks } else { app.max_tasks };
    if narrowest.tasks < wanted {
        let Limit { by, tasks, why } = narrowest.clone();
        return Err(SettingsError::Room { wanted, tasks, by: by.name(), why });
    }
    Ok(AppSettings { max_tasks: narrowest.tasks, ..app })
}
