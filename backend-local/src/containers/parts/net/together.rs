//! [`Together`]: work that is done once for all who asked for it before it began.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

/// Work that is done once for all who asked for it before it began.
#[derive(Debug, Default)]
pub(super) struct Together {
    asked: AtomicU64,
    /// How many had asked when the last that succeeded began.
    done: Mutex<u64>,
}

impl Together {
    /// Returns when the work has been done by somebody who began it after this was called. If it
    /// fails, who waited does it on their own: what went wrong may be nothing to them.
    ///
    /// # Errors
    /// If it fails.
    pub(super) async fn run<E>(&self, work: impl AsyncFnOnce() -> Result<(), E>) -> Result<(), E> {
        let own = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut done = self.done.lock().await;
        if *done >= own {
            return Ok(());
        }
        let covered = self.asked.load(Ordering::SeqCst);
        work().await?;
        *done = covered;
        Ok(())
    }
}

#[cfg(test)]
mod tests {

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn who_waits_is_served_together() {
        let (together, times) = (Together::default(), AtomicU64::new(0));
        let work = async || {
            times.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok::<(), ()>(())
        };
        let all = (0..40).map(|_| together.run(work));
        assert!(join_all(all).await.into_iter().all(|it| it.is_ok()));
        // The first, and one for all others, who asked while it was at work or before.
        assert_eq!(times.load(Ordering::SeqCst), 2);
        together.run(work).await.unwrap();
        assert_eq!(times.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_failure_is_that_of_who_met_it() {
        let (together, times) = (Together::default(), AtomicU64::new(0));
        let work = async || {
            tokio::task::yield_now().await;
            if times.fetch_add(1, Ordering::SeqCst) == 0 { Err("first") } else { Ok(()) }
        };
        let all = join_all((0..3).map(|_| together.run(work))).await;
        assert_eq!(all, [Err("first"), Ok(()), Ok(())]);
        assert_eq!(times.load(Ordering::SeqCst), 2);
    }
}
