//! [`Moodle`]: a whole site by one entry point, from choices that have types.

mod builder;
mod sizes;

use infra_core::{aws, prelude::*};

pub use self::builder::{MoodleBuilder, NamedSite, SiteOfDomain};

use crate::{
    App, Backups, Balancer, Caches, Database, Delivery, DeliverySettings, Foundation, Hosts,
    ImageRepository, Images, Limit, Mail, MailIdentity, Monitoring, Network, Rollout,
    SeasonSchedule, SecurityGroups, SettingsError, SiteKey, Standing, Storage, Watched, rules,
};

/// A whole site. Each part stands in a component of its own, within one of the site's name, so that
/// a stack can have several sites.
///
/// ```
/// use infra_core::{aws::HostedZoneId, prelude::*};
/// use moodle_infra::{Capacity, Domain, Moodle, SiteCertificate};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let stack = Stack::new("campus", "test", Config::default())?;
/// let domain: Domain = "moodle.example.edu".parse()?;
/// let zone: HostedZoneId = "Z0123456789ABCDEFGHIJ".parse()?;
/// let certificate = SiteCertificate::in_zone(&stack, "certificate", &domain, &zone);
/// let site = Moodle::named("campus")
///     .domain(domain)
///     .certificate(certificate.arn())
///     .capacity(Capacity::for_students(20_000))
///     .create(&stack)?;
/// stack.output("balancer", site.balancer.load_balancer.dns_name());
/// # assert!(stack.finish().problems.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Moodle {
    /// What its data is encrypted with.
    pub key: SiteKey,
    /// Where everything stands.
    pub network: Network,
    /// Who may talk to whom.
    pub groups: SecurityGroups,
    /// Files and buckets.
    pub storage: Storage,
    /// The database.
    pub database: Database,
    /// What its image is pushed to, if it has that.
    pub images: Option<Images>,
    /// The caches.
    pub caches: Caches,
    /// The instances.
    pub hosts: Hosts,
    /// What is reached from outside.
    pub balancer: Balancer,
    /// What stands before it, if something does.
    pub edge: Option<Standing>,
    /// What sends its mail, by SES.
    pub mail: Option<MailIdentity>,
    /// Moodle itself.
    pub app: App,
    /// What tasks and instances there are at least, through the year.
    pub schedule: Option<SeasonSchedule>,
    /// Copies of database and files.
    pub backups: Option<Backups>,
    /// Who is told when it is not well.
    pub monitoring: Option<Monitoring>,
    /// What builds its image and rolls it out, if it has that.
    pub delivery: Option<Delivery>,
    /// What bounds how many tasks there can be, the narrowest first.
    pub limits: Vec<Limit>,
}

impl Moodle {
    /// A site of a name, which its component bears.
    pub fn named(name: impl Into<String>) -> NamedSite {
        NamedSite::new(name.into())
    }

    /// Shows what bounds how many tasks there can be, among the outputs of a stack.
    pub fn show(&self, stack: &Stack) {
        let Limit { by, tasks, why } = &self.limits[0];
        stack.output("most_tasks", format!("{tasks} ({}: {why})", by.name()));
    }
}

impl MoodleBuilder {
    /// The site, within a component of its name.
    ///
    /// # Errors
    /// If the settings make no site: a database that this version of Moodle does not work with, or
    /// more tasks than there is room for, a rollout to an older version.
    #[track_caller]
    pub fn create(self, stack: &Stack) -> Result<Moodle, SettingsError> {
        let stack = &stack.component(self.name());
        stack.checks(aws::rules::all());
        stack.checks(rules());
        let of = self.sizes()?;
        let key = SiteKey::create(stack, "key", self.name(), self.encryption);
        let mut of = of.with_key(key);
        of.environment.allow(stack);
        of.allow_trunks(stack);
        if let Rollout::VersionChanging { .. } = of.app.rollout {
            stack.allow(
                "rollout-guarded",
                "*:Service/*",
                "older code would meet tables that it does not know: the snapshot takes it back",
            );
        }
        let network = Network::create(stack, "network", &of.network)?;
        let mut approach = self.edge.approach(stack, "edge");
        let within = of.app.probe && self.edge.is_for_some();
        let nat = if within { network.nat_addresses() } else { vec![] };
        let security = self.security(approach.reached(), nat);
        let groups = SecurityGroups::create(stack, "security", &network.vpc, &security);
        let storage = Storage::create(stack, "storage", &network, &groups.files, &of.storage)?;
        let database =
            Database::create(stack, "database", &network, &groups.database, &of.database)?;
        let caches = Caches::create(stack, "caches", &network, &groups.cache, &of.caches);
        let files = Some(&storage.files);
        let hosts = Hosts::create(stack, "hosts", &network, &groups.hosts, files, &of.hosts)?;
        let certificate = self.certificate();
        of.balancer.front = approach.front(&storage.configuration);
        of.app.trusted = approach.trusted();
        let balancer = Balancer::create(
            stack,
            "balancer",
            &network,
            &groups.balancer,
            certificate,
            &of.balancer,
        );
        let edge = approach.finish(&self.domain, &balancer, &of.app.web);
        let on = Foundation {
            network: &network,
            hosts: &hosts,
            balancer: &balancer,
            storage: &storage,
            database: &database,
            caches: &caches,
        };
        let mail = match &of.app.mail {
            Mail::Ses(ses) => Some(MailIdentity::create(stack, "mail", &network.region, ses)),
            Mail::Smtp(_) | Mail::None => None,
        };
        let images = self.images(stack);
        let image = self.image_or_own(stack, &network, images.as_ref());
        let app = App::create(stack, "app", &on, image, &groups, &of.app)?;
        if let Some(recovery) = &app.recovery {
            stack.output(&format!("{}_recovery", self.name()), &recovery.advice);
        }
        let scaled = (&app.scaling.target, of.app.max_tasks);
        let schedule = of
            .seasons
            .map(|seasons| SeasonSchedule::create(stack, "season", &seasons, scaled, &hosts.group));
        let backups = of.backups.map(|settings| {
            Backups::create(stack, "backups", &database, &storage.files, &settings)
        });
        let backups = backups.transpose()?;
        let monitoring = of.monitoring.map(|settings| {
            let watched = Watched {
                network: &network,
                balancer: &balancer,
                hosts: &hosts,
                app: &app,
                database: &database,
                caches: &caches,
                files: &storage.files,
                backups: backups.as_ref(),
                certificate: Some(&self.certificate()),
            };
            Monitoring::create(stack, "monitoring", &watched, &settings)
        });
        let delivery = of.delivery.map(|settings| {
            let own = || images.as_ref().map(|images| ImageRepository::of(&images.repository));
            let repository = settings.repository.clone().or_else(own);
            let settings = DeliverySettings { repository, ..settings };
            Delivery::create(stack, "delivery", &on, &groups, security.edge.ranges(), &settings)
        });
        Ok(Moodle {
            limits: of.limits,
            key,
            images,
            delivery: delivery.transpose()?,
            network,
            groups,
            storage,
            database,
            caches,
            hosts,
            balancer,
            edge,
            mail,
            app,
            schedule,
            backups,
            monitoring,
        })
    }
}
