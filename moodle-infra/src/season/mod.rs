//! [`Seasons`]: how large a site is through the year.

mod calendar;
mod schedule;

pub use calendar::{Calendar, Change, Clock, Day};
pub use schedule::SeasonSchedule;

use crate::{Capacity, DatabaseCapacity};

/// A time of the year, by how much is going on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Season {
    /// Hardly anybody is there.
    Holidays,
    /// An ordinary day.
    #[default]
    Semester,
    /// Everybody begins at the same minute.
    Exams,
}

/// How large a site is at least, in one season. It still grows by itself from there.
#[derive(Clone, Debug, PartialEq)]
pub struct SeasonSize {
    /// How few tasks answer requests.
    pub min_tasks: u32,
    /// How few instances there are.
    pub min_hosts: u32,
    /// How large the machines of the database are.
    pub database: DatabaseCapacity,
    /// The type of the nodes that hold sessions.
    pub sessions: String,
    /// The type of the nodes that hold Moodle's caches.
    pub store: String,
}

/// How large a site is through the year.
///
/// Tasks and instances follow the calendar by themselves. Database and caches follow the season that
/// the program is run in ([`now`](Self::now)): they change their machines, with a failover of
/// seconds, which is nothing for the first minute of an exam.
///
/// ```
/// use infra_core::types::TimeZone;
/// use moodle_infra::{Calendar, Capacity, Season, Seasons};
///
/// let (everyday, exams) = (Capacity::for_students(20_000), Capacity::for_quiz_peak(2_000));
/// let seasons = Seasons::new(Calendar::new(TimeZone::UTC), &everyday, &exams);
/// assert_eq!(seasons.size(Season::Holidays).min_tasks, 3);
/// assert_eq!(seasons.size(Season::Exams).min_tasks, exams.tasks);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Seasons {
    /// When which season is.
    pub calendar: Calendar,
    /// In which season the program is run.
    pub now: Season,
    /// In the holidays.
    pub holidays: SeasonSize,
    /// On an ordinary day.
    pub semester: SeasonSize,
    /// During exams.
    pub exams: SeasonSize,
}

impl Season {
    /// All of them, the quietest first.
    pub const ALL: [Self; 3] = [Self::Holidays, Self::Semester, Self::Exams];

    /// What it is called, in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Holidays => "holidays",
            Self::Semester => "semester",
            Self::Exams => "exams",
        }
    }
}

impl Seasons {
    /// Sizes from two capacities: that of an ordinary day's busiest moment, and that of exams.
    ///
    /// In the holidays there is one task and one instance in each of three zones, and the smallest
    /// machines. In a semester half the tasks of its busiest moment are always there, the others
    /// come when they are needed; during exams all of them are.
    #[must_use]
    pub fn new(calendar: Calendar, everyday: &Capacity, exams: &Capacity) -> Self {
        let size = |tasks: u32, of: &Capacity, nodes: [&str; 2]| SeasonSize {
            min_tasks: tasks,
            min_hosts: Capacity::hosts_at_least(tasks, true),
            database: DatabaseCapacity::Provisioned { class: of.database_class.clone() },
            sessions: nodes[0].to_owned(),
            store: nodes[1].to_owned(),
        };
        let half = (everyday.tasks / 2).next_multiple_of(3).max(3);
        let smallest = Capacity::for_quiz_peak(0);
        Self {
            calendar,
            now: Season::default(),
            holidays: size(3, &smallest, ["cache.t4g.medium", "cache.t4g.medium"]),
            semester: size(half, everyday, ["cache.m7g.large", "cache.r7g.large"]),
            exams: size(exams.tasks, exams, ["cache.m7g.large", "cache.r7g.xlarge"]),
        }
    }

    /// The season that the program is run in, by which database and caches are sized.
    #[must_use]
    pub fn now(mut self, season: Season) -> Self {
        self.now = season;
        self
    }

    /// The same where the account has no trunks for tasks: more instances.
    pub(crate) fn without_trunks(mut self) -> Self {
        for size in [&mut self.holidays, &mut self.semester, &mut self.exams] {
            size.min_hosts = size.min_hosts.max(Capacity::hosts_at_least(size.min_tasks, false));
        }
        self
    }

    /// The season with the most tasks.
    pub(crate) fn largest(&self) -> &SeasonSize {
        let sizes = Season::ALL.map(|season| self.size(season));
        sizes.into_iter().max_by_key(|size| size.min_tasks).expect("there are three seasons")
    }

    /// How large the site is at least in a season.
    #[must_use]
    pub fn size(&self, season: Season) -> &SeasonSize {
        match season {
            Season::Holidays => &self.holidays,
            Season::Semester => &self.semester,
            Season::Exams => &self.exams,
        }
    }
}

impl SeasonSize {
    /// How many instances a rollout needs.
    pub(crate) fn max_hosts(&self, trunked: bool) -> u32 {
        Capacity::hosts_for(2 * self.min_tasks, trunked)
    }
}

impl std::str::FromStr for Season {
    type Err = crate::SettingsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|season| season.name() == text);
        known.ok_or_else(|| crate::SettingsError::Season { season: text.to_owned() })
    }
}
