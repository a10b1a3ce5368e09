//! What is said of a site before it is made.

use infra_core::{
    aws::{AmiId, CertificateArn, DbClusterSnapshotIdentifier, sts::CallerIdentity},
    prelude::*,
};

use crate::{
    BackupSettings, Capacity, DeliverySettings, Domain, Edge, Encryption, Environment,
    FinalSnapshot, FlowLogs, Images, Mail, MonitoringSettings, MoodleVersion, Network, Registry,
    Rollout, Seasons, StorageSettings, Trunking, WebSettings,
};

/// A site that has a name; see [`Moodle::named`](crate::Moodle::named).
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
    certificate: Input<CertificateArn>,
    image: Option<Input<String>>,
    pub(super) code: Option<String>,
    pub(super) rollout: Rollout,
    pub(super) rotation: Option<ScheduleExpression>,
    pub(super) rehearse: Option<String>,
    pub(super) restored_from: Option<DbClusterSnapshotIdentifier>,
    pub(super) domain: Domain,
    pub(super) environment: Environment,
    pub(super) capacity: Capacity,
    pub(super) seasons: Option<Seasons>,
    pub(super) vcpus: Option<u32>,
    pub(super) budget: Option<u32>,
    pub(super) version: MoodleVersion,
    pub(super) engine_version: Option<String>,
    pub(super) final_snapshot: FinalSnapshot,
    pub(super) storage: StorageSettings,
    pub(super) web: Option<WebSettings>,
    pub(super) mail: Mail,
    pub(super) backups: Option<Option<BackupSettings>>,
    pub(super) monitoring: Option<MonitoringSettings>,
    pub(super) edge: Edge,
    pub(super) delivery: Option<DeliverySettings>,
    pub(super) flow_logs: Option<FlowLogs>,
    pub(super) trunking: Option<Trunking>,
    pub(super) host_image: Option<AmiId>,
    registry: Option<Registry>,
    pub(super) encryption: Encryption,
}

impl NamedSite {
    pub(super) fn new(name: String) -> Self {
        Self(name)
    }

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
            seasons: None,
            vcpus: None,
            budget: None,
            version: MoodleVersion::newest(),
            engine_version: None,
            final_snapshot: FinalSnapshot::Skip,
            image: None,
            code: None,
            rollout: Rollout::ConfigOnly,
            rotation: None,
            rehearse: None,
            restored_from: None,
            storage: StorageSettings::default(),
            web: None,
            mail: Mail::None,
            backups: None,
            monitoring: None,
            edge: Edge::default(),
            delivery: None,
            flow_logs: None,
            trunking: None,
            host_image: None,
            registry: None,
            encryption: Encryption::AwsOwned,
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

    /// How large it is through the year. Default: the same all year. What is not production has no
    /// seasons.
    pub fn season(mut self, seasons: Seasons) -> Self {
        self.seasons = Some(seasons);
        self
    }

    /// How many virtual processors the account may have in the region (Service Quotas, L-1216C47A):
    /// one of the limits of how many tasks there can be. Default: that is not looked at.
    pub fn vcpu_quota(mut self, vcpus: u32) -> Self {
        self.vcpus = Some(vcpus);
        self
    }

    /// What all instances together may cost in a month, in dollars, if all of them ran all of it: one
    /// of the limits of how many tasks there can be, by the prices of eu-central-1. Default: no limit.
    /// What the whole account may cost is told by
    /// [`MonitoringSettings::monthly_budget`](crate::MonitoringSettings::monthly_budget).
    pub fn instance_budget(mut self, dollars: u32) -> Self {
        self.budget = Some(dollars);
        self
    }

    /// The version of Moodle. Default: the newest whose needs are known.
    pub fn version(mut self, version: MoodleVersion) -> Self {
        self.version = version;
        self
    }

    /// The version of Aurora MySQL. Default: that of [`DatabaseSettings`](crate::DatabaseSettings).
    pub fn database_version(mut self, version: impl Into<String>) -> Self {
        self.engine_version = Some(version.into());
        self
    }

    /// What deletion of the database leaves behind. Default: nothing.
    pub fn final_snapshot(mut self, snapshot: FinalSnapshot) -> Self {
        self.final_snapshot = snapshot;
        self
    }

    /// What the next change of the site is. Default: [`Rollout::ConfigOnly`], and a plan in which the
    /// version changes is refused.
    pub fn rollout(mut self, rollout: Rollout) -> Self {
        self.rollout = rollout;
        self
    }

