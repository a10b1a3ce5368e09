//! What is special about a key: kinds go with uses, its policy locks nobody out, and it is kept for
//! a while after its deletion.

use infra_core::{
    aws::{
        iam::{Effect, PolicyDocumentArgs, PolicyVersion, PrincipalArgs, StatementArgs},
        kms::{self, KeySpec, KeyUsage},
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::Days,
    value::PropertiesBuilder,
};

use super::alias::CODES;
use crate::sim::{
    object::Object,
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special, choose, of, own_key, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Key];

type K = kms::Key;

const INVALID: &str = "ValidationException";
const MALFORMED: &str = "MalformedPolicyDocumentException";
const DAY: u64 = 24 * 60 * 60 * 1000;
/// AWS: PutKeyPolicy, `Policy`.
const POLICY_LENGTH: usize = 32 * 1024;

/// The keys that AWS keeps for its services, by alias.
const OWN: [&str; 2] = ["aws/elasticfilesystem", "aws/rds"];

struct Key;

impl Special for Key {
    fn ty(&self) -> &'static TypeDef {
        K::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Customer Master Keys (CMKs)" of an account and region, adjustable.
        Some(100_000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused =
            |property: &str, message: String| Err(Refusal::invalid(property, INVALID, message));
        asked.check_text(K::DESCRIPTION, 8192, INVALID)?;
        let spec = asked.get(K::KEY_SPEC).unwrap_or(KeySpec::SymmetricDefault);
        let usage = asked.get(K::KEY_USAGE).unwrap_or(KeyUsage::EncryptDecrypt);
        let fitting = usages(spec);
        if !fitting.contains(&usage) {
            let fitting: Vec<&str> = fitting.iter().map(|usage| usage.as_str()).collect();
            let fitting = fitting.join(" or ");
            let message = format!("`key_usage` {usage} is not what a {spec} key does: {fitting}");
            return refused("key_usage", message);
        }
        check_days("pending_window_in_days", asked.get(K::PENDING_WINDOW_IN_DAYS), [7, 30])?;
        let period = asked.get(K::ROTATION_PERIOD_IN_DAYS);
        check_days("rotation_period_in_days", period, [90, 2560])?;
        if period.is_some() && spec != KeySpec::SymmetricDefault {
            let message = format!(
                "`rotation_period_in_days` can't be given for a {spec} key: AWS makes new key \
                 material for symmetric keys alone"
            );
            return refused("rotation_period_in_days", message);
        }
        asked.get(K::KEY_POLICY).map_or(Ok(()), |policy| check_policy(asked, &policy))
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        choose(asked, outputs, K::KEY_POLICY, default_policy(asked.account()));
        let id = asked.id.rsplit('/').next().unwrap_or_default();
        tell(outputs, K::KEY_ID, id.to_owned());
    }

    fn is_always_there(&self, id: &str) -> bool {
        let mut parts = id.split(':').skip(3);
        let (region, account) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let scope = format!("{account}/{region}");
        OWN.iter().any(|alias| own_key(&scope, alias).as_str() == id)
    }

    fn keeps_names_for(&self, object: &Object) -> u64 {
        // It is there until then, though nobody can use it.
        of(object, K::PENDING_WINDOW_IN_DAYS).map_or(0, |Days(days)| u64::from(days) * DAY)
    }
}

fn usages(spec: KeySpec) -> &'static [KeyUsage] {
    use KeySpec as S;
    match spec {
        S::SymmetricDefault => &[KeyUsage::EncryptDecrypt],
        S::Rsa2048 | S::Rsa3072 | S::Rsa4096 => &[KeyUsage::EncryptDecrypt, KeyUsage::SignVerify],
        S::EccNistP256 | S::EccNistP384 | S::EccNistP521 => {
            &[KeyUsage::SignVerify, KeyUsage::KeyAgreement]
        }
        S::EccSecgP256K1 | S::EccNistEdwards25519 | S::MlDsa44 | S::MlDsa65 | S::MlDsa87 => {
            &[KeyUsage::SignVerify]
        }
        S::Hmac224 | S::Hmac256 | S::Hmac384 | S::Hmac512 => &[KeyUsage::GenerateVerifyMac],
    }
}

fn check_days(property: &str, days: Option<Days>, [least, most]: [u32; 2]) -> Result<(), Refusal> {
    match days {
        Some(Days(days)) if !(least..=most).contains(&days) => {
            let message = format!("`{property}` {days} must be between {least} and {most} days");
            Err(Refusal::invalid(property, INVALID, message))
        }
        _ => Ok(()),
    }
}

fn check_policy(asked: &Asked<'_>, policy: &PolicyDocumentArgs) -> Result<(), Refusal> {
    let refused = |code: &str, message: String| Err(Refusal::invalid("key_policy", code, message));
    policy::check(policy, Kind::Resource, "key_policy")
        .map_err(|refusal| refusal.coded(MALFORMED))?;
    let length = policy.to_string().len();
    if length > POLICY_LENGTH {
        let message = format!("`key_policy` has {length} bytes; {POLICY_LENGTH} are the most");
        return refused("LimitExceededException", message);
    }
    let account = asked.account();
    let ours = |principal: &PrincipalArgs| {
        matches!(principal, PrincipalArgs::Aws(name)
            if name == "*" || name == account || name.split(':').nth(4) == Some(account))
    };
    let keeps_a_way = policy.statements.iter().any(|statement| {
        statement.effect == Effect::Allow
            && statement.covers("kms:PutKeyPolicy")
            && statement.principals.iter().any(ours)
    });
    if keeps_a_way {
        return Ok(());
    }
    let message = format!(
        "`key_policy` lets nobody of the account {account} do kms:PutKeyPolicy, so that the key \
         could never be managed again; allow kms:* to arn:aws:iam::{account}:root"
    );
    refused(MALFORMED, message)
}

/// The account decides by its own policies.
fn default_policy(account: &str) -> PolicyDocumentArgs {
    PolicyDocumentArgs {
        version: PolicyVersion::V2012,
        id: Some("key-default".to_owned()),
        statements: vec![StatementArgs {
            sid: Some("EnableIamUserPermissions".to_owned()),
            effect: Effect::Allow,
            principals: vec![PrincipalArgs::Aws(format!("arn:aws:iam::{account}:root"))],
            actions: vec!["kms:*".to_owned()],
            not_actions: vec![],
            resources: vec!["*".to_owned()],
            not_resources: vec![],
            conditions: Default::default(),
        }],
    }
}
