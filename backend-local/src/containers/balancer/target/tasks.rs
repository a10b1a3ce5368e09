//! [`Tasks`]: what runs as long as its target may be spoken with.

use std::{future::Future, sync::Mutex};

use tokio::task::JoinSet;

use crate::containers::balancer::lock::lock;

/// Tasks that end with their target. They need not look whether it has ended: each request would pay for
/// that.
#[derive(Debug)]
pub(in super::super) struct Tasks(Mutex<Option<JoinSet<()>>>);

impl Tasks {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Some(JoinSet::new())))
    }

    /// Runs one on this thread, until it ends or all are ended. If they have been, it does not begin.
    pub(in super::super) fn run(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(tasks) = lock(&self.0).as_mut() {
            // Those that ended are kept until somebody asks for them.
            while tasks.try_join_next().is_some() {}
            tasks.spawn(task);
        }
    }

    /// Ends all, for good.
    pub(super) fn end(&self) {
        let tasks = lock(&self.0).take();
        drop(tasks);
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::Arc};

    use super::Tasks;

    #[tokio::test]
    async fn they_end_together_and_none_begins_later() {
        let (tasks, held) = (Tasks::new(), Arc::new(()));
        let holds = || {
            let held = Arc::clone(&held);
            async move {
                pending::<()>().await;
                drop(held);
            }
        };
        tasks.run(holds());
        tasks.run(async {});
        tokio::task::yield_now().await;
        assert_eq!(Arc::strong_count(&held), 2);
        tasks.end();
        tokio::task::yield_now().await;
        assert_eq!(Arc::strong_count(&held), 1);
        tasks.run(holds());
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
