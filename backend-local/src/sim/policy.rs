//! Policies as AWS reads them: what it refuses of a [`PolicyDocumentArgs`].

use std::collections::BTreeSet;

use infra_core::aws::iam::{Effect, PolicyDocumentArgs, PrincipalArgs, StatementArgs};

use super::refusal::Refusal;

/// What a policy is attached to: decides what it must and may not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// To a role: says what, not who.
    Identity,
    /// To a role as its trust: says who may take it on.
    Trust,
    /// To another thing: says who may do what to it.
    Resource,
    /// To another thing, which it does not name: it stands for itself.
    Itself,
}

const MALFORMED: &str = "MalformedPolicyDocument";

/// The operators of conditions, without `IfExists` and the quantifiers.
const OPERATORS: [&str; 27] = [
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    "Null",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];

/// Whether AWS takes a policy; `property` is where it stands.
pub(super) fn check(
    policy: &PolicyDocumentArgs,
    kind: Kind,
    property: &str,
) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid(property, MALFORMED, message));
    if policy.statements.is_empty() {
        return refused(format!("`{property}.statements` is empty; a policy says something"));
    }
    let mut seen = BTreeSet::new();
    for (place, statement) in policy.statements.iter().enumerate() {
        if let Some(sid) = &statement.sid {
            let path = format!("`{property}.statements[{place}].sid`");
            if !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return refused(format!("{path} {sid:?} may have letters and digits only"));
            }
            if !seen.insert(sid.as_str()) {
                return refused(format!("{path} {sid:?} is used twice; it is unique in a policy"));
            }
        }
        if let Err(message) = statement_fits(statement, kind) {
            return refused(format!("`{property}.statements[{place}]{message}"));
        }
    }
    Ok(())
}

/// Whether a trust policy lets a service take its role on. What the conditions come to is not
/// looked at.
pub(super) fn trusts(policy: &PolicyDocumentArgs, service: &str) -> bool {
    let names = |principal: &PrincipalArgs| matches!(principal, PrincipalArgs::Service(name) if name == service);
    policy.statements.iter().any(|statement| {
        let mut assumes = statement.actions.iter();
        statement.effect == Effect::Allow
            && statement.principals.iter().any(names)
            && assumes.any(|action| matches!(action.as_str(), "sts:AssumeRole" | "sts:*"))
    })
}

/// Whether a statement allows everybody something. Conditions may narrow that down; whether they
/// do is not looked at.
pub(super) fn is_public(statement: &StatementArgs) -> bool {
    let everybody =
        |principal: &PrincipalArgs| matches!(principal, PrincipalArgs::Aws(name) if name == "*");
    statement.effect == Effect::Allow
        && statement.conditions.is_empty()
        && statement.principals.iter().any(everybody)
}

/// What is wrong with a statement: the rest of its path, the closing quote, and why.
fn statement_fits(statement: &StatementArgs, kind: Kind) -> Result<(), String> {
    let StatementArgs { principals, actions, not_actions, resources, not_resources, .. } =
        statement;
    match (kind, principals.is_empty()) {
        (Kind::Identity, false) => {
            return Err(".principals`: a policy of a role does not say who, the role is".to_owned());
        }
        (Kind::Trust | Kind::Resource | Kind::Itself, true) => {
            return Err(".principals` is empty; it says whom the statement is about".to_owned());
        }
        _ => {}
    }
    if actions.is_empty() == not_actions.is_empty() {
        return Err("`: either `actions` or `not_actions` is needed, not both".to_owned());
    }
    let names_none = resources.is_empty() && not_resources.is_empty();
    match kind {
        Kind::Trust if !names_none => {
            return Err(".resources`: a trust policy is about its role and names none".to_owned());
        }
        Kind::Itself if !names_none => {
            return Err(".resources`: it is about what it belongs to and names none".to_owned());
        }
        _ => {}
    }
    if matches!(kind, Kind::Identity | Kind::Resource)
        && resources.is_empty() == not_resources.is_empty()
    {
        return Err("`: either `resources` or `not_resources` is needed, not both".to_owned());
    }
    for (name, list) in [("actions", actions), ("not_actions", not_actions)] {
        if let Some(bad) = list.iter().find(|action| !is_action(action)) {
            return Err(format!(
                ".{name}` {bad:?} is no action; it looks like `s3:GetObject`, or is `*`"
            ));
        }
        if let Some(bad) = list.iter().find(|action| kind == Kind::Trust && !is_sts(action)) {
            return Err(format!(
                ".{name}` {bad:?} can't be allowed by a trust policy, only `sts:` actions can"
            ));
        }
    }
    for (name, list) in [("resources", resources), ("not_resources", not_resources)] {
        if let Some(bad) = list.iter().find(|arn| !is_resource(arn)) {
            return Err(format!(".{name}` {bad:?} is neither an ARN nor `*`"));
        }
    }
    conditions_fit(statement)
}

