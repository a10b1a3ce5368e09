//! What tasks take of processor and memory: asked of Docker, for services that are scaled by it, or that
//! an alarm watches.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::{Load, Source};
use crate::containers::{
    docker::Usage,
    parts::{
        compute::{Inner, launch::now, lock},
        figures::{LOAD, TASKS, metric},
    },
    scheduler::{Moment, Pace, Room, TaskState, TaskStatus},
};

/// How long Docker may take to say what a container takes.
const PATIENCE: Duration = Duration::from_secs(2);

/// A task and its containers.
type Measured = (TaskState, Vec<String>);

/// What a container was seen to take.
#[derive(Clone, Copy)]
struct Look {
    usage: Usage,
    at: Instant,
}

impl Inner {
    /// Asks once in a period, however long the answers take: a pause between two looks would be
    /// longer than a period, and every now and then one would be without a figure.
    pub(in super::super) async fn measure(self: Arc<Self>) {
        let mut before: BTreeMap<String, Look> = BTreeMap::new();
        let mut periods = interval(Pace::LOCAL.minute);
        periods.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            periods.tick().await;
            let at = now();
            let mut seen = BTreeMap::new();
            for (service, (cluster, tasks)) in self.measured() {
                let looks = tasks.iter().map(|(_, containers)| self.look_at(containers));
                let looks = join_all(looks).await;
                let all = tasks.iter().zip(&looks);
                let taken: Vec<(f64, f64)> =
                    all.filter_map(|((task, _), looks)| taken(task.room, looks, &before)).collect();
                seen.extend(looks.into_iter().flatten());
                self.tell((&cluster, &service), &taken, tasks.len(), at);
            }
            before = seen;
        }
    }

    /// The running tasks of services of which it matters what they take, with their containers.
    fn measured(&self) -> BTreeMap<String, (String, Vec<Measured>)> {
        let wanted = lock(&self.wanted).1.clone();
        let latest = lock(&self.latest);
        let by_usage = |source: &Source| matches!(source, Source::Load(Load::Cpu | Load::Memory));
        let services = wanted.services.into_iter().filter(|(_, service)| {
            service.watched
                || service.scaled.as_ref().is_some_and(|it| it.sources.values().any(by_usage))
        });
        let services = services.map(|(name, service)| {
            let tasks = latest.fleet.tasks.iter();
            let own = tasks.filter(|it| it.owner == name && it.status == TaskStatus::Running);
            let own = own.map(|task| {
                (task.clone(), latest.containers.get(&task.id).cloned().unwrap_or_default())
            });
            let own = own.collect();
            (name, (service.cluster, own))
        });
        services.collect()
    }

    async fn look_at(&self, containers: &[String]) -> Vec<(String, Look)> {
        let looks = containers.iter().map(|name| async move {
            let usage = timeout(PATIENCE, self.around.docker.usage(name)).await;
            // One that can't be measured now is measured the next time.
            let usage = usage.ok()?.ok()??;
            Some((name.clone(), Look { usage, at: Instant::now() }))
        });
        join_all(looks).await.into_iter().flatten().collect()
    }

    /// Puts down what tasks take on average, and what all of them take together: those that could
    /// not be measured as much as the others.
    fn tell(
        &self,
        (cluster, service): (&str, &str),
        taken: &[(f64, f64)],
        tasks: usize,
        at: Moment,
    ) {
        if taken.is_empty() {
            return;
        }
        let of = [("ServiceName", service)];
        let named = [("ClusterName", cluster), ("ServiceName", service)];
        let average =
            |of: fn(&(f64, f64)) -> f64| taken.iter().map(of).sum::<f64>() / taken.len() as f64;
        let figures = [
            ("CPU", "CPUUtilization", average(|it| it.0)),
            ("Memory", "MemoryUtilization", average(|it| it.1)),
        ];
        for (load, utilization, average) in figures {
            self.figures.put(&metric(LOAD, load, &of), at, average * tasks as f64);
            self.figures.put(&metric(TASKS, utilization, &named), at, average);
        }
    }
}

/// How many percent of the processor and the memory that it reserves a task takes; `None` where none
/// of its containers was seen before.
fn taken(
    room: Room,
    looks: &[(String, Look)],
    before: &BTreeMap<String, Look>,
) -> Option<(f64, f64)> {
    let mut processors = None;
    for (name, look) in looks {
        let Some(earlier) = before.get(name) else { continue };
        let time = look.at.duration_since(earlier.at).as_secs_f64();
        // One that was started anew counts from zero again.
        let spent = look.usage.cpu.saturating_sub(earlier.usage.cpu).as_secs_f64();
        if time > 0.0 {
            processors = Some(processors.unwrap_or(0.0) + spent / time);
        }
    }
    let bytes: u64 = looks.iter().map(|(_, look)| look.usage.memory).sum();
    let reserved = f64::from(room.cpu.max(1)) / 1024.0;
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    Some((100.0 * processors? / reserved, 100.0 * mebibytes / f64::from(room.memory.max(1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_told_in_percent_of_what_is_reserved() {
        let begin = Instant::now();
        let look = |seconds: u64, millis: u64, mebibytes: u64| Look {
            usage: Usage { cpu: Duration::from_millis(millis), memory: mebibytes << 20 },
            at: begin + Duration::from_secs(seconds),
        };
        let room = Room { cpu: 512, memory: 1024, interfaces: 1 };
        let before = BTreeMap::from([("php".to_owned(), look(0, 1000, 1))]);
        let looks = [("php".to_owned(), look(2, 1500, 256)), ("web".to_owned(), look(2, 70, 256))];
        let (cpu, memory) = taken(room, &looks, &before).unwrap();
        assert!((cpu - 50.0).abs() < 1e-9 && (memory - 50.0).abs() < 1e-9, "{cpu} {memory}");
        assert_eq!(taken(room, &looks, &BTreeMap::new()), None);
    }
}
