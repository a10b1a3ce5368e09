//! Single tasks.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use infra_core::{
    aws::ecs::{self, RunTaskArgs},
    dsl::ResourceType,
    value::{PropertiesBuilder, Value},
};

use super::{
    Inner, REMEMBERED, fargate,
    launch::now,
    lock,
    memory::Running,
    read,
    recipe::Recipe,
    round::{Looked, pending},
};
use crate::{
    containers::{
        agent::{
            AgentError, Failure,
            protocol::{Ran, Run as Asked},
        },
        scheduler::{
            Fleet, TaskStatus,
            placement::Strategy,
            run::{Run, RunSpec, plan_run},
            service::Waiting,
        },
    },
    sim::View,
};

/// How long a single task waits for room.
const PATIENCE: Duration = Duration::from_secs(600);

fn decoded(inputs: &BTreeMap<String, Value>) -> Option<RunTaskArgs> {
    let ty = ecs::RunTask::definition();
    let mut properties = PropertiesBuilder::default();
    for (name, value) in inputs {
        if let Some(slot) = ty.slot(name) {
            properties.set(slot, value.clone());
        }
    }
    ecs::RunTask::decode_args(&properties.build()).ok()
}

/// What a single task is, and of what.
fn spec(view: &View, token: &str, args: &RunTaskArgs) -> Option<(RunSpec, Recipe)> {
    let network = args.network_configuration.as_ref();
    let mut recipe = Recipe::read(view, args.task_definition.as_str(), network)?;
    if let Some(overrides) = &args.overrides {
        recipe = recipe.with(overrides);
    }
    let mut strategies: Vec<Strategy> =
        args.placement_strategies.iter().map(read::strategy).collect();
    if strategies.is_empty() {
        strategies.push(Strategy::zones());
    }
    let provider = args.capacity_provider_strategy.first();
    let spec = RunSpec {
        id: token.to_owned(),
        revision: recipe.revision.clone(),
        strategies,
        constraints: args.placement_constraints.iter().map(read::constraint).collect(),
        provider: provider.map(|provider| provider.capacity_provider.to_string()),
        time_limit: Duration::from_secs(u64::from(args.time_limit.0)),
        patience: PATIENCE,
    };
    Some((spec, recipe))
}

fn is_on_fargate(view: &View, args: &RunTaskArgs) -> bool {
    let strategy = &args.capacity_provider_strategy;
    fargate::is_meant(view, args.cluster.as_str(), args.launch_type, strategy)
}

impl Inner {
    /// Runs a single task, or looks how it is.
    pub(super) fn run(&self, asked: &Asked) -> Result<Ran, AgentError> {
        let mut fresh = false;
        let running = {
            let mut kepts = lock(&self.kepts);
            let entry = kepts.runs.entry(asked.token.clone()).or_insert_with(|| {
                fresh = true;
                let (inputs, since) = (asked.inputs.clone(), now().0);
                Running { inputs, run: Run::New, since, said: String::new() }
            });
            entry.clone()
        };
        if fresh {
            self.keep()?;
            self.changed.notify_one();
        }
        Ok(told(&asked.token, &running, fresh))
    }

