//! [`Clock`]: the time that the engine and handlers go by.
//!
//! **Invariant:** nothing in this crate asks the system for the time, except [`SystemClock`].

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

/// The time that the engine and handlers go by: milliseconds since 1970, or since whenever a
/// simulated world began.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Now.
    fn now(&self) -> u64;

    /// Ends at a time; at once if it is past.
    fn sleep_until(&self, at: u64) -> Sleep;

    /// For clocks that only move when nothing else does: moves on to the next time that somebody
    /// waits for, if at least `busy` are waiting. Says whether it moved.
    fn advance_if_idle(&self, busy: usize) -> bool;

    /// Ends after a duration.
    fn sleep(&self, duration: Duration) -> Sleep {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.sleep_until(self.now().saturating_add(millis))
    }
}

/// Ends at a time of a [`Clock`].
pub struct Sleep(SleepKind);

enum SleepKind {
    Real(Pin<Box<tokio::time::Sleep>>),
    Virtual { clock: VirtualClock, at: u64, registered: Option<Arc<Ticket>> },
}

impl std::fmt::Debug for Sleep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sleep")
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match &mut self.0 {
            SleepKind::Real(sleep) => sleep.as_mut().poll(context),
            SleepKind::Virtual { clock, at, registered } => {
                clock.poll_sleep(*at, registered, context.waker())
            }
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let SleepKind::Virtual { clock, registered: Some(ticket), .. } = &self.0 {
            clock.give_up(ticket);
        }
    }
}

/// The system's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where time comes from")]
    fn now(&self) -> u64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    fn sleep_until(&self, at: u64) -> Sleep {
        let left = Duration::from_millis(at.saturating_sub(self.now()));
        Sleep(SleepKind::Real(Box::pin(tokio::time::sleep(left))))
    }

    fn advance_if_idle(&self, _busy: usize) -> bool {
        false
    }
}

/// A time that stands still while anything is at work, and jumps to the next moment that somebody
/// waits for when nothing is. What would take twenty minutes ends at once and reports the twenty
/// minutes. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct VirtualClock(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Sleepers that were not woken yet.
    sleeping: AtomicUsize,
    state: Mutex<VirtualState>,
}

#[derive(Debug, Default)]
struct VirtualState {
    now: u64,
    next: u64,
    queue: BinaryHeap<Reverse<(u64, u64, Ordered)>>,
}

#[derive(Debug)]
struct Ticket {
    state: Mutex<TicketState>,
}

#[derive(Debug)]
enum TicketState {
    Waiting(Waker),
    Fired,
    GivenUp,
}

/// A ticket in a heap that compares by time and number alone.
#[derive(Debug)]
struct Ordered(Arc<Ticket>);

impl PartialEq for Ordered {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Ordered {}
impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Ordered {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

// Nothing panics while these are held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl VirtualClock {
    /// A clock that starts at a time.
    #[must_use]
    pub fn starting_at(now: u64) -> Self {
        let clock = Self::default();
        lock(&clock.0.state).now = now;
        clock
    }

    fn poll_sleep(&self, at: u64, registered: &mut Option<Arc<Ticket>>, waker: &Waker) -> Poll<()> {
        if let Some(ticket) = registered {
            let mut state = lock(&ticket.state);
            return match &mut *state {
                TicketState::Waiting(old) => {
                    old.clone_from(waker);
                    Poll::Pending
                }
                TicketState::Fired | TicketState::GivenUp => Poll::Ready(()),
            };
        }
        let mut state = lock(&self.0.state);
        if at <= state.now {
            return Poll::Ready(());
        }
        let ticket = Arc::new(Ticket { state: Mutex::new(TicketState::Waiting(waker.clone())) });
        let number = state.next;
        state.next += 1;
        state.queue.push(Reverse((at, number, Ordered(Arc::clone(&ticket)))));
        self.0.sleeping.fetch_add(1, Ordering::AcqRel);
        *registered = Some(ticket);
        Poll::Pending
    }

    fn give_up(&self, ticket: &Ticket) {
        let old = std::mem::replace(&mut *lock(&ticket.state), TicketState::GivenUp);
        if matches!(old, TicketState::Waiting(_)) {
            self.0.sleeping.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> u64 {
        lock(&self.0.state).now
    }

    fn sleep_until(&self, at: u64) -> Sleep {
        Sleep(SleepKind::Virtual { clock: self.clone(), at, registered: None })
    }

    fn advance_if_idle(&self, busy: usize) -> bool {
        if self.0.sleeping.load(Ordering::Acquire) < busy {
            return false;
        }
        let mut woken = vec![];
        {
            let mut state = lock(&self.0.state);
            while let Some(Reverse((at, ..))) = state.queue.peek() {
                if !woken.is_empty() && *at > state.now {
                    break;
                }
                let at = *at;
                let Some(Reverse((.., Ordered(ticket)))) = state.queue.pop() else { break };
                let old = std::mem::replace(&mut *lock(&ticket.state), TicketState::Fired);
                if let TicketState::Waiting(waker) = old {
                    state.now = state.now.max(at);
                    self.0.sleeping.fetch_sub(1, Ordering::AcqRel);
                    woken.push(waker);
                }
            }
        }
        let moved = !woken.is_empty();
        woken.into_iter().for_each(Waker::wake);
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, StreamExt, stream::FuturesUnordered};

    #[test]
    fn time_jumps_only_when_everybody_waits() {
        let clock = VirtualClock::starting_at(1_000);
        let order = Mutex::new(vec![]);
        let sleepers: FuturesUnordered<_> = [(3, 300), (1, 100), (2, 100)]
            .into_iter()
            .map(|(name, millis)| {
                let (clock, order) = (&clock, &order);
                async move {
                    clock.sleep(Duration::from_millis(millis)).await;
                    lock(order).push((name, clock.now()));
                }
            })
            .collect();
        let mut all = sleepers.collect::<Vec<()>>();
        assert!((&mut all).now_or_never().is_none());
        assert!(!clock.advance_if_idle(4), "a fourth is at work");
        assert!(clock.advance_if_idle(3));
        assert!((&mut all).now_or_never().is_none());
        assert!(clock.advance_if_idle(1));
        assert!(all.now_or_never().is_some());
        let mut order = order.into_inner().unwrap();
        order.sort_unstable();
        assert_eq!(order, [(1, 1_100), (2, 1_100), (3, 1_300)]);
        assert!(!clock.advance_if_idle(0));
    }

    #[test]
    fn who_gives_up_does_not_hold_time_back() {
        let clock = VirtualClock::default();
        let mut sleep = Box::pin(clock.sleep(Duration::from_secs(5)));
        assert!(sleep.as_mut().now_or_never().is_none());
        drop(sleep);
        assert!(!clock.advance_if_idle(1));
        assert_eq!(clock.now(), 0, "nobody waits, so nothing moves");
    }
}
