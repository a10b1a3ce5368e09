//! [`CrashPlace`]: the simulator, with a moment at which the process kills itself.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use backend_local::sim::{Hook, Point, Sim, SimOptions, SimPlace};
use infra_core::{
    clock::Clock,
    dsl::Provider,
    handler::{Account, Backend, BackendError, BoxFuture, Place, PlaceRequest, Registry},
};

/// The simulator as it is, with a moment at which the process kills itself: `journal:3` is just
/// before the third write of the journal, `call:3` the third time that a call of the account is
/// about to be executed or to be answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct CrashPlace {
    dies_at: Option<(Moment, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Journal,
    Call,
}

impl From<Option<String>> for CrashPlace {
    fn from(text: Option<String>) -> Self {
        let dies_at = text.map(|text| {
            let (moment, number) = text.split_once(':').expect("a moment has a colon");
            let moment = match moment {
                "journal" => Moment::Journal,
                "call" => Moment::Call,
                other => panic!("there is no moment `{other}`"),
            };
            (moment, number.parse().expect("a moment has a number"))
        });
        Self { dies_at }
    }
}

impl Place for CrashPlace {
    fn name(&self) -> &'static str {
        SimPlace.name()
    }

    fn is_real(&self) -> bool {
        SimPlace.is_real()
    }

    fn open(&self, request: &PlaceRequest) -> Result<Arc<dyn Backend>, BackendError> {
        let Some((moment, number)) = self.dies_at else { return SimPlace.open(request) };
        let bomb = Arc::new(Bomb { moment, left: AtomicU64::new(number) });
        let account = Some(request.folder.join("sim").join("account.log"));
        let hook: Option<Arc<dyn Hook>> = Some(Arc::clone(&bomb) as Arc<dyn Hook>);
        let options = SimOptions { account, hook, start: request.now, ..SimOptions::default() };
        let sim = Sim::open(options)
            .map_err(|error| BackendError::new("the simulator can't be opened", error))?;
        Ok(Arc::new(Mined { sim, bomb }))
    }
}

/// A place where everything is real, for what commands ask before they touch such a place. It can't
/// be opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RealPlace;

impl Place for RealPlace {
    fn name(&self) -> &'static str {
        SimPlace.name()
    }

    fn is_real(&self) -> bool {
        true
    }

    fn open(&self, request: &PlaceRequest) -> Result<Arc<dyn Backend>, BackendError> {
        SimPlace.open(request)
    }
}

struct Bomb {
    moment: Moment,
    left: AtomicU64,
}

impl Bomb {
    fn pass(&self, moment: Moment) {
        if moment == self.moment && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // As `kill -9` does it: nothing is unwound, flushed or closed.
            let me = rustix::process::getpid();
            let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
            unreachable!("the process is dead");
        }
    }
}

impl Hook for Bomb {
    fn dies(&self, _: Point, _: &'static str, _: &'static str) -> bool {
        self.pass(Moment::Call);
        false
    }
}

/// A simulator whose journal writes are counted: the engine asks it to make its own log durable
/// before each.
struct Mined {
    sim: Sim,
    bomb: Arc<Bomb>,
}

impl Backend for Mined {
    fn name(&self) -> &'static str {
        self.sim.name()
    }

    fn registry(&self) -> &Registry {
        self.sim.registry()
    }

    fn clock(&self) -> Arc<dyn Clock> {
        self.sim.clock()
    }

    fn concurrency(&self) -> usize {
        self.sim.concurrency()
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), BackendError>> {
        self.bomb.pass(Moment::Journal);
        let synced = self.sim.sync();
        self.bomb.pass(Moment::Journal);
        synced
    }

    fn check_provider<'a>(
        &'a self,
        provider: &'a Provider,
    ) -> BoxFuture<'a, Result<(), BackendError>> {
        self.sim.check_provider(provider)
    }

    fn account(&self) -> Option<&dyn Account> {
        Some(&self.sim)
    }
}
