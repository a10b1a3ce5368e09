//! [`Moodle`]: a whole site by one entry point, from choices that have types.

use infra_core::{
    aws::{CertificateArn, sts::CallerIdentity},
    prelude::*,
};

use crate::{
    App, Balancer, Caches, Capacity, Database, DatabaseSettings, Delivery, DeliverySettings,
    Domain, Environment, FinalSnapshot, Foundation, HostSettings, Hosts, MoodleVersion, Network,
    SecurityGroups, SettingsError, Storage,
};

/// A whole site. Each part stands in a component of its own, within one of the site's name, so that
/// a stack can have several sites.
///
/// ```
/// use infra_core::prelude::*;
/// use moodle_infra::{Capacity, Environment, Moodle};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let stack = Stack::new("campus", "test", Config::default())?;
/// # let certificate: infra_core::aws::CertificateArn =
/// #     "arn:aws:acm:eu-central-1:123456789012:certificate/0d4f1c1e-6f0a-4c53-9f4f-3b1b7c9d2a10"
/// #         .parse()?;
/// let site = Moodle::named("campus")
///     .domain("moodle.example.edu".parse()?)
///     .certificate(certificate)
///     .capacity(Capacity::for_students(20_000))
///     .create(&stack)?;
/// stack.output("balancer", site.balancer.load_balancer.dns_name());
/// # assert!(stack.finish().problems.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Moodle {
    /// Where everything stands.
    pub network: Network,
    /// Who may talk to whom.
    pub groups: SecurityGroups,
    /// Files and buckets.
    pub storage: Storage,
    /// The database.
    pub database: Database,
    /// The caches.
    pub caches: Caches,
    /// The instances.
    pub hosts: Hosts,
    /// What is reached from outside.
    pub balancer: Balancer,
    /// Moodle itself.
    pub app: App,
    /// What builds its image and rolls it out, if it has that.
    pub delivery: Option<Delivery>,
}

/// A site that has a name; see [`Moodle::named`].
#[derive(Clone, Debug)]
#[must_use = "a site needs a domain, a certificate and `create`"]
pub struct NamedSite(String);

/// A site that has a name and a domain.
#[derive(Clone, Debug)]
#[must_use = "a site needs a certificate and `create`"]
pub struct SiteOfDomain {
    name: String,
    domain: Domain,
}

/// A site of which everything is said that has to be; the rest has defaults.
#[derive(Clone, Debug)]
#[must_use = "nothing stands before `create`"]
pub struct MoodleBuilder {
    name: String,
    domain: Domain,
    certificate: Input<CertificateArn>,
    environment: Environment,
    capacity: Capacity,
    version: MoodleVersion,
    engine_version: Option<String>,
    final_snapshot: FinalSnapshot,
    image: Option<Input<String>>,
    edge: Vec<Ipv4Net>,
    delivery: Option<DeliverySettings>,
}

impl Moodle {
    /// A site of a name, which its component bears.
    pub fn named(name: impl Into<String>) -> NamedSite {
        NamedSite(name.into())
    }
}

impl NamedSite {
    /// The name that the site is reached by.
    pub fn domain(self, domain: Domain) -> SiteOfDomain {
        SiteOfDomain { name: self.0, domain }
    }
}

impl SiteOfDomain {
    /// The certificate of that name, in the region of the site.
    pub fn certificate(self, certificate: impl IntoInput<CertificateArn>) -> MoodleBuilder {
        let Self { name, domain } = self;
        MoodleBuilder {
            name,
            domain,
            certificate: certificate.into_input(),
            environment: Environment::default(),
            capacity: Capacity::default(),
            version: MoodleVersion::newest(),
            engine_version: None,
            final_snapshot: FinalSnapshot::Skip,
            image: None,
            edge: vec![Ipv4Net::default()],
            delivery: None,
        }
    }
}

impl MoodleBuilder {
    /// Whether people depend on it. Default: [`Environment::Production`].
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// How large it is. Default: for 400 people at once. What is not production is small, whatever
    /// is said here.
    pub fn capacity(mut self, capacity: Capacity) -> Self {
        self.capacity = capacity;
        self
    }

