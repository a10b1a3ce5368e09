//! The policies of a parameter, which SSM takes and tells as JSON.

use infra_core::{aws::ssm::ParameterPolicyArgs, types::Days};
use serde_json::{Value as Json, json};

/// A policy as SSM takes it.
fn to_json(policy: &ParameterPolicyArgs) -> Json {
    let (kind, attributes) = match policy {
        ParameterPolicyArgs::Expiration(moment) => {
            ("Expiration", json!({ "Timestamp": moment.to_string() }))
        }
        ParameterPolicyArgs::ExpirationNotification(Days(days)) => {
            ("ExpirationNotification", json!({ "Before": days.to_string(), "Unit": "Days" }))
        }
        ParameterPolicyArgs::NoChangeNotification(Days(days)) => {
            ("NoChangeNotification", json!({ "After": days.to_string(), "Unit": "Days" }))
        }
    };
    json!({ "Type": kind, "Version": "1.0", "Attributes": attributes })
}

/// All policies as SSM takes them.
pub(super) fn document(policies: &[ParameterPolicyArgs]) -> String {
    Json::from_iter(policies.iter().map(to_json)).to_string()
}

/// A policy that SSM tells; `None` if it can't be said here: hours, say.
pub(super) fn parse(text: &str) -> Option<ParameterPolicyArgs> {
    let policy: Json = serde_json::from_str(text).ok()?;
    let attribute = |name: &str| policy.get("Attributes")?.get(name)?.as_str();
    let days = |name: &str| {
        let number = attribute(name)?.parse().ok()?;
        (attribute("Unit") == Some("Days")).then_some(Days(number))
    };
    match policy.get("Type")?.as_str()? {
        "Expiration" => {
            let moment = attribute("Timestamp")?;
            // SSM may write parts of seconds, which are none here.
            let seconds = moment.split_once('.').map_or(moment, |(seconds, _)| seconds);
            let moment = format!("{}Z", seconds.trim_end_matches('Z')).parse().ok()?;
            Some(ParameterPolicyArgs::Expiration(moment))
        }
        "ExpirationNotification" => days("Before").map(ParameterPolicyArgs::ExpirationNotification),
        "NoChangeNotification" => days("After").map(ParameterPolicyArgs::NoChangeNotification),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_read_as_they_are_written() {
        let policies = [
            ParameterPolicyArgs::Expiration("2030-02-01T06:00:00Z".parse().unwrap()),
            ParameterPolicyArgs::ExpirationNotification(Days(15)),
            ParameterPolicyArgs::NoChangeNotification(Days(30)),
        ];
        let written: Vec<Json> = serde_json::from_str(&document(&policies)).unwrap();
        let read: Vec<_> = written.iter().filter_map(|policy| parse(&policy.to_string())).collect();
        assert_eq!(read, policies);
    }

    #[test]
    fn parts_of_seconds_are_left_out() {
        let text = r#"{"Type":"Expiration","Attributes":{"Timestamp":"2030-02-01T06:00:00.000Z"}}"#;
        let moment = "2030-02-01T06:00:00Z".parse().unwrap();
        assert_eq!(parse(text), Some(ParameterPolicyArgs::Expiration(moment)));
    }
}
