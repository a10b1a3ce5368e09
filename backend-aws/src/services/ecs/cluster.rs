//! `aws:ecs:Cluster`.

use aws_sdk_ecs::types::{self as sdk, ClusterField, ClusterSettingName};
use infra_core::{
    aws::ecs::{
        self, ClusterConfigurationArgs, ExecuteCommandConfigurationArgs,
        ExecuteCommandLogConfigurationArgs, ExecuteCommandLogging, ManagedStorageConfigurationArgs,
    },
    handler::{Deletion, Problem, Request, TypedRequest},
    types::IntoValue,
    value::Value,
};

use super::{MANY, account_setting, is_said, new_tags, retag, tags, word};
use crate::{
    alike::alike,
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, linked},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct Cluster;

const INSIGHTS: &str = "containerInsights";

fn commands(args: &ExecuteCommandConfigurationArgs) -> sdk::ExecuteCommandConfiguration {
    let log = args.log_configuration.as_ref().map(|log| {
        sdk::ExecuteCommandLogConfiguration::builder()
            .set_cloud_watch_log_group_name(
                log.cloud_watch_log_group_name.as_ref().map(ToString::to_string),
            )
            .cloud_watch_encryption_enabled(log.cloud_watch_encryption_enabled)
            .set_s3_bucket_name(log.s3_bucket_name.as_ref().map(ToString::to_string))
            .s3_encryption_enabled(log.s3_encryption_enabled)
            .set_s3_key_prefix(log.s3_key_prefix.clone())
            .build()
    });
    sdk::ExecuteCommandConfiguration::builder()
        .set_kms_key_id(args.kms_key_id.as_ref().map(ToString::to_string))
        .logging(args.logging.as_str().into())
        .set_log_configuration(log)
        .build()
}

fn disks(args: &ManagedStorageConfigurationArgs) -> sdk::ManagedStorageConfiguration {
    let fargate = args.fargate_ephemeral_storage_kms_key_id.as_ref();
    sdk::ManagedStorageConfiguration::builder()
        .set_kms_key_id(args.kms_key_id.as_ref().map(ToString::to_string))
        .set_fargate_ephemeral_storage_kms_key_id(fargate.map(ToString::to_string))
        .build()
}

fn configuration(args: &ClusterConfigurationArgs) -> sdk::ClusterConfiguration {
    sdk::ClusterConfiguration::builder()
        .set_execute_command_configuration(
            args.execute_command_configuration.as_ref().map(commands),
        )
        .set_managed_storage_configuration(args.managed_storage_configuration.as_ref().map(disks))
        .build()
}

/// A configuration that takes the place of another one: what is absent is AWS's own again.
fn whole_configuration(args: Option<&ClusterConfigurationArgs>) -> sdk::ClusterConfiguration {
    let given = args.map(configuration);
    let commands = given.as_ref().and_then(|it| it.execute_command_configuration().cloned());
    let disks = given.as_ref().and_then(|it| it.managed_storage_configuration().cloned());
    let usual = sdk::ExecuteCommandLogging::Default;
    let usual = sdk::ExecuteCommandConfiguration::builder().logging(usual).build();
    let none = sdk::ManagedStorageConfiguration::builder().build();
    sdk::ClusterConfiguration::builder()
        .execute_command_configuration(commands.unwrap_or(usual))
        .managed_storage_configuration(disks.unwrap_or(none))
        .build()
}

