//! What is special about Aurora MySQL, whoever asks: versions, names, and how long things are kept.

use infra_core::{aws::rds, dsl::ResourceType, types::Days};

use crate::sim::{
    World, names::check_single_hyphens, object::Object, refusal::Refusal, special::Special,
};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// What RDS says of values that it does not take.
pub(super) const INVALID: &str = "InvalidParameterValue";
/// What RDS says of values that do not go together.
pub(super) const COMBINATION: &str = "InvalidParameterCombination";

/// What the names of AWS's own parameter groups begin with.
pub(super) const DEFAULT_GROUP: &str = "default.";

/// Major versions of MySQL, and the number that Aurora's own versions of each begin with.
const MAJORS: [(&str, u32); 2] = [("8.0", 3), ("8.4", 8)];

/// The version that a cluster gets that asks for none.
pub(super) const CHOSEN_VERSION: &str = "8.0.mysql_aurora.3.10.3";

/// A version of Aurora MySQL, such as `8.0.mysql_aurora.3.10.3`; later ones are greater.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) major: String,
    numbers: Vec<u32>,
}

impl Version {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (major, own) = text.split_once(".mysql_aurora.")?;
        let numbers: Vec<u32> =
            own.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let (_, first) = MAJORS.into_iter().find(|(known, _)| *known == major)?;
        let whole = numbers.len() >= 3 && numbers[0] == first;
        whole.then(|| Self { major: major.to_owned(), numbers })
    }

    /// The family that parameters of it belong to.
    pub(super) fn family(&self) -> String {
        format!("aurora-mysql{}", self.major)
    }
}

/// The families of parameters that there are.
fn families() -> impl Iterator<Item = String> {
    MAJORS.into_iter().map(|(major, _)| format!("aurora-mysql{major}"))
}

pub(super) fn knows_family(family: &str) -> bool {
    families().any(|known| known == family)
}

pub(super) fn check_family(family: &str) -> Result<(), Refusal> {
    if knows_family(family) {
        return Ok(());
    }
    let known = families().collect::<Vec<_>>().join(", ");
    let message = format!("`family` {family} does not exist; there are {known}");
    Err(Refusal::invalid("family", INVALID, message))
}

/// The cluster that an instance works in.
pub(super) fn cluster_of<'a>(world: &'a World, instance: &Object) -> Option<&'a Object> {
    let id = instance.text("db_cluster_identifier");
    world.get(rds::DbCluster::definition().name, id, &instance.scope)
}

/// Identifiers begin with a letter and have single hyphens; which characters they have is checked
/// with the program.
pub(super) fn check_identifier(property: &str, name: &str) -> Result<(), Refusal> {
    check_single_hyphens(property, INVALID, name)
}

/// For how long load can be kept.
pub(super) fn check_retention(property: &str, days: Days) -> Result<(), Refusal> {
    let Days(number) = days;
    let months = number.is_multiple_of(31) && (1..=23).contains(&(number / 31));
    if number == 7 || months || number == 731 {
        return Ok(());
    }
    let message =
        format!("`{property}` {number} must be 7 days, 1 to 23 months of 31 days, or 731 days");
    Err(Refusal::invalid(property, INVALID, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        let version = |text| Version::parse(text).unwrap();
        assert!(version("8.0.mysql_aurora.3.10.0") > version("8.0.mysql_aurora.3.09.1"));
        assert!(version("8.4.mysql_aurora.8.4.7") > version("8.0.mysql_aurora.3.13.0"));
        assert_eq!(version(CHOSEN_VERSION).family(), "aurora-mysql8.0");
        for bad in ["8.0", "8.4", "5.7.mysql_aurora.2.12.0", "8.0.mysql_aurora.3", "8.0.35"] {
            assert_eq!(Version::parse(bad), None, "{bad}");
        }
    }
}
