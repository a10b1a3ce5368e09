//! [`Capacity`]: how large a site is to be, from how many people use it at once.

use infra_core::prelude::*;

use crate::{DatabaseCapacity, DatabaseSettings, HostSettings};

/// How many people one CPU of the application serves while they take a quiz.
///
/// Measured by Udelar in March 2026 with Moodle 4.5: 2,000 in a quiz of 16 questions on 12 CPUs of
/// web servers without errors, 165 for each. Three fifths of that are taken, so that the CPUs are
/// at 60 % when it is reached.
const PEOPLE_PER_CPU: u32 = 100;

/// Of a hundred students, how many are there at the busiest moment of an ordinary day: between the
/// 10 and the 25 that operators tell of.
const BUSY_PERCENT: u32 = 15;

/// CPUs of the application for one of the database's writer: the same measurement had 12 and 4.
const APP_CPUS_PER_DATABASE_CPU: u32 = 3;

/// Tasks on an `m7g.xlarge`: each has one of its four processors.
const TASKS_PER_HOST: u32 = 4;

/// The same where the account has no trunks: each needs one of its four network interfaces, and one
/// is the instance's own. Source: the table of network interfaces by instance type in the EC2 guide.
const TASKS_WITHOUT_TRUNK: u32 = 3;

/// Tasks beside the web during a rollout: one for the schedule, one that only logs in, and twice four
/// for what is left for later.
const RUNNERS: u32 = 10;

/// The same while nothing is rolled out.
const ALWAYS: u32 = 6;

/// CPUs and classes of the database, smallest first. Source: the specifications of Aurora's classes.
const CLASSES: [(u32, &str); 7] = [
    (2, "db.r7g.large"),
    (4, "db.r7g.xlarge"),
    (8, "db.r7g.2xlarge"),
    (16, "db.r7g.4xlarge"),
    (32, "db.r7g.8xlarge"),
    (48, "db.r7g.12xlarge"),
    (64, "db.r7g.16xlarge"),
];

/// How large a site is to be.
///
/// Each figure follows from how many people are served at once, says how, and can be set apart from
/// the others.
///
/// ```
/// use moodle_infra::Capacity;
///
/// let exam = Capacity::for_quiz_peak(2_000);
/// assert_eq!(exam.tasks, 30);
/// assert_eq!(exam.explain()[1].why, "100 people for each CPU, half as many again for a lost zone");
/// assert!(Capacity::for_students(20_000).tasks > exam.tasks);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// How many people are served at once.
    pub people: u32,
    /// With how many tasks of one CPU.
    pub tasks: u32,
    /// On how many instances at most.
    pub hosts: u32,
    /// The class of the database's machines.
    pub database_class: String,
}

/// One figure of a [`Capacity`], with how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is.
    pub name: &'static str,
    /// The figure.
    pub value: String,
    /// What it follows from.
    pub why: &'static str,
    /// Where that is from.
    pub source: &'static str,
}

impl Capacity {
    /// For a number of students altogether, of whom 15 of a hundred are there at the busiest moment
    /// of an ordinary day. Exams are sized by [`for_quiz_peak`](Self::for_quiz_peak).
    #[must_use]
    pub fn for_students(students: u32) -> Self {
        let busy = u64::from(students) * u64::from(BUSY_PERCENT);
        let people = u32::try_from(busy.div_ceil(100));
        Self::for_quiz_peak(people.expect("a part of a number is no larger than it"))
    }

    /// For a number of people who take a quiz at once.
    #[must_use]
    pub fn for_quiz_peak(people: u32) -> Self {
        let cpus = people.div_ceil(PEOPLE_PER_CPU).max(2);
        // When one of three zones is lost, the other two serve everybody; the same number in each.
        let tasks = (cpus + cpus.div_ceil(2)).next_multiple_of(3);
        // A rollout has both the old and the new tasks.
        let hosts = Self::hosts_for(2 * tasks, true);
        let wanted = cpus.div_ceil(APP_CPUS_PER_DATABASE_CPU);
        let largest = CLASSES[CLASSES.len() - 1];
        let (_, class) = CLASSES.into_iter().find(|(has, _)| *has >= wanted).unwrap_or(largest);
        Self { people, tasks, hosts, database_class: class.to_owned() }
    }