    pub(super) fn runs(
        self: &Arc<Self>,
        looked: &Looked,
        fleet: &mut Fleet,
    ) -> Result<Vec<Waiting>, Failure> {
        let mut waiting = vec![];
        let mut starts = vec![];
        let mut stops = vec![];
        let mut decided = vec![];
        for (token, running) in looked.runs.iter().filter(|(_, it)| !is_done(it)) {
            let args = decoded(&running.inputs);
            if args.as_ref().is_some_and(|args| is_on_fargate(&looked.view, args)) {
                let reason = fargate::NOT_HERE.to_owned();
                decided.push((token, Run::Done { exit_code: None, reason }));
                continue;
            }
            let Some((spec, recipe)) = args.and_then(|args| spec(&looked.view, token, &args))
            else {
                let reason = "its task definition is not there".to_owned();
                decided.push((token, Run::Done { exit_code: None, reason }));
                continue;
            };
            let decision = plan_run(&spec, &running.run, fleet, false, looked.now);
            decided.push((token, decision.kept));
            waiting.extend(decision.waiting);
            self.say(token, decision.events);
            if let Some(instance) = decision.start {
                if fleet.task(token).is_none() {
                    fleet.tasks.push(pending((token, token, "", &instance), false, &recipe));
                }
                starts.push((token.clone(), instance, recipe));
            }
            if decision.stop {
                stops.push(token.clone());
            }
        }
        let unheard: Vec<String> = {
            let mut kepts = lock(&self.kepts);
            for (token, run) in decided {
                if let Some(running) = kepts.runs.get_mut(token) {
                    running.run = run;
                }
            }
            let old = looked.now.minus(REMEMBERED).0;
            kepts.runs.retain(|_, running| !is_done(running) || running.since > old);
            // Also those that an agent had no time to listen to.
            let unheard = kepts.runs.iter().filter(|(_, it)| is_done(it) && it.said.is_empty());
            unheard.map(|(token, _)| token.clone()).collect()
        };
        self.keep()?;
        for (token, instance, recipe) in starts {
            self.start(looked, (&token, &token, "", &instance), false, recipe);
        }
        for token in stops {
            self.stop(looked, &token);
        }
        for token in unheard {
            self.listen(looked, &token);
        }
        // What ended is kept as long as its last words are being read.
        let kepts = lock(&self.kepts);
        let over: BTreeSet<String> = looked
            .fleet
            .tasks
            .iter()
            .filter(|task| task.status == TaskStatus::Stopped)
            .filter(|task| {
                kepts.runs.get(&task.owner).is_some_and(|it| {
                    matches!(it.run, Run::Done { exit_code: Some(0), .. }) || !it.said.is_empty()
                })
            })
            .map(|task| task.id.clone())
            .collect();
        drop(kepts);
        for id in over {
            self.forget(&id);
        }
        Ok(waiting)
    }

    /// Reads the last words of a run that failed.
    fn listen(self: &Arc<Self>, looked: &Looked, token: &str) {
        if !lock(&self.going).listening.insert(token.to_owned()) {
            return;
        }
        let task = looked.tasks.iter().find(|task| task.id == token).cloned();
        let (inner, token) = (Arc::clone(self), token.to_owned());
        tokio::spawn(async move {
            let mut said = String::new();
            for container in task.iter().flat_map(|task| task.containers.values()) {
                if let Ok(words) = inner.around.docker.last_words(&container.name, 15).await {
                    said.push_str(&words);
                }
            }
            if said.is_empty() {
                said.push_str("(it said nothing)");
            }
            if let Some(running) = lock(&inner.kepts).runs.get_mut(&token) {
                running.said = said;
            }
            lock(&inner.going).listening.remove(&token);
            inner.changed.notify_one();
        });
    }
}

fn is_done(running: &Running) -> bool {
    matches!(running.run, Run::Done { .. })
}

fn told(token: &str, running: &Running, fresh: bool) -> Ran {
    let args = decoded(&running.inputs);
    let accepted = args.as_ref().map(|args| args.accepted_exit_codes.clone()).unwrap_or_default();
    let cluster = args.map(|args| args.cluster.to_string()).unwrap_or_default();
    let mut ran = Ran {
        fresh,
        ended: false,
        message: String::new(),
        failure: None,
        outputs: BTreeMap::new(),
    };
    match &running.run {
        Run::New => ran.message = "it begins".to_owned(),
        Run::Waiting { .. } => ran.message = "it waits for room on an instance".to_owned(),
        Run::Starting { instance, .. } => ran.message = format!("it starts on {instance}"),
        Run::Running { .. } => ran.message = "it runs".to_owned(),
        Run::Stopping { reason } => ran.message.clone_from(reason),
        Run::Done { exit_code, reason } => {
            let good = exit_code.is_some_and(|code| accepted.contains(&code));
            // Its last words are part of what people are told.
            ran.ended = good || !running.said.is_empty();
            if !good {
                let code = exit_code.map(|code| format!(" (exit code {code})")).unwrap_or_default();
                ran.failure = Some(format!("{reason}{code}: {}", running.said.trim_end()));
            }
            let (region, account) = (crate::sim::USUAL_REGION, crate::sim::ACCOUNT_NUMBER);
            let arn = format!("arn:aws:ecs:{region}:{account}:task/{cluster}/{token}");
            ran.outputs.insert("task_arn".to_owned(), arn.into());
            ran.outputs
                .insert("exit_code".to_owned(), Value::from(i64::from(exit_code.unwrap_or(-1))));
            ran.outputs.insert("stopped_reason".to_owned(), reason.clone().into());
        }
    }
    ran
}