    /// The version of Moodle. Default: the newest whose needs are known.
    pub fn version(mut self, version: MoodleVersion) -> Self {
        self.version = version;
        self
    }

    /// The version of Aurora MySQL. Default: that of [`DatabaseSettings`].
    pub fn database_version(mut self, version: impl Into<String>) -> Self {
        self.engine_version = Some(version.into());
        self
    }

    /// What deletion of the database leaves behind. Default: nothing.
    pub fn final_snapshot(mut self, snapshot: FinalSnapshot) -> Self {
        self.final_snapshot = snapshot;
        self
    }

    /// The image of the tasks. Default: `moodle`, with the version as its tag, of the account's own
    /// registry in the site's region.
    pub fn image(mut self, image: impl IntoInput<String>) -> Self {
        self.image = Some(image.into_input());
        self
    }

    /// Who reaches the balancer. Default: everybody.
    pub fn reached_from(mut self, edge: impl IntoIterator<Item = Ipv4Net>) -> Self {
        self.edge = edge.into_iter().collect();
        self
    }

    /// What builds the site's image and rolls it out. Default: nothing.
    pub fn delivery(mut self, delivery: DeliverySettings) -> Self {
        self.delivery = Some(delivery);
        self
    }

    /// The site, within a component of its name.
    ///
    /// # Errors
    /// If the settings make no site: a database that this version of Moodle does not work with, or
    /// a delivery that everybody reaches.
    #[track_caller]
    pub fn create(self, stack: &Stack) -> Result<Moodle, SettingsError> {
        let stack = &stack.component(&self.name);
        let environment = self.environment;
        let network = Network::create(stack, "network", &environment.network())?;
        let groups = SecurityGroups::create(stack, "security", &network.vpc, &self.edge);
        let storage = Storage::create(stack, "storage", &network, &groups.files);
        let database =
            Database::create(stack, "database", &network, &groups.database, &self.database())?;
        let caches =
            Caches::create(stack, "caches", &network, &groups.cache, &environment.caches());
        let hosts = self.hosts();
        let hosts = Hosts::create(stack, "hosts", &network, &groups.hosts, &hosts)?;
        let balancer = environment.balancer();
        let balancer = Balancer::create(
            stack,
            "balancer",
            &network,
            &groups.balancer,
            self.certificate.clone(),
            &balancer,
        );
        let on = Foundation {
            network: &network,
            hosts: &hosts,
            balancer: &balancer,
            storage: &storage,
            database: &database,
            caches: &caches,
        };
        let settings = environment.app(&self.capacity, self.domain.clone(), self.version);
        let image = self.image.clone().unwrap_or_else(|| self.own_image(stack, &network));
        let app = App::create(stack, "app", &on, image, &groups, &settings)?;
        let delivery = self.delivery.as_ref();
        let delivery = delivery
            .map(|settings| {
                if settings.domain == self.domain {
                    let domain = self.domain.as_str().to_owned();
                    return Err(SettingsError::DeliveryDomain { domain });
                }
                Delivery::create(stack, "delivery", &on, &groups, &self.edge, settings)
            })
            .transpose()?;
        Ok(Moodle { network, groups, storage, database, caches, hosts, balancer, app, delivery })
    }

    /// The instances, with one more where the delivery needs room too.
    fn hosts(&self) -> HostSettings {
        let hosts = self.environment.hosts(&self.capacity);
        let more = u32::from(self.delivery.is_some());
        HostSettings { max: hosts.max + more, ..hosts }
    }

    fn own_image(&self, stack: &Stack, network: &Network) -> Input<String> {
        let account = CallerIdentity::lookup("account").create(stack).account();
        let (region, tag) = (&network.region, self.version.to_string());
        interpolate!("{account}.dkr.ecr.{region}.amazonaws.com/moodle:{tag}").into_input()
    }

    fn database(&self) -> DatabaseSettings {
        let settings = self.environment.database(&self.capacity);
        DatabaseSettings {
            engine_version: self.engine_version.clone().unwrap_or(settings.engine_version),
            final_snapshot: self.final_snapshot.clone(),
            ..settings
        }
    }
}
