//! [`AwsBackend`] and [`AwsPlace`]: AWS as a place that programs are deployed to.

use std::{sync::Arc, time::Duration};

use infra_core::{
    clock::{Clock, SystemClock},
    dsl::Provider,
    handler::{
        Backend, BackendError, BoxFuture, Endpoints, Need, Phases, Place, PlaceRequest, Registry,
    },
};

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
        let factory = Arc::new(Factory::new(options));
        let mut registry = crate::registry(&factory);
        infra_core::local::register(&mut registry);
        // Another server has one memory, and forgets nothing for a while.
        let settle = Duration::from_secs(if elsewhere { 1 } else { 30 });
        Self { factory, registry, settle }
    }
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

    fn open(&self, request: &PlaceRequest) -> Result<Arc<dyn Backend>, BackendError> {
        let options = self.options_for(&request.region, &request.endpoints);
        Ok(Arc::new(AwsBackend::new(options)))
    }

    #[cfg(any(feature = "s3", feature = "kms"))]
    fn remote(&self) -> Option<&dyn infra_core::handler::Remote> {
        Some(self)
    }
}
