//! Policies: what AWS tells of one, held against what it was told.

use infra_core::{
    aws::iam::{PolicyDocument, PolicyDocumentArgs, PrincipalArgs},
    types::{IntoValue, Json, PropertyType},
    value::Value,
};

/// A policy as AWS tells it, as the engine keeps it: what was recorded, if it says the same in other
/// words. AWS writes one word without its list, and orders what it likes.
pub(crate) fn policy(recorded: &Value, told: &str) -> Value {
    let told: Option<PolicyDocumentArgs> =
        serde_json::from_str(told).ok().and_then(|json| PolicyDocumentArgs::from_json(&json));
    let Some(told) = told else { return Value::from("not a policy that can be read") };
    let known = PolicyDocument::decode(recorded)
        .ok()
        .and_then(|known| PolicyDocumentArgs::from_json(&known.to_json()));
    let is_same = known.is_some_and(|known| canonical(known) == canonical(told.clone()));
    if is_same { recorded.clone() } else { told.into_value() }
}

/// A policy in the one form of all that say the same: order has no meaning, and the number of an
/// account is its root.
fn canonical(mut policy: PolicyDocumentArgs) -> PolicyDocumentArgs {
    for statement in &mut policy.statements {
        for principal in &mut statement.principals {
            if let PrincipalArgs::Aws(name) = principal
                && name.len() == 12
                && name.bytes().all(|byte| byte.is_ascii_digit())
            {
                *name = format!("arn:aws:iam::{name}:root");
            }
        }
        statement.principals.sort_by_cached_key(|principal| format!("{principal:?}"));
        let lists = [
            &mut statement.actions,
            &mut statement.not_actions,
            &mut statement.resources,
            &mut statement.not_resources,
        ];
        let values = statement.conditions.values_mut().flat_map(|keys| keys.values_mut());
        lists.into_iter().chain(values).for_each(|texts| texts.sort());
    }
    policy
}

/// The same of a policy that is kept as plain JSON.
pub(crate) fn json_policy(recorded: &Value, told: &str) -> Value {
    let Ok(told) = serde_json::from_str::<serde_json::Value>(told) else {
        return Value::from(told);
    };
    let known = Json::decode(recorded).ok().and_then(|known| known.to_json().ok());
    let same = known.is_some_and(|known| {
        let read = |json| PolicyDocumentArgs::from_json(json).map(canonical);
        known == told || read(&known).is_some_and(|known| read(&told) == Some(known))
    });
    if same { recorded.clone() } else { Json::from(told).into_value() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Principal":{"AWS":"arn:aws:iam::123456789012:root"},
        "Action":["kms:Put*","kms:Get*"],"Resource":"*"}}"#;

    fn recorded(principal: &str) -> Value {
        let json = TOLD.replace("arn:aws:iam::123456789012:root", principal);
        let json = json.replace(r#""kms:Put*","kms:Get*""#, r#""kms:Get*","kms:Put*""#);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        PolicyDocumentArgs::from_json(&json).unwrap().into_value()
    }

    #[test]
    fn other_words_for_the_same_are_what_is_recorded() {
        let same = recorded("123456789012");
        assert_eq!(policy(&same, TOLD), same);
        let other = recorded("210987654321");
        assert_ne!(policy(&other, TOLD), other);
    }
}
