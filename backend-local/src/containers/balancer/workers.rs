//! [`Workers`]: threads of the balancer's own.
//!
//! Each has a runtime of its own. A connection, and those to targets that its requests take, stay on one
//! thread: nothing wakes another, and what else the process does delays nobody's request.

use std::{
    io,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
};

use tokio::{runtime, sync::oneshot};

/// Threads of the balancer's own. They end, and all that runs on them, when this is dropped.
#[derive(Debug)]
pub(super) struct Workers {
    threads: Vec<(runtime::Handle, oneshot::Sender<()>)>,
    turn: AtomicUsize,
}

impl Workers {
    /// One for each processor.
    pub(super) fn start() -> io::Result<Self> {
        let count = thread::available_parallelism().map_or(1, usize::from);
        let threads = (0..count).map(|_| {
            let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
            let (handle, (stop, stopped)) = (runtime.handle().clone(), oneshot::channel());
            let run = move || {
                // It ends when the sender is dropped, too.
                let _ = runtime.block_on(stopped);
            };
            thread::Builder::new().name("balancer".to_owned()).spawn(run)?;
            Ok((handle, stop))
        });
        Ok(Self { threads: threads.collect::<io::Result<_>>()?, turn: AtomicUsize::new(0) })
    }

    pub(super) fn count(&self) -> usize {
        self.threads.len()
    }

    /// The first.
    pub(super) fn first(&self) -> &runtime::Handle {
        &self.threads[0].0
    }

    /// The next in turn, and its number.
    pub(super) fn next(&self) -> (usize, &runtime::Handle) {
        let worker = self.turn.fetch_add(1, Relaxed) % self.threads.len();
        (worker, &self.threads[worker].0)
    }
}
