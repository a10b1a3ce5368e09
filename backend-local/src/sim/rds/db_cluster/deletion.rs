//! What AWS makes beside a cluster, and what is left of it: the secret with its password goes, its
//! last snapshot stays.

use infra_core::{
    aws::{DbClusterIdentifier, DbClusterSnapshotIdentifier, rds, secretsmanager},
    dsl::ResourceType,
    value::PropertiesBuilder,
};

use super::refused;
use crate::sim::{
    World,
    object::Object,
    rds::aurora::{COMBINATION, check_identifier},
    refusal::Refusal,
    special::{Asked, of, tell},
};

/// The last snapshot can be called so. AWS looks at the name when the cluster is deleted; here it
/// is looked at as soon as it is known.
pub(super) fn check_settled(asked: &Asked<'_>) -> Result<(), Refusal> {
    match asked.get(rds::DbCluster::FINAL_SNAPSHOT_IDENTIFIER) {
        Some(name) => check_identifier("final_snapshot_identifier", &name),
        None => Ok(()),
    }
}

/// Whether a cluster can go: it is known what is left of it.
pub(super) fn check(world: &World, cluster: &Object) -> Result<(), Refusal> {
    let name = of(cluster, rds::DbCluster::FINAL_SNAPSHOT_IDENTIFIER);
    let skips = of(cluster, rds::DbCluster::SKIP_FINAL_SNAPSHOT).unwrap_or_default();
    let Some(name) = name else {
        if skips {
            return Ok(());
        }
        let message = "`final_snapshot_identifier` is needed, unless `skip_final_snapshot` says \
                       that nothing is to be left";
        return refused("final_snapshot_identifier", COMBINATION, message);
    };
    let ty = rds::DbClusterSnapshot::definition().name;
    if world.get(ty, &name, &cluster.scope).is_some() {
        let message = format!(
            "`final_snapshot_identifier` {name} is that of another snapshot; choose another name"
        );
        let code = "DBClusterSnapshotAlreadyExistsFault";
        return refused("final_snapshot_identifier", code, message);
    }
    Ok(())
}

/// Keeps the password in a secret, or no longer, as the cluster now says.
pub(super) fn keep_password(world: &mut World, place: u32) {
    let cluster = &world.objects[place as usize];
    let (id, scope) = (cluster.id.clone(), cluster.scope.clone());
    let wanted = of(cluster, rds::DbCluster::MASTER_USER_SECRET_ARN);
    let there = secret_of(world, &id, &scope);
    match (wanted, there) {
        (Some(arn), None) => {
            let name = arn.as_str().rsplit_once(":secret:").map_or("", |(_, name)| name);
            let name = name.rsplit_once('-').map_or(name, |(name, _)| name).to_owned();
            let mut inputs = PropertiesBuilder::default();
            tell(&mut inputs, secretsmanager::Secret::NAME, name);
            tell(&mut inputs, secretsmanager::Secret::DESCRIPTION, description(&id));
            let ty = secretsmanager::Secret::definition();
            world.insert_implicit(ty, arn.as_str().into(), scope, inputs.build());
        }
        (None, Some(secret)) => world.remove(secret),
        _ => {}
    }
}

/// What is left when a cluster goes, and what goes with it.
pub(super) fn leave_behind(world: &mut World, place: u32) {
    let cluster = &world.objects[place as usize];
    let (id, scope) = (cluster.id.clone(), cluster.scope.clone());
    let snapshot = of(cluster, rds::DbCluster::FINAL_SNAPSHOT_IDENTIFIER);
    let copied = of(cluster, rds::DbCluster::COPY_TAGS_TO_SNAPSHOT).unwrap_or_default();
    let tags = of(cluster, rds::DbCluster::TAGS).filter(|_| copied);
    if let Some(secret) = secret_of(world, &id, &scope) {
        world.remove(secret);
    }
    let snapshot = snapshot.and_then(|name| DbClusterSnapshotIdentifier::parse(&name).ok());
    let cluster = DbClusterIdentifier::parse(&id);
    if let (Some(name), Ok(cluster)) = (snapshot, cluster) {
        let mut inputs = PropertiesBuilder::default();
        tell(&mut inputs, rds::DbClusterSnapshot::DB_CLUSTER_IDENTIFIER, cluster);
        let slot = rds::DbClusterSnapshot::DB_CLUSTER_SNAPSHOT_IDENTIFIER;
        tell(&mut inputs, slot, name.clone());
        if let Some(tags) = tags {
            tell(&mut inputs, rds::DbClusterSnapshot::TAGS, tags);
        }
        let ty = rds::DbClusterSnapshot::definition();
        world.insert_implicit(ty, name.as_str().into(), scope, inputs.build());
    }
}

fn description(cluster: &str) -> String {
    format!("The password of the first user of {cluster}.")
}

/// The secret that AWS keeps for a cluster.
fn secret_of(world: &World, cluster: &str, scope: &str) -> Option<u32> {
    let wanted = description(cluster);
    let ty = secretsmanager::Secret::definition().name;
    let secret = world.all(ty, scope).find(|secret| {
        secret.implicit && of(secret, secretsmanager::Secret::DESCRIPTION).as_ref() == Some(&wanted)
    })?;
    world.place(ty, &secret.id, scope)
}
