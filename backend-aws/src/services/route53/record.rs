//! `aws:route53:Record`.

use aws_sdk_route53::types::{self as sdk, ChangeAction, RrType};
use infra_core::{
    aws::route53::{self, AliasTarget, AliasTargetArgs, FailoverRole, RoutingArgs},
    handler::{Deletion, Problem, Request, TypedRequest},
    types::{PropertyType, Seconds},
};

use super::{bare, note, spread};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, Needs, On, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct Record;

type Type = route53::Record;

fn routing(record: &sdk::ResourceRecordSet) -> Option<RoutingArgs> {
    let weight = record.weight.and_then(|weight| u32::try_from(weight).ok());
    let failover = record.failover().map(|role| match role {
        sdk::ResourceRecordSetFailover::Primary => FailoverRole::Primary,
        _ => FailoverRole::Secondary,
    });
    let latency = record.region().map(|region| region.as_str().to_owned());
    let failover = failover.map(RoutingArgs::Failover);
    weight.map(RoutingArgs::Weighted).or(failover).or(latency.map(RoutingArgs::Latency))
}

/// What a record leads to; in the words of the program, if AWS says the same in others.
fn alias(alias: &sdk::AliasTarget, request: &Request) -> AliasTargetArgs {
    let told = bare(&alias.dns_name);
    let recorded = AliasTarget::decode(request.inputs.get(Type::ALIAS_TARGET.slot)).ok();
    let recorded = recorded.map(|recorded| recorded.dns_name);
    AliasTargetArgs {
        dns_name: recorded.filter(|name| bare(name) == told).unwrap_or(told),
        hosted_zone_id: alias.hosted_zone_id.clone(),
        evaluate_target_health: alias.evaluate_target_health,
    }
}

