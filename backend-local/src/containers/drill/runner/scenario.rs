//! The steps of a drill, one after the other.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Mutex as AsyncMutex,
    time::{Instant, sleep},
};

use super::{
    super::{Drill, Hit, Injection, Load, RUSH, Redundancy, Serving, Site, Step},
    DrillError, Pace, Progress,
};

/// How often it is looked whether what was added is gone: it takes minutes.
const EBB: Duration = Duration::from_secs(5);

/// What is known of a drill so far. It is kept apart from the steps, which somebody may interrupt.
#[derive(Debug, Default)]
pub(super) struct Noted {
    pub(super) from: Duration,
    /// When the event began, and when it was done.
    pub(super) event: Option<(Duration, Duration)>,
    pub(super) hit: Option<Hit>,
    pub(super) redundant: Option<Duration>,
    /// What serves people, and what did at most.
    pub(super) serving: Serving,
    pub(super) most: Serving,
    pub(super) timeline: Vec<(Duration, String)>,
}

pub(super) fn locked(noted: &Mutex<Noted>) -> MutexGuard<'_, Noted> {
    // What is in it is whole at any moment.
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A drill that is under way.
pub(super) struct Scenario<'a, S> {
    pub(super) site: &'a S,
    pub(super) load: &'a Load,
    /// How many requests a second there are usually.
    pub(super) rate: f64,
    pub(super) drill: &'static Drill,
    /// When the load began.
    pub(super) began: Instant,
    pub(super) pace: Pace,
    /// What served people before anything was done.
    pub(super) before: Serving,
    pub(super) noted: &'a Mutex<Noted>,
    /// Held while an event is under way: nobody ends the drill in the midst of it.
    pub(super) injecting: &'a AsyncMutex<()>,
    pub(super) progress: &'a (dyn Fn(&Progress) + Send + Sync),
}

impl<S: Site> Scenario<'_, S> {
    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    pub(super) fn say(&self, progress: Progress) {
        locked(self.noted).timeline.push((self.now(), progress.to_string()));
        (self.progress)(&progress);
    }

    pub(super) async fn play(&self) -> Result<(), DrillError> {
        self.say(Progress::WarmingUp(self.pace.warm_up));
        sleep(self.pace.warm_up).await;
        locked(self.noted).from = self.now();
        self.say(Progress::Baseline(self.pace.baseline));
        sleep(self.pace.baseline).await;
        for step in self.drill.steps {
            match *step {
                Step::Inject(injection) => self.inject(injection).await?,
                Step::Hold(time) => {
                    self.say(Progress::Holding(time));
                    self.hold(time, self.pace.poll, |_| false).await;
                }
                Step::Ebb(time) => {
                    self.say(Progress::Ebbing(time));
                    let is_gone = |now: Serving| now.max(self.before) == self.before;
                    self.hold(time, EBB, is_gone).await;
                }
                Step::Heal => {
                    self.say(Progress::Healing);
                    self.load.set_rate(self.rate);
                    let healed = self.site.heal().await;
                    let drill = self.drill.name;
                    healed.map_err(|source| DrillError::Heal {
                        drill,
                        source,
                        report: None,
                        after: None,
                    })?;
                }
                Step::AwaitRedundancy => self.await_redundancy().await,
            }
        }
        self.say(Progress::CoolingDown(self.pace.cool_down));
        sleep(self.pace.cool_down).await;
        Ok(())
    }

    async fn inject(&self, injection: Injection) -> Result<(), DrillError> {
        let _injecting = self.injecting.lock().await;
        self.say(Progress::Injecting(injection));
        let began = self.now();
        let hit = match injection {
            Injection::Rush => Ok(self.rush()),
            injection => self.site.inject(injection).await,
        };
        let hit = hit.map_err(|source| DrillError::Inject { injection, source })?;
        let mut noted = locked(self.noted);
        noted.event = Some((began, self.now()));
        noted.hit = Some(hit.clone());
        drop(noted);
        self.say(Progress::Injected(hit));
        Ok(())
    }

    /// More people come.
    fn rush(&self) -> Hit {
        let rate = self.rate * f64::from(RUSH);
        self.load.set_rate(rate);
        Hit { target: format!("{rate} requests a second"), in_flight: None }
    }

    /// Leaves it so until something is so, for a while at most, and notes what serves people meanwhile.
    async fn hold(&self, time: Duration, poll: Duration, is_over: impl Fn(Serving) -> bool) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            // A site that does not say it at the moment says it later.
            if let Ok(facts) = self.site.facts().await {
                let now = Serving::of(&facts);
                if now != locked(self.noted).serving {
                    self.say(Progress::Serving(now));
                    let mut noted = locked(self.noted);
                    (noted.serving, noted.most) = (now, noted.most.max(now));
                }
                if is_over(now) {
                    return;
                }
            }
            sleep(poll.min(end.saturating_duration_since(Instant::now()))).await;
        }
    }

    /// Waits until all is there again, for as long as the pace allows. A site may not have noticed
    /// yet that something is missing: that all is there is believed if it was not before, or if it
    /// has been so for long enough.
    async fn await_redundancy(&self) {
        let began = Instant::now();
        let mut was_missing = vec![];
        let mut whole_since = None;
        while began.elapsed() < self.pace.redundancy {
            match self.site.redundancy().await {
                Ok(Redundancy::Full) => {
                    let since = *whole_since.get_or_insert_with(|| self.now());
                    if !was_missing.is_empty() || began.elapsed() >= self.pace.notice {
                        locked(self.noted).redundant = Some(since);
                        self.say(Progress::Redundant);
                        return;
                    }
                }
                Ok(Redundancy::Missing(missing)) => {
                    whole_since = None;
                    if missing != was_missing {
                        self.say(Progress::Missing(missing.clone()));
                        was_missing = missing;
                    }
                }
                Err(error) => {
                    whole_since = None;
                    let why = vec![error.to_string()];
                    if why != was_missing {
                        self.say(Progress::Silent(error.to_string()));
                        was_missing = why;
                    }
                }
            }
            sleep(self.pace.poll).await;
        }
        self.say(Progress::NotRedundant);
    }
}
