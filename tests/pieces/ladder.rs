//! [`LadderPlace`]: the containers, with a moment at which the process and its agent are killed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, OpenOptions},
    io::Write as _,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use backend_local::containers::place::{ContainersPlace, Route, route};
use infra_core::{
    clock::Clock,
    dsl::Provider,
    handler::{
        Account, Agent, Allocated, Backend, BackendError, BoxFuture, Context, Deletion, DynHandler,
        Found, HandlerError, Listed, Observed, Place, PlaceRequest, Polled, Progress, Registry,
        Request,
    },
    schema::Level,
    value::Properties,
};
use rustix::process::{Pid, Signal, getpid, kill_process};

/// The containers as they are, with a moment at which the process and its agent are killed.
///
/// The moments are before and after each call of the engine for each resource: `before allocate
/// aws:ec2:Vpc main`. Of those that ask how far something is, it is the first, the second, the fourth and so on:
/// what the agent does goes on between them. A run dies at the first moment that is not in the file, and
/// writes it there.
#[derive(Debug)]
pub(crate) struct LadderPlace(Option<PathBuf>);

impl LadderPlace {
    pub(crate) fn dying_at(rungs: Option<PathBuf>) -> Self {
        Self(rungs)
    }
}

impl Place for LadderPlace {
    fn name(&self) -> &'static str {
        ContainersPlace.name()
    }

    fn is_real(&self) -> bool {
        ContainersPlace.is_real()
    }

    fn is_simulated(&self) -> bool {
        ContainersPlace.is_simulated()
    }

    fn agent(&self) -> Option<&dyn Agent> {
        Some(&ContainersPlace)
    }

    fn open(&self, request: &PlaceRequest) -> Result<Arc<dyn Backend>, BackendError> {
        let inner = ContainersPlace.open(request)?;
        let Some(file) = self.0.clone() else { return Ok(inner) };
        let survived = fs::read_to_string(&file).unwrap_or_default();
        let survived = survived.lines().map(str::to_owned).collect();
        let bomb = Bomb { file, survived, polls: Mutex::default(), request: request.clone() };
        let bomb = Arc::new(bomb);
        let mut registry = Registry::new();
        for ty in inner.registry().types().iter() {
            // What is in the account alone is what the simulator is, which has a ladder of its own.
            let is_elsewhere = route(ty) != Route::Account;
            if let Some(handler) = inner.registry().get(ty.name) {
                let inner = Arc::clone(handler);
                let handler = Mined { inner: Arc::clone(&inner), bomb: Arc::clone(&bomb) };
                registry.add(ty, if is_elsewhere { Arc::new(handler) } else { inner });
            }
        }
        Ok(Arc::new(Ladder { inner, registry }))
    }
}

struct Bomb {
    file: PathBuf,
    survived: BTreeSet<String>,
    /// How often it was asked how far things are.
    polls: Mutex<BTreeMap<String, u32>>,
    request: PlaceRequest,
}

impl Bomb {
    async fn pass(&self, moment: String) {
        if self.survived.contains(&moment) {
            return;
        }
        let file = OpenOptions::new().create(true).append(true).open(&self.file);
        let written = file.and_then(|mut file| writeln!(file, "{moment}"));
        written.expect("the file of the moments can be written");
        let status = ContainersPlace.status(&self.request).await;
        if let Ok(Some(status)) = status {
            kill(i32::try_from(status.process).ok().and_then(Pid::from_raw));
        }
        // Nothing is unwound, flushed or closed.
        kill(Some(getpid()));
        std::future::pending::<()>().await;
    }

    /// Which look it is, if it is one at which to die.
    fn look(&self, what: &str) -> Option<u32> {
        let mut polls = self.polls.lock().expect("nobody panics with it");
        let number = polls.entry(what.to_owned()).or_default();
        *number += 1;
        number.is_power_of_two().then_some(*number)
    }
}

fn kill(process: Option<Pid>) {
    if let Some(process) = process {
        let _ = kill_process(process, Signal::KILL);
    }
}

struct Ladder {
    inner: Arc<dyn Backend>,
    registry: Registry,
}

impl Backend for Ladder {
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

    fn settle_time(&self) -> Duration {
        self.inner.settle_time()
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        self.inner.sync()
    }

    fn account(&self) -> Option<&dyn Account> {
        self.inner.account()
    }
}

struct Mined {
    inner: Arc<dyn DynHandler>,
    bomb: Arc<Bomb>,
}

impl Mined {
    async fn make<T>(&self, what: &str, request: &Request, call: BoxFuture<'_, T>) -> T {
        let what = format!("{what} {} {}", request.ty.name, request.owner.urn.name());
        self.bomb.pass(format!("before {what}")).await;
        let answer = call.await;
        self.bomb.pass(format!("after {what}")).await;
        answer
    }
}

macro_rules! mined {
    ($($name:ident -> $answer:ty;)*) => {$(
        fn $name<'a>(
            &'a self,
            context: &'a Context,
            request: &'a Request,
        ) -> BoxFuture<'a, Result<$answer, HandlerError>> {
            Box::pin(self.make(stringify!($name), request, self.inner.$name(context, request)))
        }
    )*};
}

impl DynHandler for Mined {
    mined! {
        allocate -> Allocated;
        configure -> Progress;
        update -> Progress;
        read -> Option<Observed>;
        delete -> Deletion;
        find -> Found;
        lookup -> Properties;
        run -> Properties;
    }

    fn poll<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        level: Level,
    ) -> BoxFuture<'a, Result<Polled, HandlerError>> {
        let call = self.inner.poll(context, request, level);
        let what = format!("{level:?} {} {}", request.ty.name, request.owner.urn);
        let Some(number) = self.bomb.look(&what) else { return call };
        Box::pin(async move {
            let name = format!("poll {level:?} {number}");
            self.make(&name, request, call).await
        })
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
