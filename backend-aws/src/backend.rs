//! [`AwsBackend`] and [`AwsPlace`]: AWS as a place that programs are deployed to.

use std::{sync::Arc, time::Duration};

use infra_core::{
    clock::{Clock, SystemClock},
    dsl::Provider,
    handler::{
        Backend, BackendError, BoxFuture, Endpoints, Need, Phases, Place, PlaceRequest, Registry,
    },
};

#[cfg(feature = "cloudflare")]
use crate::cloudflare;
use crate::{
    aws::{Aws, AwsOptions, Factory},
    error::Error,
};

/// How many operations AWS bears at once: its services throttle by calls in a second, and most
/// operations wait.
const CONCURRENCY: usize = 32;

/// AWS, or a server that speaks its API.
pub struct AwsBackend {
    factory: Arc<Factory>,
    #[cfg(feature = "cloudflare")]
    cloudflare: Arc<cloudflare::Factory>,
    registry: Registry,
    settle: Duration,
}

impl std::fmt::Debug for AwsBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AwsBackend").field("factory", &self.factory).finish_non_exhaustive()
    }
}

impl AwsBackend {
    /// AWS as the options say. Nothing is called before something is to be done.
    #[must_use]
    pub fn new(options: AwsOptions) -> Self {
        let elsewhere = options.endpoint.is_some();
        #[cfg(feature = "cloudflare")]
        let beside = beside(&options);
        let factory = Arc::new(Factory::new(options));
        let mut registry = crate::registry(&factory);
        #[cfg(feature = "cloudflare")]
        let cloudflare = cloudflare::registered(&mut registry, beside);
        infra_core::local::register(&mut registry);
        // Another server has one memory, and forgets nothing for a while.
        let settle = Duration::from_secs(if elsewhere { 1 } else { 30 });
        Self {
            factory,
            #[cfg(feature = "cloudflare")]
            cloudflare,
            registry,
            settle,
        }
    }
}

/// How Cloudflare is reached beside AWS. Where a server stands in for all of AWS, one must stand in for
/// it too: a trial changes nothing that is real.
#[cfg(feature = "cloudflare")]
fn beside(options: &AwsOptions) -> cloudflare::Factory {
    let mut beside = options.cloudflare.clone();
    let named = options.endpoints.get(infra_core::cloudflare::KIND);
    beside.endpoint = named.cloned().or(beside.endpoint);
    let withheld = options.endpoint.is_some() && beside.endpoint.is_none();
    cloudflare::Factory::new(beside, withheld)
}

impl Backend for AwsBackend {
    fn name(&self) -> &'static str {
        "aws"
    }

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(SystemClock)
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn settle_time(&self) -> Duration {
        self.settle
    }

    fn needs(&self) -> &'static [Need] {
        // Whose account it is, before anything is touched, and for the ARNs that AWS does not tell.
        const NEEDS: &[Need] = &[Phases::READ.needs("sts:GetCallerIdentity")];
        NEEDS
    }

    fn home(&self) -> BoxFuture<'_, Result<Option<String>, BackendError>> {
        Box::pin(async move {
            let aws = self.factory.of(&Provider::of_kind("aws")).await;
            let account = known(&aws).await?;
            Ok(Some(format!("{account}/{}", aws.region())))
        })
    }

    fn check_provider<'a>(
        &'a self,
        provider: &'a Provider,
    ) -> BoxFuture<'a, Result<(), BackendError>> {
        Box::pin(async move {
            #[cfg(feature = "cloudflare")]
            if &*provider.kind == infra_core::cloudflare::KIND {
                return cloudflare::check(&self.cloudflare, provider).await;
            }
            if &*provider.kind != "aws" {
                return Ok(());
            }
            let aws = self.factory.of(provider).await;
            let account = known(&aws).await?;
            match &provider.account {
                Some(wanted) if **wanted != *account => Err(BackendError {
                    message: format!("the credentials are of account {account}, not {wanted}"),
                    help: Some("use the profile of that account: AWS_PROFILE".to_owned()),
                    source: None,
                }),
                _ => Ok(()),
            }
        })
    }
}

