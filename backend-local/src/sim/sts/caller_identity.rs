//! Who calls: a role of the account that the provider points to.

use infra_core::{aws::sts, dsl::ResourceType, schema::TypeDef, value::PropertiesBuilder};

use crate::sim::{
    identity::digits,
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&CallerIdentity];

struct CallerIdentity;

impl Special for CallerIdentity {
    fn ty(&self) -> &'static TypeDef {
        sts::CallerIdentity::definition()
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let account = asked.account();
        let role = digits(account, 0, 17).to_uppercase();
        tell(outputs, sts::CallerIdentity::ACCOUNT, account.to_owned());
        let arn = format!("arn:aws:sts::{account}:assumed-role/simulator/infra");
        tell(outputs, sts::CallerIdentity::ARN, arn);
        tell(outputs, sts::CallerIdentity::USER_ID, format!("AROA{role}:infra"));
    }
}
