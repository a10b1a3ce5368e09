//! `aws:ecs:Service`.

mod balancing;
mod change;
mod deployment;
pub(super) mod rollout;

use aws_sdk_ecs::types::{self as sdk, ServiceField};
use infra_core::{
    aws::ecs::{self, SchedulingStrategy},
    dsl::Prop,
    handler::{Deletion, Problem, Request, TypedRequest},
    types::{IntoValue, PropertyType, Seconds},
};
use serde_json::Map;

use super::{
    cluster, is_said, name_of, new_tags,
    numbers::{int, unsigned},
    placement, retag, tags, unless_empty, word,
};
use crate::{
    alike::{alike, in_order},
    aws::Aws,
    beyond::{Heard, with},
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, linked, passed},
    resource::{Resource, recorded},
    seen::Seen,
};

pub(crate) struct Service;

type Type = ecs::Service;

/// So many services one call describes.
const SOME: usize = 10;

/// The cluster that an ARN of a service names.
fn cluster_of(arn: &str) -> &str {
    arn.rsplit('/').nth(1).unwrap_or_default()
}

fn scheduling(request: &Request) -> SchedulingStrategy {
    recorded(request, Type::SCHEDULING_STRATEGY).unwrap_or(SchedulingStrategy::Replica)
}

/// A property that AWS fills in where the program says nothing.
fn if_said<R, T: PropertyType, V>(
    request: &Request,
    prop: Prop<R, T>,
    told: Option<V>,
) -> Option<V> {
    told.filter(|_| is_said(request, prop.slot))
}

/// A service as lists of services tell it.
fn listed(service: &sdk::Service) -> Seen {
    Seen::new(service.service_arn().unwrap_or_default())
        .text(Type::SERVICE_ARN, service.service_arn())
        .text(Type::SERVICE_NAME, service.service_name())
        .tags(tags(service.tags()))
}

/// What starts with its tasks: where they run, and what runs.
fn with_tasks(seen: Seen, request: &Request, service: &sdk::Service) -> Seen {
    let strategy = placement::strategy_seen(
        request,
        Type::CAPACITY_PROVIDER_STRATEGY,
        service.capacity_provider_strategy(),
    );
    let prop = Type::NETWORK_CONFIGURATION;
    let network = service
        .network_configuration()
        .and_then(|told| placement::network_seen(recorded(request, prop).as_ref(), told));
    let before = request.inputs.get(prop.slot);
    let network = network.map(|network| alike(before, &network.into_value(), &|_, _, _| false));
    let scheduling = service.scheduling_strategy().map(|it| it.as_str());
    let count = service.desired_count();
    let count = (count >= 0).then_some(unsigned(count));
    seen.text(Type::CLUSTER, service.cluster_arn().map(name_of))
        .text(Type::TASK_DEFINITION, service.task_definition())
        .text(Type::SCHEDULING_STRATEGY, scheduling)
        .set(Type::DESIRED_COUNT, if_said(request, Type::DESIRED_COUNT, count))
        // Of the cluster it has one that it does not name itself.
        .set(
            Type::CAPACITY_PROVIDER_STRATEGY,
            if_said(request, Type::CAPACITY_PROVIDER_STRATEGY, Some(strategy)),
        )
        .text(
            Type::LAUNCH_TYPE,
            if_said(request, Type::LAUNCH_TYPE, service.launch_type().map(|it| it.as_str())),
        )
        .text(
            Type::PLATFORM_VERSION,
            if_said(request, Type::PLATFORM_VERSION, service.platform_version()),
        )
        .value(Type::NETWORK_CONFIGURATION, network.unwrap_or_default())
        .set(Type::PLACEMENT_STRATEGIES, placement::rules_seen(service.placement_strategy()))
        .set(
            Type::PLACEMENT_CONSTRAINTS,
            placement::constraints_seen(service.placement_constraints()),
        )
}

/// How its tasks are reached, watched and tagged.
fn with_surroundings(seen: Seen, request: &Request, service: &sdk::Service) -> Seen {
    let balancers = service.load_balancers().iter().filter_map(balancing::balancer_seen);
    let known = recorded(request, Type::LOAD_BALANCERS).unwrap_or_default();
    let balancers = in_order(&known, balancers.collect());
    let registries = service.service_registries().iter().filter_map(balancing::registry_seen);
    let grace = service.health_check_grace_period_seconds().map(unsigned);
    let said = is_said(request, Type::HEALTH_CHECK_GRACE_PERIOD.slot);
    let grace = grace.filter(|seconds| said || *seconds != 0).map(Seconds);
    let rebalancing = service.availability_zone_rebalancing().map(|it| it.as_str());
    let propagated = service.propagate_tags().map(|it| it.as_str());
    seen.set(Type::LOAD_BALANCERS, balancers)
        .set(Type::SERVICE_REGISTRIES, registries.collect::<Vec<_>>())
        .set(Type::HEALTH_CHECK_GRACE_PERIOD, grace)
        .text(
            Type::AVAILABILITY_ZONE_REBALANCING,
            if_said(request, Type::AVAILABILITY_ZONE_REBALANCING, rebalancing),
        )
        .set(Type::ENABLE_EXECUTE_COMMAND, service.enable_execute_command())
        .set(Type::ENABLE_ECS_MANAGED_TAGS, service.enable_ecs_managed_tags())
        .text(Type::PROPAGATE_TAGS, propagated.filter(|word| *word != "NONE"))
}

