//! Application Auto Scaling.

pub(crate) mod scalable_target;
pub(crate) mod scaling_policy;
pub(crate) mod scheduled_action;

use crate::plain::{count, int};

/// The service that something belongs to of which a dimension is scaled: `ecs` of
/// `ecs:service:DesiredCount`.
fn service(dimension: &str) -> &str {
    dimension.split(':').next().unwrap_or_default()
}

/// From AWS.
fn unsigned(number: i32) -> u32 {
    count(number).unwrap_or_default()
}

/// The parts of an id: what is scaled, which dimension of it, and a name where it has one. What is
/// scaled has slashes in it, a dimension has colons.
fn parts(id: &str) -> Option<(&str, &str, &str)> {
    let is_dimension = |part: &str| part.split(':').count() == 3;
    let mut from = 0;
    for part in id.split('/') {
        let to = from + part.len();
        if from > 0 && is_dimension(part) {
            let name = id[to..].strip_prefix('/').unwrap_or_default();
            return Some((&id[..from - 1], part, name));
        }
        from = to + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_parts() {
        let tasks = "ecs:service:DesiredCount";
        assert_eq!(
            parts("service/campus/web/ecs:service:DesiredCount/load/high"),
            Some(("service/campus/web", tasks, "load/high"))
        );
        let readers = "rds:cluster:ReadReplicaCount";
        assert_eq!(
            parts("cluster:db/rds:cluster:ReadReplicaCount"),
            Some(("cluster:db", readers, ""))
        );
        assert_eq!(parts("service/campus/web"), None);
    }
}
