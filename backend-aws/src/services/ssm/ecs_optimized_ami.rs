//! `aws:ssm:EcsOptimizedAmi`.

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

pub(crate) struct EcsOptimizedAmi;

impl Look for EcsOptimizedAmi {
    type Type = ssm::EcsOptimizedAmi;

    const NEEDS: Needs = &[READ
        .needs("ssm:GetParameter")
        .on(&[On::Arn("arn:aws:ssm:{region}::parameter/aws/service/ecs/optimized-ami/*")])];

    async fn look(
        aws: &Aws,
        request: &TypedRequest<'_, Self::Type>,
    ) -> Answer<ssm::EcsOptimizedAmiOutputs> {
        let family = request.args.family.as_str();
        let architecture = match request.args.architecture {
            Architecture::X86_64 => "",
            Architecture::Arm64 => "arm64/",
        };
        let name = format!("/aws/service/ecs/optimized-ami/{family}/{architecture}recommended");
        let told = published(aws, &name).await?;
        let told: serde_json::Value = serde_json::from_str(&told).map_err(|_| {
            let message = format!("{name} is no JSON");
            Error::refused(Problem::Final, "ssm", "GetParameter", message)
        })?;
        let text = |key: &str| told.get(key).and_then(|text| text.as_str()).map(str::to_owned);
        Ok(ssm::EcsOptimizedAmiOutputs {
            image_id: text("image_id").and_then(|id| AmiId::parse(&id).ok()),
            image_name: text("image_name"),
            image_version: text("image_version"),
            os: text("os"),
            ecs_agent_version: text("ecs_agent_version"),
            ecs_runtime_version: text("ecs_runtime_version"),
        })
    }
}
