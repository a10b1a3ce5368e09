//! [`Pace`]: how often AWS is called in one account and region, so that it need not refuse.
//!
//! AWS counts calls for each account and region, and refuses those beyond a rate. The rates stand in
//! a table (`rates`), a bucket keeps each of them (`bucket`), and [`Paced`] lets every call of every
//! client wait for its turn. What AWS refuses all the same halves the rate; calls that go bring it
//! back bit by bit, since others may use the account too.

mod bucket;
mod rates;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_smithy_runtime_api::client::{
    identity::{
        IdentityFuture, ResolveCachedIdentity, SharedIdentityCache, SharedIdentityResolver,
    },
    orchestrator::Metadata,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::config_bag::ConfigBag;
use infra_core::clock::{Clock, SystemClock};

use bucket::Bucket;
use rates::Shared;

/// It is not this call's turn for long: it was not made.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("AWS is called as often as it allows")]
pub(crate) struct NotYet {
    /// When to come again.
    pub(crate) after: Duration,
}

/// Whose bucket: the line of the table, the service, and the operation if it has its own.
type Whose = (usize, String, Option<String>);

/// How often AWS is called in one account and region.
#[derive(Debug)]
pub(crate) struct Pace {
    clock: Arc<dyn Clock>,
    buckets: Mutex<BTreeMap<Whose, Bucket>>,
    elsewhere: Elsewhere,
}

/// What is not at AWS: servers that stand in for a service refuse nobody.
#[derive(Debug)]
enum Elsewhere {
    Everything,
    /// By the names of their SDK crates.
    Services(Vec<String>),
}

impl Pace {
    /// That of AWS, of which nothing was called yet; but for services that are elsewhere.
    pub(crate) fn new(clock: Arc<dyn Clock>, elsewhere: Vec<String>) -> Self {
        Self { clock, buckets: Mutex::default(), elsewhere: Elsewhere::Services(elsewhere) }
    }

    /// That of a server that stands in for all of AWS: nobody waits.
    pub(crate) fn unbounded() -> Self {
        let clock = Arc::new(SystemClock);
        Self { clock, buckets: Mutex::default(), elsewhere: Elsewhere::Everything }
    }

    /// Ends when it is the turn of a call. The service is named as the SDK names it, or its crate.
    pub(crate) async fn turn(&self, service: &str, operation: &str) -> Result<(), NotYet> {
        let turn = self.of(service, operation, Bucket::take);
        match turn {
            None | Some(Ok(0)) => Ok(()),
            Some(Ok(wait)) => {
                self.clock.sleep(Duration::from_millis(wait)).await;
                Ok(())
            }
            Some(Err(after)) => Err(NotYet { after: Duration::from_millis(after) }),
        }
    }

    /// AWS has refused a call: too many.
    pub(crate) fn refused(&self, service: &str, operation: &str) {
        self.of(service, operation, Bucket::refused);
    }

    /// Does something with the bucket of an operation; nothing where a server stands in.
    fn of<T>(
        &self,
        service: &str,
        operation: &str,
        work: impl FnOnce(&mut Bucket, u64) -> T,
    ) -> Option<T> {
        // `Elastic Load Balancing v2` is the crate `elasticloadbalancingv2`.
        let service = service.replace(' ', "").to_lowercase();
        match &self.elsewhere {
            Elsewhere::Everything => return None,
            Elsewhere::Services(services) if services.contains(&service) => return None,
            Elsewhere::Services(_) => {}
        }
        let (line, rate) = rates::of(&service, operation);
        let own = (rate.shared == Shared::No).then(|| operation.to_owned());
        let now = self.clock.now();
        let mut buckets = self.buckets.lock().expect("nobody panics with it");
        let bucket = buckets.entry((line, service, own)).or_insert_with(|| Bucket::full(rate, now));
        Some(work(bucket, now))
    }
}

/// Lets each call wait for its turn where it asks who it is: the one step before a call is signed
/// that may take time and knows the operation. Interceptors of the SDK can't wait. What is waited
/// here counts towards the time that a call may take, so that the lease bounds it as before.
#[derive(Debug)]
pub(crate) struct Paced {
    pub(crate) pace: Arc<Pace>,
    pub(crate) identities: SharedIdentityCache,
}

impl ResolveCachedIdentity for Paced {
    fn resolve_cached_identity<'a>(
        &'a self,
        resolver: SharedIdentityResolver,
        components: &'a RuntimeComponents,
        config: &'a ConfigBag,
    ) -> IdentityFuture<'a> {
        IdentityFuture::new(async move {
            if let Some(call) = config.load::<Metadata>() {
                self.pace.turn(call.service(), call.name()).await?;
            }
            self.identities.resolve_cached_identity(resolver, components, config).await
        })
    }
}
