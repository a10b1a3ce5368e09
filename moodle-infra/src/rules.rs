//! Rules of a site, beside those of AWS (`infra_core::aws::rules`).

use std::sync::{Arc, LazyLock};

use infra_core::{
    analysis::{Outline, Tasks},
    aws::{
        ecs::Service,
        elbv2::{Listener, ListenerRule, LoadBalancer, TargetGroup},
        rds::{DbCluster, DbClusterParameterGroup, DbInstance},
        s3::Object,
    },
    check::{Check, Severity},
    graph::{Node, NodeView, Program, ProgramProblem},
    value::Value,
};

use crate::connections;

/// The rules of a site: a [`Moodle`](crate::Moodle) registers them itself.
#[must_use]
pub fn rules() -> Vec<Arc<dyn Check>> {
    RULES.clone()
}

static RULES: LazyLock<Vec<Arc<dyn Check>>> =
    LazyLock::new(|| vec![Arc::new(RequestTimes), Arc::new(DatabaseConnections)]);

/// The variable that says how many requests of PHP a task works on at once.
const WORKERS: &str = "PHP_WORKERS";

/// The variable that says how long a request may take.
const LONGEST: &str = "LONGEST_REQUEST";

/// For how long a balancer waits for an answer where nothing is said. Source: the attributes of
/// application load balancers.
const IDLE: u32 = 60;

/// The balancer waits for an answer as long as a request may take.
struct RequestTimes;

impl Check for RequestTimes {
    fn name(&self) -> &str {
        "request-times"
    }

    fn severity(&self) -> Severity {
        Severity::Rule
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let outline = Outline::of(program);
        let mut found = vec![];
        for tasks in Tasks::all(&outline) {
            let Some(longest) = variable(&outline, &tasks, LONGEST) else { continue };
            for balancer in balancers(&outline, &tasks) {
                let idle = outline.get(&balancer, LoadBalancer::IDLE_TIMEOUT);
                let idle = idle.map_or(IDLE, |idle| idle.0);
                if idle >= longest {
                    continue;
                }
                let message = format!(
                    "is {idle} s, and `{}` may be at a request for {longest} s: people would see \
                     an error of the balancer while their session stays locked",
                    tasks.service.node.urn.short()
                );
                let prop = LoadBalancer::IDLE_TIMEOUT;
                let problem = program.about(&balancer, prop, message).without_value();
                found.push(problem.help(format!("give {longest} s, or a shorter longest request")));
            }
        }
        found
    }
}

/// The balancers whose listeners send requests to a service.
fn balancers<'a>(outline: &Outline<'a>, tasks: &Tasks<'a>) -> Vec<NodeView<'a, LoadBalancer>> {
    let groups = outline.links::<_, _, TargetGroup>(&tasks.service, Service::LOAD_BALANCERS);
    let mut listeners: Vec<NodeView<'a, Listener>> = vec![];
    for group in groups {
        listeners.extend(outline.referring(Listener::DEFAULT_ACTIONS, group.node));
        let rules = outline.referring(ListenerRule::ACTIONS, group.node);
        listeners.extend(
            rules.flat_map(|rule| {
                outline.links::<_, _, Listener>(&rule, ListenerRule::LISTENER_ARN)
            }),
        );
    }
    let arn = Listener::LOAD_BALANCER_ARN;
    let mut all: Vec<NodeView<'a, LoadBalancer>> =
        listeners.iter().flat_map(|listener| outline.links(listener, arn)).collect();
    all.dedup_by_key(|balancer| balancer.node.urn.clone());
    all
}

/// Of a hundred connections of the database, how many are left to AWS, to people and to whatever
/// comes up while old connections end.
const KEPT_PERCENT: u32 = 10;

/// The database takes a connection of each request that all tasks of a rollout work on at once.
struct DatabaseConnections;

impl Check for DatabaseConnections {
    fn name(&self) -> &str {
        "database-connections"
    }

    fn severity(&self) -> Severity {
        Severity::Rule
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let outline = Outline::of(program);
        let mut found = vec![];
        for cluster in outline.all::<DbCluster>() {
            let wanted: u32 = Tasks::all(&outline)
                .iter()
                .filter(|tasks| uses(&outline, tasks, &cluster))
                .map(|tasks| tasks.surge() * workers(&outline, tasks))
                .sum();
            let machines = outline.referring(DbInstance::DB_CLUSTER_IDENTIFIER, cluster.node);
            let set = parameter(&outline, &cluster);
            let allowed = machines.map(|it| (set.or_else(|| allowed(&outline, &cluster, &it)), it));
            let least = allowed
                .filter_map(|(count, it)| Some((count?, it)))
                .min_by_key(|(count, _)| *count);
            let Some((has, machine)) = least else { continue };
            let free = has - has / 100 * KEPT_PERCENT;
            if wanted <= free {
                continue;
            }
            let message = format!(
                "allows {has} connections, of which {free} are for the site, and {wanted} requests \
                 may be at work at once during a rollout"
            );
            let problem = program.about(&machine, DbInstance::DB_INSTANCE_CLASS, message);
            found.push(problem.help("choose a larger class, or fewer tasks at most"));
        }
        found
    }
}

/// Whether the tasks of a service are told of a cluster: by their definition, or by what they read
/// at their start.
fn uses(outline: &Outline<'_>, tasks: &Tasks<'_>, cluster: &NodeView<'_, DbCluster>) -> bool {
    let tells =
        |node: &Node, of: &Node| node.inputs.iter().any(|(_, value)| outline.refers(value, of));
    let Some(definition) = tasks.definition.map(|definition| definition.node) else { return false };
    let mut read = outline.all::<Object>().map(|file| file.node);
    tells(definition, cluster.node)
        || read.any(|file| tells(definition, file) && tells(file, cluster.node))
}

/// How many connections a task has at once: what works beside the web does one thing at a time.
fn workers(outline: &Outline<'_>, tasks: &Tasks<'_>) -> u32 {
    let balanced = !tasks.service.node.inputs.get(Service::LOAD_BALANCERS.slot).items().is_empty();
    if balanced { variable(outline, tasks, WORKERS).unwrap_or(1) } else { 1 }
}

/// A number in the environment of a service's container.
fn variable(outline: &Outline<'_>, tasks: &Tasks<'_>, name: &str) -> Option<u32> {
    let containers = tasks.containers(outline);
    let mut values =
        containers.iter().filter_map(|it| it.field("environment")?.field(name)?.as_str());
    values.find_map(|value| value.parse().ok())
}

/// The number of connections that parameters of the cluster say.
fn parameter(outline: &Outline<'_>, cluster: &NodeView<'_, DbCluster>) -> Option<u32> {
    let prop = DbCluster::DB_CLUSTER_PARAMETER_GROUP_NAME;
    let group = outline.links::<_, _, DbClusterParameterGroup>(cluster, prop).into_iter().next()?;
    let parameters = outline.value(&group, DbClusterParameterGroup::PARAMETERS);
    parameters.field("max_connections").and_then(Value::as_str)?.parse().ok()
}

/// How many connections a machine allows by its class.
fn allowed(
    outline: &Outline<'_>,
    cluster: &NodeView<'_, DbCluster>,
    machine: &NodeView<'_, DbInstance>,
) -> Option<u32> {
    let class = outline.get(machine, DbInstance::DB_INSTANCE_CLASS)?;
    if class != "db.serverless" {
        return connections::of_class(&class);
    }
    let bounds = outline.get(cluster, DbCluster::SERVERLESS_V2_SCALING_CONFIGURATION)?;
    connections::of_serverless(bounds.min_capacity, bounds.max_capacity)
}
