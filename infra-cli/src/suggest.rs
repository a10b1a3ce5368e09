//! What somebody may have meant.

/// The name most like the one that was asked for, if any is like it: by its whole or by an end of
/// it, as patterns may be.
pub(crate) fn near<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    const ENOUGH: f64 = 0.8;
    let like = |name: &'a str| {
        let ends = name.match_indices(['/', ':']).map(|(place, _)| &name[place + 1..]);
        let alike = ends.chain([name]).map(|end| strsim::jaro_winkler(wanted, end));
        alike.fold(0.0, f64::max)
    };
    names
        .map(|name| (like(name), name))
        .filter(|(like, _)| *like >= ENOUGH)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_seen_through() {
        let names = ["network/aws:ec2:Vpc/main", "network/aws:ec2:Subnet/private-a"];
        let found = |wanted| near(wanted, names.into_iter());
        assert_eq!(found("mian").as_deref(), Some("network/aws:ec2:Vpc/main"));
        assert_eq!(found("privat-a").as_deref(), Some("network/aws:ec2:Subnet/private-a"));
        assert_eq!(found("Vpc/mian").as_deref(), Some("network/aws:ec2:Vpc/main"));
        assert_eq!(found("database"), None);
    }
}