    /// What tells the code of the image from other code of the same version; see
    /// [`AppSettings::code`](crate::AppSettings::code).
    pub fn code_version(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// When Moodle gets another user of its database, with a new password. Default: on the first of
    /// each month, at 3 o'clock UTC.
    pub fn rotation(mut self, schedule: ScheduleExpression) -> Self {
        self.rotation = Some(schedule);
        self
    }

    /// Any text, such as a day: another one looks whether each file that the database knows is there,
    /// and `up` fails with how many are not. What proves that a restore is whole; `docs/rehearsal.md`
    /// says how. Default: none, nothing is looked at.
    pub fn rehearse<T: Into<String>>(mut self, text: T) -> Self {
        self.rehearse = Some(text.into());
        self
    }

    /// The snapshot that the database is made of. Default: none. What was written since it was taken
    /// is lost; the plan says so, and asks.
    pub fn restored_from(mut self, snapshot: DbClusterSnapshotIdentifier) -> Self {
        self.restored_from = Some(snapshot);
        self
    }

    /// The image of the tasks. Default: the one with the version as its tag, of the site's own
    /// repository; or, if the site has none, of the repository `moodle` of the account in the site's
    /// region.
    pub fn image(mut self, image: impl IntoInput<String>) -> Self {
        self.image = Some(image.into_input());
        self
    }

    /// Whether the site has a repository of its own for its image. Default: it has if no image is
    /// given, or if its delivery names no other one. A program that is given its image by a pipeline
    /// says it: else the repository would be there as long as no image is.
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// On what the files lie that all tasks share. Default: EFS, mounted by each task.
    pub fn storage(mut self, storage: StorageSettings) -> Self {
        self.storage = storage;
        self
    }

    /// What a request may be: how large, and how long it may take. Default: uploads of 100 MiB, and
    /// as much time as the balancer gives, or as much of both as the edge lets pass.
    pub fn web(mut self, web: WebSettings) -> Self {
        self.web = Some(web);
        self
    }

    /// How it writes to people. Default: not at all.
    pub fn mail(mut self, mail: Mail) -> Self {
        self.mail = mail;
        self
    }

    /// Backups besides those that the database keeps itself, or `None`. Default: every night in
    /// production, none elsewhere.
    pub fn backups(mut self, backups: impl Into<Option<BackupSettings>>) -> Self {
        self.backups = Some(backups.into());
        self
    }

    /// Who is told when it is not well. Default: alarms that tell nobody, in production; none
    /// elsewhere.
    pub fn monitoring(mut self, monitoring: MonitoringSettings) -> Self {
        self.monitoring = Some(monitoring);
        self
    }

    /// What builds the site's image and rolls it out. Default: nothing.
    pub fn delivery(mut self, delivery: DeliverySettings) -> Self {
        self.delivery = Some(delivery);
        self
    }

    /// What is written down of the traffic that its network refused. Default: in production for a
    /// month, in CloudWatch Logs; elsewhere nothing.
    pub fn flow_logs(mut self, flow_logs: FlowLogs) -> Self {
        self.flow_logs = Some(flow_logs);
        self
    }

    /// Whether tasks get their network interfaces from a trunk, which the whole account is told:
    /// of several sites in an account one tells it. Default: in production they do, and this site
    /// tells it; elsewhere they do not.
    pub fn trunking(mut self, trunking: Trunking) -> Self {
        self.trunking = Some(trunking);
        self
    }

    /// The image that its instances start with: one of your own. Default: the newest that AWS (or
    /// Debian, where they mount GlusterFS) publishes.
    pub fn host_image(mut self, image: AmiId) -> Self {
        self.host_image = Some(image);
        self
    }

    /// With whose key its data is encrypted. Default: with AWS's own. To change it replaces database,
    /// caches and files: it is said when the site is made.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = encryption;
        self
    }

    /// What stands between people and the balancer. Default: nothing.
    pub fn edge(mut self, edge: Edge) -> Self {
        self.edge = edge;
        self
    }

    /// Who reaches the balancer, with nothing in between: [`Edge::Direct`]. Default: everybody.
    pub fn reached_from(self, from: impl IntoIterator<Item = Ipv4Net>) -> Self {
        self.edge(Edge::Direct { from: from.into_iter().collect() })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn certificate(&self) -> Input<CertificateArn> {
        self.certificate.clone()
    }

    /// Its repository, if it has one.
    pub(super) fn images(&self, stack: &Stack) -> Option<Images> {
        let pushes = self.delivery.as_ref().is_some_and(|delivery| delivery.repository.is_none());
        let by_default =
            if self.image.is_none() || pushes { Registry::Own } else { Registry::Elsewhere };
        let own = self.registry.unwrap_or(by_default) == Registry::Own;
        own.then(|| Images::create(stack, "images"))
    }

    pub(super) fn image_or_own(
        &self,
        stack: &Stack,
        network: &Network,
        images: Option<&Images>,
    ) -> Input<String> {
        if let Some(image) = &self.image {
            return image.clone();
        }
        if let Some(images) = images {
            return images.tagged(&self.version.to_string()).into_input();
        }
        let account = CallerIdentity::lookup("account").create(stack).account();
        let (region, tag) = (&network.region, self.version.to_string());
        interpolate!("{account}.dkr.ecr.{region}.amazonaws.com/moodle:{tag}").into_input()
    }
}
