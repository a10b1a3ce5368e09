//! [`Early`]: whether what starts is well, asked by the agent until Docker has asked.
//!
//! Docker asks for the first time after a whole interval, and only from 25 on it can be told to ask
//! sooner: a deployment would wait for no other reason. Who is a target is asked once the balancer
//! finds it well, which costs less than a process in a container each second.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use tokio::time::{sleep, timeout};

use super::{Inner, lock, note::Task};
use crate::containers::{
    docker::{Health as Seen, Seen as Container},
    scheduler::Health,
};

/// How often who starts is asked.
const PACE: Duration = Duration::from_secs(1);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A container since its last start.
type Started = (String, String);

/// Who starts, and who of them is well.
#[derive(Debug, Default)]
pub(super) struct Early {
    asked: BTreeSet<Started>,
    well: BTreeSet<Started>,
}

impl Inner {
    /// Asks those that start, and says of those that answered well that they are.
    pub(super) fn early(self: &Arc<Self>, tasks: &mut [Task]) {
        let mut early = lock(&self.early);
        let mut asked = BTreeSet::new();
        // Most have started long ago.
        let starting = tasks.iter_mut().filter(|task| task.containers.values().any(starts));
        for task in starting {
            let serves = match self.target_health(task) {
                Health::Healthy | Health::Unchecked => true,
                Health::Unknown | Health::Unhealthy => false,
            };
            for container in task.containers.values_mut().filter(|it| starts(it)) {
                let started = (container.id.clone(), container.started_at.clone());
                if early.well.contains(&started) {
                    container.health = Seen::Healthy;
                } else if !early.asked.contains(&started) {
                    let command = command(&container.check).filter(|_| serves);
                    let Some(command) = command else { continue };
                    tokio::spawn(Arc::clone(self).ask(started.clone(), command));
                }
                asked.insert(started);
            }
        }
        early.well.retain(|started| asked.contains(started));
        early.asked = asked;
    }

    /// Asks until it is well, or nobody wants to know any more.
    async fn ask(self: Arc<Self>, started: Started, command: Vec<String>) {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        while lock(&self.early).asked.contains(&started) {
            let asked = self.around.docker.try_exec(&started.0, &words, b"");
            // What goes wrong is no answer: the next may be one, and Docker asks as well.
            if timeout(PATIENCE, asked).await.is_ok_and(|it| it.is_ok_and(|it| it.code == 0)) {
                lock(&self.early).well.insert(started);
                self.changed.notify_one();
                return;
            }
            sleep(PACE).await;
        }
    }
}

fn starts(container: &Container) -> bool {
    container.health == Seen::Starting && container.running && !container.paused
}

/// What a check runs, as Docker does; `None` of one that there is not.
fn command(check: &[String]) -> Option<Vec<String>> {
    let (how, words) = check.split_first()?;
    match how.as_str() {
        "CMD" => Some(words.to_vec()),
        "CMD-SHELL" => Some(
            ["/bin/sh", "-c"].map(str::to_owned).into_iter().chain(words.iter().cloned()).collect(),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_run_as_docker_runs_it() {
        let of = |check: &[&str]| {
            let check: Vec<String> = check.iter().map(|word| (*word).to_owned()).collect();
            command(&check).map(|words| words.join("|"))
        };
        assert_eq!(of(&["CMD", "curl", "-f", "x"]).as_deref(), Some("curl|-f|x"));
        assert_eq!(of(&["CMD-SHELL", "curl -f x"]).as_deref(), Some("/bin/sh|-c|curl -f x"));
        assert_eq!(of(&["NONE"]), None);
        assert_eq!(of(&[]), None);
    }
}
