//! The instances and subnets hold the tasks that there may be.

use crate::{
    analysis::{Hosts, Outline, Tasks},
    aws::{
        autoscaling::Group,
        ec2::Subnet,
        ecs::{AccountSetting, AccountSettingName, AccountSettingValue},
    },
    graph::{NodeView, ProgramProblem},
    types::Ipv4Net,
    value::Value,
};

/// Of a hundred parts of an instance's memory, what its system and the agent of ECS keep: a
/// `m7g.large` of 8 GiB registers 7.6.
const SYSTEM_PERCENT: u32 = 5;

/// Addresses of a subnet that AWS keeps for itself. Source: "Subnet CIDR blocks" of the VPC guide.
const KEPT_ADDRESSES: u64 = 5;

/// `tasks-fit`: as many tasks as scaling allows fit on as many instances as the group may have.
pub(super) fn tasks_fit(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let short = by_group(outline).into_iter().filter_map(|(hosts, tasks)| {
        let wanted: Vec<_> = tasks.iter().map(|it| (it.most, it.cpu, it.memory.0)).collect();
        let left = left_over(&hosts, &wanted)?;
        let all: u32 = tasks.iter().map(|it| it.most).sum();
        let message = format!(
            "is too few: of the {all} tasks that scaling allows {left} find no processor or memory"
        );
        let problem = outline.program().about(&hosts.group, Group::MAX_SIZE, message);
        Some(problem.help("raise `max_size`, or lower what scaling allows"))
    });
    short.collect()
}

/// `rollout-fits`: so do the tasks of a rollout, old and new.
pub(super) fn rollout_fits(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let short = by_group(outline).into_iter().filter_map(|(hosts, tasks)| {
        let wanted: Vec<_> = tasks.iter().map(|it| (it.surge(), it.cpu, it.memory.0)).collect();
        let left = left_over(&hosts, &wanted)?;
        let all: u32 = tasks.iter().map(Tasks::surge).sum();
        let message = format!(
            "is too few for a rollout: of the {all} tasks that `maximum_percent` allows {left} \
             find no processor or memory"
        );
        let problem = outline.program().about(&hosts.group, Group::MAX_SIZE, message);
        Some(problem.help("raise `max_size`, or lower `maximum_percent` of the services"))
    });
    short.collect()
}

/// `task-interfaces`: instances have a network interface for each task of a rollout that wants one
/// of its own.
pub(super) fn task_interfaces(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let trunked = trunked(outline);
    let short = by_group(outline).into_iter().filter_map(|(hosts, tasks)| {
        let each = hosts.interfaces(trunked)?;
        let wanted: u32 = tasks.iter().filter(|it| it.awsvpc).map(Tasks::surge).sum();
        let room = u64::from(hosts.most) * u64::from(each);
        if u64::from(wanted) <= room {
            return None;
        }
        let message = format!(
            "is too few: a rollout has {wanted} tasks with a network interface of their own, and \
             {} have {each} for tasks each",
            hosts.types.join(" and ")
        );
        let problem = outline.program().about(&hosts.group, Group::MAX_SIZE, message);
        Some(problem.help("raise `max_size`, take a larger type, or turn on `awsvpcTrunking`"))
    });
    short.collect()
}

/// Whether the account gives tasks more interfaces than instances have; the program says so.
fn trunked(outline: &Outline<'_>) -> bool {
    outline.all::<AccountSetting>().any(|setting| {
        let name = outline.get(&setting, AccountSetting::NAME);
        let value = outline.get(&setting, AccountSetting::VALUE);
        name == Some(AccountSettingName::AwsvpcTrunking)
            && matches!(value, Some(AccountSettingValue::Enabled | AccountSettingValue::On))
    })
}

/// `subnet-addresses`: subnets have an address for each task of a rollout and each instance.
pub(super) fn subnet_addresses(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let (hosts, tasks) = (Hosts::all(outline), Tasks::all(outline));
    let short = outline.all::<Subnet>().filter_map(|subnet| {
        let range: Ipv4Net = outline.get(&subnet, Subnet::CIDR_BLOCK)?;
        let instances = hosts.iter().map(|it| {
            let subnets = it.group.node.inputs.get(Group::VPC_ZONE_IDENTIFIER.slot);
            share(outline, &subnet, subnets, it.most)
        });
        let interfaces = tasks
            .iter()
            .filter(|it| it.awsvpc)
            .map(|it| share(outline, &subnet, &it.subnets(), it.surge()));
        let wanted: u64 = instances.chain(interfaces).sum();
        let has = (1_u64 << (32 - range.prefix_len())).saturating_sub(KEPT_ADDRESSES);
        if wanted <= has {
            return None;
        }
        let message = format!(
            "has {has} addresses, and instances and tasks want {wanted} of them during a rollout"
        );
        let problem = outline.program().about(&subnet, Subnet::CIDR_BLOCK, message);
        Some(problem.help("choose a larger range; another one replaces the subnet"))
    });
    short.collect()
}

/// How many of something that is spread over subnets stand in one of them.
fn share(outline: &Outline<'_>, subnet: &NodeView<'_, Subnet>, subnets: &Value, count: u32) -> u64 {
    let all = subnets.items().len().max(1) as u64;
    if outline.refers(subnets, subnet.node) { u64::from(count).div_ceil(all) } else { 0 }
}

/// Groups with the tasks that run on them alone.
fn by_group<'a>(outline: &Outline<'a>) -> Vec<(Hosts<'a>, Vec<Tasks<'a>>)> {
    let mut groups: Vec<(Hosts<'a>, Vec<Tasks<'a>>)> =
        Hosts::all(outline).into_iter().map(|hosts| (hosts, vec![])).collect();
    for tasks in Tasks::all(outline) {
        let [group] = tasks.groups.as_slice() else { continue };
        let on = groups.iter_mut().find(|(hosts, _)| std::ptr::eq(hosts.group.node, group.node));
        if let Some((_, all)) = on {
            all.push(tasks);
        }
    }
    groups
}

/// How many tasks find no place, if any: the largest are placed first, each on the first instance
/// that has room. `None` too where the instances are not known.
fn left_over(hosts: &Hosts<'_>, wanted: &[(u32, u32, u32)]) -> Option<u32> {
    let size = hosts.size?;
    let memory = size.memory.0 - size.memory.0 / 100 * SYSTEM_PERCENT;
    let mut free = vec![(size.cpu_units(), memory); hosts.most as usize];
    let mut wanted = wanted.to_vec();
    wanted.sort_by_key(|(_, cpu, memory)| std::cmp::Reverse((*memory, *cpu)));
    let mut left = 0;
    for (count, cpu, memory) in wanted {
        for _ in 0..count {
            match free.iter_mut().find(|(has, room)| *has >= cpu && *room >= memory) {
                Some((has, room)) => {
                    *has -= cpu;
                    *room -= memory;
                }
                None => left += 1,
            }
        }
    }
    (left > 0).then_some(left)
}
