//! `aws:sts:CallerIdentity`.

use infra_core::{aws::sts, handler::TypedRequest};

use crate::{
    aws::Aws,
    error::Answer,
    needs::{Needs, READ},
    once::Look,
};

pub(crate) struct CallerIdentity;

impl Look for CallerIdentity {
    type Type = sts::CallerIdentity;

    const NEEDS: Needs = &[READ.needs("sts:GetCallerIdentity")];

    async fn look(
        aws: &Aws,
        _: &TypedRequest<'_, Self::Type>,
    ) -> Answer<sts::CallerIdentityOutputs> {
        let told = aws.sts().get_caller_identity().send().await?;
        Ok(sts::CallerIdentityOutputs {
            account: told.account,
            arn: told.arn,
            user_id: told.user_id,
        })
    }
}
