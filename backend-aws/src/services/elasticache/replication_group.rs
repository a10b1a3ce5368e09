//! `aws:elasticache:ReplicationGroup`.

mod nodes;
mod told;
mod update;

use aws_sdk_elasticache::types as sdk;
use infra_core::{
    aws::elasticache,
    handler::{Deletion, Problem, Request, TypedRequest},
};

use super::{new_tags, retag, settled_tags, tags_of};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, linked, of_ec2, sealed},
    plain::int,
    resource::Resource,
    seen::Seen,
};

pub(crate) struct ReplicationGroup;

type Type = elasticache::ReplicationGroup;

async fn describe(aws: &Aws, id: &str) -> Answer<Option<sdk::ReplicationGroup>> {
    let asked = aws.elasticache().describe_replication_groups().replication_group_id(id);
    let told = asked.send().await.if_found()?;
    Ok(told.and_then(|told| told.replication_groups().first().cloned()))
}

/// One of its nodes: AWS tells of each node what is the same for all.
async fn node(aws: &Aws, group: &sdk::ReplicationGroup) -> Answer<Option<sdk::CacheCluster>> {
    let Some(id) = group.member_clusters().first() else { return Ok(None) };
    let asked = aws.elasticache().describe_cache_clusters().cache_cluster_id(id);
    let told = asked.show_cache_node_info(true).send().await.if_found()?;
    Ok(told.and_then(|told| told.cache_clusters().first().cloned()))
}

fn groups(args: &elasticache::ReplicationGroupArgs) -> Vec<String> {
    args.security_group_ids.iter().map(ToString::to_string).collect()
}

fn users(args: &elasticache::ReplicationGroupArgs) -> Vec<String> {
    args.user_group_ids.iter().map(ToString::to_string).collect()
}

fn token(args: &elasticache::ReplicationGroupArgs) -> Option<String> {
    args.auth_token.as_ref().map(|token| token.expose().expose().to_owned())
}

/// Where logs go, as AWS takes it.
fn logs(args: &elasticache::ReplicationGroupArgs) -> Vec<sdk::LogDeliveryConfigurationRequest> {
    let one = |it: &elasticache::LogDeliveryConfigurationArgs| {
        let details = &it.destination_details;
        let group = details.cloud_watch_logs_details.as_ref().map(|place| {
            let made = sdk::CloudWatchLogsDestinationDetails::builder();
            made.log_group(place.log_group.as_str()).build()
        });
        let stream = details.kinesis_firehose_details.as_ref().map(|place| {
            let made = sdk::KinesisFirehoseDestinationDetails::builder();
            made.delivery_stream(&place.delivery_stream).build()
        });
        let details = sdk::DestinationDetails::builder()
            .set_cloud_watch_logs_details(group)
            .set_kinesis_firehose_details(stream)
            .build();
        sdk::LogDeliveryConfigurationRequest::builder()
            .log_type(it.log_type.as_str().into())
            .destination_type(it.destination_type.as_str().into())
            .destination_details(details)
            .log_format(it.log_format.as_str().into())
            .enabled(true)
            .build()
    };
    args.log_delivery_configurations.iter().map(one).collect()
}

/// The list, if there is anything in it: ElastiCache takes an empty one for a mistake.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<sdk::ReplicationGroup> {
    let args = &request.args;
    let parameters = args.cache_parameter_group_name.as_ref().map(ToString::to_string);
    let mode = args.transit_encryption_mode.map(|mode| mode.as_str().into());
    let window = args.preferred_maintenance_window.map(|window| window.to_string());
    let topic = args.notification_topic_arn.as_ref().map(ToString::to_string);
    let made = aws
        .elasticache()
        .create_replication_group()
        .set_replication_group_id(request.name().map(str::to_owned))
        .replication_group_description(&args.replication_group_description)
        .cache_node_type(&args.cache_node_type)
        .cache_subnet_group_name(args.cache_subnet_group_name.as_str())
        .set_security_group_ids(Some(groups(args)))
        .engine(args.engine.as_str())
        .set_engine_version(args.engine_version.clone())
        .auto_minor_version_upgrade(args.auto_minor_version_upgrade)
        .set_cache_parameter_group_name(parameters)
        .cluster_mode(args.cluster_mode.as_str().into())
        .set_num_cache_clusters(args.num_cache_clusters.map(int))
        .set_num_node_groups(args.num_node_groups.map(int))
        .set_replicas_per_node_group(args.replicas_per_node_group.map(int))
        .set_preferred_cache_cluster_azs(some(args.preferred_cache_cluster_azs.clone()))
        .automatic_failover_enabled(args.automatic_failover_enabled)
        .multi_az_enabled(args.multi_az_enabled)
        .port(args.port.into())
        .at_rest_encryption_enabled(args.at_rest_encryption_enabled)
        .set_kms_key_id(args.kms_key_id.as_ref().map(ToString::to_string))
        .transit_encryption_enabled(args.transit_encryption_enabled)
        .set_transit_encryption_mode(mode)
        .set_auth_token(token(args))
        .set_user_group_ids(some(users(args)))
        .snapshot_retention_limit(int(args.snapshot_retention_limit.0))
        .set_snapshot_window(args.snapshot_window.map(|window| window.to_string()))
        .set_snapshot_name(args.snapshot_name.clone())
        .set_snapshot_arns(some(args.snapshot_arns.clone()))
        .set_preferred_maintenance_window(window)
        .set_log_delivery_configurations(some(logs(args)))
        .set_notification_topic_arn(topic)
        .set_data_tiering_enabled(args.data_tiering_enabled.then_some(true))
        .set_tags(Some(new_tags(request)))
        .send()
        .await?;
    let incomplete =
        || Error::incomplete("elasticache", "CreateReplicationGroup", "ReplicationGroup");
    made.replication_group.ok_or_else(incomplete)
}

