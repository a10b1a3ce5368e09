//! Which images go by themselves, in ECR's JSON and back.

use infra_core::{
    aws::ecr::{ImageLimitArgs, LifecyclePolicyArgs, LifecyclePolicyRuleArgs},
    types::Days,
};
use serde_json::{Map, Value, json};

use crate::alike::word;

const BY_COUNT: &str = "imageCountMoreThan";
const BY_AGE: &str = "sinceImagePushed";

pub(super) fn text(policy: &LifecyclePolicyArgs) -> String {
    let rules: Vec<Value> = policy.rules.iter().map(rule).collect();
    json!({ "rules": rules }).to_string()
}

fn rule(rule: &LifecyclePolicyRuleArgs) -> Value {
    let mut selection = Map::new();
    let mut select = |name: &str, value: Value| selection.insert(name.to_owned(), value);
    select("tagStatus", json!(rule.tag_status.as_str()));
    if let Some(patterns) = &rule.tag_pattern_list {
        select("tagPatternList", json!(patterns));
    }
    if let Some(prefixes) = &rule.tag_prefix_list {
        select("tagPrefixList", json!(prefixes));
    }
    match rule.limit {
        ImageLimitArgs::ImageCountMoreThan(count) => {
            select("countType", json!(BY_COUNT));
            select("countNumber", json!(count));
        }
        ImageLimitArgs::SinceImagePushed(Days(days)) => {
            select("countType", json!(BY_AGE));
            select("countUnit", json!("days"));
            select("countNumber", json!(days));
        }
    }
    let mut rule_json = json!({
        "rulePriority": rule.rule_priority,
        "selection": selection,
        "action": { "type": "expire" },
    });
    if let Some(description) = &rule.description {
        rule_json["description"] = json!(description);
    }
    rule_json
}

/// A policy as ECR tells it; `None` if there is something in it that the catalogue has no word for.
pub(super) fn read(text: &str) -> Option<LifecyclePolicyArgs> {
    let json: Value = serde_json::from_str(text).ok()?;
    let rules = json.get("rules")?.as_array()?.iter().map(rule_seen);
    Some(LifecyclePolicyArgs { rules: rules.collect::<Option<_>>()? })
}

fn rule_seen(json: &Value) -> Option<LifecyclePolicyRuleArgs> {
    let selection = json.get("selection")?;
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
    let count = number(selection.get("countNumber")?)?;
    let limit = match selection.get("countType")?.as_str()? {
        BY_COUNT => ImageLimitArgs::ImageCountMoreThan(count),
        BY_AGE => ImageLimitArgs::SinceImagePushed(Days(count)),
        _ => return None,
    };
    let words = |name: &str| {
        let words = selection.get(name)?.as_array()?.iter();
        let words: Vec<String> = words.filter_map(Value::as_str).map(str::to_owned).collect();
        Some(words).filter(|words| !words.is_empty())
    };
    let status = selection.get("tagStatus")?.as_str()?;
    Some(LifecyclePolicyRuleArgs {
        rule_priority: number(json.get("rulePriority")?)?,
        tag_status: word(status)?,
        limit,
        tag_pattern_list: words("tagPatternList"),
        tag_prefix_list: words("tagPrefixList"),
        description: json.get("description").and_then(Value::as_str).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use infra_core::aws::ecr::TagStatus;

    #[test]
    fn what_is_written_is_read() {
        let rule = |rule_priority, tag_status, limit| LifecyclePolicyRuleArgs {
            rule_priority,
            tag_status,
            limit,
            tag_pattern_list: (tag_status == TagStatus::Tagged).then(|| vec!["*-test".to_owned()]),
            tag_prefix_list: None,
            description: Some("left behind".to_owned()),
        };
        let policy = LifecyclePolicyArgs {
            rules: vec![
                rule(1, TagStatus::Untagged, ImageLimitArgs::SinceImagePushed(Days(7))),
                rule(2, TagStatus::Tagged, ImageLimitArgs::ImageCountMoreThan(30)),
            ],
        };
        assert_eq!(read(&text(&policy)), Some(policy));
    }
}
