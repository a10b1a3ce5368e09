//! [`ordered`]: work on several threads whose results are taken in order.

use std::{
    collections::VecDeque,
    num::NonZero,
    panic::resume_unwind,
    thread::{self, ScopedJoinHandle},
};

/// More threads than this help little: one takes what all of them make.
const MOST: usize = 4;

/// Does jobs on several threads, and takes what they come to in the order of the jobs. A single
/// job is done without a thread of its own: most stacks are small.
///
/// # Errors
/// The first error of `next` or `take`.
pub(super) fn ordered<J: Send, R: Send, E>(
    mut next: impl FnMut() -> Result<Option<J>, E>,
    work: impl Fn(J) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let Some(first) = next()? else { return Ok(()) };
    let Some(second) = next()? else { return take(work(first)) };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST);
    let work = &work;
    thread::scope(|scope| {
        let begin = |job| scope.spawn(move || work(job));
        let mut under_way = VecDeque::from([begin(first), begin(second)]);
        loop {
            let job = next()?;
            while under_way.len() >= if job.is_some() { threads } else { 1 } {
                under_way.pop_front().map_or(Ok(()), |oldest| take(ended(oldest)))?;
            }
            match job {
                Some(job) => under_way.push_back(begin(job)),
                None => return Ok(()),
            }
        }
    })
}

fn ended<R>(thread: ScopedJoinHandle<'_, R>) -> R {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn squares(count: u64) {
        let (mut jobs, mut taken) = (0..count, vec![]);
        let next = || Ok::<_, ()>(jobs.next());
        let take = |square| {
            taken.push(square);
            Ok(())
        };
        ordered(next, |job| job * job, take).unwrap();
        assert_eq!(taken, (0..count).map(|job| job * job).collect::<Vec<_>>());
    }

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        squares(0);
        squares(1);
        squares(2);
        squares(1000);
    }

    #[test]
    fn errors_end_it() {
        let mut jobs = 0..10;
        let next = || if jobs.start == 7 { Err("next") } else { Ok(jobs.next()) };
        assert_eq!(ordered(next, |job| job, |_| Ok(())), Err("next"));
        let mut jobs = 0..10;
        let take = |job| if job == 5 { Err("take") } else { Ok(()) };
        assert_eq!(ordered(|| Ok(jobs.next()), |job| job, take), Err("take"));
    }
}
