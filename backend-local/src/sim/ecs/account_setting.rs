//! What is special about a setting of ECS: which values it has.

use infra_core::{
    aws::ecs::{self, AccountSettingName as Name, AccountSettingValue as Is},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::cluster::INVALID;
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&AccountSetting];

const CODES: Codes = Codes {
    not_found: INVALID,
    not_ready: "ServerException",
    exists: INVALID,
    in_use: INVALID,
    quota: "LimitExceededException",
};

struct AccountSetting;

impl Special for AccountSetting {
    fn ty(&self) -> &'static TypeDef {
        ecs::AccountSetting::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let name = asked.get(ecs::AccountSetting::NAME);
        let value = asked.get(ecs::AccountSetting::VALUE);
        let (Some(name), Some(value)) = (name, value) else { return Ok(()) };
        let known = values(name);
        if known.contains(&value) {
            return Ok(());
        }
        let known: Vec<&str> = known.iter().map(|known| known.as_str()).collect();
        let message = format!("`value` {value}: {name} takes one of {}", known.join(", "));
        Err(Refusal::invalid("value", INVALID, message))
    }
}

/// What a setting can be set to.
fn values(name: Name) -> &'static [Is] {
    match name {
        Name::AwsvpcTrunking | Name::FargateFipsMode => &[Is::Enabled, Is::Disabled],
        Name::ClusterInsights => &[Is::Enabled, Is::Enhanced, Is::Disabled],
        Name::DefaultLogDriverMode => &[Is::Blocking, Is::NonBlocking],
        Name::FargateTaskRetirementWaitPeriod => &[Is::Days0, Is::Days7, Is::Days14],
        Name::TagResourceAuthorization => &[Is::On, Is::Off],
    }
}