impl Resource for ReplicationGroup {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticache:AddTagsToResource").on(OWN),
        CREATE.needs("elasticache:CreateReplicationGroup").on(&[
            On::Own,
            On::Arn("arn:aws:elasticache:{region}:{account}:parametergroup:*"),
            On::Arn("arn:aws:elasticache:{region}:{account}:cluster:*"),
            On::Arn("arn:aws:elasticache:{region}:{account}:snapshot:*"),
            On::Arn("arn:aws:elasticache:{region}:{account}:subnetgroup:*"),
            On::Arn("arn:aws:elasticache:{region}:{account}:usergroup:*"),
        ]),
        UPDATE.needs("elasticache:DecreaseReplicaCount").on(OWN),
        UPDATE.needs("elasticache:IncreaseReplicaCount").on(OWN),
        UPDATE.needs("elasticache:ModifyReplicationGroup").on(&[
            On::Own,
            On::Arn("arn:aws:elasticache:{region}:{account}:parametergroup:*"),
            On::Arn("arn:aws:elasticache:{region}:{account}:usergroup:*"),
        ]),
        UPDATE.needs("elasticache:ModifyReplicationGroupShardConfiguration").on(OWN),
        UPDATE.needs("elasticache:RemoveTagsFromResource").on(OWN),
        READ.needs("elasticache:DescribeCacheClusters")
            .on(&[On::Arn("arn:aws:elasticache:{region}:{account}:cluster:*")]),
        READ.and(LIST).needs("elasticache:DescribeReplicationGroups").on(OWN),
        READ.and(LIST).needs("elasticache:ListTagsForResource").on(OWN),
        DELETE.needs("elasticache:DeleteReplicationGroup").on(OWN),
        linked!(CREATE, "elasticache.amazonaws.com"),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:CreateNetworkInterface").on(&[
            of_ec2::NETWORK_INTERFACE,
            of_ec2::SUBNET,
            of_ec2::SECURITY_GROUP,
        ]),
        CREATE
            .and(UPDATE)
            .and(DELETE)
            .needs("ec2:DeleteNetworkInterface")
            .on(&[of_ec2::NETWORK_INTERFACE]),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:DescribeNetworkInterfaces"),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:DescribeSubnets"),
        CREATE.and(UPDATE).and(DELETE).needs("ec2:DescribeVpcs"),
        sealed!(CREATE, "kms:CreateGrant", "elasticache"),
        sealed!(CREATE, "kms:DescribeKey", "elasticache"),
        sealed!(CREATE, "kms:GenerateDataKey", "elasticache"),
        sealed!(CREATE, "kms:Decrypt", "elasticache"),
        CREATE.and(UPDATE).needs("logs:CreateLogDelivery").given("log_delivery_configurations"),
        CREATE.and(UPDATE).needs("logs:GetLogDelivery").given("log_delivery_configurations"),
        CREATE.and(UPDATE).needs("logs:UpdateLogDelivery").given("log_delivery_configurations"),
        CREATE.and(UPDATE).needs("logs:DeleteLogDelivery").given("log_delivery_configurations"),
        CREATE.and(UPDATE).needs("logs:ListLogDeliveries").given("log_delivery_configurations"),
        CREATE.and(UPDATE).needs("logs:PutResourcePolicy").given("log_delivery_configurations"),
        CREATE
            .and(UPDATE)
            .needs("logs:DescribeResourcePolicies")
            .given("log_delivery_configurations"),
        CREATE.and(UPDATE).needs("logs:DescribeLogGroups").given("log_delivery_configurations"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let group = create(aws, request).await?;
        Ok(told::seen(&group, None, request))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        update::update(aws, request).await?;
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(group) = describe(aws, &request.id).await? else { return Ok(None) };
        let node = node(aws, &group).await?;
        let tags = settled_tags(aws, group.arn(), request).await?;
        Ok(tags.map(|tags| told::seen(&group, node.as_ref(), request).tags(tags)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (id, slot) = (&*request.id, Type::FINAL_SNAPSHOT_IDENTIFIER.slot);
        let last = request.inputs.get(slot).as_str().map(str::to_owned);
        let delete = aws.elasticache().delete_replication_group().replication_group_id(id);
        let deleted = delete.set_final_snapshot_identifier(last).send().await;
        match deleted.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Started),
            Err(error) if matches!(error.0.problem, Problem::InUse { .. }) => {
                let told = describe(aws, id).await?;
                let goes = told.is_some_and(|group| told::is_deleting(&group));
                if goes { Ok(Deletion::Started) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.elasticache().describe_replication_groups().into_paginator();
        let mut listed = vec![];
        for group in all.items().send().collect::<Result<Vec<_>, _>>().await? {
            if let Some(tags) = tags_of(aws, group.arn()).await? {
                listed.push(told::listed(&group).tags(tags));
            }
        }
        Ok(listed)
    }
}
