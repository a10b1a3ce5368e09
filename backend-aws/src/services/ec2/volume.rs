//! `aws:ec2:Volume`.

use aws_sdk_ec2::types::{
    self as sdk, ResourceType, VolumeModificationState as State, VolumeState,
};
use infra_core::{
    aws::ec2::{self, VolumeType},
    handler::{Deletion, Request, TypedRequest},
    types::GiB,
};

use super::{new_tags, of_stack, retag, tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE, of_ec2, sealed, tagged},
    plain::{count, int},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct Volume;

/// What a gp3 volume has where nothing is said.
const IOPS: u32 = 3_000;
const THROUGHPUT: u32 = 125;

fn seen(volume: &sdk::Volume, request: &Request) -> Seen {
    type Type = ec2::Volume;
    let kind = volume.volume_type().map(sdk::VolumeType::as_str);
    let gp3 = kind == Some(VolumeType::Gp3.as_str());
    let iops = volume.iops().and_then(count).filter(|iops| *iops > 0);
    let throughput = volume.throughput().and_then(count).filter(|_| gp3);
    let seen = Seen::new(volume.volume_id().unwrap_or_default())
        .text(Type::AVAILABILITY_ZONE, volume.availability_zone())
        .if_said(Type::SIZE, request, volume.size().and_then(count).map(GiB))
        .text(Type::VOLUME_TYPE, kind)
        .unless_usual(Type::THROUGHPUT, request, throughput, &[THROUGHPUT])
        .set(Type::ENCRYPTED, volume.encrypted())
        .if_said(Type::KMS_KEY_ID, request, volume.kms_key_id().map(str::to_owned))
        .text(Type::SNAPSHOT_ID, volume.snapshot_id().filter(|id| !id.is_empty()))
        .text(Type::VOLUME_ID, volume.volume_id())
        .tags(tags(volume.tags()))
        .state(
            volume.state().map(VolumeState::as_str),
            &["available", "in-use"],
            &["deleting", "deleted"],
            &["error"],
        );
    // Those of other kinds follow from the size, or are always said.
    if gp3 {
        seen.unless_usual(Type::IOPS, request, iops, &[IOPS])
    } else {
        seen.if_said(Type::IOPS, request, iops)
    }
}

/// A change is there when AWS begins to optimise; that takes hours, during which the volume works.
async fn modification(aws: &Aws, id: &str) -> Answer<Option<sdk::VolumeModification>> {
    // A volume that was never changed has none, which is an error.
    let asked =
        aws.ec2().describe_volumes_modifications().volume_ids(id).send().await.if_found()?;
    let all = asked.and_then(|asked| asked.volumes_modifications).unwrap_or_default();
    Ok(all.into_iter().max_by_key(|it| it.start_time.map(|time| time.secs())))
}

/// Whether a change is the one that is asked for, and not one of long ago.
fn is_wanted(modification: &sdk::VolumeModification, request: &Request) -> bool {
    let size = request.inputs.get(ec2::Volume::SIZE.slot).as_int();
    let kind = request.inputs.get(ec2::Volume::VOLUME_TYPE.slot).as_str();
    let target = modification.target_volume_type().map(sdk::VolumeType::as_str);
    size.is_none_or(|size| modification.target_size().map(i64::from) == Some(size))
        && kind == target
}

async fn modify(aws: &Aws, request: &TypedRequest<'_, ec2::Volume>) -> Answer<()> {
    let args = &request.args;
    let gp3 = args.volume_type == VolumeType::Gp3;
    // What is not said keeps its value, unless it goes back to what is usual.
    let usual = |said: Option<u32>, usual: u32| said.or(gp3.then_some(usual)).map(int);
    aws.ec2()
        .modify_volume()
        .volume_id(&*request.id)
        .set_size(args.size.map(|size| int(size.0)))
        .volume_type(args.volume_type.as_str().into())
        .set_iops(usual(args.iops, IOPS))
        .set_throughput(usual(args.throughput, THROUGHPUT))
        .send()
        .await?;
    Ok(())
}

impl Resource for Volume {
    type Type = ec2::Volume;

    const NEEDS: Needs = &[
        CREATE.needs("ec2:CreateVolume").on(&[On::Own, of_ec2::SNAPSHOT]),
        UPDATE.needs("ec2:CreateTags").on(OWN).ours(),
        UPDATE.needs("ec2:DeleteTags").on(OWN).ours(),
        UPDATE.needs("ec2:ModifyVolume").on(OWN).ours(),
        READ.and(LIST).needs("ec2:DescribeVolumes"),
        READ.needs("ec2:DescribeVolumesModifications"),
        DELETE.needs("ec2:DeleteVolume").on(OWN).ours(),
        tagged!("CreateVolume"),
        sealed!(CREATE, "kms:CreateGrant", "ec2"),
        sealed!(CREATE, "kms:DescribeKey", "ec2"),
        sealed!(CREATE, "kms:GenerateDataKeyWithoutPlaintext", "ec2"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ec2::Volume>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .ec2()
            .create_volume()
            .availability_zone(&args.availability_zone)
            .set_size(args.size.map(|size| int(size.0)))
            .volume_type(args.volume_type.as_str().into())
            .set_iops(args.iops.map(int))
            .set_throughput(args.throughput.map(int))
            .encrypted(args.encrypted)
            .set_kms_key_id(args.kms_key_id.as_ref().map(ToString::to_string))
            .set_snapshot_id(args.snapshot_id.as_ref().map(ToString::to_string))
            .client_token(&*request.owner.intent)
            .tag_specifications(new_tags(ResourceType::Volume, request))
            .send()
            .await?;
        let id =
            made.volume_id().ok_or_else(|| Error::incomplete("ec2", "CreateVolume", "VolumeId"))?;
        Ok(Seen::new(id).text(ec2::Volume::VOLUME_ID, Some(id)))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ec2::Volume>) -> Answer<()> {
        if changed(request, &["size", "volume_type", "iops", "throughput"]) {
            modify(aws, request).await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let id = &*request.id;
        let told = aws.ec2().describe_volumes().volume_ids(id).send().await.if_found()?;
        let volume = told.as_ref().and_then(|told| told.volumes().first());
        let Some(volume) = volume else { return Ok(None) };
        let seen = seen(volume, request);
        let Some(modification) = modification(aws, id).await? else { return Ok(Some(seen)) };
        Ok(Some(match modification.modification_state() {
            Some(state @ State::Modifying) => seen.waiting(state.as_str()),
            Some(State::Failed) if is_wanted(&modification, request) => {
                seen.failing(modification.status_message().unwrap_or("its modification failed"))
            }
            _ => seen,
        }))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.ec2().delete_volume().volume_id(&*request.id).send().await?;
        Ok(Deletion::Started)
    }

    async fn list(aws: &Aws, stack: Option<&str>) -> Answer<Vec<Seen>> {
        let all = aws.ec2().describe_volumes().set_filters(of_stack(stack)).into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await?;
        let seen = |volume: &sdk::Volume| {
            Seen::new(volume.volume_id().unwrap_or_default()).tags(tags(volume.tags())).state(
                volume.state().map(VolumeState::as_str),
                &[],
                &["deleting", "deleted"],
                &[],
            )
        };
        Ok(all.iter().map(seen).collect())
    }
}
