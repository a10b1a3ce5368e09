//! A state belongs to one account and region.

use std::sync::Arc;

use backend_local::sim::Sim;
use infra_core::{
    aws::ec2::Vpc,
    clock::Clock,
    engine::{Engine, EngineError},
    handler::{Backend, BackendError, BoxFuture, Registry},
};
use infra_tests::world::{PROJECT, STACK, World, program};

/// The simulator, as one of several accounts.
struct Account(Sim, &'static str);

impl Backend for Account {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn registry(&self) -> &Registry {
        self.0.registry()
    }

    fn clock(&self) -> Arc<dyn Clock> {
        self.0.clock()
    }

    fn concurrency(&self) -> usize {
        self.0.concurrency()
    }

    fn home(&self) -> BoxFuture<'_, Result<Option<String>, BackendError>> {
        Box::pin(std::future::ready(Ok(Some(self.1.to_owned()))))
    }
}

fn engine(world: &World, home: &'static str) -> Engine {
    let backend = Arc::new(Account(world.sim.clone(), home));
    world.engine_between(backend, Arc::new(world.store.clone()))
}

fn refused<T: std::fmt::Debug>(result: Result<T, EngineError>) {
    let Err(EngineError::OtherAccount { found, wanted }) = result else { panic!("{result:?}") };
    assert_eq!((&*found, &*wanted), ("1/eu-central-1", "2/eu-central-1"));
}

#[tokio::test]
async fn another_account_is_refused_by_all_that_would_touch_it() {
    let world = World::default();
    let network = program(|stack| {
        Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
    });
    let own = engine(&world, "1/eu-central-1");
    assert!(own.up(&network, &world.options).await.unwrap().is_success());
    let other = engine(&world, "2/eu-central-1");
    refused(other.preview(&network, &world.options).await);
    refused(other.up(&network, &world.options).await);
    refused(other.refresh(PROJECT, STACK).await);
    refused(other.destroy(PROJECT, STACK, &world.options.plan).await);
    assert_eq!(world.objects().len(), 1);
    assert!(own.destroy(PROJECT, STACK, &world.options.plan).await.unwrap().is_success());
    assert!(world.objects().is_empty());
}
