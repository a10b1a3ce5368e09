//! `aws:ecs:AccountSetting`.

use aws_sdk_ecs::types::SettingName;
use infra_core::{
    aws::ecs::{self, AccountSettingName as Name},
    handler::{Deletion, Request, TypedRequest},
};

use super::{text, word};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    needs::{CREATE, DELETE, Needs, READ, UPDATE},
    resource::Resource,
    seen::Seen,
};

pub(crate) struct AccountSetting;

/// What AWS sets new accounts to.
fn usual(name: Name) -> &'static str {
    match name {
        Name::AwsvpcTrunking | Name::ClusterInsights | Name::FargateFipsMode => "disabled",
        Name::DefaultLogDriverMode => "non-blocking",
        Name::FargateTaskRetirementWaitPeriod => "7",
        Name::TagResourceAuthorization => "on",
    }
}

async fn set(aws: &Aws, name: &str, value: &str) -> Answer<()> {
    let put = aws.ecs().put_account_setting_default().name(name.into());
    put.value(value).send().await?;
    Ok(())
}

/// What holds for those who have no setting of their own: what was set, or AWS's own choice.
pub(super) async fn effective(aws: &Aws, name: &str) -> Answer<Option<String>> {
    let ask = aws.ecs().list_account_settings().name(SettingName::from(name));
    let told = ask.effective_settings(true).send().await?;
    let setting = told.settings().iter().find(|it| it.name().is_some_and(|it| it.as_str() == name));
    Ok(setting.and_then(|setting| setting.value()).map(str::to_owned))
}

fn seen(name: Name, value: &str) -> Seen {
    Seen::new(name.as_str())
        .text(ecs::AccountSetting::NAME, Some(name.as_str()))
        .text(ecs::AccountSetting::VALUE, Some(value))
}

impl Resource for AccountSetting {
    type Type = ecs::AccountSetting;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).and(DELETE).needs("ecs:PutAccountSettingDefault"),
        READ.needs("ecs:ListAccountSettings"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, ecs::AccountSetting>) -> Answer<Seen> {
        let (name, value) = (request.args.name, request.args.value.as_str());
        set(aws, name.as_str(), value).await?;
        Ok(seen(name, value))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, ecs::AccountSetting>) -> Answer<()> {
        set(aws, request.args.name.as_str(), request.args.value.as_str()).await
    }

    /// A setting is always there: it is gone when it is what AWS sets new accounts to, and is not
    /// wanted so.
    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(name) = word::<Name>(&request.id) else { return Ok(None) };
        let wanted = text(request, ecs::AccountSetting::VALUE.slot);
        let value = effective(aws, name.as_str()).await?;
        let value = value.as_deref().unwrap_or(usual(name));
        Ok((value != usual(name) || value == wanted).then(|| seen(name, value)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let unknown = || Error::incomplete("ecs", "PutAccountSettingDefault", "known name");
        let name = word::<Name>(&request.id).ok_or_else(unknown)?;
        set(aws, name.as_str(), usual(name)).await?;
        Ok(Deletion::Gone)
    }

    /// What somebody has set is somebody's; what AWS sets new accounts to is nobody's, and can be
    /// set again if that is what the answer was lost of.
    async fn by_name(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let Some(name) = word::<Name>(text(request, ecs::AccountSetting::NAME.slot)) else {
            return Ok(None);
        };
        let value = effective(aws, name.as_str()).await?;
        let value = value.filter(|value| value != usual(name));
        Ok(value.map(|value| seen(name, &value)))
    }
}
