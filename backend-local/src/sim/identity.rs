//! Ids and ARNs in AWS's formats.

use blake2::{Blake2s256, Digest};
use infra_core::{
    cloudflare,
    schema::{IdForm, Identity, TypeDef},
    value::Properties,
};

/// Services whose things belong to no region.
const GLOBAL: [&str; 4] = ["iam", "cloudfront", "route53", "budgets"];

/// Types whose names no two accounts can have.
const WORLDWIDE: [&str; 1] = ["aws:s3:Bucket"];

/// Whether the things of a type belong to no region.
pub(super) fn is_global(ty: &TypeDef) -> bool {
    ty.provider() == cloudflare::KIND || GLOBAL.contains(&ty.service())
}

/// Whether two scopes are one to the names of a type.
pub(super) fn share_names(ty: &TypeDef, one: &str, other: &str) -> bool {
    one == other || named_within(ty, one) == named_within(ty, other)
}

/// Within what a name of a type is unique, seen from a scope: its region, its account, or
/// everything.
pub(super) fn named_within<'a>(ty: &TypeDef, scope: &'a str) -> &'a str {
    if WORLDWIDE.contains(&ty.name) {
        return "";
    }
    if is_global(ty) { scope.split('/').next().unwrap_or_default() } else { scope }
}

/// The id of a new thing. Ids that AWS invents look random but follow from the account and a
/// running number, so that runs can be repeated.
pub(super) fn make_id(
    ty: &TypeDef,
    scope: &str,
    inputs: &Properties,
    number: u64,
) -> Option<String> {
    match ty.identity {
        Identity::Generated { form, .. } => Some(form.spell(&digits(scope, number, 32))),
        Identity::Named { .. } | Identity::Key { .. } => ty.natural_id(inputs),
        Identity::Arn { slot } => {
            ty.arn.filter(|arn| arn.slot == slot)?;
            Some(fill(ty, scope, "", inputs, number))
        }
    }
}

/// The ARN of a thing.
pub(super) fn make_arn(
    ty: &TypeDef,
    scope: &str,
    id: &str,
    inputs: &Properties,
    number: u64,
) -> Option<String> {
    let arn = ty.arn?;
    if matches!(ty.identity, Identity::Arn { slot } if slot == arn.slot) {
        return Some(id.to_owned());
    }
    let mut with_names = inputs.clone();
    if let Identity::Named { slot } = ty.identity {
        with_names = with_names.with(slot, id.into());
    }
    Some(fill(ty, scope, id, &with_names, number))
}

/// The ARN, with what AWS would put in for `{region}`, `{account}`, `{id}`, `{number}`, `{random}`,
/// `{random:6}` and `{uuid}`.
fn fill(ty: &TypeDef, scope: &str, id: &str, inputs: &Properties, number: u64) -> String {
    let (account, region) = scope.split_once('/').unwrap_or((scope, ""));
    let word = |form: &str| {
        Some(match form {
            "region" if region == "global" => String::new(),
            "region" => region.to_owned(),
            "account" => account.to_owned(),
            "id" => id.to_owned(),
            "number" => number.to_string(),
            "uuid" => uuid(scope, number),
            _ => {
                let count = form.trim_start_matches("random:").parse().unwrap_or(16);
                digits(scope, number, count)
            }
        })
    };
    ty.spell_arn(inputs, word).unwrap_or_default()
}

/// What AWS calls a thing that has a UUID.
pub(super) fn uuid(scope: &str, number: u64) -> String {
    IdForm::Uuid.spell(&digits(scope, number, 32))
}

/// Hexadecimal digits that follow from a scope and a number.
pub(super) fn digits(scope: &str, number: u64, count: usize) -> String {
    let digest =
        Blake2s256::new().chain_update(scope).chain_update(number.to_le_bytes()).finalize();
    let mut text = hex::encode(&digest[..count.div_ceil(2).min(digest.len())]);
    text.truncate(count);
    text
}

#[cfg(test)]
mod tests {
    use infra_core::{
        aws::{BackupPlanId, VpcId, backup, ec2, iam, s3},
        cloudflare::{RecordId, dns},
        dsl::ResourceType,
    };

    use super::*;

    #[test]
    fn names_are_unique_within_a_region_an_account_or_the_world() {
        let scope = "123456789012/eu-central-1";
        assert_eq!(named_within(ec2::Vpc::definition(), scope), scope);
        assert_eq!(named_within(iam::Role::definition(), scope), "123456789012");
        assert_eq!(named_within(s3::Bucket::definition(), scope), "");
        assert!(is_global(dns::Record::definition()));
    }

    #[test]
    fn ids_have_the_form_of_their_type() {
        let id = |ty| make_id(ty, "123456789012/eu-central-1", &Properties::default(), 7).unwrap();
        assert!(VpcId::parse(&id(ec2::Vpc::definition())).is_ok());
        assert!(BackupPlanId::parse(&id(backup::Plan::definition())).is_ok());
        assert!(RecordId::parse(&id(dns::Record::definition())).is_ok());
    }
}
