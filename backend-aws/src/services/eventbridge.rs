//! Amazon EventBridge.

pub(crate) mod rule;
pub(crate) mod target;

/// The bus of a rule, if it is not AWS's own, and its name, by its ARN.
fn parts(rule: &str) -> (Option<&str>, &str) {
    let path = rule.split_once(":rule/").map_or(rule, |(_, path)| path);
    match path.rsplit_once('/') {
        Some((bus, name)) => (Some(bus), name),
        None => (None, path),
    }
}