fn conditions_fit(statement: &StatementArgs) -> Result<(), String> {
    for (operator, keys) in &statement.conditions {
        let name = operator.split_once(':').map_or(operator.as_str(), |(_, name)| name);
        let quantified = operator
            .split_once(':')
            .is_none_or(|(quantifier, _)| matches!(quantifier, "ForAllValues" | "ForAnyValue"));
        let name = name.strip_suffix("IfExists").unwrap_or(name);
        if !quantified || !OPERATORS.contains(&name) {
            return Err(format!(
                ".conditions` has no operator {operator:?}; there are {}, with `IfExists` behind \
                 or `ForAllValues:` or `ForAnyValue:` in front",
                OPERATORS.join(", ")
            ));
        }
        if let Some((key, _)) = keys.iter().find(|(key, _)| !key.contains(':')) {
            return Err(format!(
                ".conditions.{operator}` {key:?} is no key; it looks like `aws:SourceArn`"
            ));
        }
        if let Some((key, _)) = keys.iter().find(|(_, values)| values.is_empty()) {
            return Err(format!(".conditions.{operator}.{key}` has no value to compare with"));
        }
    }
    Ok(())
}

/// `service:Action` with wildcards, or `*`.
fn is_action(text: &str) -> bool {
    let Some((service, action)) = text.split_once(':') else { return text == "*" };
    let service_fits = service
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let action_fits =
        action.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'?'));
    !service.is_empty() && !action.is_empty() && service_fits && action_fits
}

fn is_sts(action: &str) -> bool {
    action.starts_with("sts:")
}

fn is_resource(text: &str) -> bool {
    text == "*" || text.starts_with("arn:") && text.splitn(6, ':').count() == 6
}

#[cfg(test)]
mod tests {
    use infra_core::{
        aws::iam::{PolicyDocument, Principal, Statement},
        dsl::IntoInput,
        schema::validate,
        types::PropertyType,
        value::Path,
    };

    use super::*;

    #[track_caller]
    fn said(statement: Statement, kind: Kind) -> String {
        let value = PolicyDocument::new([statement]).into_input().into_value();
        let value = validate(&PolicyDocument::SHAPE, &value, &mut Path::property("p"), &mut vec![]);
        let policy = PolicyDocument::decode(&value).unwrap();
        check(&policy, kind, "p").map_or_else(|refusal| refusal.message, |()| "fine".to_owned())
    }

    fn reading() -> Statement {
        Statement::allow().actions(["s3:Get*"]).resources(["arn:aws:s3:::campus/*"])
    }

    #[test]
    fn each_kind_says_what_it_must_and_no_more() {
        assert_eq!(said(reading(), Kind::Identity), "fine");
        assert_eq!(said(reading().principals([Principal::everyone()]), Kind::Resource), "fine");
        let trust = Statement::allow()
            .principals([Principal::service("ec2.amazonaws.com")])
            .actions(["sts:AssumeRole", "sts:TagSession"]);
        assert_eq!(said(trust.clone(), Kind::Trust), "fine");
        assert!(said(trust.clone().resources(["*"]), Kind::Trust).contains("names none"));
        assert!(said(trust.actions(["s3:*"]), Kind::Trust).contains("only `sts:` actions"));
        assert!(said(reading(), Kind::Resource).contains("`p.statements[0].principals` is empty"));
        let everyone = || [Principal::everyone()];
        let pulling = Statement::allow().actions(["ecr:BatchGetImage"]).principals(everyone());
        assert_eq!(said(pulling.clone(), Kind::Itself), "fine");
        assert!(said(pulling.resources(["*"]), Kind::Itself).contains("belongs to and names none"));
        let who = reading().principals([Principal::everyone()]);
        assert!(said(who, Kind::Identity).contains("does not say who"));
    }

    #[test]
    fn actions_resources_and_conditions_are_read() {
        let all = Statement::allow();
        assert!(said(all.clone().resources(["*"]), Kind::Identity).contains("`actions` or"));
        assert!(said(all.actions(["*"]), Kind::Identity).contains("`resources` or"));
        assert!(said(reading().actions(["GetObject"]), Kind::Identity).contains("is no action"));
        assert!(said(reading().resources(["campus"]), Kind::Identity).contains("neither an ARN"));
        assert!(said(reading().sid("a-b"), Kind::Identity).contains("letters and digits only"));
        let when = |operator, key, values: &[&str]| {
            let values = values.to_vec();
            said(reading().conditions([(operator, [(key, values)])]), Kind::Identity)
        };
        assert_eq!(when("StringEqualsIfExists", "aws:SourceVpc", &["vpc-1"]), "fine");
        assert_eq!(when("ForAllValues:StringLike", "aws:TagKeys", &["a*"]), "fine");
        assert!(when("StringEqual", "aws:SourceVpc", &["vpc-1"]).contains("no operator"));
        assert!(when("Each:StringLike", "aws:TagKeys", &["a*"]).contains("no operator"));
        assert!(when("Bool", "SecureTransport", &["true"]).contains("is no key"));
        assert!(when("Bool", "aws:SecureTransport", &[]).contains("no value"));
    }
}
