//! What earlier agents have left of tasks and instances: half made, or half removed.

use std::{collections::BTreeSet, sync::atomic::Ordering};

use super::{
    Inner,
    launch::interface_of,
    note::{INSTANCE, TASK, Task},
    round::Looked,
};
use crate::containers::{agent::Failure, network::interface_ids};

/// The ids of those of a kind that have an interface and no container.
fn without_container<'a>(
    kind: &str,
    interfaces: &'a [String],
    containers: impl Iterator<Item = &'a String>,
) -> Vec<&'a str> {
    let containers: BTreeSet<&str> = containers.map(String::as_str).collect();
    let prefix = interface_of(kind, "");
    let all = interfaces.iter().filter_map(|id| id.strip_prefix(&prefix));
    all.filter(|id| !containers.contains(id)).collect()
}

impl Inner {
    /// Removes, once, what has an interface alone: it is made before the container and goes after it, and the
    /// agent may have been killed between the two. And tasks whose containers did not all start: nobody would
    /// start them any more. Comes before anything starts: what is started again is made anew. Whether
    /// something was removed that was looked at.
    pub(super) async fn clear(&self, looked: &Looked) -> Result<bool, Failure> {
        if self.cleared.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let half_made: Vec<&Task> = looked.tasks.iter().filter(|it| it.is_half_made()).collect();
        for task in &half_made {
            self.launcher.forget(&task.id).await?;
        }
        let interfaces = interface_ids(&self.around.docker, self.around.account()).await?;
        let tasks = looked.tasks.iter().map(|task| &task.id);
        for token in without_container(TASK, &interfaces, tasks) {
            self.launcher.forget(token).await?;
        }
        let instances = looked.instances.iter().map(|instance| &instance.id);
        for token in without_container(INSTANCE, &interfaces, instances) {
            self.launcher.terminate(token).await?;
        }
        self.cleared.store(true, Ordering::Relaxed);
        Ok(!half_made.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_container_and_what_is_of_another_kind_stays() {
        let interfaces = ["task-web-1", "task-web-2", "instance-web-1", "cache-web-task-1"];
        let interfaces = interfaces.map(str::to_owned);
        let there = ["web-2".to_owned()];
        assert_eq!(without_container("task", &interfaces, there.iter()), ["web-1"]);
        assert_eq!(without_container("instance", &interfaces, there.iter()), ["web-1"]);
    }
}
