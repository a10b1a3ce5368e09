//! `aws:ec2:VolumeAttachment`.

use aws_sdk_ec2::types::{self as sdk, VolumeAttachmentState};
use infra_core::{
    aws::ec2,
    handler::{Deletion, Request, TypedRequest},
};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    needs::{CREATE, DELETE, Needs, READ, of_ec2},
    resource::Resource,
    seen::Seen,
};

type Type = ec2::VolumeAttachment;

pub(crate) struct VolumeAttachment;

fn seen(attachment: &sdk::VolumeAttachment, id: &str) -> Seen {
    Seen::new(id)
        .text(Type::VOLUME_ID, attachment.volume_id())
        .text(Type::INSTANCE_ID, attachment.instance_id())
        .text(Type::DEVICE, attachment.device())
        .state(
            attachment.state().map(VolumeAttachmentState::as_str),
            &["attached"],
            &["detaching", "busy", "detached"],
            &[],
        )
}

/// Of which volume and which instance it is.
fn key(request: &Request) -> [&str; 2] {
    let [volume, instance] = [Type::VOLUME_ID.slot, Type::INSTANCE_ID.slot];
    [volume, instance].map(|slot| request.inputs.get(slot).as_str().unwrap_or_default())
}

impl Resource for VolumeAttachment {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("ec2:AttachVolume").on(&[of_ec2::INSTANCE, of_ec2::VOLUME]),
        READ.needs("ec2:DescribeVolumes"),
        DELETE.needs("ec2:DetachVolume").on(&[of_ec2::VOLUME, of_ec2::INSTANCE]),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let ec2::VolumeAttachmentArgs { volume_id, instance_id, device } = &request.args;
        let attach = aws.ec2().attach_volume().volume_id(volume_id.as_str());
        attach.instance_id(instance_id.as_str()).device(device).send().await?;
        let id = request.ty.natural_id(&request.inputs).unwrap_or_default();
        Ok(Seen::new(id))
    }

    async fn update(_: &Aws, _: &TypedRequest<'_, Type>) -> Answer<()> {
        Ok(())
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let [volume, instance] = key(request);
        let told = aws.ec2().describe_volumes().volume_ids(volume).send().await.if_found()?;
        let Some(told) = told else { return Ok(None) };
        let mut all = told.volumes().iter().flat_map(|volume| volume.attachments());
        let ours = all.find(|it| it.instance_id() == Some(instance));
        let ours = ours.filter(|it| it.state() != Some(&VolumeAttachmentState::Detached));
        Ok(ours.map(|attachment| seen(attachment, &request.id)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let [volume, instance] = key(request);
        aws.ec2().detach_volume().volume_id(volume).instance_id(instance).send().await?;
        Ok(Deletion::Started)
    }
}
