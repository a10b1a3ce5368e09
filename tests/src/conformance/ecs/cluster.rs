//! The case of `aws:ecs:Cluster`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        ecs::{
            Cluster, ClusterConfiguration, ContainerInsights, ExecuteCommandConfiguration,
            ExecuteCommandLogConfiguration, ExecuteCommandLogging, ManagedStorageConfiguration,
        },
        logs::LogGroup,
        s3::Bucket,
    },
    prelude::*,
};

use crate::conformance::kms::key::{far_key, key};

fn refused(stack: &Stack, commands: ExecuteCommandConfiguration) {
    let configuration = ClusterConfiguration::new().execute_command_configuration(commands);
    Cluster::named("subject").configuration(configuration).create(stack);
}

fn logged(log: ExecuteCommandLogConfiguration) -> ExecuteCommandConfiguration {
    ExecuteCommandConfiguration::new()
        .logging(ExecuteCommandLogging::Override)
        .log_configuration(log)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Cluster::definition,
    build: |stack, v| {
        let group = LogGroup::named("commands").create(stack);
        let bucket = Bucket::named("commands").create(stack);
        let log = ExecuteCommandLogConfiguration::new().cloud_watch_log_group_name(&group);
        let key = key(stack, "key");
        let disks = ManagedStorageConfiguration::new().kms_key_id(&key);
        let configuration = |log| {
            ClusterConfiguration::new()
                .execute_command_configuration(logged(log).kms_key_id(&key))
                .managed_storage_configuration(disks.clone())
        };
        Cluster::named("subject")
            .cluster_name(v.pick("cluster_name", "web", "campus_web"))
            .container_insights(v.pick(
                "container_insights",
                ContainerInsights::Enhanced,
                ContainerInsights::Disabled,
            ))
            .configuration(v.pick(
                "configuration",
                configuration(log.clone()),
                configuration(log.s3_bucket_name(&bucket).s3_key_prefix("exec")),
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "cluster_name",
            build: |stack| {
                Cluster::named("subject").cluster_name("the web").create(stack);
            },
            says: "letters, digits, _ and -",
        },
        Refused {
            property: "configuration",
            build: |stack| {
                let commands = ExecuteCommandConfiguration::new();
                refused(stack, commands.logging(ExecuteCommandLogging::Override));
            },
            says: "`configuration.execute_command_configuration.log_configuration` is needed",
        },
        Refused {
            property: "configuration",
            build: |stack| {
                let group = LogGroup::named("commands").create(stack);
                let log = ExecuteCommandLogConfiguration::new().cloud_watch_log_group_name(&group);
                refused(stack, logged(log).logging(ExecuteCommandLogging::None));
            },
            says: "goes with the logging OVERRIDE, not NONE",
        },
        Refused {
            property: "configuration",
            build: |stack| refused(stack, logged(ExecuteCommandLogConfiguration::new())),
            says: "names neither log group nor bucket",
        },
        Refused {
            property: "configuration",
            build: |stack| {
                let group = LogGroup::named("commands").create(stack);
                let log = ExecuteCommandLogConfiguration::new().cloud_watch_log_group_name(&group);
                refused(stack, logged(log.s3_key_prefix("exec")));
            },
            says: "`configuration.execute_command_configuration.log_configuration.s3_key_prefix` is \
                   given without a bucket",
        },
        Refused {
            property: "configuration",
            build: |stack| {
                refused(stack, ExecuteCommandConfiguration::new().kms_key_id(&far_key(stack)));
            },
            says: "a key of another region than eu-central-1",
        },
        Refused {
            property: "configuration",
            build: |stack| {
                let disks = ManagedStorageConfiguration::new();
                let disks = disks.fargate_ephemeral_storage_kms_key_id(&far_key(stack));
                let configuration =
                    ClusterConfiguration::new().managed_storage_configuration(disks);
                Cluster::named("subject").configuration(configuration).create(stack);
            },
            says: "`configuration.managed_storage_configuration.fargate_ephemeral_storage_kms_key_id`",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::ECS::Cluster",
        differs: &[
            (
                "CapacityProviders",
                "ClusterCapacityProviders has them, which come after the cluster",
            ),
            (
                "ClusterSettings",
                "the one setting that there is is a property: `container_insights`",
            ),
            (
                "DefaultCapacityProviderStrategy",
                "ClusterCapacityProviders has it, with the providers",
            ),
            ("ServiceConnectDefaults", "left out: services are reached by load balancers here"),
            ("container_insights", "the one name in `ClusterSettings`"),
        ],
        renamed: &[],
    },
}];
