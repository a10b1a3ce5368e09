//! How many connections there are, and what moves on them.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::clock::Clock;

/// How many connections there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections(Arc<AtomicUsize>);

/// One of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Counted(Arc<AtomicUsize>);

impl Connections {
    pub(super) fn count(&self) -> usize {
        self.0.load(Relaxed)
    }

    pub(super) fn one(&self) -> Counted {
        self.0.fetch_add(1, Relaxed);
        Counted(Arc::clone(&self.0))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// What happens on a client's connection, in the clock's milliseconds.
#[derive(Debug)]
pub(super) struct Activity {
    clock: Clock,
    /// When bytes moved last.
    moved: AtomicU64,
    /// When an exchange ended last.
    ended: AtomicU64,
    /// Exchanges that have not ended.
    running: AtomicUsize,
}

impl Activity {
    pub(super) fn new(clock: Clock) -> Arc<Self> {
        let now = clock.millis();
        let (moved, ended) = (AtomicU64::new(now), AtomicU64::new(now));
        Arc::new(Self { clock, moved, ended, running: AtomicUsize::new(0) })
    }

    pub(super) fn begin(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Relaxed);
        Running(Arc::clone(self))
    }

    /// For how many milliseconds there has been no exchange; `None`: there is one.
    pub(super) fn idle(&self) -> Option<u64> {
        let idle = self.clock.millis().saturating_sub(self.ended.load(Relaxed));
        (self.running.load(Relaxed) == 0).then_some(idle)
    }

    /// For how many milliseconds no bytes have moved.
    pub(super) fn still(&self) -> u64 {
        self.clock.millis().saturating_sub(self.moved.load(Relaxed))
    }
}

/// An exchange that has not ended.
#[derive(Debug)]
pub(super) struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.ended.store(self.0.clock.millis(), Relaxed);
        self.0.running.fetch_sub(1, Relaxed);
    }
}

/// A stream whose movements are noted.
#[derive(Debug)]
pub(super) struct Watched<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }

    fn note<T>(&self, polled: Poll<T>) -> Poll<T> {
        if polled.is_ready() {
            self.activity.moved.store(self.activity.clock.millis(), Relaxed);
        }
        polled
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.note(polled)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.note(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
