//! [`Through`]: the simulator, with something between it and the engine.

use std::{
    future::Future,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use backend_local::sim::Sim;
use infra_core::{
    clock::Clock,
    dsl::Provider,
    handler::{
        Allocated, Backend, BackendError, BoxFuture, Context, Deletion, DynHandler, Found,
        HandlerError, Listed, Observed, Polled, Progress, Registry, Request,
    },
    schema::{Find, Level},
    testing::Call,
    value::Properties,
};

/// Sees each call of the engine before it reaches the account.
pub trait Watch: Send + Sync {
    /// A call is about to be made.
    fn called<'a>(&'a self, call: Call, request: &'a Request) -> BoxFuture<'a, ()>;
}

/// What is between the engine and the account.
#[derive(Clone, Default)]
pub struct Manner {
    /// Every call that may be repeated reaches the account twice, and the second answer counts:
    /// what a client does whose connection broke.
    pub repeats: bool,
    /// Every call runs in a task of its own, on whatever thread is free.
    pub threads: bool,
    /// Sees each call.
    pub watch: Option<Arc<dyn Watch>>,
    /// Remembers how much of the account's file is durable.
    pub durable: Option<Durable>,
    /// How many tasks there are.
    tasks: Arc<AtomicUsize>,
}

/// How much of the file of an account would survive a power failure.
#[derive(Clone, Debug)]
pub struct Durable {
    /// The file.
    pub path: PathBuf,
    /// Its length when it was last synced.
    pub length: Arc<AtomicU64>,
}

impl std::fmt::Debug for Manner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manner")
            .field("repeats", &self.repeats)
            .field("threads", &self.threads)
            .field("durable", &self.durable)
            .finish_non_exhaustive()
    }
}

impl Manner {
    /// Waits until nothing runs any more that a dead process has left behind.
    pub async fn settled(&self) {
        while self.tasks.load(Ordering::Acquire) > 0 {
            tokio::task::yield_now().await;
        }
    }
}

/// The simulator, with something between it and the engine.
#[derive(Debug)]
pub struct Through {
    inner: Sim,
    registry: Registry,
    manner: Manner,
}

impl Through {
    /// The simulator as the engine gets it.
    #[must_use]
    pub fn new(inner: Sim, manner: Manner) -> Self {
        let mut registry = Registry::new();
        for ty in inner.registry().types().iter() {
            if let Some(handler) = inner.registry().get(ty.name) {
                let handler = ThroughHandler { inner: handler.clone(), manner: manner.clone() };
                registry.add(ty, Arc::new(handler));
            }
        }
        Self { inner, registry, manner }
    }
}

impl Backend for Through {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn clock(&self) -> Arc<dyn Clock> {
        self.inner.clock()
    }

    fn concurrency(&self) -> usize {
        self.inner.concurrency()
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        Box::pin(async {
            let durable = self.manner.durable.as_ref();
            // What is made durable is handed to the operating system when the account is asked.
            let synced = self.inner.sync();
            let length = durable.and_then(|durable| std::fs::metadata(&durable.path).ok());
            synced.await?;
            if let (Some(durable), Some(length)) = (durable, length) {
                durable.length.fetch_max(length.len(), Ordering::AcqRel);
            }
            Ok(())
        })
    }
}

struct ThroughHandler {
    inner: Arc<dyn DynHandler>,
    manner: Manner,
}

/// Counts a task for as long as it is there.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Ends a task when nobody waits for it any more.
struct Task<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl ThroughHandler {
    /// Makes a call as often, and where, it is to be made.
    async fn make<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
        &self,
        call: Call,
        request: &Request,
        make: impl Fn(Arc<dyn DynHandler>) -> F,
    ) -> T {
        if let Some(watch) = &self.manner.watch {
            watch.called(call, request).await;
        }
        if self.manner.repeats && repeatable(call, request) {
            self.once(make(Arc::clone(&self.inner))).await;
        }
        self.once(make(Arc::clone(&self.inner))).await
    }

    async fn once<T: Send + 'static>(&self, call: impl Future<Output = T> + Send + 'static) -> T {
        if !self.manner.threads {
            return call.await;
        }
        self.manner.tasks.fetch_add(1, Ordering::AcqRel);
        let counted = Counted(Arc::clone(&self.manner.tasks));
        let mut task = Task(tokio::spawn(async move {
            let _counted = counted;
            call.await
        }));
        match (&mut task.0).await {
            Ok(answer) => answer,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// Whether a call may reach the account twice. A creation without a token and a name may not: its
/// handler makes one call and lets the engine look for what came of it.
fn repeatable(call: Call, request: &Request) -> bool {
    call != Call::Allocate || matches!(request.ty.find, Find::Token | Find::Name)
}

macro_rules! through {
    ($($name:ident: $call:ident -> $answer:ty;)*) => {$(
        fn $name<'a>(
            &'a self,
            context: &'a Context,
            request: &'a Request,
        ) -> BoxFuture<'a, Result<$answer, HandlerError>> {
            Box::pin(self.make(Call::$call, request, |handler| {
                let (context, request) = (context.clone(), request.clone());
                async move { handler.$name(&context, &request).await }
            }))
        }
    )*};
}

impl DynHandler for ThroughHandler {
    through! {
        allocate: Allocate -> Allocated;
        configure: Configure -> Progress;
        update: Update -> Progress;
        read: Read -> Option<Observed>;
        delete: Delete -> Deletion;
        find: Find -> Found;
        lookup: Lookup -> Properties;
        run: Run -> Properties;
    }

    fn poll<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        level: Level,
    ) -> BoxFuture<'a, Result<Polled, HandlerError>> {
        Box::pin(self.make(Call::Poll, request, move |handler| {
            let (context, request) = (context.clone(), request.clone());
            async move { handler.poll(&context, &request, level).await }
        }))
    }

    fn list<'a>(
        &'a self,
        context: &'a Context,
        provider: &'a Provider,
        stack: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<Listed>, HandlerError>> {
        self.inner.list(context, provider, stack)
    }
}
