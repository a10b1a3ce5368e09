//! [`Monitoring`]: who is told when a site is not well, and of what.

mod dashboard;
mod events;
mod figure;
mod figures;
mod objective;
mod said;
mod spending;

use email_address::EmailAddress;
use infra_core::{
    aws::{
        CertificateArn,
        budgets::Budget,
        cloudwatch::{
            AlarmAction, ComparisonOperator, CompositeAlarm, Dashboard, MetricAlarm,
            TreatMissingData,
        },
        eventbridge::Rule,
        iam::{PolicyDocument, Principal, Statement},
        rds::{EventCategory, EventSource, EventSubscription},
        sns::{Subscription, SubscriptionProtocol, Topic, TopicPolicy},
        sts::CallerIdentity,
    },
    prelude::*,
};

use self::figure::Figure;
use crate::{App, Backups, Balancer, Caches, Database, Files, Hosts, Network, SettingsError};

/// Who is told when a site is not well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitoringSettings {
    mail_to: Vec<EmailAddress>,
    budget: Option<u32>,
    logins: bool,
}

impl Default for MonitoringSettings {
    /// Alarms that tell nobody, and somebody who logs in every minute.
    fn default() -> Self {
        Self { mail_to: vec![], budget: None, logins: true }
    }
}

/// What is watched.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// The network.
    pub network: &'a Network,
    /// What people see first.
    pub balancer: &'a Balancer,
    /// The instances.
    pub hosts: &'a Hosts,
    /// The tasks.
    pub app: &'a App,
    /// The database.
    pub database: &'a Database,
    /// The caches.
    pub caches: &'a Caches,
    /// The files.
    pub files: &'a Files,
    /// The backups, if there are any.
    pub backups: Option<&'a Backups>,
    /// The certificate, if its end is to be told.
    pub certificate: Option<&'a Input<CertificateArn>>,
}

/// Alarms on what people feel and on what is about to break, one place where all of them are told,
/// and one page that shows all figures.
///
/// Each alarm says what it means and what is to be done. Whoever is told by mail has to confirm that
/// once; AWS writes to them.
#[derive(Clone, Debug)]
pub struct Monitoring {
    /// Where alarms, failovers and [`events`](Self::events) are told.
    pub operators: Topic,
    /// The alarms on single figures.
    pub alarms: Vec<MetricAlarm>,
    /// The alarm on how many errors people are to see at most.
    pub objective: CompositeAlarm,
    /// The page.
    pub dashboard: Dashboard,
    /// What is told that no figure shows: deployments that failed, instances that did not start,
    /// backups, copies and restores that failed, a certificate that ends.
    pub events: Vec<Rule>,
    /// What a month may cost, if that was said.
    pub budget: Option<Budget>,
}

impl MonitoringSettings {
    /// Somebody who is told by mail.
    ///
    /// # Errors
    /// If that is no address.
    pub fn mail_to(mut self, address: &str) -> Result<Self, SettingsError> {
        let known = address.parse();
        let address = known.map_err(|_| SettingsError::MailTo { address: address.to_owned() })?;
        self.mail_to.push(address);
        Ok(self)
    }

    /// What a month of the whole account may cost, in US dollars. It is told when 80 % of it are
    /// spent, and when AWS expects that it will not do; nothing is stopped. Default: that is not
    /// watched.
    ///
    /// # Errors
    /// If that is nothing.
    pub fn monthly_budget(mut self, dollars: u32) -> Result<Self, SettingsError> {
        if dollars == 0 {
            return Err(SettingsError::Budget);
        }
        self.budget = Some(dollars);
        Ok(self)
    }

    /// Whether somebody logs in every minute, by a [`Probe`](crate::Probe), so that an alarm tells
    /// when nobody can. Default: yes. A site whose people all log in elsewhere (single sign-on alone,
    /// a second factor for everybody) says no.
    #[must_use]
    pub fn logins(mut self, are_watched: bool) -> Self {
        self.logins = are_watched;
        self
    }

    pub(crate) fn watches_logins(&self) -> bool {
        self.logins
    }
}

