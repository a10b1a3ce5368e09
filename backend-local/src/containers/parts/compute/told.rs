//! What is told of tasks and instances beside how they are: what is where, and how many.
//!
//! | name | labels | is |
//! |---|---|---|
//! | `infra_service_tasks` | `service`, `state` | tasks: `running`, `pending`, and how many are `desired` |
//! | `infra_group_instances` | `group`, `state` | instances: `in_service`, and how many are `desired` |

use super::{Inner, lock};
use crate::containers::{
    agent::{Family, Place, Sample},
    scheduler::TaskStatus,
};

const TASKS: Family = Family::gauge("infra_service_tasks", "Tasks of a service.");
const INSTANCES: Family = Family::gauge("infra_group_instances", "Instances of a group.");

impl Inner {
    pub(super) fn samples(&self) -> Vec<Sample> {
        let wanted = lock(&self.wanted).1.clone();
        let desired = lock(&self.kepts).desired.clone();
        let latest = lock(&self.latest);
        let mut all = vec![];
        for (name, service) in &wanted.services {
            let own = || latest.fleet.tasks.iter().filter(|task| task.owner == *name);
            let count = |status| own().filter(|task| task.status == status).count() as f64;
            let shall = desired.get(name).copied().unwrap_or(service.spec.desired);
            let of = |state| [("service", name.as_str()), ("state", state)];
            all.push(TASKS.of(&of("running"), count(TaskStatus::Running)));
            all.push(TASKS.of(&of("pending"), count(TaskStatus::Pending)));
            all.push(TASKS.of(&of("desired"), f64::from(shall)));
        }
        for (name, (there, desired)) in &latest.groups {
            let of = |state| [("group", name.as_str()), ("state", state)];
            all.push(INSTANCES.of(&of("in_service"), *there as f64));
            all.push(INSTANCES.of(&of("desired"), f64::from(*desired)));
        }
        all
    }

    pub(super) fn places(&self) -> Vec<Place> {
        let latest = lock(&self.latest);
        let places = latest.fleet.instances.iter().map(|instance| {
            let on_it = |task: &&crate::containers::scheduler::TaskState| {
                task.instance == instance.id && task.status != TaskStatus::Stopped
            };
            let own = latest.fleet.tasks.iter().filter(on_it);
            Place {
                zone: instance.zone.clone(),
                name: instance.id.clone(),
                state: format!("{:?}", instance.status).to_lowercase(),
                holds: own
                    .map(|task| {
                        let how = format!("{:?}, {}", task.status, task.revision).to_lowercase();
                        (task.id.clone(), how)
                    })
                    .collect(),
            }
        });
        places.collect()
    }
}
