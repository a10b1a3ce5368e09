//! [`Alarms`]: those of CloudWatch, over what is counted here. Topics are told by the emulator.
//!
//! What an alarm looks at that nothing here counts stays unknown, and it says so. So it does of what
//! it would do and nobody here does.

mod memory;
mod read;
mod signals;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use infra_core::{
    clock::{Clock as _, SystemClock},
    engine::full_message,
};
use serde_json::json;
use tokio::{sync::watch, time::sleep};

use super::figures::{Figures, RETENTION, SETTLED};
use crate::{
    containers::{
        agent::{
            AgentError, Part, Surroundings,
            protocol::{Level, PartReport, State, ThingReport, Which},
        },
        emulator::{Emulator, EmulatorError},
        scheduler::{
            Event, Moment, Pace,
            alarm::{AlarmDecision, MetricAlarm, State as Alarmed, plan_alarm, plan_composite},
        },
    },
    sim::View,
};
use memory::{Kept, Memory, Message};
use read::Wanted;
use signals::Action;
pub(super) use signals::Signals;

/// How often alarms are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long the emulator may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// After which time a topic is told again, where the emulator did not answer.
const AGAIN: Duration = Duration::from_secs(5);
/// How many messages wait at most.
const WAITING: usize = 100;
/// How many events of an alarm are remembered.
const EVENTS: usize = 20;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Inner {
    around: Surroundings,
    figures: Figures,
    signals: watch::Sender<Signals>,
    emulator: Emulator,
    /// Since when figures are taken.
    began: Moment,
    wanted: Mutex<Wanted>,
    memory: Mutex<Memory>,
    events: Mutex<BTreeMap<String, Vec<(u64, String)>>>,
}

/// Alarms of CloudWatch.
pub(super) struct Alarms(Arc<Inner>);

impl Alarms {
    pub(super) fn new(
        around: &Surroundings,
        figures: &Figures,
        signals: watch::Sender<Signals>,
    ) -> Result<Self, AgentError> {
        let inner = Arc::new(Inner {
            around: around.clone(),
            figures: figures.clone(),
            signals,
            emulator: Emulator::new(around.settings.emulator, PATIENCE),
            began: Moment(SystemClock.now()),
            wanted: Mutex::default(),
            memory: Mutex::new(Memory::open(around.folder.alarms())?),
            events: Mutex::default(),
        });
        let states = lock(&inner.memory).kept.states();
        inner.signals.send_replace(Signals::default().of(states));
        tokio::spawn(Arc::clone(&inner).rounds());
        tokio::spawn(Arc::clone(&inner).tell());
        Ok(Self(inner))
    }
}

impl Inner {
    async fn rounds(self: Arc<Self>) {
        loop {
            sleep(LOOK).await;
            if let Err(error) = self.round(Moment(SystemClock.now())) {
                self.around.log.line(format_args!("alarms: {}", full_message(&error)));
            }
        }
    }

    fn round(&self, now: Moment) -> Result<(), AgentError> {
        let wanted = lock(&self.wanted).clone();
        let mut memory = lock(&self.memory);
        let mut kept = memory.kept.clone();
        kept.metrics.retain(|name, _| wanted.metrics.contains_key(name));
        kept.composites.retain(|name, _| wanted.composites.contains_key(name));
        lock(&self.events).retain(|name, _| wanted.arns.contains_key(name));
        let known = now.minus(SETTLED);
        let mut signals = Signals::default();
        for (name, alarm) in &wanted.metrics {
            // An agent that has just begun does not take what it did not see for silence.
            if known.since(self.began) < window(alarm) {
                continue;
            }
            let own = kept.metrics.entry(name.clone()).or_default();
            let before = own.state;
            let (mut decision, latest) = self.figures.read(|store| {
                let decision = plan_alarm(alarm, own, store, &Pace::LOCAL, known);
                (decision, alarm.latest(store, &Pace::LOCAL, known))
            });
            *own = decision.kept.clone();
            signals.take(alarm, own, &latest);
            if latest.is_empty()
                && decision.actions.iter().any(|it| Action::of(it) == Action::Policy)
            {
                let message = format!("(alarm {name}) has no figure by which a step is chosen.");
                decision.events.push(Event { at: known, message });
            }
            self.take(&wanted, &mut kept, name, before, decision);
        }
        let mut states: BTreeMap<String, Alarmed> = kept.states();
        for (name, alarm) in &wanted.composites {
            let own = kept.composites.entry(name.clone()).or_default();
            let before = own.alarm.state;
            let (next, decision) = plan_composite(alarm, own, &states, &Pace::LOCAL, now);
            states.insert(name.clone(), next.alarm.state);
            *own = next;
            self.take(&wanted, &mut kept, name, before, decision);
        }
        // Durable before anybody is told.
        memory.keep(kept)?;
        self.signals.send_replace(signals.of(states));
        Ok(())
    }