impl Monitoring {
    /// The monitoring of a site in a component of its own.
    #[track_caller]
    pub fn create(
        stack: &Stack,
        name: &str,
        watched: &Watched<'_>,
        settings: &MonitoringSettings,
    ) -> Self {
        let stack = &stack.component(name);
        let (operators, open) = operators(stack, settings);
        let told = AlarmAction::topic(&operators);
        let parts = parts(watched);
        let alarms = parts.iter().flat_map(|(_, figures)| figures);
        let mut alarms: Vec<MetricAlarm> =
            alarms.map(|figure| figure.alarm(stack, &told)).collect();
        alarms.extend(said::create(stack, watched.app, &told));
        alarms.push(missing_tasks(stack, watched, &told));
        let objective = objective::create(stack, watched.balancer, &told);
        let region = &watched.network.region;
        let dashboard = dashboard::create(stack, region, &parts, &alarms, &objective);
        EventSubscription::named("database")
            .sns_topic_arn(&operators)
            .source(EventSource::db_clusters(inputs![&watched.database.cluster]))
            .event_categories([
                EventCategory::Failover,
                EventCategory::Failure,
                EventCategory::Maintenance,
            ])
            .create(stack);
        let budget =
            settings.budget.map(|dollars| spending::create(stack, dollars, &operators, &open));
        let events = events::create(stack, watched, &operators);
        Self { operators, alarms, objective, dashboard, events, budget }
    }
}

/// What is watched, part by part.
fn parts(watched: &Watched<'_>) -> Vec<(&'static str, Vec<Figure>)> {
    let mut parts = vec![
        ("Balancer", figures::balancer(watched.balancer)),
        ("Tasks and instances", figures::tasks(watched.hosts, watched.app)),
        ("Database", figures::database(watched.database)),
        ("Caches", figures::caches(watched.caches)),
        ("Files", figures::files(watched.files)),
        ("NAT", figures::nat(watched.network)),
    ];
    parts.extend(watched.backups.map(|backups| ("Backups", figures::backups(backups))));
    parts
}

/// Where everything is told. Its messages have no secrets in them: it is not encrypted with a key of
/// its own, and with AWS's own key alarms could not write to it.
fn operators(stack: &Stack, settings: &MonitoringSettings) -> (Topic, TopicPolicy) {
    let topic = Topic::named("operators").create(stack);
    let account = CallerIdentity::lookup("account").create(stack).account();
    let services = ["cloudwatch", "events", "backup", "events.rds", "budgets"];
    let publish = Statement::allow()
        .principals(services.map(|it| Principal::service(format!("{it}.amazonaws.com"))))
        .actions(["sns:Publish"])
        .resources([topic.topic_arn()])
        .conditions_push("StringEquals", [("aws:SourceAccount", [account])]);
    let open = TopicPolicy::named("operators")
        .topic_arn(&topic)
        .policy_document(PolicyDocument::new([publish]))
        .create(stack);
    for (number, address) in settings.mail_to.iter().enumerate() {
        Subscription::named(format!("operators-{number}"))
            .topic_arn(&topic)
            .protocol(SubscriptionProtocol::Email)
            .endpoint(address.as_str())
            .create(stack);
    }
    (topic, open)
}

/// Fewer tasks run than are wanted.
fn missing_tasks(stack: &Stack, watched: &Watched<'_>, told: &AlarmAction) -> MetricAlarm {
    use infra_core::aws::cloudwatch::{MetricDataQuery, MetricStat};
    let of = |metric: &str| {
        let cluster = interpolate!("{}", watched.hosts.cluster.cluster_name());
        let service = interpolate!("{}", watched.app.service.service_name());
        MetricStat::new("ECS/ContainerInsights", metric, "Average", Seconds(60))
            .dimensions([("ClusterName", cluster), ("ServiceName", service)])
    };
    let query = |id, metric| MetricDataQuery::metric(id, of(metric)).return_data(false);
    MetricAlarm::named("tasks-missing")
        .alarm_description(
            "Fewer tasks run than are wanted: they do not start, or find no room. Look at the \
             events of the service.",
        )
        .metrics([
            query("wanted", "DesiredTaskCount"),
            query("running", "RunningTaskCount"),
            MetricDataQuery::formula("missing", "wanted - running").label("tasks missing"),
        ])
        .evaluation_periods(10_u32)
        .comparison_operator(ComparisonOperator::GreaterThanThreshold)
        .threshold(0.0)
        .treat_missing_data(TreatMissingData::NotBreaching)
        .alarm_actions([told.clone()])
        .ok_actions([told.clone()])
        .create(stack)
}