/// What the SDK does not know of a service, or not all of it.
fn with_more(seen: Seen, request: &Request, more: &More) -> Seen {
    let told = deployment::deployment_seen(&more.deployment).into_value();
    let recorded = request.inputs.get(Type::DEPLOYMENT_CONFIGURATION.slot);
    let deployment = alike(recorded, &told, &deployment::filled(scheduling(request)));
    let monitoring = deployment::monitoring_seen(&more.monitoring).map(IntoValue::into_value);
    let usual = deployment::monitoring_seen(&deployment::monitoring(None));
    let usual = usual.map(IntoValue::into_value);
    let said = is_said(request, Type::MONITORING.slot);
    let monitoring = monitoring.filter(|told| said || Some(told) != usual.as_ref());
    seen.value(Type::DEPLOYMENT_CONFIGURATION, deployment)
        .value(Type::MONITORING, monitoring.unwrap_or_default())
}

/// What the SDK does not know of a service, in AWS's JSON.
#[derive(Default)]
struct More {
    deployment: serde_json::Value,
    monitoring: serde_json::Value,
}

/// How a service is watched is told of its newest revision.
async fn monitoring(aws: &Aws, service: &sdk::Service) -> Answer<serde_json::Value> {
    let revisions = service.current_service_revisions().iter().filter_map(|it| it.arn());
    let revisions: Vec<String> = revisions.map(str::to_owned).collect();
    if revisions.is_empty() {
        return Ok(serde_json::Value::Null);
    }
    let heard = Heard::default();
    let ask = aws.ecs().describe_service_revisions().set_service_revision_arns(Some(revisions));
    let told = ask.customize().interceptor(heard.clone()).send().await?;
    let newest =
        told.service_revisions().iter().max_by_key(|it| it.created_at().map(|at| at.secs()));
    let newest = newest.and_then(|it| it.service_revision_arn());
    let json = heard.json();
    let all = json["serviceRevisions"].as_array().cloned().unwrap_or_default();
    let newest = all.into_iter().find(|json| json["serviceRevisionArn"].as_str() == newest);
    Ok(newest.map(|json| json["monitoring"].clone()).unwrap_or_default())
}

/// A service that there is; one that was deleted can be seen for a while.
async fn describe(aws: &Aws, arn: &str) -> Answer<Option<(sdk::Service, serde_json::Value)>> {
    let heard = Heard::default();
    let ask = aws.ecs().describe_services().cluster(cluster_of(arn)).services(arn);
    let ask = ask.include(ServiceField::Tags).customize().interceptor(heard.clone());
    let Some(told) = ask.send().await.if_found()? else { return Ok(None) };
    let service = told.services.unwrap_or_default().into_iter().next();
    let service = service.filter(|service| service.status() != Some("INACTIVE"));
    let json = heard.json()["services"][0]["deploymentConfiguration"].clone();
    Ok(service.map(|service| (service, json)))
}

fn members(request: &TypedRequest<'_, Type>) -> Map<String, serde_json::Value> {
    let args = &request.args;
    let mut members = Map::new();
    if let Some(deployment) = &args.deployment_configuration {
        members.insert("deploymentConfiguration".to_owned(), deployment::deployment(deployment));
    }
    if let Some(monitoring) = &args.monitoring {
        members.insert("monitoring".to_owned(), deployment::monitoring(Some(monitoring)));
    }
    members
}

