//! [`Run`]: one run of a history.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use backend_local::sim::{Sim, SimOptions};
use infra_core::{
    engine::{Engine, EngineError, Outcome, StepError},
    graph::Program,
    handler::{Account as _, Backend as _, Cancel},
    plan::{Pattern, PlanProblem},
    state::store::{Holder, StateStore as _},
};

use super::{Act, Conditions, Death, Drift, History};
use crate::{
    crash::{Bomb, BombStore},
    spec::{Edit, Spec, build, edited},
    through::{Durable, Manner, Through, Watch},
    types,
    world::{PROJECT, STACK, World},
};

/// Why an act did not end by itself, or not well.
#[derive(Debug)]
pub enum Stop {
    /// The process died.
    Died,
    /// The engine failed.
    Failed(EngineError),
}

/// The world of one run of a history.
#[derive(Debug)]
pub struct Run {
    /// The world.
    pub world: World,
    /// What counts moments.
    pub bomb: Arc<Bomb>,
    /// What is between engine and account.
    pub manner: Manner,
    /// The program as it is now, and as it was one edit ago.
    pub now: Vec<Spec>,
    before: Vec<Spec>,
    death: Death,
    options: SimOptions,
    /// Whether somebody changed the account since it was last compared with state.
    drifted: bool,
    _folder: Option<tempfile::TempDir>,
}

impl Run {
    /// The world before anything has happened.
    ///
    /// # Panics
    /// If there is no room for the account.
    #[must_use]
    pub fn new(history: &History, conditions: &Conditions) -> Self {
        let bomb = Arc::new(Bomb::default());
        let folder = (conditions.death != Death::Alone).then(|| tempfile::tempdir().unwrap());
        let path = folder.as_ref().map(|folder| folder.path().join("account"));
        let options = SimOptions {
            faults: conditions.faults.clone(),
            hook: Some(Arc::clone(&bomb) as _),
            types: types::all(),
            account: path.clone(),
            ..SimOptions::default()
        };
        let mut world = World::new(options.clone());
        world.mutants = conditions.mutants;
        let durable = path.map(|path| Durable { path, length: Arc::new(AtomicU64::new(0)) });
        let mut manner = Manner::default();
        (manner.repeats, manner.threads) = (conditions.repeats, conditions.threads);
        manner.durable = durable;
        let (now, before) = (history.first.clone(), vec![]);
        let (death, drifted) = (conditions.death, false);
        Self { world, bomb, manner, now, before, death, options, drifted, _folder: folder }
    }

    /// The same, seeing each call.
    #[must_use]
    pub fn watched(mut self, watch: Arc<dyn Watch>) -> Self {
        self.manner.watch = Some(watch);
        self
    }

    /// The program as it is now.
    #[must_use]
    pub fn program(&self) -> Program {
        build(&self.now)
    }

    /// Edits the program.
    pub fn edit(&mut self, edit: &Edit) {
        let next = edited(&self.now, &self.before, edit);
        self.before = std::mem::replace(&mut self.now, next);
    }

    /// A new engine, whose process may die.
    #[must_use]
    pub fn engine(&self) -> Engine {
        let store = BombStore { inner: self.world.store.clone(), bomb: Arc::clone(&self.bomb) };
        let backend = Through::new(self.world.sim.clone(), self.manner.clone());
        self.world.engine_between(Arc::new(backend), Arc::new(store))
    }

