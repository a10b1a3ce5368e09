//! [`Going`]: what is on its way, and what a look at Docker makes of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::containers::scheduler::{Moment, TaskState, TaskStatus};

/// What is on its way.
#[derive(Clone, Debug, Default)]
pub(super) struct Going {
    /// Tasks that start, each with how it would look.
    pub(super) starting: BTreeMap<String, TaskState>,
    /// Tasks whose start failed.
    pub(super) failed: BTreeMap<String, TaskState>,
    pub(super) stopping: BTreeSet<String>,
    /// Instances that are launched, each with its group.
    pub(super) launching: BTreeMap<String, String>,
    pub(super) terminating: BTreeSet<String>,
    pub(super) forgetting: BTreeSet<String>,
    /// Single runs whose last words are being read.
    pub(super) listening: BTreeSet<String>,
    /// When a task was first seen with all its containers.
    pub(super) started_at: BTreeMap<String, Moment>,
}

impl Going {
    /// What was on its way at any moment since a look began, where `self` is what is now. A look
    /// takes its time: what ended meanwhile is not yet to be seen in it, and a task that has just
    /// started would be in neither, as one that vanished.
    pub(super) fn since(&self, before: Self) -> Self {
        let mut going = self.clone();
        for (id, task) in before.starting {
            if !going.failed.contains_key(&id) {
                going.starting.entry(id).or_insert(task);
            }
        }
        going.stopping.extend(before.stopping);
        going.launching.extend(before.launching);
        going.terminating.extend(before.terminating);
        going.forgetting.extend(before.forgetting);
        going
    }

    /// The tasks that no container of was seen.
    pub(super) fn unseen(&self, seen: &BTreeSet<String>) -> Vec<TaskState> {
        let all = self.starting.values().chain(self.failed.values());
        let unseen = all.filter(|task| !seen.contains(&task.id)).cloned().map(|mut task| {
            if task.status == TaskStatus::Pending && self.stopping.contains(&task.id) {
                task.status = TaskStatus::Stopping;
            }
            task
        });
        unseen.collect()
    }
}

/// A task that starts.
#[cfg(test)]
pub(super) fn made_up(id: &str, owner: &str, deployment: &str) -> TaskState {
    let room = crate::containers::scheduler::Room { cpu: 256, memory: 512, interfaces: 1 };
    TaskState::pending(id, owner, deployment, "web:1", "i", room)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(id: &str, status: TaskStatus) -> TaskState {
        TaskState { status, ..made_up(id, "web", "1") }
    }

    fn starting(ids: &[&str]) -> Going {
        let pending = |id: &&str| ((*id).to_owned(), task(id, TaskStatus::Pending));
        Going { starting: ids.iter().map(pending).collect(), ..Going::default() }
    }

    fn unseen(going: &Going) -> Vec<(String, TaskStatus)> {
        let all = going.unseen(&BTreeSet::from(["seen".to_owned()]));
        all.into_iter().map(|task| (task.id, task.status)).collect()
    }

    #[test]
    fn a_task_that_started_during_a_look_has_not_vanished() {
        let before = starting(&["a", "b", "c", "seen"]);
        let mut now = starting(&["b"]);
        now.failed.insert("c".to_owned(), task("c", TaskStatus::Stopped));
        let expected = [
            ("a".to_owned(), TaskStatus::Pending),
            ("b".to_owned(), TaskStatus::Pending),
            ("c".to_owned(), TaskStatus::Stopped),
        ];
        assert_eq!(unseen(&now.since(before)), expected);
        assert_eq!(unseen(&now), expected[1..]);
    }

    #[test]
    fn what_ended_during_a_look_was_on_its_way() {
        let ids = |id: &str| BTreeSet::from([id.to_owned()]);
        let launching = BTreeMap::from([("n".to_owned(), "web".to_owned())]);
        let before = Going {
            stopping: ids("a"),
            launching: launching.clone(),
            terminating: ids("i"),
            forgetting: ids("b"),
            ..Going::default()
        };
        let going = Going::default().since(before);
        assert_eq!(
            (going.stopping, going.launching, going.terminating, going.forgetting),
            (ids("a"), launching, ids("i"), ids("b"))
        );
    }

    #[test]
    fn a_task_that_is_told_to_stop_before_it_has_started_stops() {
        let mut going = starting(&["a"]);
        going.stopping.insert("a".to_owned());
        assert_eq!(unseen(&going), [("a".to_owned(), TaskStatus::Stopping)]);
    }
}
