//! [`Limit`]: what bounds how many tasks a site can have.

use infra_core::{analysis::cost::Prices, aws::ec2::InstanceSize, prelude::*};

use crate::{DatabaseSettings, HostSettings, Layout, SettingsError, app::workers, connections};

/// Something that bounds how many tasks a site can have, and by how much.
///
/// The least of them all is the site's maximum. During a rollout there are both the old and the new
/// tasks, so that each limit holds twice as many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What bounds.
    pub by: LimitedBy,
    /// How many tasks there can be, outside rollouts.
    pub tasks: u32,
    /// How that comes about.
    pub why: String,
}

/// What bounds how many tasks a site can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitedBy {
    /// How many instances there may be.
    Instances,
    /// How many virtual processors the account may have (Service Quotas, L-1216C47A).
    Quota,
    /// How many addresses the subnets have.
    Addresses,
    /// How many connections the database takes.
    Connections,
    /// What instances may cost in a month.
    Budget,
}

/// What limits are reckoned from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) hosts: &'a HostSettings,
    pub(crate) database: &'a DatabaseSettings,
    /// What a task has.
    pub(crate) memory: MiB,
    /// How many processors a task has, in 1024ths.
    pub(crate) cpu: u32,
    /// How many tasks there are beside the web during a rollout.
    pub(crate) beside: u32,
    /// How many virtual processors the account may have, if that is known.
    pub(crate) vcpus: Option<u32>,
    /// What all instances together may cost in a month, in dollars, if that is bounded.
    pub(crate) budget: Option<u32>,
}

impl LimitedBy {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Instances => "instances",
            Self::Quota => "the account's virtual processors",
            Self::Addresses => "addresses",
            Self::Connections => "connections of the database",
            Self::Budget => "the budget",
        }
    }
}

/// The region whose prices a budget is reckoned with: others differ by a tenth or so.
const PRICED: &str = "eu-central-1";

/// Of each subnet AWS keeps the first four addresses and the last. Source: the VPC guide, subnet
/// CIDR blocks.
const KEPT_BY_AWS: u32 = 5;

/// Of a hundred parts of an instance's memory, what its system and the agent of ECS keep.
const KEPT_BY_SYSTEM_PERCENT: u32 = 5;

/// Of a hundred connections, how many the tasks get: the rest is for the schedule, for what is left
/// for later, and for whoever has to look into a full database.
const CONNECTIONS_PERCENT: u32 = 90;

