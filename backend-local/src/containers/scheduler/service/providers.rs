//! Which capacity provider the next task goes to: bases first, then by weight.

use std::collections::BTreeMap;

use super::ProviderShare;

/// The provider that is furthest behind its share; `None` where there are no shares.
pub(super) fn next<'a>(
    shares: &'a [ProviderShare],
    tasks: &BTreeMap<&str, u32>,
) -> Option<&'a str> {
    let has = |share: &ProviderShare| tasks.get(share.provider.as_str()).copied().unwrap_or(0);
    if let Some(share) = shares.iter().find(|share| has(share) < share.base) {
        return Some(&share.provider);
    }
    let above = |share: &ProviderShare| u64::from(has(share).saturating_sub(share.base));
    let weighted = shares.iter().filter(|share| share.weight > 0);
    // The one with the fewest tasks for its weight, were it given one more: a/wa < b/wb.
    let least = weighted.min_by(|one, other| {
        let left = (above(one) + 1) * u64::from(other.weight);
        let right = (above(other) + 1) * u64::from(one.weight);
        left.cmp(&right)
    });
    least.map(|share| share.provider.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_come_first_and_weights_share_the_rest() {
        let share = |provider: &str, weight, base| ProviderShare {
            provider: provider.to_owned(),
            weight,
            base,
        };
        let shares = [share("a", 1, 2), share("b", 3, 0), share("c", 0, 0)];
        let mut tasks = BTreeMap::new();
        let mut order = String::new();
        for _ in 0..10 {
            let next = next(&shares, &tasks).unwrap();
            *tasks.entry(next).or_insert(0) += 1;
            order.push_str(next);
        }
        assert_eq!(order, "aabbabbbab");
        assert_eq!(super::next(&[], &BTreeMap::new()), None);
    }
}
