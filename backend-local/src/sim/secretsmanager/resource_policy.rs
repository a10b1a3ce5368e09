//! What is special about the policy of a secret: it is about that secret, and not for everybody.

use infra_core::{aws::secretsmanager, dsl::ResourceType, schema::TypeDef};

use crate::sim::{
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ResourcePolicy];

const CODES: Codes = Codes {
    not_found: "ResourceNotFoundException",
    not_ready: "InvalidRequestException",
    exists: "ResourceExistsException",
    in_use: "InvalidRequestException",
    quota: "LimitExceededException",
};
const PROPERTY: &str = "resource_policy";
/// AWS: PutResourcePolicy, `ResourcePolicy`.
const LENGTH: usize = 20_480;

struct ResourcePolicy;

impl Special for ResourcePolicy {
    fn ty(&self) -> &'static TypeDef {
        secretsmanager::ResourcePolicy::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let document = asked.get(secretsmanager::ResourcePolicy::RESOURCE_POLICY);
        let Some(document) = document else { return Ok(()) };
        policy::check(&document, Kind::Resource, PROPERTY)
            .map_err(|refusal| refusal.coded("MalformedPolicyDocumentException"))?;
        let refused = |code: &str, message| Err(Refusal::invalid(PROPERTY, code, message));
        let length = document.to_string().len();
        if length > LENGTH {
            let message = format!("`{PROPERTY}` has {length} bytes; {LENGTH} are the most");
            return refused("InvalidParameterException", message);
        }
        let secret = asked.value(secretsmanager::ResourcePolicy::SECRET_ID.slot);
        let own = secret.as_str().unwrap_or_default();
        let shut = asked.get(secretsmanager::ResourcePolicy::BLOCK_PUBLIC_POLICY) == Some(true);
        for (place, statement) in document.statements.iter().enumerate() {
            let path = format!("{PROPERTY}.statements[{place}]");
            let foreign = |resource: &&String| *resource != "*" && *resource != own;
            let all = statement.resources.iter().chain(&statement.not_resources);
            if let Some(resource) = all.clone().find(foreign) {
                let message =
                    format!("`{path}.resources` {resource:?} is neither the secret {own} nor `*`");
                return refused("MalformedPolicyDocumentException", message);
            }
            if shut && policy::is_public(statement) {
                let message = format!(
                    "`{path}` lets everybody in, which `block_public_policy` shuts out; name a \
                     principal or add a condition"
                );
                return refused("PublicPolicyException", message);
            }
        }
        Ok(())
    }
}
