//! [`Gather`]: questions about single things that are asked together.

use std::{sync::Mutex, time::Duration};

use infra_core::{dsl::ResourceType, handler::Request};
use tokio::sync::{Mutex as Turn, oneshot};

use crate::{aws::Aws, error::Answer, resource::Resource, seen::Seen};

/// Who waits for the answer about one thing.
type Waiting<V> = (String, oneshot::Sender<Option<V>>);

/// Questions about single things that are asked together: while one call is under way, what is asked
/// meanwhile waits, and goes into the next one.
#[derive(Debug)]
pub(crate) struct Gather<V> {
    waiting: Mutex<Vec<Waiting<V>>>,
    turn: Turn<()>,
}

impl<V> Default for Gather<V> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turn: Turn::default() }
    }
}

/// So many values a filter of EC2 may have.
const AT_ONCE: usize = 200;

/// So long a question waits for others: what is made at the same time is ready at almost the same
/// time. It is a fraction of what a call takes.
const TOGETHER: Duration = Duration::from_millis(10);

/// Those that a call is about. Whoever was not answered when it ends, because it failed or was
/// broken off, waits again, and asks in its own turn.
struct Asked<'a, V> {
    gather: &'a Gather<V>,
    these: Vec<Waiting<V>>,
}

impl<V> Drop for Asked<'_, V> {
    fn drop(&mut self) {
        let left = self.these.drain(..).filter(|(_, answer)| !answer.is_closed());
        let mut waiting = self.gather.waiting.lock().expect("nobody panics with it");
        waiting.extend(left);
    }
}

impl<V: Clone> Gather<V> {
    /// What is true of one thing. `ask` is about many, and says the key of each that it tells of.
    pub(crate) async fn ask<F>(
        &self,
        key: &str,
        ask: impl FnOnce(Vec<String>) -> F,
    ) -> Answer<Option<V>>
    where
        F: Future<Output = Answer<Vec<(String, V)>>>,
    {
        let (send, mut answer) = oneshot::channel();
        self.waiting.lock().expect("nobody panics with it").push((key.to_owned(), send));
        let _turn = self.turn.lock().await;
        if let Ok(told) = answer.try_recv() {
            return Ok(told);
        }
        tokio::time::sleep(TOGETHER).await;
        let mut asked = Asked { gather: self, these: self.taken(key) };
        let mut keys: Vec<String> = asked.these.iter().map(|(key, _)| key.clone()).collect();
        keys.sort_unstable();
        keys.dedup();
        let told = match ask(keys).await {
            Ok(told) => told,
            Err(error) => {
                // The failure is of whoever asked; the others ask for themselves.
                drop(answer);
                return Err(error);
            }
        };
        for (key, answer) in asked.these.drain(..) {
            let of_it = told.iter().find(|(of, _)| *of == key).map(|(_, value)| value.clone());
            // Whoever does not wait any more needs no answer.
            let _ = answer.send(of_it);
        }
        Ok(told.into_iter().find(|(of, _)| of == key).map(|(_, value)| value))
    }

    /// Those that wait, as many as one call may be about; who asks is always among them.
    fn taken(&self, key: &str) -> Vec<Waiting<V>> {
        let mut waiting = self.waiting.lock().expect("nobody panics with it");
        waiting.retain(|(_, answer)| !answer.is_closed());
        // Stable: the others keep their order.
        waiting.sort_by_key(|(of, _)| of != key);
        let many = waiting.len().min(AT_ONCE);
        waiting.drain(..many).collect()
    }
}

/// Reads a thing together with those of its type that are asked for at the same time: `many` asks
/// for those with some ids.
pub(crate) async fn together<R: Resource, F>(
    aws: &Aws,
    request: &Request,
    many: impl FnOnce(Vec<String>) -> F + Send,
) -> Answer<Option<Seen>>
where
    F: Future<Output = Answer<Vec<Seen>>> + Send,
{
    let by_id = async |ids| {
        let seen = many(ids).await?.into_iter();
        Ok(seen.map(|seen| (seen.id.clone(), seen)).collect())
    };
    aws.gather(R::Type::definition().name).ask(&request.id, by_id).await
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use infra_core::handler::Problem;

    use super::*;
    use crate::error::Error;

    /// Asks for several at once, and says how many calls that took.
    async fn ask(keys: &[&str], fails: usize) -> (Vec<Answer<Option<String>>>, usize) {
        let gather = Arc::new(Gather::<String>::default());
        let calls = Arc::new(AtomicUsize::new(0));
        let one = |key: &str| {
            let (gather, calls, key) = (Arc::clone(&gather), Arc::clone(&calls), key.to_owned());
            tokio::spawn(async move {
                let many = async |keys: Vec<String>| {
                    tokio::task::yield_now().await;
                    if calls.fetch_add(1, Ordering::Relaxed) < fails {
                        return Err(Error::refused(Problem::Final, "ec2", "Describe", "no"));
                    }
                    let there = keys.into_iter().filter(|key| key != "gone");
                    Ok(there.map(|key| (key.clone(), format!("it is {key}"))).collect())
                };
                gather.ask(&key, many).await
            })
        };
        let asked: Vec<_> = keys.iter().map(|key| one(key)).collect();
        let mut told = vec![];
        for asked in asked {
            told.push(asked.await.expect("it does not panic"));
        }
        (told, calls.load(Ordering::Relaxed))
    }

    fn texts(told: &[Answer<Option<String>>]) -> Vec<Option<&str>> {
        told.iter().map(|told| told.as_ref().ok().and_then(|told| told.as_deref())).collect()
    }

    #[tokio::test]
    async fn many_questions_are_few_calls() {
        let (told, calls) = ask(&["a", "b", "gone", "a"], 0).await;
        assert_eq!(texts(&told), [Some("it is a"), Some("it is b"), None, Some("it is a")]);
        assert!(told.iter().all(Result::is_ok));
        assert_eq!(calls, 1);
    }

    #[tokio::test]
    async fn a_failure_is_of_one_alone() {
        let (told, _) = ask(&["a", "b", "c"], 1).await;
        assert_eq!(told.iter().filter(|told| told.is_err()).count(), 1);
        assert_eq!(texts(&told).into_iter().flatten().count(), 2);
    }

    #[tokio::test]
    async fn who_is_broken_off_takes_nobody_along() {
        let gather = Gather::<String>::default();
        let never = gather.ask("a", |_| std::future::pending());
        let never = tokio::time::timeout(10 * TOGETHER, never);
        let told =
            async |keys: Vec<String>| Ok(keys.into_iter().map(|it| (it.clone(), it)).collect());
        // The first asks for both and is broken off.
        let (broken_off, told) = tokio::join!(never, gather.ask("b", told));
        assert!(broken_off.is_err());
        assert_eq!(told.ok().flatten().as_deref(), Some("b"));
    }
}
