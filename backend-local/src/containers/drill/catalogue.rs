//! The drills: what happens, what it teaches, and what is expected.

use std::time::Duration;

use super::{Goal, Injection};

/// What is done in a drill, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Something is done to the site: the event.
    Inject(Injection),
    /// It is left so.
    Hold(Duration),
    /// Waits until no more serves people than before, so long at most.
    Ebb(Duration),
    /// What does not mend itself is mended.
    Heal,
    /// Waits until all of it is there again.
    AwaitRedundancy,
}

/// A drill.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Drill {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What happens.
    pub happens: &'static str,
    /// What is to be learnt.
    pub teaches: &'static str,
    /// What is done.
    pub steps: &'static [Step],
    /// What is expected.
    pub goals: &'static [Goal],
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// All drills.
pub const DRILLS: &[Drill] = &[
    Drill {
        name: "task",
        happens: "One of the tasks that serve people is killed.",
        teaches: "Servers without a state of their own can be lost: what people have is elsewhere.",
        steps: &[Step::Inject(Injection::KillTask), Step::AwaitRedundancy],
        goals: &[
            Goal::NoFailureBeyondInFlight,
            Goal::Outage(seconds(3)),
            Goal::Redundant(seconds(120)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "instance",
        happens: "One of the instances is killed, with all tasks on it.",
        teaches: "Capacity is spread: the loss of a machine takes a part of the tasks, and the rest bear the load.",
        steps: &[Step::Inject(Injection::KillInstance), Step::AwaitRedundancy],
        goals: &[
            Goal::Failed(0.01),
            Goal::Outage(seconds(3)),
            Goal::Redundant(seconds(180)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "az",
        happens: "All that is in one availability zone is killed: tasks, instances, nodes of database, cache and files.",
        teaches: "Three zones are enough for a majority that lives on, and two are not.",
        steps: &[
            Step::Inject(Injection::KillZone),
            Step::Hold(seconds(30)),
            Step::Heal,
            Step::AwaitRedundancy,
        ],
        goals: &[
            Goal::Failed(0.01),
            Goal::Outage(seconds(3)),
            Goal::Redundant(seconds(300)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "db-writer",
        happens: "The writer of the database is killed.",
        teaches: "A replica that acknowledged each transaction takes over: what people were told is stored.",
        steps: &[Step::Inject(Injection::KillWriter), Step::AwaitRedundancy],
        goals: &[
            Goal::WritesBack(seconds(5)),
            Goal::Redundant(seconds(120)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "db-hang",
        happens: "The writer of the database hangs: it holds its connections and answers nothing.",
        teaches: "Slow is worse than dead: without time limits everybody waits for it. Nobody may write there when it wakes.",
        steps: &[
            Step::Inject(Injection::HangWriter),
            Step::Hold(seconds(30)),
            Step::Heal,
            Step::AwaitRedundancy,
        ],
        goals: &[
            Goal::WritesBack(seconds(10)),
            Goal::Redundant(seconds(180)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "db-down-60s",
        happens: "All of the database is down for a minute.",
        teaches: "Health checks that ask the database would end every task for a fault that no new task mends.",
        steps: &[
            Step::Inject(Injection::KillDatabase),
            Step::Hold(seconds(60)),
            Step::Heal,
            Step::AwaitRedundancy,
        ],
        goals: &[
            Goal::SameTasks,
            Goal::Back(seconds(90)),
            Goal::Redundant(seconds(180)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "cache",
        happens: "The primary of the sessions' cache is killed.",
        teaches: "Sessions are state: they have a replica, and copying takes a moment.",
        steps: &[Step::Inject(Injection::KillCache), Step::AwaitRedundancy],
        goals: &[
            Goal::Back(seconds(5)),
            Goal::Redundant(seconds(120)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "storage-node",
        happens: "One of the nodes of the shared files is killed.",
        teaches: "Of three copies one may be lost, and nobody sees it; it heals while people work.",
        steps: &[Step::Inject(Injection::KillStorage), Step::AwaitRedundancy],
        goals: &[
            Goal::NoFailure,
            Goal::Redundant(seconds(180)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "storage-hang",
        happens: "One of the nodes of the shared files hangs.",
        teaches: "A node is given up only after a time limit: until then everybody who writes waits.",
        steps: &[
            Step::Inject(Injection::HangStorage),
            Step::Hold(seconds(30)),
            Step::Heal,
            Step::AwaitRedundancy,
        ],
        goals: &[
            Goal::NoFailure,
            Goal::Back(seconds(10)),
            Goal::Redundant(seconds(180)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "network-cut",
        happens: "One availability zone is cut off: all in it runs on, and reaches nobody outside.",
        teaches: "Whoever is alone must stop: two writers would be worse than none.",
        steps: &[
            Step::Inject(Injection::CutZone),
            Step::Hold(seconds(30)),
            Step::Heal,
            Step::AwaitRedundancy,
        ],
        goals: &[
            Goal::Outage(seconds(10)),
            Goal::WritesBack(seconds(10)),
            Goal::Redundant(seconds(300)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "deploy-bad-image",
        happens: "An image is deployed whose tasks never get healthy.",
        teaches: "A rolling deployment keeps what works until the new one does, and goes back by itself.",
        steps: &[Step::Inject(Injection::DeployBadImage), Step::AwaitRedundancy],
        goals: &[
            Goal::NoFailure,
            Goal::SameVersion,
            Goal::Redundant(seconds(300)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "rush",
        happens: "Five times as many people come, as before an exam, and go again.",
        teaches: "What is added in time is not noticed, and neither is what is taken away: it lets go of nobody.",
        steps: &[
            Step::Inject(Injection::Rush),
            Step::Hold(seconds(120)),
            Step::Heal,
            Step::Hold(seconds(120)),
            Step::AwaitRedundancy,
        ],
        goals: &[
            Goal::NoFailure,
            Goal::MoreTasks,
            Goal::Redundant(seconds(420)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "ebb",
        happens: "Five times as many people come, as before an exam, and what was added for them is taken away when they have gone.",
        teaches: "Adding is quick and taking away is slow: who is wrong about the next minute has paid for an instance, and not for an outage.",
        steps: &[
            Step::Inject(Injection::Rush),
            Step::Hold(seconds(180)),
            Step::Heal,
            Step::Ebb(seconds(3000)),
            Step::AwaitRedundancy,
        ],
        goals: &[
            Goal::NoFailure,
            Goal::MoreTasks,
            Goal::FewerAgain,
            Goal::Redundant(seconds(3600)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
    Drill {
        name: "upgrade-fails",
        happens: "An upgrade is begun that fails on its way.",
        teaches: "A failure in between needs a way back that was there before the first step.",
        steps: &[Step::Inject(Injection::FailUpgrade), Step::Heal, Step::AwaitRedundancy],
        goals: &[
            Goal::SameVersion,
            Goal::Redundant(seconds(300)),
            Goal::NothingLost,
            Goal::SessionsKept,
            Goal::NobodyStranded,
        ],
    },
];

impl Drill {
    /// How long it waits for what is to happen in it, all in all and at most.
    #[must_use]
    pub fn waits(&self) -> Duration {
        let steps = self.steps.iter().map(|step| match step {
            Step::Hold(time) | Step::Ebb(time) => *time,
            _ => Duration::ZERO,
        });
        steps.sum()
    }
}

/// The one of a name.
#[must_use]
pub fn drill(name: &str) -> Option<&'static Drill> {
    DRILLS.iter().find(|drill| drill.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_drill_has_one_event_and_waits_until_all_is_there_again() {
        for Drill { name, steps, .. } in DRILLS {
            let events = steps.iter().filter(|step| matches!(step, Step::Inject(_))).count();
            assert!(events == 1 && matches!(steps[0], Step::Inject(_)), "{name}");
            assert_eq!(steps.last(), Some(&Step::AwaitRedundancy), "{name}");
        }
    }

    #[test]
    fn each_drill_expects_that_nothing_is_lost_and_says_how_long_mending_may_take() {
        for Drill { name, goals, .. } in DRILLS {
            for goal in [Goal::NothingLost, Goal::SessionsKept, Goal::NobodyStranded] {
                assert!(goals.contains(&goal), "{name}");
            }
            assert!(goals.iter().any(|goal| matches!(goal, Goal::Redundant(_))), "{name}");
        }
    }

    #[test]
    fn names_are_told_apart() {
        for one in DRILLS {
            assert_eq!(drill(one.name), Some(one));
        }
        assert_eq!(drill("all"), None);
    }
}
