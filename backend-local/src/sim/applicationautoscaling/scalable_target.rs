//! What is special about a scalable target: what it scales is written as its service writes it, and
//! is there.

use infra_core::{
    aws::{
        applicationautoscaling::{self, ScalableDimension},
        ecs,
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ScalableTarget];

pub(super) const CODES: Codes = Codes {
    not_found: "ObjectNotFoundException",
    not_ready: "ConcurrentUpdateException",
    exists: "ValidationException",
    in_use: "ConcurrentUpdateException",
    quota: "LimitExceededException",
};
/// What the service says of everything that has no code of its own.
pub(super) const INVALID: &str = "ValidationException";

struct ScalableTarget;

impl Special for ScalableTarget {
    fn ty(&self) -> &'static TypeDef {
        applicationautoscaling::ScalableTarget::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        type T = applicationautoscaling::ScalableTarget;
        let least = asked.get(T::MIN_CAPACITY).unwrap_or_default();
        let most = asked.get(T::MAX_CAPACITY).unwrap_or_default();
        if most < least {
            let message = format!(
                "`max_capacity` {most} is less than `min_capacity` {least}; raise the one or lower \
                 the other"
            );
            return Err(Refusal::invalid("max_capacity", INVALID, message));
        }
        let Some(dimension) = asked.get(T::SCALABLE_DIMENSION) else { return Ok(()) };
        let resource = asked.get(T::RESOURCE_ID).unwrap_or_default();
        check_form(&resource, dimension)?;
        if dimension == ScalableDimension::EcsServiceDesiredCount {
            check_service(asked, &resource)?;
        }
        Ok(())
    }
}

/// How the id of what has a dimension is written: what separates its parts, what it begins with,
/// how many parts follow, and the whole for people.
fn form(dimension: ScalableDimension) -> (char, &'static str, usize, &'static str) {
    use ScalableDimension as D;
    match dimension {
        D::EcsServiceDesiredCount => ('/', "service", 2, "service/<cluster>/<service>"),
        D::RdsClusterReadReplicaCount => (':', "cluster", 1, "cluster:<identifier>"),
        D::ElastiCacheNodeGroups | D::ElastiCacheReplicas => {
            ('/', "replication-group", 1, "replication-group/<id>")
        }
        D::DynamoDbTableReadCapacityUnits | D::DynamoDbTableWriteCapacityUnits => {
            ('/', "table", 1, "table/<name>")
        }
        D::LambdaProvisionedConcurrency => (':', "function", 2, "function:<name>:<alias>"),
        D::SpotFleetTargetCapacity => ('/', "spot-fleet-request", 1, "spot-fleet-request/<id>"),
    }
}

fn check_form(resource: &str, dimension: ScalableDimension) -> Result<(), Refusal> {
    let (separator, first, count, whole) = form(dimension);
    let mut parts = resource.split(separator);
    let begins = parts.next() == Some(first);
    let rest: Vec<&str> = parts.collect();
    if begins && rest.len() == count && rest.iter().all(|part| !part.is_empty()) {
        return Ok(());
    }
    let message = format!(
        "`resource_id` {resource:?} is not what this `scalable_dimension` belongs to; write {whole}"
    );
    Err(Refusal::invalid("resource_id", INVALID, message))
}

/// A service of ECS is looked for when its target is registered.
fn check_service(asked: &Asked<'_>, resource: &str) -> Result<(), Refusal> {
    let mut services = asked.world.all(ecs::Service::definition().name, asked.scope);
    let is_there = services.any(|service| {
        let cluster = of(service, ecs::Service::CLUSTER);
        let name = of(service, ecs::Service::SERVICE_NAME);
        cluster.zip(name).is_some_and(|(cluster, name)| {
            resource == format!("service/{}/{name}", cluster.as_str())
        })
    });
    if is_there {
        return Ok(());
    }
    let message = format!(
        "`resource_id` {resource}: the ECS service does not exist; make it of the outputs of the \
         service, so that the service comes first"
    );
    Err(Refusal::invalid("resource_id", INVALID, message))
}
