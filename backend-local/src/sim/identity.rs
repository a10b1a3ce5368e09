//! Ids and ARNs in AWS's formats.

use blake2::{Blake2s256, Digest};
use infra_core::{
    cloudflare,
    schema::{IdForm, Identity, TypeDef},
    value::{Properties, Value},
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
        Identity::Named { slot } => inputs.get(slot).as_str().map(str::to_owned),
        Identity::Arn { slot } => {
            ty.arn.filter(|arn| arn.slot == slot)?;
            Some(fill(ty, scope, "", inputs, number))
        }
        Identity::Key { slots } => {
            let parts = slots.iter().map(|slot| part(inputs.get(*slot)));
            Some(parts.collect::<Vec<_>>().join("/"))
        }
    }
}

/// A part of a key. Of a long list or structure, its digest.
fn part(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Str(text) => text.to_string(),
        value => value.to_string(),
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

/// Fills in `{region}`, `{account}`, `{id}`, `{number}`, `{random}`, `{random:6}`, `{uuid}` and
/// properties.
fn fill(ty: &TypeDef, scope: &str, id: &str, inputs: &Properties, number: u64) -> String {
    let template = ty.arn.map_or("", |arn| arn.template);
    let (account, region) = scope.split_once('/').unwrap_or((scope, ""));
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        match name {
            "region" if region == "global" => {}
            "region" => text.push_str(region),
            "account" => text.push_str(account),
            "id" => text.push_str(id),
            "number" => text.push_str(&number.to_string()),
            "uuid" => text.push_str(&uuid(scope, number)),
            "random" => text.push_str(&digits(scope, number, 16)),
            name if name.starts_with("random:") => {
                let count = name.trim_start_matches("random:").parse().unwrap_or(16);
                text.push_str(&digits(scope, number, count));
            }
            form => text.push_str(&property(ty, inputs, form)),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// A property within an ARN: all of it, its first characters (`{name:3}`), what stands behind a
/// text in it (`{name>text}`), where that text is in it, or it with a slash behind it where it is
/// given (`{name/}`).
fn property(ty: &TypeDef, inputs: &Properties, form: &str) -> String {
    let value = |name: &str| ty.slot(name).map(|slot| part(inputs.get(slot))).unwrap_or_default();
    if let Some((name, text)) = form.split_once('>') {
        let whole = value(name);
        return whole.split_once(text).map(|(_, behind)| behind.to_owned()).unwrap_or(whole);
    }
    if let Some(name) = form.strip_suffix('/') {
        let absent = ty.slot(name).is_none_or(|slot| inputs.get(slot).is_null());
        return if absent { String::new() } else { format!("{}/", value(name)) };
    }
    match form.split_once(':') {
        Some((name, count)) => value(name).chars().take(count.parse().unwrap_or(0)).collect(),
        None => value(form),
    }
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
        aws::{self, BackupPlanId, VpcId, backup, ec2, iam, s3},
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

    #[test]
    fn arns_are_made_of_what_the_type_has() {
        for ty in aws::types() {
            let forms = ty.arn.map_or("", |arn| arn.template).split('{').skip(1);
            for form in forms.filter_map(|rest| rest.split_once('}')).map(|(form, _)| form) {
                let name = form.split([':', '>', '/']).next().unwrap();
                let known = ["region", "account", "id", "number", "random", "uuid"].contains(&name);
                assert!(known || ty.slot(name).is_some(), "{}: {{{form}}}", ty.name);
            }
        }
    }

    #[test]
    fn parts_of_properties_stand_in_arns() {
        let ty = ec2::Vpc::definition();
        let slot = ty.slot("cidr_block").unwrap();
        let inputs: Properties = [(slot, Value::from("10.0.0.0/16"))].into_iter().collect();
        let part = |form| property(ty, &inputs, form);
        assert_eq!(part("cidr_block"), "10.0.0.0/16");
        assert_eq!(part("cidr_block:2"), "10");
        assert_eq!(part("cidr_block>0/"), "16");
        assert_eq!(part("cidr_block>x"), "10.0.0.0/16");
        assert_eq!(part("cidr_block/"), "10.0.0.0/16/");
        assert_eq!(part("nothing/"), "");
    }
}