fn owned(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn commands_seen(told: &sdk::ExecuteCommandConfiguration) -> ExecuteCommandConfigurationArgs {
    let log = told.log_configuration().map(|log| ExecuteCommandLogConfigurationArgs {
        cloud_watch_log_group_name: log.cloud_watch_log_group_name().and_then(word),
        cloud_watch_encryption_enabled: log.cloud_watch_encryption_enabled(),
        s3_bucket_name: log.s3_bucket_name().and_then(word),
        s3_encryption_enabled: log.s3_encryption_enabled(),
        s3_key_prefix: owned(log.s3_key_prefix()),
    });
    let logging = told.logging().and_then(|logging| word(logging.as_str()));
    ExecuteCommandConfigurationArgs {
        kms_key_id: told.kms_key_id().and_then(word),
        logging: logging.unwrap_or(ExecuteCommandLogging::Default),
        log_configuration: log,
    }
}

fn configuration_seen(request: &Request, told: &sdk::ClusterConfiguration) -> Value {
    let disks = told.managed_storage_configuration().map(|disks| ManagedStorageConfigurationArgs {
        kms_key_id: disks.kms_key_id().and_then(word),
        fargate_ephemeral_storage_kms_key_id: disks
            .fargate_ephemeral_storage_kms_key_id()
            .and_then(word),
    });
    let told = ClusterConfigurationArgs {
        execute_command_configuration: told.execute_command_configuration().map(commands_seen),
        managed_storage_configuration: disks,
    };
    let usual = Value::map([("logging", ExecuteCommandLogging::Default.into_value())]);
    let filled = |field: &str, value: &Value, _: &Value| {
        field == "execute_command_configuration" && *value == usual
    };
    let recorded = request.inputs.get(ecs::Cluster::CONFIGURATION.slot);
    alike(recorded, &told.into_value(), &filled)
}

/// A cluster as lists of clusters tell it.
fn listed(cluster: &sdk::Cluster) -> Seen {
    Seen::new(cluster.cluster_name().unwrap_or_default())
        .text(ecs::Cluster::CLUSTER_NAME, cluster.cluster_name())
        .text(ecs::Cluster::ARN, cluster.cluster_arn())
        .tags(tags(cluster.tags()))
        .state(cluster.status(), &["ACTIVE"], &["DEPROVISIONING"], &["FAILED"])
}

fn seen(request: &Request, cluster: &sdk::Cluster) -> Seen {
    type Type = ecs::Cluster;
    let insights = |it: &&sdk::ClusterSetting| it.name().is_some_and(|it| it.as_str() == INSIGHTS);
    let insights = cluster.settings().iter().find(insights).and_then(|it| it.value());
    // Where the program says nothing it is what the account says.
    let insights = insights.filter(|_| is_said(request, Type::CONTAINER_INSIGHTS.slot));
    let configuration = cluster.configuration().map(|it| configuration_seen(request, it));
    listed(cluster)
        .text(Type::CONTAINER_INSIGHTS, insights)
        .value(Type::CONFIGURATION, configuration.unwrap_or_default())
}

fn setting(value: impl Into<String>) -> sdk::ClusterSetting {
    sdk::ClusterSetting::builder().name(ClusterSettingName::ContainerInsights).value(value).build()
}

/// A cluster that there is; one that was deleted can be seen for a while.
pub(super) async fn describe(aws: &Aws, name: &str) -> Answer<Option<sdk::Cluster>> {
    let ask = aws.ecs().describe_clusters().clusters(name);
    let with = [
        ClusterField::Attachments,
        ClusterField::Configurations,
        ClusterField::Settings,
        ClusterField::Tags,
    ];
    let told = ask.set_include(Some(with.into())).send().await.if_found()?;
    let mut all = told.and_then(|told| told.clusters).unwrap_or_default().into_iter();
    Ok(all.find(|cluster| cluster.status() != Some("INACTIVE")))
}

/// The names of all clusters.
pub(super) async fn all(aws: &Aws) -> Answer<Vec<String>> {
    let all = aws.ecs().list_clusters().into_paginator().items().send();
    Ok(all.collect::<Result<Vec<_>, _>>().await?)
}

/// What is in a cluster that keeps it from being deleted.
async fn contents(aws: &Aws, name: &str) -> Answer<Vec<String>> {
    let services = aws.ecs().list_services().cluster(name).send().await?;
    let tasks = aws.ecs().list_tasks().cluster(name).send().await?;
    let instances = aws.ecs().list_container_instances().cluster(name).send().await?;
    let all = services.service_arns().iter().chain(tasks.task_arns());
    Ok(all.chain(instances.container_instance_arns()).cloned().collect())
}

impl Resource for Cluster {
    type Type = ecs::Cluster;

    const NEEDS: Needs = &[
        CREATE.needs("ecs:CreateCluster").on(OWN),
        CREATE.and(UPDATE).needs("ecs:TagResource").on(OWN),
        UPDATE.needs("ecs:ListAccountSettings"),
        UPDATE.needs("ecs:UntagResource").on(OWN),
        UPDATE.needs("ecs:UpdateCluster").on(OWN),
        UPDATE.needs("ecs:UpdateClusterSettings").on(OWN),
        READ.and(LIST).needs("ecs:DescribeClusters").on(OWN),
        DELETE.needs("ecs:DeleteCluster").on(OWN),
        DELETE.needs("ecs:ListContainerInstances").on(OWN),
        DELETE.needs("ecs:ListServices"),
        DELETE
            .needs("ecs:ListTasks")
            .on(&[On::Arn("arn:aws:ecs:{region}:{account}:container-instance/{id}/*")]),
        LIST.needs("ecs:ListClusters"),
        linked!(CREATE, "ecs.amazonaws.com"),
    ];

    /// AWS answers with a cluster of that name that is there already as if it were new.
    async fn create(aws: &Aws, request: &TypedRequest<'_, ecs::Cluster>) -> Answer<Seen> {
        let args = &request.args;
        let name = request.name().unwrap_or_default();
        if let Some(there) = describe(aws, name).await?.map(|there| seen(request, &there))
            && !there.is_of(request)
        {
            let problem = Problem::AlreadyExists { id: Some(there.id) };
            let message = format!("there is a cluster {name} already");
            return Err(Error::refused(problem, "ecs", "CreateCluster", message));
        }
        let insights = args.container_insights.map(|insights| vec![setting(insights.as_str())]);
        let made = aws
            .ecs()
            .create_cluster()
            .cluster_name(name)
            .set_settings(insights)
            .set_configuration(args.configuration.as_ref().map(configuration))
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("ecs", "CreateCluster", "cluster");
        Ok(seen(request, made.cluster().ok_or_else(incomplete)?))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ecs::Cluster>) -> Answer<()> {
        let args = &request.args;
        if changed(request, &["container_insights"]) {
            let insights = match args.container_insights {
                Some(insights) => Some(insights.as_str().to_owned()),
                None => account_setting::effective(aws, INSIGHTS).await?,
            };
            let insights = setting(insights.unwrap_or_else(|| "disabled".to_owned()));
            let update = aws.ecs().update_cluster_settings().cluster(&*request.id);
            update.settings(insights).send().await?;
        }
        if changed(request, &["configuration"]) {
            let configuration = whole_configuration(args.configuration.as_ref());
            let update = aws.ecs().update_cluster().cluster(&*request.id);
            update.configuration(configuration).send().await?;
        }
        let arn = request.outputs.get(ecs::Cluster::ARN.slot);
        retag(aws, arn.as_str().unwrap_or_default(), request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        Ok(describe(aws, &request.id).await?.map(|cluster| seen(request, &cluster)))
    }

    /// AWS answers for a cluster that was deleted, too.
    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        if describe(aws, &request.id).await?.is_none() {
            let message = format!("there is no cluster {}", request.id);
            return Err(Error::refused(Problem::NotFound, "ecs", "DeleteCluster", message));
        }
        let deleted = aws.ecs().delete_cluster().cluster(&*request.id).send().await;
        match deleted.map_err(Error::from) {
            Ok(_) => Ok(Deletion::Started),
            Err(error) if matches!(error.0.problem, Problem::InUse { .. }) => {
                Err(error.in_use(contents(aws, &request.id).await?))
            }
            Err(error) => Err(error),
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut seen = vec![];
        for some in all(aws).await?.chunks(MANY) {
            let ask = aws.ecs().describe_clusters().set_clusters(Some(some.to_vec()));
            let told = ask.include(ClusterField::Tags).send().await?;
            let there = told.clusters().iter().filter(|it| it.status() != Some("INACTIVE"));
            seen.extend(there.map(listed));
        }
        Ok(seen)
    }
}
