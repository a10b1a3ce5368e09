//! [`Places`]: which processors belong to whom.

use std::process::Command;

/// Which processors belong to whom. Who makes the load must not take time from who carries it, or what is
/// measured is how the system shares its processors out.
pub(crate) struct Places {
    /// How many a proxy has.
    pub(crate) proxies: usize,
    /// How many the load and what all stand before have.
    pub(crate) beside: usize,
    apart: bool,
}

impl Places {
    /// One half for each; who has but one processor shares it.
    pub(crate) fn new() -> Self {
        let all = std::thread::available_parallelism().map_or(1, usize::from);
        let proxies = (all / 2).max(1);
        Self { proxies, beside: (all - proxies).max(1), apart: all > 1 }
    }

    pub(crate) fn proxy(&self, program: &str) -> Command {
        self.at(0, self.proxies, program)
    }

    pub(crate) fn beside(&self, program: &str) -> Command {
        self.at(self.proxies, self.beside, program)
    }

    fn at(&self, first: usize, count: usize, program: &str) -> Command {
        if !self.apart {
            return Command::new(program);
        }
        let mut command = Command::new("taskset");
        command.arg("-c").arg(format!("{first}-{}", first + count - 1)).arg(program);
        command
    }

    /// In words.
    pub(crate) fn words(&self) -> String {
        match self.apart {
            true => format!(
                "{} processors for the proxy, {} for load and backend",
                self.proxies, self.beside
            ),
            false => "one processor for all: that says little".to_owned(),
        }
    }
}
