//! To where a file system is copied.

use aws_sdk_efs::types::{self as sdk, DestinationToCreate, ReplicationStatus};
use infra_core::{
    aws::{FileSystemArn, efs},
    handler::Problem,
};

use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
};

/// The destination of a file system, which is the source of it. AWS tells those of whom it is the
/// destination as well.
async fn destination(aws: &Aws, id: &str) -> Answer<Option<sdk::Destination>> {
    let asked = aws.efs().describe_replication_configurations().file_system_id(id);
    let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
    let own = told.replications().iter().find(|it| it.source_file_system_id() == id);
    Ok(own.and_then(|it| it.destinations().first()).cloned())
}

/// AWS tells the ARN of a file system of another account alone.
async fn arn(aws: &Aws, destination: &sdk::Destination) -> Answer<String> {
    let (id, region) = (destination.file_system_id(), destination.region());
    if id.starts_with("arn:") {
        return Ok(id.to_owned());
    }
    let account = match destination.owner_id() {
        Some(account) => account,
        None => aws.account().await?,
    };
    Ok(format!("arn:aws:elasticfilesystem:{region}:{account}:file-system/{id}"))
}

/// What a program would say of it.
pub(super) async fn read(aws: &Aws, id: &str) -> Answer<Option<efs::ReplicationConfigurationArgs>> {
    let Some(told) = destination(aws, id).await? else { return Ok(None) };
    if *told.status() == ReplicationStatus::Deleting {
        return Ok(None);
    }
    let arn = FileSystemArn::parse(&arn(aws, &told).await?);
    let role = told.role_arn().map(infra_core::aws::RoleArn::parse).transpose();
    let (Ok(file_system_id), Ok(role_arn)) = (arn, role) else {
        return Err(Error::incomplete("efs", "DescribeReplicationConfigurations", "ARN"));
    };
    let destination = efs::ReplicationDestinationArgs { file_system_id, role_arn };
    Ok(Some(efs::ReplicationConfigurationArgs { destinations: vec![destination] }))
}

/// Makes the replication what it is to be. AWS has no call that changes one, and ends the old one
/// in its own time: then this is tried again.
pub(super) async fn write(
    aws: &Aws,
    id: &str,
    wanted: Option<&efs::ReplicationConfigurationArgs>,
) -> Answer<()> {
    if let Some(old) = destination(aws, id).await? {
        if wanted.is_some() && read(aws, id).await?.as_ref() == wanted {
            return Ok(());
        }
        if *old.status() != ReplicationStatus::Deleting {
            end(aws, id).await?;
        }
        if wanted.is_some() && destination(aws, id).await?.is_some() {
            let what = format!("the replication of {id} to {} ends", old.file_system_id());
            let busy = Problem::InUse { by: vec![old.file_system_id().to_owned()] };
            return Err(Error::refused(busy, "efs", "CreateReplicationConfiguration", what));
        }
    }
    let Some(destination) = wanted.and_then(|wanted| wanted.destinations.first()) else {
        return Ok(());
    };
    let arn = destination.file_system_id.as_str();
    let made = DestinationToCreate::builder()
        .file_system_id(arn)
        .set_region(arn.split(':').nth(3).map(str::to_owned))
        .set_role_arn(destination.role_arn.as_ref().map(ToString::to_string))
        .build();
    let create = aws.efs().create_replication_configuration().source_file_system_id(id);
    create.destinations(made).send().await?;
    Ok(())
}

/// Ends it, if there is one.
pub(super) async fn end(aws: &Aws, id: &str) -> Answer<()> {
    let delete = aws.efs().delete_replication_configuration().source_file_system_id(id);
    delete.send().await.if_found()?;
    Ok(())
}
