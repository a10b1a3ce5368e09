//! Rules for what AWS would build without a word, and what turns out to be a mistake later: a
//! second zone that nothing stands in, a task that is killed while it answers.
//!
//! A program registers them, and says who may break one and why:
//!
//! ```
//! use infra_core::{aws::rules, prelude::*};
//!
//! # let stack = Stack::new("campus", "test", Config::default()).unwrap();
//! stack.checks(rules::all());
//! # assert!(stack.finish().problems.is_empty());
//! ```
//!
//! | file | rules |
//! |---|---|
//! | `zones` | `same-zones`, `nat-in-its-zone` |
//! | `room` | `tasks-fit`, `rollout-fits`, `task-interfaces`, `subnet-addresses` |
//! | `timing` | `stop-after-drain`, `grace-covers-start`, `rollout-guarded` |
//! | `paths` | `open-to-world`, `needed-paths` |
//! | `data` | `data-protected`, `data-encrypted`, `data-backed-up` |
//! | `secrets` | `no-plain-secrets` |
//! | `files` | `files-mounted-as-allowed` |
//! | `keys` | `disk-key-grant`, `log-bucket-key`, `key-region` |
//! | `hosts` | `imdsv2`, `scale-in-protection` |
//! | `caches` | `cache-failover` |
//! | `failures` | `single-point-of-failure` |
//!
//! To add one, write a function in the file of its theme and a line in [`all`]. What the graph does
//! not tell is no finding.

mod caches;
mod data;
mod failures;
mod files;
mod hosts;
mod keys;
mod paths;
mod room;
mod secrets;
mod timing;
mod zones;

use std::sync::{Arc, LazyLock};

use crate::{
    analysis::Outline,
    check::{Check, Severity},
    dsl::{Prop, ResourceType},
    graph::{NodeView, Program, ProgramProblem},
};

/// A rule that is a function.
struct Rule {
    name: &'static str,
    find: fn(&Outline<'_>) -> Vec<ProgramProblem>,
}

impl Check for Rule {
    fn name(&self) -> &str {
        self.name
    }

    fn severity(&self) -> Severity {
        Severity::Rule
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        (self.find)(&Outline::of(program))
    }
}

/// All of them, each the same whenever it is asked for.
#[must_use]
pub fn all() -> Vec<Arc<dyn Check>> {
    RULES.clone()
}

static RULES: LazyLock<Vec<Arc<dyn Check>>> = LazyLock::new(|| {
    let rules = [
        Rule { name: "same-zones", find: zones::same_zones },
        Rule { name: "nat-in-its-zone", find: zones::nat_in_its_zone },
        Rule { name: "tasks-fit", find: room::tasks_fit },
        Rule { name: "rollout-fits", find: room::rollout_fits },
        Rule { name: "task-interfaces", find: room::task_interfaces },
        Rule { name: "subnet-addresses", find: room::subnet_addresses },
        Rule { name: "stop-after-drain", find: timing::stop_after_drain },
        Rule { name: "grace-covers-start", find: timing::grace_covers_start },
        Rule { name: "rollout-guarded", find: timing::rollout_guarded },
        Rule { name: "open-to-world", find: paths::open_to_world },
        Rule { name: "needed-paths", find: paths::needed_paths },
        Rule { name: "data-protected", find: data::protected },
        Rule { name: "data-encrypted", find: data::encrypted },
        Rule { name: "data-backed-up", find: data::backed_up },
        Rule { name: "no-plain-secrets", find: secrets::no_plain_secrets },
        Rule { name: "files-mounted-as-allowed", find: files::mounted_as_allowed },
        Rule { name: "disk-key-grant", find: keys::disk_key_grant },
        Rule { name: "log-bucket-key", find: keys::log_bucket_key },
        Rule { name: "key-region", find: keys::key_region },
        Rule { name: "imdsv2", find: hosts::imdsv2 },
        Rule { name: "scale-in-protection", find: hosts::scale_in_protection },
        Rule { name: "cache-failover", find: caches::cache_failover },
        Rule { name: "single-point-of-failure", find: failures::single_point },
    ];
    rules.into_iter().map(|rule| Arc::new(rule) as Arc<dyn Check>).collect()
});

/// A problem of a part of a property: `container_definitions.web.stop_timeout`.
fn about_part<R: ResourceType, T>(
    outline: &Outline<'_>,
    view: &NodeView<'_, R>,
    prop: Prop<R, T>,
    part: &str,
    message: String,
) -> ProgramProblem {
    let name = view.node.ty.prop(prop.slot).name;
    let problem = outline.program().about(view, prop, message);
    problem.without_value().property(format!("{name}.{part}"))
}

/// Several names as people say them: `a, b and c`.
fn listed<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let mut items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match items.pop() {
        None => String::new(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} and {last}", items.join(", ")),
    }
}