/// The account that the credentials are of; that a region is set is looked at first.
async fn known(aws: &Aws) -> Result<&str, BackendError> {
    if aws.region().is_empty() {
        return Err(BackendError {
            message: "no region is set".to_owned(),
            help: Some("set AWS_REGION, or name it in the program's provider".to_owned()),
            source: None,
        });
    }
    aws.account().await.map_err(|Error(error)| BackendError {
        message: "AWS does not know who asks".to_owned(),
        help: Some("log in: `aws sso login`, or set AWS_PROFILE".to_owned()),
        source: Some(error),
    })
}

/// Brings AWS to a binary: `App::new("campus").place(AwsPlace::default())`.
#[derive(Clone, Debug, Default)]
pub struct AwsPlace {
    options: AwsOptions,
}

impl AwsPlace {
    /// AWS reached as the options say.
    #[must_use]
    pub fn new(options: AwsOptions) -> Self {
        Self { options }
    }

    /// Its options, and what the command line says.
    pub(crate) fn options_for(&self, region: &str, endpoints: &Endpoints) -> AwsOptions {
        let mut options = self.options.clone();
        options.fallback_region.get_or_insert_with(|| region.to_owned());
        if let Some(all) = &endpoints.all {
            options.endpoint = Some(all.clone());
        }
        options.endpoints.extend(endpoints.services.clone());
        if endpoints.unchecked {
            options.credentials = Some(("test".to_owned(), "test".to_owned()));
        }
        options
    }
}

impl Place for AwsPlace {
    fn name(&self) -> &'static str {
        "aws"
    }

    fn is_real(&self) -> bool {
        true
    }

    fn takes_endpoints(&self) -> bool {
        true
    }

    fn is_public(&self, endpoints: &Endpoints) -> bool {
        let own = &self.options;
        endpoints.is_empty() && own.endpoint.is_none() && own.endpoints.is_empty()
    }

    fn open(&self, request: &PlaceRequest) -> Result<Arc<dyn Backend>, BackendError> {
        let options = self.options_for(&request.region, &request.endpoints);
        #[cfg(feature = "cloudflare")]
        let options = {
            let mut cloudflare = options.cloudflare.with_environment();
            if request.endpoints.unchecked {
                cloudflare.token.get_or_insert_with(|| "test".to_owned());
            }
            AwsOptions { cloudflare, ..options }
        };
        Ok(Arc::new(AwsBackend::new(options)))
    }

    #[cfg(any(feature = "s3", feature = "kms"))]
    fn remote(&self) -> Option<&dyn infra_core::handler::Remote> {
        Some(self)
    }
}

#[cfg(test)]
#[cfg(feature = "cloudflare")]
mod tests {
    use super::*;

    async fn refused(options: AwsOptions) -> String {
        let backend = AwsBackend::new(options);
        let provider = Provider::of_kind(infra_core::cloudflare::KIND);
        backend.check_provider(&provider).await.expect_err("it is refused").message
    }

    #[tokio::test]
    async fn a_trial_of_aws_leaves_cloudflare_alone() {
        let cloudflare =
            crate::CloudflareOptions { token: Some("real".to_owned()), endpoint: None };
        let endpoint = Some("http://localhost:5000".to_owned());
        let options = AwsOptions { endpoint, cloudflare, ..AwsOptions::default() };
        assert_eq!(refused(options).await, "a server stands in for AWS, and none for Cloudflare");
    }

    #[tokio::test]
    async fn a_program_with_both_needs_both_credentials() {
        let options = AwsOptions::default();
        assert_eq!(refused(options).await, "there is no API token of Cloudflare");
    }

    #[test]
    fn both_clouds_are_served() {
        let backend = AwsBackend::new(AwsOptions::default());
        for ty in ["aws:sts:CallerIdentity", "cloudflare:dns:Record"] {
            assert!(backend.registry().get(ty).is_some(), "{ty}");
        }
    }
}
