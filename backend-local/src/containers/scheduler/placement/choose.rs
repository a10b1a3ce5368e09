//! Chooses an instance for a task.

use std::collections::BTreeMap;

use rustc_hash::FxHasher;

use super::{Constraint, Lack, Strategy, Unplaced};
use crate::containers::scheduler::{Fleet, InstanceSpec, Room, TaskState, TaskStatus};

/// A task that needs a place.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The service or single run that it belongs to.
    pub owner: &'a str,
    /// The token that it will be started by.
    pub token: &'a str,
    /// What it takes.
    pub room: Room,
    /// Whose instances it must go to, if to those of one provider.
    pub provider: Option<&'a str>,
    /// Which instances it may go to.
    pub constraints: &'a [Constraint],
    /// Which of these it goes to.
    pub strategies: &'a [Strategy],
}

/// Chooses an instance for a task. Spread counts the tasks that `stays` holds for: those that are
/// about to be replaced say nothing about how tasks will lie in the end. The same fleet and the
/// same task have the same answer.
///
/// # Errors
/// If no instance will do.
pub fn place<'a>(
    fleet: &'a Fleet,
    ask: &Ask<'_>,
    stays: impl Fn(&TaskState) -> bool,
) -> Result<&'a InstanceSpec, Unplaced> {
    let belongs = |instance: &&InstanceSpec| {
        instance.is_active()
            && ask.provider.is_none_or(|provider| instance.provider.as_deref() == Some(provider))
    };
    let (mut fit, mut closest) = (vec![], None);
    for instance in fleet.instances.iter().filter(belongs) {
        let left = fleet.left(instance);
        match lack(fleet, ask, instance, left) {
            None => fit.push((instance, left)),
            Some(lack) => {
                let near = (lack, left.cpu, left.memory);
                if closest.is_none_or(|(_, best)| best < near) {
                    closest = Some((instance, near));
                }
            }
        }
    }
    let own: Vec<&TaskState> = fleet
        .tasks
        .iter()
        .filter(|task| task.owner == ask.owner && task.is_live() && stays(task))
        .collect();
    for strategy in ask.strategies {
        narrow(fleet, strategy, ask.token, &own, &mut fit);
    }
    let chosen = fit.iter().min_by(|(one, _), (other, _)| one.id.cmp(&other.id));
    chosen.map(|(instance, _)| *instance).ok_or_else(|| match closest {
        None => Unplaced::NoInstances,
        Some((instance, (lack, ..))) => Unplaced::Lacks { closest: instance.id.clone(), lack },
    })
}

/// What an instance lacks for a task.
fn lack(fleet: &Fleet, ask: &Ask<'_>, instance: &InstanceSpec, left: Room) -> Option<Lack> {
    for constraint in ask.constraints {
        match constraint {
            Constraint::MemberOf(expression) if !expression.holds(instance) => {
                return Some(Lack::Attribute);
            }
            Constraint::Unreadable(_) => return Some(Lack::Attribute),
            Constraint::DistinctInstance => {
                let taken = fleet.tasks.iter().any(|task| {
                    task.owner == ask.owner
                        && task.instance == instance.id
                        && task.status != TaskStatus::Stopped
                });
                if taken {
                    return Some(Lack::Distinct);
                }
            }
            Constraint::MemberOf(_) => {}
        }
    }
    if ask.room.memory > left.memory {
        Some(Lack::Memory)
    } else if ask.room.cpu > left.cpu {
        Some(Lack::Cpu)
    } else {
        (ask.room.interfaces > left.interfaces).then_some(Lack::Interfaces)
    }
}

/// Leaves those that a strategy likes best.
fn narrow(
    fleet: &Fleet,
    strategy: &Strategy,
    token: &str,
    own: &[&TaskState],
    fit: &mut Vec<(&InstanceSpec, Room)>,
) {
    let rank: BTreeMap<String, u64> = match strategy {
        Strategy::Spread(attribute) => {
            let value = |id: &str| fleet.instance(id).and_then(|it| it.attribute(attribute));
            let count = |wanted: Option<&str>| {
                own.iter().filter(|task| value(&task.instance) == wanted).count() as u64
            };
            fit.iter().map(|(it, _)| (it.id.clone(), count(it.attribute(attribute)))).collect()
        }
        Strategy::SpreadInstances => {
            let count = |id: &str| own.iter().filter(|task| task.instance == id).count() as u64;
            fit.iter().map(|(it, _)| (it.id.clone(), count(&it.id))).collect()
        }
        Strategy::BinpackCpu => {
            fit.iter().map(|(it, left)| (it.id.clone(), u64::from(left.cpu))).collect()
        }
        Strategy::BinpackMemory => {
            fit.iter().map(|(it, left)| (it.id.clone(), u64::from(left.memory))).collect()
        }
        Strategy::Random => {
            fit.iter().map(|(it, _)| (it.id.clone(), dice(token, &it.id))).collect()
        }
    };
    let Some(best) = rank.values().min().copied() else { return };
    fit.retain(|(it, _)| rank.get(&it.id) == Some(&best));
}

/// A number that is the same for the same task and instance.
fn dice(token: &str, instance: &str) -> u64 {
    use std::hash::{Hash as _, Hasher as _};
    let mut hasher = FxHasher::default();
    (token, instance).hash(&mut hasher);
    hasher.finish()
}
