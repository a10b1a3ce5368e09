//! How many connections a machine of Aurora MySQL takes.

use crate::DatabaseCapacity;

/// How many connections Aurora MySQL allows where no parameter says it, by the end of its class.
/// Source: "Maximum connections to an Aurora MySQL DB instance".
const BY_CLASS: [(&str, u32); 12] = [
    ("t3.medium", 90),
    ("t4g.medium", 90),
    ("t3.large", 135),
    ("t4g.large", 135),
    (".24xlarge", 7000),
    (".16xlarge", 6000),
    (".12xlarge", 6000),
    (".8xlarge", 5000),
    (".4xlarge", 4000),
    (".2xlarge", 3000),
    (".xlarge", 2000),
    (".large", 1000),
];

/// The same for machines that grow and shrink, by the most capacity that they may have.
const BY_UNITS: [(f64, u32); 9] = [
    (1.0, 90),
    (4.0, 135),
    (8.0, 1000),
    (16.0, 2000),
    (32.0, 3000),
    (64.0, 4000),
    (128.0, 5000),
    (192.0, 6000),
    (256.0, 6000),
];

/// Machines that may shrink to less than a unit allow no more, however large they may grow.
const SERVERLESS_SMALL: u32 = 2000;

/// How many connections a machine of a class takes; `None` if the class is not known.
pub(crate) fn of_class(class: &str) -> Option<u32> {
    BY_CLASS.iter().find(|(end, _)| class.ends_with(end)).map(|(_, count)| *count)
}

/// The same for a machine that grows and shrinks between so many units.
pub(crate) fn of_serverless(least: f64, most: f64) -> Option<u32> {
    let count = BY_UNITS.iter().rev().find(|(units, _)| *units <= most)?.1;
    Some(if least < 1.0 { count.min(SERVERLESS_SMALL) } else { count })
}

/// The same for what a database is to have.
pub(crate) fn of(capacity: &DatabaseCapacity) -> Option<u32> {
    match capacity {
        DatabaseCapacity::Provisioned { class } => of_class(class),
        DatabaseCapacity::Serverless { min, max } => of_serverless(*min, *max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_go_by_class_or_units() {
        assert_eq!(of_class("db.r7g.large"), Some(1000));
        assert_eq!(of_class("db.t4g.large"), Some(135));
        assert_eq!(of_class("db.r7g.12xlarge"), Some(6000));
        assert_eq!(of_class("db.x2g.metal"), None);
        assert_eq!(of_serverless(1.0, 32.0), Some(3000));
        assert_eq!(of_serverless(0.5, 32.0), Some(2000));
        assert_eq!(of_serverless(0.5, 4.0), Some(135));
    }
}