    /// How many instances hold a number of tasks and what works beside them during a rollout, with
    /// trunks or without.
    pub(crate) fn hosts_for(tasks: u32, trunked: bool) -> u32 {
        Self::hosts_with(tasks + RUNNERS, trunked)
    }

    /// How many instances hold them while nothing is rolled out: others come for that.
    pub(crate) fn hosts_at_least(tasks: u32, trunked: bool) -> u32 {
        Self::hosts_with(tasks + ALWAYS, trunked)
    }

    fn hosts_with(all: u32, trunked: bool) -> u32 {
        let each = if trunked { TASKS_PER_HOST } else { TASKS_WITHOUT_TRUNK };
        all.div_ceil(each).next_multiple_of(3)
    }

    /// The figures, each with how it came about.
    #[must_use]
    pub fn explain(&self) -> [Figure; 4] {
        let figure = |name, value: String, why, source| Figure { name, value, why, source };
        let quiz =
            "Udelar, March 2026: 2,000 in a quiz on 12 CPUs of web servers and 4 of database";
        [
            figure(
                "people at once",
                self.people.to_string(),
                "as asked for, or 15 of a hundred students",
                "operators tell of 10 to 25 of a hundred",
            ),
            figure(
                "tasks",
                self.tasks.to_string(),
                "100 people for each CPU, half as many again for a lost zone",
                quiz,
            ),
            figure(
                "instances at most",
                self.hosts.to_string(),
                "four tasks on each, twice as many and nine beside the web during a rollout",
                "a processor for each; network interfaces are from a trunk",
            ),
            figure(
                "database class",
                self.database_class.clone(),
                "a CPU for three of the application, or the largest that there is",
                quiz,
            ),
        ]
    }

    /// Shows each figure, and what it follows from, among the outputs of a stack.
    pub fn show(&self, stack: &Stack) {
        for Figure { name, value, why, .. } in self.explain() {
            stack.output(&name.replace(' ', "_"), format!("{value} ({why})"));
        }
    }

    /// The settings of the instances.
    #[must_use]
    pub fn host_settings(&self) -> HostSettings {
        HostSettings { max: self.hosts, ..HostSettings::default() }
    }

    /// The settings of the database.
    #[must_use]
    pub fn database(&self) -> DatabaseSettings {
        let class = self.database_class.clone();
        let capacity = DatabaseCapacity::Provisioned { class };
        DatabaseSettings { capacity, ..DatabaseSettings::default() }
    }
}

impl Default for Capacity {
    /// For 400 people at once: six tasks on at most six instances.
    fn default() -> Self {
        Self::for_quiz_peak(400)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_three_zones_serve_everybody_on_instances_that_hold_them() {
        for people in [0, 1, 50, 99, 100, 101, 400, 2_000, 3_000, 40_000] {
            let capacity = Capacity::for_quiz_peak(people);
            assert_eq!(capacity.tasks % 3, 0, "{capacity:?}");
            assert!(capacity.tasks / 3 * 2 * PEOPLE_PER_CPU >= people, "{capacity:?}");
            assert!(
                capacity.hosts * TASKS_PER_HOST >= 2 * capacity.tasks + RUNNERS,
                "{capacity:?}"
            );
        }
    }

    #[test]
    fn without_trunks_it_takes_more_instances() {
        assert_eq!([true, false].map(|trunked| Capacity::hosts_for(60, trunked)), [18, 24]);
        assert_eq!(Capacity::default().hosts, 6);
    }

    #[test]
    fn more_people_never_get_less() {
        let sizes: Vec<Capacity> =
            (0..200).map(|step| Capacity::for_students(step * 997)).collect();
        let class =
            |it: &Capacity| CLASSES.iter().position(|(_, class)| *class == it.database_class);
        for pair in sizes.windows(2) {
            assert!(pair[0].tasks <= pair[1].tasks && pair[0].hosts <= pair[1].hosts, "{pair:?}");
            assert!(class(&pair[0]) <= class(&pair[1]), "{pair:?}");
        }
        assert_eq!(Capacity::for_students(u32::MAX).database_class, "db.r7g.16xlarge");
    }

    #[test]
    fn every_figure_says_what_it_follows_from() {
        for figure in Capacity::for_students(20_000).explain() {
            assert!(!figure.why.is_empty() && !figure.source.is_empty(), "{figure:?}");
        }
    }
}
