//! [`Roster`]: who may be asked now, and who is next.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use super::Target;
use crate::containers::balancer::config::Algorithm;

/// A whole request, as it is saved up in slow start.
const WHOLE: u32 = 1000;
/// The least share in slow start, so that a target warms up at all.
const LEAST: u32 = 20;

/// Who may be asked now.
#[derive(Debug, Default)]
pub(in super::super) struct Roster {
    targets: Vec<Arc<Target>>,
    by_token: HashMap<String, Arc<Target>>,
    algorithm: Algorithm,
    slow_start: Duration,
    turn: AtomicUsize,
    /// How long a client stays with its target.
    pub(in super::super) stickiness: Option<Duration>,
}

impl Roster {
    pub(super) fn new(
        targets: Vec<Arc<Target>>,
        algorithm: Algorithm,
        stickiness: Option<Duration>,
        slow_start: Duration,
    ) -> Self {
        let by_token = match stickiness {
            Some(_) => targets.iter().map(|it| (it.token.clone(), Arc::clone(it))).collect(),
            None => HashMap::new(),
        };
        let turn = AtomicUsize::new(0);
        Self { targets, by_token, algorithm, slow_start, turn, stickiness }
    }

    /// Begins where another one stopped.
    pub(super) fn after(self, other: &Self) -> Self {
        self.turn.store(other.turn.load(Relaxed), Relaxed);
        self
    }

    /// Who is next: the one that the client had, if it still may be asked and was not tried.
    pub(in super::super) fn pick(
        &self,
        had: Option<&str>,
        tried: &[SocketAddr],
        now: u64,
    ) -> Option<&Arc<Target>> {
        let untried = |target: &&Arc<Target>| !tried.contains(&target.address);
        let had = had.and_then(|token| self.by_token.get(token)).filter(untried);
        if had.is_some() {
            return had;
        }
        match self.algorithm {
            Algorithm::RoundRobin => self.in_turn(tried, now),
            Algorithm::LeastOutstandingRequests => self.least(tried),
        }
    }

    fn in_turn(&self, tried: &[SocketAddr], now: u64) -> Option<&Arc<Target>> {
        let count = self.targets.len();
        let first = self.turn.fetch_add(1, Relaxed);
        let mut passed = None;
        for step in 0..count {
            let target = &self.targets[first.wrapping_add(step) % count];
            if tried.contains(&target.address) {
                continue;
            }
            if self.slow_start.is_zero() || target.affords(self.slow_start, now) {
                // Those who were passed over are not asked twice for that.
                self.turn.fetch_add(step, Relaxed);
                return Some(target);
            }
            passed = passed.or(Some(target));
        }
        passed
    }

    /// Who has the fewest; of several that have the same, the next in turn.
    fn least(&self, tried: &[SocketAddr]) -> Option<&Arc<Target>> {
        let count = self.targets.len();
        let first = self.turn.fetch_add(1, Relaxed);
        let all = (0..count).map(|step| &self.targets[first.wrapping_add(step) % count]);
        let untried = all.filter(|target| !tried.contains(&target.address));
        untried.min_by_key(|target| target.outstanding())
    }
}

impl Target {
    /// Its slow start begins now, or it has its full share at once.
    pub(super) fn start_slowly(&self, since: Option<u64>) {
        self.slow_since.store(since.map_or(0, |since| since.max(1)), Relaxed);
        self.saved.store(0, Relaxed);
    }

    pub(super) fn starts_slowly(&self, slow_start: Duration, now: u64) -> bool {
        self.share(slow_start, now) < WHOLE
    }

    /// Its share, in thousandths: it grows evenly.
    fn share(&self, slow_start: Duration, now: u64) -> u32 {
        let since = self.slow_since.load(Relaxed);
        let passed = u128::from(now.saturating_sub(since));
        let whole = slow_start.as_millis();
        if since == 0 || passed >= whole {
            return WHOLE;
        }
        u32::try_from(passed * u128::from(WHOLE) / whole).unwrap_or(WHOLE).max(LEAST)
    }

    /// Whether its share is worth a request by now.
    fn affords(&self, slow_start: Duration, now: u64) -> bool {
        let share = self.share(slow_start, now);
        if share >= WHOLE {
            return true;
        }
        let saved = self.saved.fetch_add(share, Relaxed) + share;
        if saved < WHOLE {
            return false;
        }
        self.saved.fetch_sub(WHOLE, Relaxed);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Outstanding, Algorithm, Arc, Duration, Roster, SocketAddr, Target};

    fn targets(count: u16) -> Vec<Arc<Target>> {
        let address = |port| SocketAddr::from(([10, 0, 0, 1], port));
        (1..=count).map(|port| Target::new("g", address(port), 1)).collect()
    }

    fn ports(roster: &Roster, count: usize, now: u64) -> Vec<u16> {
        let pick = |_| roster.pick(None, &[], now).unwrap().address.port();
        (0..count).map(pick).collect()
    }

    #[test]
    fn each_has_its_turn() {
        let roster = Roster::new(targets(3), Algorithm::RoundRobin, None, Duration::ZERO);
        assert_eq!(ports(&roster, 7, 0), [1, 2, 3, 1, 2, 3, 1]);
    }

    #[test]
    fn who_was_tried_is_passed_over() {
        let all = targets(2);
        let tried: Vec<_> = all.iter().map(|target| target.address).collect();
        for algorithm in [Algorithm::RoundRobin, Algorithm::LeastOutstandingRequests] {
            let roster = Roster::new(all.clone(), algorithm, None, Duration::ZERO);
            for _ in 0..3 {
                assert_eq!(roster.pick(None, &tried[..1], 0).unwrap().address, tried[1]);
            }
            assert!(roster.pick(None, &tried, 0).is_none());
        }
    }

    #[test]
    fn the_least_busy_is_next() {
        let all = targets(3);
        let algorithm = Algorithm::LeastOutstandingRequests;
        let roster = Roster::new(all.clone(), algorithm, None, Duration::ZERO);
        let busy = [Outstanding::at(&all[0]), Outstanding::at(&all[0]), Outstanding::at(&all[2])];
        assert_eq!(ports(&roster, 3, 0), [2, 2, 2]);
        drop(busy);
        assert_eq!(ports(&roster, 3, 0), [1, 2, 3]);
    }

    #[test]
    fn a_client_keeps_its_target_while_it_may_be_asked() {
        let all = targets(3);
        let sticky = Some(Duration::from_secs(60));
        let roster = Roster::new(all.clone(), Algorithm::RoundRobin, sticky, Duration::ZERO);
        let had = Some(all[1].token.as_str());
        for _ in 0..4 {
            assert_eq!(roster.pick(had, &[], 0).unwrap().address.port(), 2);
        }
        assert_ne!(roster.pick(had, &[all[1].address], 0).unwrap().address.port(), 2);
        assert!(roster.pick(Some("unknown"), &[], 0).is_some());
    }

    #[test]
    fn a_slow_start_grows_evenly() {
        let all = targets(2);
        let slow = Duration::from_secs(10);
        all[1].start_slowly(Some(1000));
        let roster = Roster::new(all, Algorithm::RoundRobin, None, slow);
        let share = |now| {
            let ports = ports(&roster, 200, now);
            ports.iter().filter(|port| **port == 2).count()
        };
        let (early, middle, full) = (share(2000), share(6000), share(11_000));
        // A share of w against 1 is w / (1 + w) of the requests.
        assert!((15..=22).contains(&early), "{early}");
        assert!((60..=72).contains(&middle), "{middle}");
        assert_eq!(full, 100);
    }
}
