//! What AWS refuses of the conditions of a rule.

use infra_core::aws::elbv2::RuleConditionArgs;

use crate::sim::{refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// AWS: "Condition values per rule".
const VALUES: usize = 5;
/// The longest value.
const LENGTH: usize = 128;
/// The longest name of a header.
const HEADER: usize = 40;

/// A condition as it is counted: its kind, whether there may be several of the kind, its values.
struct Counted<'a> {
    kind: &'static str,
    several: bool,
    values: Vec<&'a str>,
    count: usize,
}

/// Refuses conditions that AWS refuses.
pub(super) fn check(conditions: &[RuleConditionArgs]) -> Result<(), Refusal> {
    let refused = |message: String| Err(Refusal::invalid("conditions", "ValidationError", message));
    if conditions.is_empty() {
        return refused("`conditions` is empty; what is the rule about?".to_owned());
    }
    let (mut total, mut seen) = (0, vec![]);
    for (place, condition) in conditions.iter().enumerate() {
        let counted = counted(condition);
        let path = format!("`conditions[{place}].{}`", counted.kind);
        if counted.count == 0 {
            return refused(format!("{path} has no value to compare with"));
        }
        if !counted.several && seen.contains(&counted.kind) {
            return refused(format!("{path} stands twice; a rule has one condition of this kind"));
        }
        if let Some(long) = counted.values.iter().find(|value| value.len() > LENGTH) {
            return refused(format!(
                "{path} has a value of {} bytes; {LENGTH} are allowed",
                long.len()
            ));
        }
        if let Some(wrong) = wrong(condition) {
            return refused(format!("{path} {wrong}"));
        }
        total += counted.count;
        seen.push(counted.kind);
    }
    if total > VALUES {
        return refused(format!("`conditions` have {total} values; a rule has {VALUES} at most"));
    }
    Ok(())
}

fn counted(condition: &RuleConditionArgs) -> Counted<'_> {
    let (kind, several, values) = match condition {
        RuleConditionArgs::HostHeader(host) => {
            ("host_header", false, both(&host.values, &host.regex_values))
        }
        RuleConditionArgs::PathPattern(path) => {
            ("path_pattern", false, both(&path.values, &path.regex_values))
        }
        RuleConditionArgs::HttpHeader(header) => {
            ("http_header", true, both(&header.values, &header.regex_values))
        }
        RuleConditionArgs::HttpRequestMethod(method) => {
            ("http_request_method", false, both(&method.values, &[]))
        }
        RuleConditionArgs::QueryString(query) => {
            let values = query.values.iter().map(|pair| pair.value.as_str());
            ("query_string", true, values.collect())
        }
        RuleConditionArgs::SourceIp(source) => {
            let count = source.values.len();
            return Counted { kind: "source_ip", several: false, values: vec![], count };
        }
    };
    let count = values.len();
    Counted { kind, several, values, count }
}

fn both<'a>(values: &'a [String], regex_values: &'a [String]) -> Vec<&'a str> {
    values.iter().chain(regex_values).map(String::as_str).collect()
}

/// What is wrong with a condition of its kind.
fn wrong(condition: &RuleConditionArgs) -> Option<String> {
    match condition {
        RuleConditionArgs::HostHeader(host) => {
            let bad = host.values.iter().find(|name| !name.contains('.'))?;
            Some(format!("{bad:?} is no host: it has no dot"))
        }
        RuleConditionArgs::HttpHeader(header) => {
            let name = &header.http_header_name;
            if name.eq_ignore_ascii_case("host") {
                return Some("is about `Host`; use host_header".to_owned());
            }
            let long = name.is_empty() || name.len() > HEADER;
            long.then(|| {
                format!("has a name of {} characters; 1 to {HEADER} are allowed", name.len())
            })
        }
        RuleConditionArgs::HttpRequestMethod(method) => {
            let capitals = |name: &&String| {
                !name.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_'))
            };
            let bad = method.values.iter().find(capitals)?;
            Some(format!("{bad:?} is no method; methods are written in capitals: GET"))
        }
        RuleConditionArgs::PathPattern(_)
        | RuleConditionArgs::QueryString(_)
        | RuleConditionArgs::SourceIp(_) => None,
    }
}
