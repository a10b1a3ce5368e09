//! [`Aws`]: the clients of one account and region.

use std::{
    any::{Any, TypeId},
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use aws_config::{BehaviorVersion, Region, SdkConfig, sts::AssumeRoleProvider};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::tls::{Provider as Tls, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use infra_core::{
    clock::{Clock, SystemClock},
    dsl::Provider,
    handler::{HandlerError, Problem, Request},
    schema::Identity,
    value::Properties,
};
use tokio::sync::OnceCell;

use crate::{
    calls::{OnCall, Told},
    client::Client,
    error::{Answer, Error},
    gather::Gather,
    pace::{Pace, Paced},
};

/// Which AWS, and how it is reached. Credentials are found as the AWS CLI finds them: environment,
/// profiles, SSO, web identity, the instance's or the task's role. Nothing of them is kept.
#[derive(Clone, Default)]
pub struct AwsOptions {
    /// The region of what names none. Default: that of the environment or the profile.
    pub region: Option<String>,
    /// The region where nothing says one. Default: none, and a run is refused.
    pub fallback_region: Option<String>,
    /// The profile. Default: `AWS_PROFILE`, else `default`.
    pub profile: Option<String>,
    /// Where all services are, instead of at AWS: `http://localhost:5000`.
    pub endpoint: Option<String>,
    /// Where single services are, by the name of their SDK crate: `elasticloadbalancingv2`.
    pub endpoints: BTreeMap<String, String>,
    /// A key id and its secret, for servers that do not check them. Default: those that are found.
    pub credentials: Option<(String, String)>,
    /// How Cloudflare is reached, for programs that have its types too. Its server may also stand in
    /// [`endpoints`](Self::endpoints), as `cloudflare`.
    #[cfg(feature = "cloudflare")]
    pub cloudflare: crate::CloudflareOptions,
    /// Who is told of each call before it is made. Default: nobody.
    pub on_call: Option<OnCall>,
}

impl fmt::Debug for AwsOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsOptions")
            .field("region", &self.region)
            .field("profile", &self.profile)
            .field("endpoint", &self.endpoint)
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

/// A connection is there within this time, or there is none.
const CONNECT: Duration = Duration::from_secs(5);
/// One call comes to an answer within this time: it bounds when a call that was begun under a lease
/// can still do something.
pub(crate) const CALL: Duration = Duration::from_secs(60);

/// A region and a role, where a provider says them.
type Whose = (Option<Arc<str>>, Option<Arc<str>>);

/// Where AWS counts calls together: a region, and a role, which is as near as one comes to the
/// account without asking.
type Counted = (String, Option<Arc<str>>);

/// Makes the clients, once for each account and region.
#[derive(Debug)]
pub(crate) struct Factory {
    options: AwsOptions,
    base: OnceCell<SdkConfig>,
    made: Mutex<BTreeMap<Whose, Arc<Aws>>>,
    paces: Mutex<BTreeMap<Counted, Arc<Pace>>>,
    clock: Arc<dyn Clock>,
}

impl Factory {
    pub(crate) fn new(options: AwsOptions) -> Self {
        Self {
            options,
            base: OnceCell::new(),
            made: Mutex::default(),
            paces: Mutex::default(),
            clock: Arc::new(SystemClock),
        }
    }

    /// Whether a server stands in for AWS.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.options.endpoint.is_some()
    }

    /// What all clients have in common. The engine tries again itself, and knows what it may.
    async fn base(&self) -> &SdkConfig {
        self.base
            .get_or_init(async || {
                let AwsOptions { region, profile, endpoint, credentials, .. } = &self.options;
                let http = aws_smithy_http_client::Builder::new()
                    .tls_provider(Tls::Rustls(CryptoMode::Ring))
                    .build_https();
                let timeouts =
                    TimeoutConfig::builder().connect_timeout(CONNECT).operation_timeout(CALL);
                let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
                    .http_client(http)
                    .retry_config(RetryConfig::disabled())
                    .timeout_config(timeouts.build());
                if let Some(region) = region {
                    loader = loader.region(Region::new(region.clone()));
                }
                if let Some(profile) = profile {
                    loader = loader.profile_name(profile);
                }
                if let Some(endpoint) = endpoint {
                    loader = loader.endpoint_url(endpoint);
                }
                if let Some((id, secret)) = credentials {
                    let given = Credentials::new(id, secret, None, None, "given");
                    loader = loader.credentials_provider(given);
                }
                let config = loader.load().await;
                let fallback = self.options.fallback_region.clone().map(Region::new);
                match (config.region(), fallback) {
                    (None, Some(region)) => config.to_builder().region(region).build(),
                    _ => config,
                }
            })
            .await
    }

    /// The clients of what a provider says.
    pub(crate) async fn of(&self, provider: &Provider) -> Arc<Aws> {
        self.in_region(provider.region.clone(), provider.role.clone()).await
    }

    async fn in_region(&self, region: Option<Arc<str>>, role: Option<Arc<str>>) -> Arc<Aws> {
        let key = (region, role);
        if let Some(aws) = self.made.lock().expect("nobody panics with it").get(&key) {
            return Arc::clone(aws);
        }
        let base = self.base().await;
        let mut config = base.to_builder();
        if let Some(region) = &key.0 {
            config.set_region(Some(Region::new(region.to_string())));
        }
        if let Some(role) = &key.1 {
            let assumed = AssumeRoleProvider::builder(role.to_string())
                .session_name("moodle-infra")
                .configure(base)
                .build()
                .await;
            config.set_credentials_provider(Some(SharedCredentialsProvider::new(assumed)));
        }
        let pace = self.pace(base, &key);
        config.set_identity_cache(base.identity_cache().map(|identities| {
            SharedIdentityCache::new(Paced { pace: Arc::clone(&pace), identities })
        }));
        let aws = Arc::new(Aws {
            config: config.build(),
            pace,
            endpoints: self.options.endpoints.clone(),
            told: self.options.on_call.clone().map(Told),
            account: OnceCell::new(),
            gathers: Mutex::default(),
            #[cfg(feature = "route53")]
            changes: Mutex::default(),
            clients: Clients::default(),
            #[cfg(feature = "s3")]
            s3: OnceLock::new(),
        });
        let mut made = self.made.lock().expect("nobody panics with it");
        Arc::clone(made.entry(key).or_insert(aws))
    }

    /// How often AWS is called there. Who names the region that others have by default shares it.
    fn pace(&self, base: &SdkConfig, (region, role): &Whose) -> Arc<Pace> {
        let default = || base.region().map(ToString::to_string);
        let region = region.as_deref().map(str::to_owned).or_else(default).unwrap_or_default();
        let mut paces = self.paces.lock().expect("nobody panics with it");
        let made = || match self.options.endpoint {
            Some(_) => Pace::unbounded(),
            None => {
                let elsewhere = self.options.endpoints.keys().cloned().collect();
                Pace::new(Arc::clone(&self.clock), elsewhere)
            }
        };
        Arc::clone(paces.entry((region, role.clone())).or_insert_with(|| Arc::new(made())))
    }
}

/// A [`Gather`] of some type.
type Gathering = Arc<dyn Any + Send + Sync>;

/// The clients of one account and region.
#[derive(Debug)]
pub(crate) struct Aws {
    config: SdkConfig,
    pace: Arc<Pace>,
    endpoints: BTreeMap<String, String>,
    told: Option<Told>,
    account: OnceCell<String>,
    /// What is asked together, by what it is and what is told of it.
    gathers: Mutex<BTreeMap<(&'static str, TypeId), Gathering>>,
    /// The last change of a thing, where AWS tells of the change alone whether it is done. What
    /// another process began is not known here.
    #[cfg(feature = "route53")]
    changes: Mutex<BTreeMap<String, String>>,
    clients: Clients,
    #[cfg(feature = "s3")]
    s3: OnceLock<aws_sdk_s3::Client>,
}

impl Aws {
    /// The region: `eu-central-1`.
    pub(crate) fn region(&self) -> &str {
        self.config.region().map_or("", |region| region.as_ref())
    }

    /// The number of the account.
    pub(crate) async fn account(&self) -> Answer<&str> {
        let asked = self.account.get_or_try_init(async || {
            let identity = self.sts().get_caller_identity().send().await?;
            let missing = || Error::incomplete("sts", "GetCallerIdentity", "Account");
            identity.account.ok_or_else(missing)
        });
        Ok(asked.await?)
    }

    /// Where questions of one kind meet: those about single subnets, say.
    pub(crate) fn gather<V: Send + 'static>(&self, kind: &'static str) -> Arc<Gather<V>> {
        let key = (kind, TypeId::of::<V>());
        let mut gathers = self.gathers.lock().expect("nobody panics with it");
        let made = || -> Gathering { Arc::new(Gather::<V>::default()) };
        let gather = Arc::clone(gathers.entry(key).or_insert_with(made));
        gather.downcast().expect("the key has its type")
    }

    /// S3, which finds a bucket by a name of its own in DNS at AWS, and by a path elsewhere.
    #[cfg(feature = "s3")]
    pub(crate) fn s3(&self) -> &aws_sdk_s3::Client {
        self.s3.get_or_init(|| {
            let elsewhere = self.is_elsewhere("s3");
            let mut config =
                aws_sdk_s3::config::Builder::from(&self.config).force_path_style(elsewhere);
            if let Some(endpoint) = self.endpoints.get("s3") {
                config = config.endpoint_url(endpoint);
            }
            if let Some(told) = self.told.clone() {
                config = config.interceptor(told);
            }
            aws_sdk_s3::Client::from_conf(config.build())
        })
    }

    /// The change of a thing that is not known to be done yet.
    #[cfg(feature = "route53")]
    pub(crate) fn change_of(&self, thing: &str) -> Option<String> {
        self.changes.lock().expect("nobody panics with it").get(thing).cloned()
    }

    /// Remembers the change of a thing, or that it is done.
    #[cfg(feature = "route53")]
    pub(crate) fn note_change(&self, thing: &str, change: Option<&str>) {
        let mut changes = self.changes.lock().expect("nobody panics with it");
        match change {
            Some(change) => changes.insert(thing.to_owned(), change.to_owned()),
            None => changes.remove(thing),
        };
    }

    /// Whether it is another server than AWS, which has no names for each bucket.
    #[cfg(feature = "s3")]
    fn is_elsewhere(&self, service: &str) -> bool {
        self.config.endpoint_url().is_some() || self.endpoints.contains_key(service)
    }
}

impl Client for Aws {
    type Factory = Factory;

    async fn of(factory: &Factory, provider: &Provider) -> Arc<Self> {
        factory.of(provider).await
    }

    fn is_elsewhere(factory: &Factory) -> bool {
        factory.is_elsewhere()
    }

    fn heard(&self, error: &HandlerError) {
        // What has no code is what it was told here: that it is not its turn.
        if matches!(error.problem, Problem::Throttled { .. }) && !error.code.is_empty() {
            self.pace.refused(error.service, error.operation);
        }
    }

    async fn spelt_arn(
        &self,
        request: &Request,
        inputs: &Properties,
        id: &str,
    ) -> Answer<Option<String>> {
        let account = self.account().await?;
        let word = |form: &str| match form {
            "region" => Some(self.region().to_owned()),
            "account" => Some(account.to_owned()),
            "id" => Some(id.to_owned()),
            _ => None,
        };
        Ok(match request.ty.identity {
            Identity::Named { slot } if !id.is_empty() => {
                request.ty.spell_arn(&inputs.with(slot, id.into()), word)
            }
            _ => request.ty.spell_arn(inputs, word),
        })
    }
}

/// Declares the clients: the method that gives one, and the SDK's crate.
macro_rules! clients {
    ($($(#[cfg($has:meta)])? $name:ident: $sdk:ident;)*) => {
        #[derive(Debug, Default)]
        struct Clients {
            $($(#[cfg($has)])? $name: OnceLock<$sdk::Client>,)*
        }

        impl Aws {
            $(
                $(#[cfg($has)])?
                pub(crate) fn $name(&self) -> &$sdk::Client {
                    self.clients.$name.get_or_init(|| {
                        let mut config = $sdk::config::Builder::from(&self.config);
                        let service = stringify!($sdk).trim_start_matches("aws_sdk_");
                        if let Some(endpoint) = self.endpoints.get(service) {
                            config = config.endpoint_url(endpoint);
                        }
                        if let Some(told) = self.told.clone() {
                            config = config.interceptor(told);
                        }
                        $sdk::Client::from_conf(config.build())
                    })
                }
            )*
        }
    };
}

clients! {
    #[cfg(feature = "acm")] acm: aws_sdk_acm;
    #[cfg(feature = "applicationautoscaling")] applicationautoscaling: aws_sdk_applicationautoscaling;
    #[cfg(feature = "autoscaling")] autoscaling: aws_sdk_autoscaling;
    #[cfg(feature = "backup")] backup: aws_sdk_backup;
    #[cfg(feature = "budgets")] budgets: aws_sdk_budgets;
    #[cfg(feature = "cloudfront")] cloudfront: aws_sdk_cloudfront;
    #[cfg(feature = "cloudwatch")] cloudwatch: aws_sdk_cloudwatch;
    #[cfg(feature = "logs")] logs: aws_sdk_cloudwatchlogs;
    #[cfg(feature = "ec2")] ec2: aws_sdk_ec2;
    #[cfg(feature = "ecr")] ecr: aws_sdk_ecr;
    #[cfg(feature = "ecs")] ecs: aws_sdk_ecs;
    #[cfg(feature = "efs")] efs: aws_sdk_efs;
    #[cfg(feature = "elasticache")] elasticache: aws_sdk_elasticache;
    #[cfg(feature = "elbv2")] elbv2: aws_sdk_elasticloadbalancingv2;
    #[cfg(feature = "eventbridge")] eventbridge: aws_sdk_eventbridge;
    #[cfg(feature = "iam")] iam: aws_sdk_iam;
    #[cfg(feature = "kms")] kms: aws_sdk_kms;
    #[cfg(feature = "rds")] rds: aws_sdk_rds;
    #[cfg(feature = "route53")] route53: aws_sdk_route53;
    #[cfg(feature = "scheduler")] scheduler: aws_sdk_scheduler;
    #[cfg(feature = "secretsmanager")] secretsmanager: aws_sdk_secretsmanager;
    #[cfg(feature = "servicequotas")] servicequotas: aws_sdk_servicequotas;
    #[cfg(feature = "ses")] ses: aws_sdk_sesv2;
    #[cfg(feature = "sns")] sns: aws_sdk_sns;
    #[cfg(feature = "ssm")] ssm: aws_sdk_ssm;
    sts: aws_sdk_sts;
    #[cfg(feature = "wafv2")] wafv2: aws_sdk_wafv2;
}

#[cfg(test)]
mod tests;