fn seen(id: &str, record: &sdk::ResourceRecordSet, request: &Request) -> Seen {
    let recorded = |slot| request.inputs.get(slot).clone();
    let values = record.resource_records().iter().map(|record| record.value.clone());
    let ttl = record.ttl.and_then(|seconds| u32::try_from(seconds).ok());
    Seen::new(id)
        // What it was looked for by: the zone, and the name in the program's words.
        .value(Type::HOSTED_ZONE_ID, recorded(Type::HOSTED_ZONE_ID.slot))
        .value(Type::NAME, recorded(Type::NAME.slot))
        .text(Type::RECORD_TYPE, Some(record.r#type.as_str()))
        .text(Type::SET_IDENTIFIER, record.set_identifier())
        .set(Type::ROUTING, routing(record))
        .unordered(Type::RESOURCE_RECORDS, request, values.collect::<Vec<_>>())
        .set(Type::TTL, ttl.map(Seconds))
        .set(Type::ALIAS_TARGET, record.alias_target().map(|it| alias(it, request)))
        .text(Type::HEALTH_CHECK_ID, record.health_check_id())
        .set(Type::FQDN, bare(&record.name))
}

/// The record as the program says it.
fn record(args: &route53::RecordArgs) -> sdk::ResourceRecordSet {
    let value = |value: &String| {
        let record = sdk::ResourceRecord::builder().value(value).build();
        record.expect("the value is there")
    };
    let values = args.resource_records.as_ref().map(|all| all.iter().map(value).collect());
    let alias = args.alias_target.as_ref().map(|alias| {
        let target = sdk::AliasTarget::builder()
            .dns_name(&alias.dns_name)
            .hosted_zone_id(&alias.hosted_zone_id)
            .evaluate_target_health(alias.evaluate_target_health);
        target.build().expect("name and zone are there")
    });
    let record = sdk::ResourceRecordSet::builder()
        .name(&args.name)
        .r#type(args.record_type.as_str().into())
        .set_set_identifier(args.set_identifier.clone())
        .set_ttl(args.ttl.map(|Seconds(seconds)| seconds.into()))
        .set_resource_records(values)
        .set_alias_target(alias)
        .set_health_check_id(args.health_check_id.clone());
    let record = match &args.routing {
        Some(RoutingArgs::Weighted(weight)) => record.weight((*weight).into()),
        Some(RoutingArgs::Failover(role)) => record.failover(role.as_str().into()),
        Some(RoutingArgs::Latency(region)) => record.region(region.as_str().into()),
        None => record,
    };
    record.build().expect("name and type are there")
}

async fn change(
    aws: &Aws,
    zone: &str,
    action: ChangeAction,
    record: sdk::ResourceRecordSet,
) -> Answer<Option<sdk::ChangeInfo>> {
    let change = sdk::Change::builder().action(action).resource_record_set(record).build();
    let batch = sdk::ChangeBatch::builder().changes(change.expect("the action is there"));
    let batch = batch.build().expect("there is a change");
    let made = aws.route53().change_resource_record_sets().hosted_zone_id(zone);
    Ok(made.change_batch(batch).send().await?.change_info)
}

/// The record that has the key of a request. Route 53 lists a zone in the order of its names: it is
/// asked from where the record would stand.
async fn look(aws: &Aws, request: &Request) -> Answer<Option<sdk::ResourceRecordSet>> {
    let text = |slot| request.inputs.get(slot).as_str();
    let zone = text(Type::HOSTED_ZONE_ID.slot).unwrap_or_default();
    let name = text(Type::NAME.slot).unwrap_or_default();
    let kind = RrType::from(text(Type::RECORD_TYPE.slot).unwrap_or_default());
    let set = text(Type::SET_IDENTIFIER.slot);
    let mut from = (name.to_owned(), kind.clone(), set.map(str::to_owned));
    loop {
        let asked = aws
            .route53()
            .list_resource_record_sets()
            .hosted_zone_id(zone)
            .start_record_name(&from.0)
            .start_record_type(from.1.clone())
            .set_start_record_identifier(from.2.take());
        let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
        let same_name = |record: &&sdk::ResourceRecordSet| bare(&record.name) == bare(name);
        let mut all = told.resource_record_sets().iter().filter(same_name);
        let found = all.find(|record| record.r#type == kind && record.set_identifier() == set);
        if let Some(record) = found {
            return Ok(Some(record.clone()));
        }
        let next = told.next_record_name.filter(|next| bare(next) == bare(name));
        let (Some(next), Some(kind)) = (next, told.next_record_type) else { return Ok(None) };
        from = (next, kind, told.next_record_identifier);
    }
}

const ZONE: &[On] = &[On::Arn("arn:aws:route53:::hostedzone/{hosted_zone_id}")];

impl Resource for Record {
    type Type = route53::Record;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).and(DELETE).needs("route53:ChangeResourceRecordSets").on(ZONE),
        READ.needs("route53:GetChange").on(&[On::Arn("arn:aws:route53:::change/*")]),
        READ.needs("route53:ListResourceRecordSets").on(ZONE),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let zone = request.args.hosted_zone_id.as_str();
        let made = change(aws, zone, ChangeAction::Create, record(&request.args)).await?;
        let id = request.ty.natural_id(&request.inputs).unwrap_or_default();
        note(aws, &id, made.as_ref());
        Ok(Seen::new(id))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let zone = request.args.hosted_zone_id.as_str();
        let made = change(aws, zone, ChangeAction::Upsert, record(&request.args)).await?;
        note(aws, &request.id, made.as_ref());
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(record) = look(aws, request).await? else { return Ok(None) };
        Ok(Some(spread(aws, seen(&request.id, &record, request)).await?))
    }

    /// Route 53 wants to be told all that is to go, as it is.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let Some(record) = look(aws, request).await? else {
            let message = format!("there is no record {}", request.id);
            let missing = Problem::NotFound;
            return Err(Error::refused(missing, "route53", "ChangeResourceRecordSets", message));
        };
        let zone = request.inputs.get(Type::HOSTED_ZONE_ID.slot);
        change(aws, zone.as_str().unwrap_or_default(), ChangeAction::Delete, record).await?;
        aws.note_change(&request.id, None);
        Ok(Deletion::Gone)
    }
}
