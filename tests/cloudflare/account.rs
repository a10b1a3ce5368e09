//! [`Account`]: what Cloudflare knows.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The account of all zones.
pub(crate) const ACCOUNT: &str = "01a7362d577a6c3019a474fd6f485823";

/// A zone, and what stands in it, as it is told.
#[derive(Debug, Default)]
pub(crate) struct Zone {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) plan: String,
    pub(crate) records: Vec<Json>,
    /// Those that were ever changed.
    pub(crate) settings: BTreeMap<String, Json>,
    pub(crate) certificates: Vec<Json>,
    pub(crate) pulls: bool,
    /// By their phase.
    pub(crate) rulesets: BTreeMap<String, Json>,
}

/// What Cloudflare knows.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) zones: Vec<Zone>,
    made: u64,
}

impl Default for Account {
    fn default() -> Self {
        let named = ["campus.example.org", "school.example.org"];
        let zones = named.into_iter().zip(1..).map(|(name, number)| Zone {
            id: format!("{number:032x}"),
            name: name.to_owned(),
            plan: "enterprise".to_owned(),
            ..Zone::default()
        });
        Self { zones: zones.collect(), made: 0 }
    }
}

impl Account {
    /// An id that nothing has had.
    pub(crate) fn id(&mut self) -> String {
        self.made += 1;
        format!("{:032x}", 0xc0_0000 + self.made)
    }

    /// The same in the form of a UUID.
    pub(crate) fn uuid(&mut self) -> String {
        self.made += 1;
        format!("00000000-0000-4000-8000-{:012x}", self.made)
    }

    /// A time later than all before, as it is told.
    pub(crate) fn now(&mut self) -> String {
        self.made += 1;
        format!(
            "2026-01-01T{:02}:{:02}:{:02}Z",
            self.made / 3600,
            self.made / 60 % 60,
            self.made % 60
        )
    }

    /// How much there is of what programs make, by kind.
    pub(crate) fn inventory(&self) -> BTreeMap<&'static str, usize> {
        let sum = |of: fn(&Zone) -> usize| self.zones.iter().map(of).sum();
        BTreeMap::from([
            ("records", sum(|zone| zone.records.len())),
            ("certificates", sum(|zone| zone.certificates.iter().filter(|it| stays(it)).count())),
            ("rulesets", sum(|zone| zone.rulesets.len())),
            ("rules", sum(|zone| zone.rulesets.values().map(rules).sum())),
            ("pulls", sum(|zone| usize::from(zone.pulls))),
            ("settings", sum(|zone| zone.settings.len())),
        ])
    }
}

fn rules(ruleset: &Json) -> usize {
    ruleset["rules"].as_array().map_or(0, Vec::len)
}

fn stays(certificate: &Json) -> bool {
    !["pending_deletion", "deleted"].contains(&certificate["status"].as_str().unwrap())
}
