//! The regions and availability zones of the simulated world.

use super::refusal::Refusal;

/// The zones of a region by name, and their ids, which are the same in every account.
///
/// Every region has three here; AWS has more in some, and letters differ from account to account.
pub(super) fn zones(region: &str) -> [(String, String); 3] {
    let short = short_name(region);
    let zone =
        |letter: &str, number: u32| (format!("{region}{letter}"), format!("{short}-az{number}"));
    [zone("a", 2), zone("b", 3), zone("c", 1)]
}

/// `eu-central-1` as `euc1` and `ap-southeast-2` as `apse2`, as AWS shortens it in zone ids and in
/// the names of hosts.
pub(super) fn short_name(region: &str) -> String {
    let mut parts = region.split('-');
    let area = parts.next().unwrap_or_default();
    let rest = parts.flat_map(|part| {
        let second = ["north", "south"].iter().find_map(|word| part.strip_prefix(word));
        let initials = [part.chars().next(), second.and_then(|second| second.chars().next())];
        initials.into_iter().flatten()
    });
    format!("{area}{}", rest.collect::<String>())
}

/// The id of a zone; `None` if the region has no such zone.
pub(super) fn zone_id(region: &str, zone: &str) -> Option<String> {
    zones(region).into_iter().find(|(name, _)| name == zone).map(|(_, id)| id)
}

/// That the region has such a zone; otherwise services answer with a `code` of their own.
pub(super) fn check_zone(
    property: &str,
    code: &str,
    region: &str,
    zone: &str,
) -> Result<(), Refusal> {
    if zone_id(region, zone).is_some() {
        return Ok(());
    }
    let known = zones(region).map(|(name, _)| name).join(", ");
    let message = format!("`{property}` {zone} does not exist; there are {known}");
    Err(Refusal::invalid(property, code, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_aws() {
        assert_eq!(zone_id("eu-central-1", "eu-central-1a").as_deref(), Some("euc1-az2"));
        assert_eq!(zone_id("us-east-1", "us-east-1c").as_deref(), Some("use1-az1"));
        assert_eq!(zone_id("us-east-1", "us-east-1z"), None);
        let far = zone_id("ap-southeast-2", "ap-southeast-2b");
        assert_eq!(far.as_deref(), Some("apse2-az3"));
        assert_eq!(zone_id("me-south-1", "me-south-1b").as_deref(), Some("mes1-az3"));
    }
}