impl Resource for Service {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("ecs:CreateService").on(OWN),
        CREATE.and(UPDATE).needs("ecs:TagResource").on(OWN),
        UPDATE.needs("ecs:UntagResource").on(OWN),
        UPDATE.and(DELETE).needs("ecs:UpdateService").on(OWN),
        READ.needs("ecs:DescribeServiceRevisions").on(&[On::Own, On::Arn("arn:aws:ecs:{region}:{account}:service-revision/{cluster>cluster/}/{service_name}/*")]),
        READ.and(LIST).needs("ecs:DescribeServices").on(OWN),
        READ.needs("ecs:DescribeTasks").on(&[On::Arn("arn:aws:ecs:{region}:{account}:task/{cluster>cluster/}/*")]),
        READ.needs("ecs:ListTasks").on(&[On::Arn("arn:aws:ecs:{region}:{account}:container-instance/{cluster>cluster/}/*")]),
        DELETE.needs("ecs:DeleteService").on(OWN),
        LIST.needs("ecs:ListClusters"),
        LIST.needs("ecs:ListServices"),
        linked!(CREATE, "ecs.amazonaws.com"),
        passed!(CREATE.and(UPDATE), "ecs.amazonaws.com"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let count = match args.scheduling_strategy {
            SchedulingStrategy::Replica => Some(args.desired_count.map_or(1, int)),
            SchedulingStrategy::Daemon => None,
        };
        let made = aws
            .ecs()
            .create_service()
            .client_token(&*request.owner.intent)
            .cluster(args.cluster.as_str())
            .task_definition(args.task_definition.as_str())
            .set_service_name(request.name().map(str::to_owned))
            .scheduling_strategy(args.scheduling_strategy.as_str().into())
            .set_desired_count(count)
            .set_capacity_provider_strategy(unless_empty(placement::strategy(
                &args.capacity_provider_strategy,
            )))
            .set_launch_type(args.launch_type.map(|it| it.as_str().into()))
            .set_platform_version(args.platform_version.clone())
            .set_network_configuration(args.network_configuration.as_ref().map(placement::network))
            .set_load_balancers(unless_empty(
                args.load_balancers.iter().map(balancing::balancer).collect(),
            ))
            .set_health_check_grace_period_seconds(
                args.health_check_grace_period.map(|grace| int(grace.0)),
            )
            .set_service_registries(unless_empty(
                args.service_registries.iter().map(balancing::registry).collect(),
            ))
            .set_placement_strategy(unless_empty(placement::rules(&args.placement_strategies)))
            .set_placement_constraints(unless_empty(placement::constraints(
                &args.placement_constraints,
            )))
            .set_availability_zone_rebalancing(
                args.availability_zone_rebalancing.map(|it| it.as_str().into()),
            )
            .enable_execute_command(args.enable_execute_command)
            .enable_ecs_managed_tags(args.enable_ecs_managed_tags)
            .set_propagate_tags(args.propagate_tags.map(|it| it.as_str().into()))
            .set_tags(Some(new_tags(request)))
            .customize()
            .mutate_request(with(members(request)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ecs", "CreateService", "service");
        Ok(listed(made.service().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        let tags = request.ty.tags;
        let only_tags = request.changed.iter().all(|slot| Some(*slot) == tags);
        if !only_tags {
            let members = change::members(request);
            change::call(aws, request).customize().mutate_request(with(members)).send().await?;
        }
        retag(aws, &request.id, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some((service, deployment)) = describe(aws, &request.id).await? else {
            return Ok(None);
        };
        let monitoring = monitoring(aws, &service).await?;
        let seen = with_tasks(listed(&service), request, &service);
        let seen = with_surroundings(seen, request, &service);
        let seen = with_more(seen, request, &More { deployment, monitoring });
        let wanted = request.inputs.get(Type::TASK_DEFINITION.slot).as_str();
        Ok(Some(rollout::with_state(aws, seen, &service, wanted).await?))
    }

    /// Its tasks end first, as their load balancers let them.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let arn = &*request.id;
        let cluster = cluster_of(arn);
        let Some((service, _)) = describe(aws, arn).await? else {
            let message = format!("there is no service {arn}");
            return Err(Error::refused(Problem::NotFound, "ecs", "DeleteService", message));
        };
        if service.status() == Some("DRAINING") {
            return Ok(Deletion::Started);
        }
        let strategy = service.scheduling_strategy().map(|it| it.as_str()).and_then(word);
        let daemon = strategy == Some(SchedulingStrategy::Daemon);
        if !daemon && service.desired_count() > 0 {
            let end = aws.ecs().update_service().cluster(cluster).service(arn);
            end.desired_count(0).send().await?;
        }
        let delete = aws.ecs().delete_service().cluster(cluster).service(arn);
        // The count of a daemon can't be told.
        delete.set_force(Some(true).filter(|_| daemon)).send().await?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut seen = vec![];
        for cluster in cluster::all(aws).await? {
            let all = aws.ecs().list_services().cluster(&cluster).into_paginator().items().send();
            // The cluster may have gone since.
            let Some(all) = all.collect::<Result<Vec<_>, _>>().await.if_found()? else { continue };
            for some in all.chunks(SOME) {
                let ask = aws.ecs().describe_services().cluster(&cluster);
                let ask = ask.set_services(Some(some.to_vec())).include(ServiceField::Tags);
                let told = ask.send().await?;
                let there = told.services().iter().filter(|it| it.status() == Some("ACTIVE"));
                seen.extend(there.map(listed));
            }
        }
        Ok(seen)
    }
}