    /// What became of an alarm: people are told here, topics by messages that are kept until sent.
    fn take(
        &self,
        wanted: &Wanted,
        kept: &mut Kept,
        name: &str,
        before: Alarmed,
        decision: AlarmDecision,
    ) {
        let AlarmDecision { kept: alarm, actions, mut events } = decision;
        let idle = wanted.idle.get(name);
        for action in &actions {
            if let Some(why) = idle.and_then(|idle| idle.get(action)) {
                let message = format!("(alarm {name}) can't trigger {action}: {why}.");
                events.push(Event { at: alarm.since, message });
            }
        }
        for event in events {
            self.around.log.line(&event.message);
            let mut all = lock(&self.events);
            let own = all.entry(name.to_owned()).or_default();
            own.push((event.at.0, event.message));
            let many = own.len().saturating_sub(EVENTS);
            own.drain(..many);
        }
        let region = crate::sim::USUAL_REGION;
        for topic in actions.into_iter().filter(|action| Action::of(action) == Action::Topic) {
            let body = json!({
                "AlarmName": name,
                "AlarmDescription": wanted.means.get(name),
                "AWSAccountId": crate::sim::ACCOUNT_NUMBER,
                "NewStateValue": alarm.state.as_str(),
                "OldStateValue": before.as_str(),
                "NewStateReason": alarm.reason,
                "StateChangeTime": said(alarm.since),
                "Region": region,
                "AlarmArn": wanted.arns.get(name),
            });
            let subject = format!("{}: \"{name}\" in {region}", alarm.state.as_str());
            let message = Message { topic, subject, body: body.to_string() };
            kept.messages.push(message);
        }
        let many = kept.messages.len().saturating_sub(WAITING);
        kept.messages.drain(..many);
    }

    /// Tells topics what waits to be told, again and again.
    async fn tell(self: Arc<Self>) {
        loop {
            let Some(message) = lock(&self.memory).kept.messages.first().cloned() else {
                sleep(LOOK).await;
                continue;
            };
            let Message { topic, subject, body } = &message;
            match self.emulator.publish(topic, subject, body).await {
                Ok(()) => {}
                // A topic that is not there never will hear it.
                Err(error @ EmulatorError::Refused { .. }) => {
                    self.around.log.line(full_message(&error))
                }
                Err(_) => {
                    sleep(AGAIN).await;
                    continue;
                }
            }
            let sent = lock(&self.memory).sent(&message);
            if let Err(error) = sent {
                self.around.log.line(full_message(&error));
                sleep(AGAIN).await;
            }
        }
    }
}

/// How far back an alarm looks, at the pace of this place.
fn window(alarm: &MetricAlarm) -> Duration {
    let periods = alarm.evaluation_periods.saturating_add(1);
    Pace::LOCAL.scale(alarm.figure.period().saturating_mul(periods)).min(RETENTION)
}

fn said(at: Moment) -> String {
    let at = i64::try_from(at.0).ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    at.map(|at| at.to_string()).unwrap_or_default()
}

impl Part for Alarms {
    fn name(&self) -> &'static str {
        "alarms"
    }

    fn types(&self) -> &'static [&'static str] {
        // They are there as soon as the account says so.
        &[]
    }

    fn want(&self, view: &Arc<View>) {
        *lock(&self.0.wanted) = read::read(view);
    }

    fn state(&self, _: &Which) -> State {
        State::default()
    }

    fn report(&self) -> PartReport {
        let wanted = lock(&self.0.wanted).clone();
        let kept = lock(&self.0.memory).kept.clone();
        let events = lock(&self.0.events);
        let things = wanted.arns.keys().map(|name| {
            let metric = kept.metrics.get(name);
            let alarm = metric.or_else(|| Some(&kept.composites.get(name)?.alarm));
            let state = alarm.map(|alarm| alarm.state).unwrap_or_default();
            let why = wanted.blind.get(name).or_else(|| Some(&alarm?.reason));
            let message = match why.filter(|why| !why.is_empty()) {
                Some(why) => format!("{}: {why}", state.as_str()),
                None => state.as_str().to_owned(),
            };
            let means = wanted.means.get(name).cloned();
            let idle = wanted.idle.get(name).into_iter().flatten();
            let idle =
                idle.map(|(arn, why)| ("does not trigger".to_owned(), format!("{arn}: {why}")));
            ThingReport {
                id: name.clone(),
                // The alarm is as it is wanted, whatever it says.
                level: Level::Ready,
                message,
                redundant: true,
                parts: means
                    .into_iter()
                    .map(|means| ("means".to_owned(), means))
                    .chain(idle)
                    .collect(),
                events: events.get(name).cloned().unwrap_or_default(),
            }
        });
        PartReport { name: self.name().to_owned(), things: things.collect() }
    }
}
