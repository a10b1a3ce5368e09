//! [`Memory`]: what the scheduler must remember when the agent is killed.

use std::{collections::BTreeMap, fs, io, path::PathBuf};

use infra_core::value::Value;
use serde::{Deserialize, Serialize};

use super::scale::{Range, ScaledKept};
use crate::containers::{
    agent::{AgentError, replace},
    scheduler::{TaskState, capacity::ProviderKept, group::GroupKept, run::Run, service::Kept},
};

/// A single run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Running {
    /// What it was asked to be, by the names of its properties.
    pub(super) inputs: BTreeMap<String, Value>,
    /// How far it is.
    pub(super) run: Run,
    /// When it was asked for first, in milliseconds since 1970.
    pub(super) since: u64,
    /// What it said last, if it failed.
    #[serde(default)]
    pub(super) said: String,
}

/// What the scheduler must remember.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Kepts {
    pub(super) services: BTreeMap<String, Kept>,
    /// How many tasks services shall have now.
    pub(super) desired: BTreeMap<String, u32>,
    /// How many the account said when it was looked last.
    #[serde(default)]
    pub(super) asked: BTreeMap<String, u32>,
    /// What is remembered of services that are scaled.
    #[serde(default)]
    pub(super) scaled: BTreeMap<String, ScaledKept>,
    pub(super) groups: BTreeMap<String, GroupKept>,
    /// The bounds of groups, as the schedule has them.
    #[serde(default)]
    pub(super) ranges: BTreeMap<String, Range>,
    pub(super) providers: BTreeMap<String, ProviderKept>,
    pub(super) runs: BTreeMap<String, Running>,
}

impl Kepts {
    /// How many tasks a service has to have, of which the account says `asked`. What scaled it was what it
    /// became, also when nothing scales it any more: as on AWS, until another number is asked for.
    pub(super) fn desired(&mut self, service: &str, asked: u32) -> u32 {
        let before = self.asked.insert(service.to_owned(), asked);
        let desired = self.desired.entry(service.to_owned()).or_insert(asked);
        if before.is_some_and(|before| before != asked) {
            *desired = asked;
        }
        *desired
    }

    /// As it outlives this process, which alone knows of tasks that start: whoever comes after it finds
    /// them started, or starts them, and none has vanished.
    pub(super) fn outliving(mut self, starting: &BTreeMap<String, TaskState>) -> Self {
        for (token, task) in starting {
            if let Some(kept) = self.services.get_mut(&task.owner) {
                kept.unsee(task);
            }
            if let Some(running) = self.runs.get_mut(token) {
                running.run.unsee();
            }
        }
        self
    }
}

/// What the scheduler must remember, on disk: written before anything is done by it.
#[derive(Debug)]
pub(super) struct Memory {
    path: PathBuf,
    written: Kepts,
}

impl Memory {
    pub(super) fn open(path: PathBuf) -> Result<(Self, Kepts), AgentError> {
        let kept: Kepts = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|source| AgentError::Damaged { path: path.clone(), source })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kepts::default(),
            Err(source) => return Err(AgentError::File { path, what: "read", source }),
        };
        Ok((Self { path, written: kept.clone() }, kept))
    }

    /// Makes it durable, if it differs from what is.
    pub(super) fn keep(&mut self, kept: &Kepts) -> Result<(), AgentError> {
        if *kept == self.written {
            return Ok(());
        }
        let bytes = serde_json::to_vec(kept)
            .map_err(|source| AgentError::Damaged { path: self.path.clone(), source })?;
        replace(&self.path, &bytes)?;
        self.written.clone_from(kept);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::going::made_up, *};
    use crate::containers::scheduler::{
        Fleet, InstanceSpec, InstanceStatus, Moment, Pace, Room, TaskSpec,
        run::{RunSpec, plan_run},
        service::{Action, Revision, ServiceSpec, plan},
    };

    const NOW: Moment = Moment(1_000_000);

    #[test]
    fn a_service_keeps_its_tasks_when_nothing_scales_it_any_more() {
        let mut kepts = Kepts::default();
        assert_eq!(kepts.desired("web", 6), 6);
        kepts.desired.insert("web".to_owned(), 3);
        assert_eq!(kepts.desired("web", 6), 3);
        assert_eq!(kepts.desired("web", 5), 5, "somebody asks for another number");
    }

    fn revision() -> Revision {
        let room = Room { cpu: 256, memory: 512, interfaces: 1 };
        Revision { id: "web:1".to_owned(), task: TaskSpec { room, containers: vec![] } }
    }

    fn fleet(tasks: &[&TaskState]) -> Fleet {
        let instance = InstanceSpec {
            id: "i".to_owned(),
            zone: "a".to_owned(),
            room: Room { cpu: 1024, memory: 2048, interfaces: 9 },
            status: InstanceStatus::Active,
            provider: None,
            attributes: BTreeMap::new(),
        };
        let tasks = tasks.iter().map(|task| (*task).clone()).collect();
        Fleet { instances: vec![instance], tasks }
    }

    #[test]
    fn a_single_task_whose_start_died_with_the_agent_is_started() {
        let spec = RunSpec {
            id: "install".to_owned(),
            revision: revision(),
            strategies: vec![],
            constraints: vec![],
            provider: None,
            time_limit: std::time::Duration::from_secs(60),
            patience: std::time::Duration::from_secs(60),
        };
        let first = plan_run(&spec, &Run::New, &fleet(&[]), false, NOW);
        assert_eq!(first.start.as_deref(), Some("i"));
        // Its start goes on, and then the agent is killed.
        let task = made_up("install", "install", "");
        let seen = plan_run(&spec, &first.kept, &fleet(&[&task]), false, NOW).kept;
        let running = Running { inputs: BTreeMap::new(), run: seen, since: 0, said: String::new() };
        let runs = BTreeMap::from([("install".to_owned(), running)]);
        let kepts = Kepts { runs, ..Kepts::default() };
        let kept = kepts.outliving(&BTreeMap::from([(task.id.clone(), task)]));
        let again = plan_run(&spec, &kept.runs["install"].run, &fleet(&[]), false, NOW);
        assert_eq!(again.start.as_deref(), Some("i"), "{:?}", again.kept);
    }

    #[test]
    fn a_task_of_a_service_whose_start_died_with_the_agent_is_started_and_no_failure() {
        let spec = ServiceSpec::new("web", revision(), 1);
        let decide = |kept: &Kept, tasks: &[&TaskState]| {
            plan(&spec, kept, &fleet(tasks), &BTreeSet::new(), &Pace::LOCAL, NOW)
        };
        let first = decide(&Kept::default(), &[]);
        let Some(Action::Start { token, deployment, .. }) = first.actions.first() else {
            panic!("{:?}", first.actions)
        };
        let task = made_up(token, "web", deployment);
        let seen = decide(&first.kept, &[&task]);
        let services = BTreeMap::from([("web".to_owned(), seen.kept)]);
        let kepts = Kepts { services, ..Kepts::default() };
        let kept = kepts.outliving(&BTreeMap::from([(task.id.clone(), task.clone())]));
        let again = decide(&kept.services["web"], &[]);
        let started = again
            .actions
            .iter()
            .any(|action| matches!(action, Action::Start { token, .. } if *token == task.id));
        assert!(started, "{:?}", again.actions);
        assert_eq!(again.kept.primary().unwrap().failed_tasks, 0);
    }
}
