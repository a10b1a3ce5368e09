//! What is special about a cluster: where commands in containers are logged, and that its instances
//! go before it.

use infra_core::{
    aws::ecs::{self, ExecuteCommandConfigurationArgs, ExecuteCommandLogging as Logging},
    dsl::ResourceType,
    schema::TypeDef,
};

use crate::sim::{
    World,
    instances::{self, groups_of_cluster},
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Cluster];

const CODES: Codes = Codes {
    not_found: "ClusterNotFoundException",
    not_ready: "ClientException",
    exists: "ClusterAlreadyExists",
    in_use: "ClusterContainsServicesException",
    quota: "LimitExceededException",
};
/// What ecs says of whatever does not fit.
pub(super) const INVALID: &str = "InvalidParameterException";

struct Cluster;

impl Special for Cluster {
    fn ty(&self) -> &'static TypeDef {
        ecs::Cluster::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Clusters per account", in each region.
        Some(10_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(configuration) = asked.get(ecs::Cluster::CONFIGURATION) else { return Ok(()) };
        let keys = configuration.managed_storage_configuration.iter().flat_map(|storage| {
            [
                ("kms_key_id", &storage.kms_key_id),
                (
                    "fargate_ephemeral_storage_kms_key_id",
                    &storage.fargate_ephemeral_storage_kms_key_id,
                ),
            ]
        });
        for (name, key) in keys {
            if let Some(key) = key {
                let path = format!("configuration.managed_storage_configuration.{name}");
                asked.check_key_at(&path, key.as_str(), INVALID)?;
            }
        }
        match &configuration.execute_command_configuration {
            Some(commands) => check_commands(asked, commands),
            None => Ok(()),
        }
    }

    fn check_delete(&self, world: &World, object: &Object) -> Result<(), Refusal> {
        let groups = groups_of_cluster(world, &object.scope, &object.id);
        if groups.is_empty() {
            return Ok(());
        }
        let by = groups
            .iter()
            .map(|group| format!("Group {} (instances: {})", group.id, instances::count(group)));
        let refusal = Refusal::in_use(&object.id, by.collect());
        Err(refusal.coded("ClusterContainsContainerInstancesException"))
    }
}

/// Commands in containers are logged somewhere exactly where the configuration says `OVERRIDE`.
fn check_commands(
    asked: &Asked<'_>,
    commands: &ExecuteCommandConfigurationArgs,
) -> Result<(), Refusal> {
    const PATH: &str = "configuration.execute_command_configuration";
    let refused = |message: String| Err(Refusal::invalid("configuration", INVALID, message));
    if let Some(key) = &commands.kms_key_id {
        asked.check_key_at(&format!("{PATH}.kms_key_id"), key.as_str(), INVALID)?;
    }
    let logging = commands.logging;
    let Some(log) = &commands.log_configuration else {
        return if logging == Logging::Override {
            refused(format!("`{PATH}.log_configuration` is needed for the logging OVERRIDE"))
        } else {
            Ok(())
        };
    };
    if logging != Logging::Override {
        return refused(format!(
            "`{PATH}.log_configuration` goes with the logging OVERRIDE, not {logging}"
        ));
    }
    if log.cloud_watch_log_group_name.is_none() && log.s3_bucket_name.is_none() {
        return refused(format!("`{PATH}.log_configuration` names neither log group nor bucket"));
    }
    let parts = [
        ("cloud_watch_encryption_enabled", log.cloud_watch_encryption_enabled, "log group"),
        ("s3_encryption_enabled", log.s3_encryption_enabled, "bucket"),
        ("s3_key_prefix", log.s3_key_prefix.is_some(), "bucket"),
    ];
    let given = |place: &str| match place {
        "log group" => log.cloud_watch_log_group_name.is_some(),
        _ => log.s3_bucket_name.is_some(),
    };
    match parts.into_iter().find(|(_, said, place)| *said && !given(place)) {
        Some((name, _, place)) => {
            refused(format!("`{PATH}.log_configuration.{name}` is given without a {place}"))
        }
        None => Ok(()),
    }
}
