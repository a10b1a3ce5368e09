//! `aws:ssm:DebianAmi`.

use infra_core::{
    aws::{
        AmiId,
        ssm::{self, Architecture},
    },
    handler::{Problem, TypedRequest},
};

use super::published;
use crate::{
    aws::Aws,
    error::{Answer, Error},
    needs::{Needs, On, READ},
    once::Look,
};

pub(crate) struct DebianAmi;

impl Look for DebianAmi {
    type Type = ssm::DebianAmi;

    const NEEDS: Needs = &[READ
        .needs("ssm:GetParameter")
        .on(&[On::Arn("arn:aws:ssm:{region}::parameter/aws/service/debian/*")])];

    async fn look(
        aws: &Aws,
        request: &TypedRequest<'_, Self::Type>,
    ) -> Answer<ssm::DebianAmiOutputs> {
        let release = request.args.release.as_str();
        // Debian's own word for the processors.
        let architecture = match request.args.architecture {
            Architecture::X86_64 => "amd64",
            Architecture::Arm64 => "arm64",
        };
        let name = format!("/aws/service/debian/release/{release}/latest/{architecture}");
        let image = published(aws, &name).await?;
        let image = AmiId::parse(&image).map_err(|_| {
            let message = format!("{name} is {image:?}, which is no id of an image");
            Error::refused(Problem::Final, "ssm", "GetParameter", message)
        })?;
        Ok(ssm::DebianAmiOutputs { image_id: Some(image) })
    }
}
