//! [`Prices`]: what things cost in a region, with the day and the place that the price is from.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

/// The hours of a month, as AWS's own calculator counts them.
pub const HOURS: u32 = 730;

/// What things cost in a region.
#[derive(Debug, Deserialize)]
pub struct Prices {
    /// The region.
    pub region: String,
    /// The currency.
    pub currency: String,
    /// The day that they are of, such as `2026-11-29`.
    pub date: String,
    /// What has to be known of them.
    pub note: String,
    /// Where they can be looked up, by the names that prices have for it.
    pub sources: BTreeMap<String, String>,
    prices: BTreeMap<String, Price>,
}

/// What one thing costs.
#[derive(Clone, Debug, Deserialize)]
pub struct Price {
    /// How much, in the table's currency.
    #[serde(deserialize_with = "amount")]
    pub usd: f64,
    /// For what.
    pub unit: Unit,
    /// Where it can be looked up: a name among the table's sources.
    pub source: String,
    /// Whether a list that others publish has the same.
    pub checked: bool,
}

/// What a price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Unit {
    /// An hour.
    #[serde(rename = "hour")]
    Hour,
    /// A month.
    #[serde(rename = "month")]
    Month,
    /// A GiB for a month.
    #[serde(rename = "GiB and month")]
    GibMonth,
    /// A GB that passes.
    #[serde(rename = "GB")]
    Gb,
}

impl Price {
    /// What it comes to in a month.
    #[must_use]
    pub fn monthly(&self) -> f64 {
        match self.unit {
            Unit::Hour => self.usd * f64::from(HOURS),
            Unit::Month | Unit::GibMonth | Unit::Gb => self.usd,
        }
    }
}

impl Prices {
    /// Those of a region, if they are known.
    #[must_use]
    pub fn of(region: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.region == region)
    }

    /// The regions whose prices are known.
    pub fn regions() -> impl Iterator<Item = &'static str> {
        TABLES.iter().map(|table| table.region.as_str())
    }

    /// The price of a thing: `ec2/m7g.xlarge`, `nat/hour`.
    #[must_use]
    pub fn get(&self, thing: &str) -> Option<&Price> {
        self.prices.get(thing)
    }

    /// All prices, by the thing.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Price)> {
        self.prices.iter().map(|(thing, price)| (thing.as_str(), price))
    }
}

static TABLES: LazyLock<Vec<Prices>> = LazyLock::new(|| {
    let tables = [include_str!("prices/eu-central-1.json")];
    let read = |text: &&str| serde_json::from_str(text).expect("the tables are tested");
    tables.iter().map(read).collect()
});

/// Amounts stand as text, so that they are what people wrote.
fn amount<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_price_has_a_source_and_an_amount() {
        let table = Prices::of("eu-central-1").unwrap();
        assert_eq!((table.currency.as_str(), table.date.len()), ("USD", 10));
        for (thing, price) in table.iter() {
            assert!(price.usd > 0.0 && price.usd < 100.0, "{thing}: {price:?}");
            let source = table.sources.get(&price.source);
            assert!(
                source.is_some_and(|url| url.starts_with("https://aws.amazon.com/")),
                "{thing}"
            );
        }
        assert!(Prices::of("mars-north-1").is_none());
    }

    #[test]
    fn larger_sizes_cost_more() {
        let table = Prices::of("eu-central-1").unwrap();
        let sizes = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
        for family in ["ec2/m7g", "aurora/db.r7g", "redis/cache.r7g", "valkey/cache.m7g"] {
            let prices = sizes.map(|size| table.get(&format!("{family}.{size}")).unwrap().usd);
            assert!(prices.is_sorted(), "{family}: {prices:?}");
        }
    }
}
