//! [`CrashPlace`]: the simulator, with a moment at which the process kills itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use backend_local::sim::{Hook, Point, Sim, SimOptions, SimPlace};
use infra_core::{
    clock::Clock,
    dsl::Provider,
    handler::{Account, Backend, BackendError, BoxFuture, Place, PlaceRequest, Registry},
};
use rustix::process::Signal;

/// The simulator as it is, with a moment at which the process kills itself.
///
/// The engine makes the account durable before each write of the journal: `journal:3` is the third
/// time that this begins or has ended. `call:3` is the third time that a call of the account is
/// about to be executed or to be answered. `call:3:INT` asks the process to end, as Ctrl-C does,
/// and lets it notice before the call goes on.
#[derive(Clone, Debug, Default)]
pub(crate) struct CrashPlace {
    dies_at: Option<(Moment, u64, Signal)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Journal,
    Call,
}

impl From<Option<String>> for CrashPlace {
    fn from(text: Option<String>) -> Self {
        let dies_at = text.map(|text| {
            let mut words = text.split(':');
            let moment = match words.next().unwrap_or_default() {
                "journal" => Moment::Journal,
                "call" => Moment::Call,
                other => panic!("there is no moment `{other}`"),
            };
            let number = words.next().and_then(|number| number.parse().ok());
            let signal = match words.next() {
                None => Signal::KILL,
                Some("INT") => Signal::INT,
                Some("TERM") => Signal::TERM,
                Some(other) => panic!("there is no signal `{other}`"),
            };
            (moment, number.expect("a moment has a number"), signal)
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
        let Some((moment, number, signal)) = self.dies_at else { return SimPlace.open(request) };
        let bomb = Arc::new(Bomb { moment, left: AtomicU64::new(number), signal });
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
    signal: Signal,
}

impl Bomb {
    fn pass(&self, moment: Moment) {
        if moment == self.moment && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // KILL is what `kill -9` does: nothing is unwound, flushed or closed.
            let me = rustix::process::getpid();
            let sent = rustix::process::kill_process(me, self.signal);
            assert!(sent.is_ok() && self.signal != Signal::KILL, "the process is dead");
            std::thread::sleep(Duration::from_millis(300));
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