impl Bounds<'_> {
    /// All limits, the narrowest first.
    ///
    /// # Errors
    /// If there is a budget, and no price of the instances is known.
    pub(crate) fn limits(&self) -> Result<Vec<Limit>, SettingsError> {
        let mut limits = vec![self.instances(), self.addresses()];
        limits.extend(self.connections());
        limits.extend(self.quota());
        limits.extend(self.budget.map(|budget| self.affordable(budget)).transpose()?);
        limits.sort_by_key(|limit| limit.tasks);
        Ok(limits)
    }

    /// As if all instances ran all month.
    fn affordable(&self, budget: u32) -> Result<Limit, SettingsError> {
        let ty = &self.hosts.instance_type;
        let prices = Prices::of(PRICED).expect("the table of its prices is a part of the engine");
        let price = prices.get(&format!("ec2/{ty}"));
        let price = price.ok_or_else(|| SettingsError::NoPrice { instance_type: ty.clone() })?;
        let each = price.monthly();
        let hosts = (f64::from(budget) / each) as u32;
        let why = format!("{budget} USD a month, {each:.2} for each instance: {hosts} instances");
        Ok(Limit { by: LimitedBy::Budget, tasks: self.tasks_on(hosts), why })
    }

    fn instances(&self) -> Limit {
        let (max, each) = (self.hosts.max, self.tasks_per_host());
        let why = format!("{max} instances with {each} tasks each");
        Limit { by: LimitedBy::Instances, tasks: self.tasks_on(max), why }
    }

    fn quota(&self) -> Option<Limit> {
        let quota = self.vcpus?;
        let each = InstanceSize::of(&self.hosts.instance_type)?.processors;
        let hosts = quota / each;
        let why = format!("{quota} of them, {each} for each instance: {hosts} instances");
        Some(Limit { by: LimitedBy::Quota, tasks: self.tasks_on(hosts), why })
    }

    /// How many tasks an instance has room for: each needs its processors, its memory and a network
    /// interface, which is from the instance's trunk, or one of its own but the first.
    fn tasks_per_host(&self) -> u32 {
        let Some(size) = InstanceSize::of(&self.hosts.instance_type) else { return 1 };
        let trunk = size.trunked_tasks.filter(|_| self.hosts.trunking.is_on());
        let memory = size.memory.0 * (100 - KEPT_BY_SYSTEM_PERCENT) / 100;
        (size.cpu_units() / self.cpu)
            .min(memory / self.memory.0)
            .min(trunk.unwrap_or(size.interfaces - 1))
    }

    /// How many tasks a number of instances holds, beside what else works, when a rollout has each
    /// of them twice.
    fn tasks_on(&self, hosts: u32) -> u32 {
        (hosts * self.tasks_per_host()).saturating_sub(self.beside) / 2
    }

    fn addresses(&self) -> Limit {
        let zones = u32::try_from(self.layout.zones.len()).expect("there are at most four");
        let prefix = self.layout.zones[0].app.prefix_len();
        let has = (1_u32 << (32 - prefix)) - KEPT_BY_AWS;
        // A trunk has an address too.
        let (each, of) = if self.hosts.trunking.is_on() { (2, "two") } else { (1, "one") };
        let hosts = each * self.hosts.max.div_ceil(zones);
        let tasks = has.saturating_sub(hosts) * zones / 2;
        let why = format!(
            "{has} in each of {zones} subnets, {of} for each instance and one for each task"
        );
        Limit { by: LimitedBy::Addresses, tasks, why }
    }

    fn connections(&self) -> Option<Limit> {
        let most = connections::of(&self.database.capacity)?;
        let each = workers(self.memory);
        let free = (most * CONNECTIONS_PERCENT / 100).saturating_sub(self.beside);
        let tasks = free / each / 2;
        let why = format!("{most} of them, {each} for each task and a tenth to spare");
        Some(Limit { by: LimitedBy::Connections, tasks, why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Capacity, DatabaseCapacity, Trunking};

    /// The bounds of a site with tasks of one CPU, in an account of which nothing is known.
    fn usual<'a>(
        layout: &'a Layout,
        hosts: &'a HostSettings,
        database: &'a DatabaseSettings,
    ) -> Bounds<'a> {
        let (memory, cpu, beside) = (MiB(3072), 1024, 10);
        Bounds { layout, hosts, database, memory, cpu, beside, vcpus: None, budget: None }
    }

    fn bounds(
        change: impl Fn(&mut Layout, &mut HostSettings, &mut DatabaseSettings),
    ) -> Vec<Limit> {
        let mut layout = Layout::new("10.0.0.0/16".parse().unwrap(), 3).unwrap();
        let capacity = Capacity::for_quiz_peak(2_000);
        let (mut hosts, mut database) = (capacity.host_settings(), capacity.database());
        change(&mut layout, &mut hosts, &mut database);
        let bounds = Bounds { vcpus: Some(256), ..usual(&layout, &hosts, &database) };
        bounds.limits().unwrap()
    }

    #[test]
    fn the_narrowest_comes_first() {
        let limits = bounds(|_, _, _| {});
        assert_eq!(limits[0].by, LimitedBy::Instances, "{limits:?}");
        assert!(limits.is_sorted_by_key(|limit| limit.tasks));
        let narrow = bounds(|layout, _, _| {
            *layout = Layout::new("10.0.0.0/22".parse().unwrap(), 3).unwrap();
        });
        assert_eq!((narrow[0].by, narrow[0].tasks), (LimitedBy::Instances, 31));
        let many = bounds(|layout, hosts, _| {
            *layout = Layout::new("10.0.0.0/22".parse().unwrap(), 3).unwrap();
            hosts.max = 150;
        });
        // 123 addresses, of which instances and their trunks have 100, in three subnets.
        assert_eq!((many[0].by, many[0].tasks), (LimitedBy::Addresses, 34));
        let small = bounds(|_, _, database| {
            database.capacity = DatabaseCapacity::Provisioned { class: "db.t4g.medium".to_owned() };
        });
        // 81 connections for twice 16 workers.
        assert_eq!((small[0].by, small[0].tasks), (LimitedBy::Connections, 2));
        let quota = bounds(|_, hosts, _| hosts.instance_type = "m7g.4xlarge".to_owned());
        // 16 instances with 16 tasks each.
        let quota = quota.iter().find(|it| it.by == LimitedBy::Quota).unwrap();
        assert_eq!(quota.tasks, 123);
        assert_eq!(quota.why, "256 of them, 16 for each instance: 16 instances");
    }

    #[test]
    fn an_instance_holds_what_its_processors_memory_and_interfaces_are_enough_for() {
        let of = |ty: &str, trunking: Trunking| {
            let limits = bounds(|_, hosts, _| {
                hosts.instance_type = ty.to_owned();
                hosts.trunking = trunking;
            });
            limits.into_iter().find(|it| it.by == LimitedBy::Instances).unwrap().why
        };
        assert_eq!(of("m7g.xlarge", Trunking::Here), "18 instances with 4 tasks each");
        assert_eq!(of("m7g.xlarge", Trunking::Elsewhere), "18 instances with 4 tasks each");
        assert_eq!(of("m7g.xlarge", Trunking::Off), "18 instances with 3 tasks each");
        // 8 GiB are two tasks.
        assert_eq!(of("c7g.xlarge", Trunking::Here), "18 instances with 2 tasks each");
        // Types that have no trunk.
        assert_eq!(of("t4g.xlarge", Trunking::Here), "18 instances with 3 tasks each");
    }

    #[test]
    fn a_budget_buys_so_many_instances() {
        let layout = Layout::new("10.0.0.0/16".parse().unwrap(), 3).unwrap();
        let capacity = Capacity::for_quiz_peak(2_000);
        let (mut hosts, database) = (capacity.host_settings(), capacity.database());
        let with = |hosts: &HostSettings| {
            let bounds = Bounds { budget: Some(1_000), ..usual(&layout, hosts, &database) };
            bounds.limits()
        };
        let narrowest = with(&hosts).unwrap().remove(0);
        assert_eq!(narrowest.by, LimitedBy::Budget);
        assert_eq!(narrowest.why, "1000 USD a month, 142.50 for each instance: 7 instances");
        hosts.instance_type = "x2gd.xlarge".to_owned();
        let error = with(&hosts).unwrap_err().to_string();
        assert!(error.contains("the price of x2gd.xlarge is not known"), "{error}");
    }

    #[test]
    fn a_capacity_fits_its_own_instances_and_database() {
        for people in [100, 400, 2_000, 10_000, 40_000] {
            let capacity = Capacity::for_quiz_peak(people);
            let layout = Layout::new("10.0.0.0/16".parse().unwrap(), 3).unwrap();
            let (hosts, database) = (capacity.host_settings(), capacity.database());
            let limits = usual(&layout, &hosts, &database).limits().unwrap();
            if people <= 10_000 {
                assert!(limits[0].tasks >= capacity.tasks, "{people}: {limits:?}");
            } else {
                assert_eq!(limits[0].by, LimitedBy::Connections, "{people}: {limits:?}");
            }
        }
    }
}