    /// Drives what an engine does until it ends or its process dies.
    async fn drive<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, EngineError>> + Send + 'static,
    ) -> Result<T, Stop> {
        let bomb = Arc::clone(&self.bomb);
        let driven = async move { bomb.drive(work).await };
        let done =
            if self.manner.threads { tokio::spawn(driven).await.unwrap() } else { driven.await };
        done.ok_or(Stop::Died)?.map_err(Stop::Failed)
    }

    /// Deploys the program as it is now.
    ///
    /// # Errors
    /// If the process dies, or the engine fails.
    pub async fn up(&self) -> Result<Outcome, Stop> {
        self.up_with(self.engine(), vec![]).await
    }

    async fn up_with(&self, engine: Engine, targets: Vec<Pattern>) -> Result<Outcome, Stop> {
        let (program, mut options) = (self.program(), self.world.options.clone());
        options.refresh |= self.drifted;
        options.plan.targets.extend(targets);
        self.drive(async move { engine.up(&program, &options).await }).await
    }

    /// Does what an act says.
    async fn act(&mut self, act: &Act) -> Result<Option<Outcome>, Stop> {
        match act {
            Act::Up(edit) => {
                self.edit(edit);
                self.up().await.map(Some)
            }
            Act::Targeted(edit, names) => {
                self.edit(edit);
                let targets = names.iter().map(|name| Pattern::new(format!("n{name}"))).collect();
                match self.up_with(self.engine(), targets).await {
                    // What stands against it may lie in what is not targeted.
                    Err(Stop::Failed(EngineError::Plan(problems))) if only_targets(&problems) => {
                        Ok(None)
                    }
                    // Nor has a failure to be one that the whole program would have.
                    done => done.map(|_| None),
                }
            }
            Act::Cancelled(edit, at) => {
                self.edit(edit);
                let cancel = Cancel::default();
                self.bomb.stop_at(*at, cancel.clone());
                let outcome = self.up_with(self.engine().with_cancel(cancel), vec![]).await?;
                let interrupted = |error: &StepError| matches!(error, StepError::Interrupted);
                let clean = outcome.failures.iter().all(|failure| interrupted(&failure.error));
                Ok((!outcome.cancelled || !clean).then_some(outcome))
            }
            Act::Drift(at, drift) => {
                self.drift(*at, *drift).await;
                self.up().await.map(Some)
            }
            Act::Refresh => {
                let engine = self.engine();
                let refreshed =
                    self.drive(async move { engine.refresh(PROJECT, STACK).await }).await?;
                Ok(Some(refreshed.outcome))
            }
            Act::Destroy => {
                let (engine, options) = (self.engine(), self.world.options.plan.clone());
                let work = async move { engine.destroy(PROJECT, STACK, &options).await };
                self.drive(work).await.map(Some)
            }
            Act::Preview => {
                let (engine, program) = (self.engine(), self.program());
                let options = self.world.options.clone();
                let work = async move { engine.preview(&program, &options).await };
                self.drive(work).await.map(|_| None)
            }
        }
    }

    /// Lets the time pass in which something may not be seen as it is.
    async fn wait_out_lag(&self) {
        let clock = self.world.sim.clock();
        let mut sleep = clock.sleep(Duration::from_secs(10));
        std::future::poll_fn(|context| {
            while Pin::new(&mut sleep).poll(context).is_pending() {
                if !clock.advance_if_idle(1) {
                    return Poll::Pending;
                }
            }
            Poll::Ready(())
        })
        .await;
    }

    /// Changes the account behind the engine's back.
    pub async fn drift(&mut self, at: usize, drift: Drift) {
        self.wait_out_lag().await;
        let objects = self.world.objects();
        if objects.is_empty() {
            return;
        }
        let object = &objects[at % objects.len()];
        self.drifted = true;
        let account = &self.world.sim;
        let changed = match drift {
            Drift::Removed => account.remove(&object.id),
            Drift::Resized(size) => {
                let property = match object.ty.short_name() {
                    "Box" => "size",
                    "Pipe" => "width",
                    _ => "text",
                };
                account.set(&object.id, property, &size.to_string())
            }
        };
        changed.unwrap();
    }

    /// Takes no notice of what was changed behind the engine's back.
    pub fn ignore_drift(&mut self) {
        self.drifted = false;
    }

    /// Does one act of a history, from 0: the first deployment. Says how many moments it had.
    ///
    /// # Errors
    /// If anything goes wrong that may not.
    pub async fn step(&mut self, history: &History, step: usize, dies: u64) -> Result<u64, String> {
        self.bomb.arm(dies);
        let done = match step.checked_sub(1) {
            None => self.up().await.map(Some),
            Some(act) => self.act(&history.acts[act]).await,
        };
        let moments = self.bomb.count();
        self.bomb.arm(0);
        match done {
            Ok(outcome) => {
                self.ended(outcome.as_ref()).map_err(|error| format!("act {step}: {error}"))?;
                self.lease_is_free().await.map_err(|error| format!("act {step}: {error}"))?;
            }
            Err(Stop::Died) => self.bury().await,
            Err(Stop::Failed(error)) if self.is_bad_luck(&error) => {}
            Err(Stop::Failed(error)) => return Err(format!("act {step}: {error:?}")),
        }
        self.check_canary().map_err(|error| format!("act {step}: {error}"))?;
        Ok(moments)
    }

    /// Whether something could not be read because the account failed too often in a row.
    #[must_use]
    pub fn is_bad_luck(&self, error: &EngineError) -> bool {
        let reading = matches!(error, EngineError::Read { .. } | EngineError::Backend(_));
        reading && self.options.faults.unavailable > 0.0
    }

    fn ended(&mut self, outcome: Option<&Outcome>) -> Result<(), String> {
        match outcome {
            None => Ok(()),
            Some(outcome) if outcome.is_success() => {
                self.drifted = false;
                Ok(())
            }
            Some(outcome) if outcome.needs_more() => Ok(()),
            Some(outcome) => Err(format!("{:?} {:?}", outcome.failures, outcome.skipped)),
        }
    }

    /// The process is dead: its memory is gone, and perhaps what was not synced.
    pub async fn bury(&mut self) {
        self.world.store.holder_died();
        self.manner.settled().await;
        let Some(durable) = self.manner.durable.clone() else { return };
        // The file is locked until the last engine has let go of the account.
        self.world.sim = Sim::in_memory();
        let length = durable.length.load(Ordering::Acquire);
        if let Death::PowerLost { torn } = self.death {
            let file = std::fs::OpenOptions::new().write(true).open(&durable.path).unwrap();
            let there = file.metadata().unwrap().len();
            file.set_len(if torn { length.midpoint(there) } else { length }).unwrap();
        }
        self.world.sim = Sim::open(self.options.clone()).unwrap();
    }

    async fn lease_is_free(&self) -> Result<(), String> {
        let store = &self.world.store;
        let lease = store.acquire(Holder::default()).await;
        let lease = lease.map_err(|error| format!("the lease was kept: {error}"))?;
        store.release(lease).await.map_err(|error| error.to_string())
    }

    /// Nothing secret is on any disk.
    fn check_canary(&self) -> Result<(), String> {
        let found = |bytes: &[u8]| bytes.windows(CANARY.len()).any(|window| window == CANARY);
        let account = self.manner.durable.as_ref().map(|durable| std::fs::read(&durable.path));
        if found(&self.world.store.bytes()) {
            return Err("a secret is in the state".to_owned());
        }
        match account {
            Some(Ok(bytes)) if found(&bytes) => Err("a secret is in the account".to_owned()),
            Some(Err(error)) => Err(error.to_string()),
            _ => Ok(()),
        }
    }
}

const CANARY: &[u8] = b"canary-secret";

fn only_targets(problems: &[PlanProblem]) -> bool {
    problems.iter().all(|problem| matches!(problem, PlanProblem::NothingMatches(_)))
}
