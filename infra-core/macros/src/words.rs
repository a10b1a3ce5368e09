//! Names in the spellings that generated code needs.

/// `SecurityGroupRule` as `security_group_rule`.
pub(crate) fn snake(camel: &str) -> String {
    separated(camel, '_', char::to_lowercase)
}

/// `SecurityGroupRule` as `SECURITY_GROUP_RULE`.
pub(crate) fn upper(camel: &str) -> String {
    separated(camel, '_', char::to_uppercase)
}

/// `SecurityGroupRule` as `security-group-rule`.
pub(crate) fn kebab(camel: &str) -> String {
    separated(camel, '-', char::to_lowercase)
}

fn separated<I: Iterator<Item = char>>(camel: &str, between: char, case: fn(char) -> I) -> String {
    let mut words = String::new();
    for (place, character) in camel.chars().enumerate() {
        if character.is_uppercase() && place > 0 {
            words.push(between);
        }
        words.extend(case(character));
    }
    words
}

/// A duration such as `90s`, `7min`, `500ms` or `1h`, in milliseconds.
pub(crate) fn millis(text: &str) -> Option<u64> {
    let digits = text.find(|character: char| !character.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        assert_eq!(snake("DbCluster"), "db_cluster");
        assert_eq!(upper("DbCluster"), "DB_CLUSTER");
        assert_eq!(kebab("DbCluster"), "db-cluster");
        assert_eq!(millis("90s"), Some(90_000));
        assert_eq!(millis("7min"), Some(420_000));
        assert_eq!(millis("7"), None);
    }
}
