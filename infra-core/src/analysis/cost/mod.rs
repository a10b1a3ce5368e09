//! [`Cost`]: what a program costs in a month, from the graph and a table of prices alone.
//!
//! Counted is what is paid whether anybody comes or not: instances, machines, nodes, gateways,
//! addresses, keys. What goes by use (gigabytes, requests, what is written to logs) no graph tells,
//! and is named instead. So is what has no price here: nothing is left out in silence.
//!
//! A [`Season`] says how much there is of what grows and shrinks: the least of everything, the most
//! of it, or as one says.

mod compute;
mod data;
mod network;
mod prices;
mod rest;
mod season;

use std::collections::BTreeSet;

pub use prices::{HOURS, Price, Prices, Unit};
pub use season::{Bound, Season};

use super::Outline;
use crate::{
    graph::{Node, Program},
    urn::Urn,
};

/// What a program costs in a month.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The prices that it is reckoned with.
    pub prices: &'static Prices,
    /// The seasons, by name.
    pub seasons: Vec<String>,
    /// What is counted.
    pub lines: Vec<Line>,
    /// What is not, and why.
    pub not_counted: Vec<String>,
    /// What is worth knowing beside it.
    pub notes: Vec<String>,
}

/// What one thing costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The resource that brings it.
    pub urn: Urn,
    /// What it is: `instances m7g.xlarge`.
    pub what: String,
    /// How much of it there is, season by season.
    pub counts: Vec<f64>,
    /// What one costs in a month.
    pub each: f64,
    /// Whether somebody else has the same price.
    pub checked: bool,
    /// Where the price can be looked up.
    pub source: &'static str,
}

impl Line {
    /// What it comes to in a season.
    #[must_use]
    pub fn amount(&self, season: usize) -> f64 {
        self.counts.get(season).copied().unwrap_or(0.0) * self.each
    }

    /// The component that it stands in: `site/hosts`, empty for the stack itself.
    #[must_use]
    pub fn component(&self) -> String {
        self.urn.path().collect::<Vec<_>>().join("/")
    }
}

/// A sum; that of nothing is 0, and not the −0 that Rust's is.
fn sum(amounts: impl Iterator<Item = f64>) -> f64 {
    amounts.fold(0.0, |sum, amount| sum + amount)
}

impl Cost {
    /// That of a program in some seasons, at the prices of a region.
    ///
    /// ```
    /// use infra_core::{analysis::cost::{Cost, Prices, Season}, prelude::*};
    /// # use infra_core::aws::ec2::ElasticIp;
    ///
    /// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
    /// ElasticIp::named("door").create(&stack);
    /// let prices = Prices::of("eu-central-1").unwrap();
    /// let cost = Cost::of(&stack.finish(), prices, &[Season::base(), Season::peak()]);
    /// assert_eq!(cost.total(0), 0.005 * 730.0);
    /// ```
    #[must_use]
    pub fn of(program: &Program, prices: &'static Prices, seasons: &[Season]) -> Self {
        let outline = Outline::of(program);
        let mut sheet = Sheet::new(&outline, prices, seasons);
        compute::count(&mut sheet);
        data::count(&mut sheet);
        network::count(&mut sheet);
        rest::count(&mut sheet);
        sheet.finish()
    }

    /// What all of it comes to in a season.
    #[must_use]
    pub fn total(&self, season: usize) -> f64 {
        sum(self.lines.iter().map(|line| line.amount(season)))
    }

    /// Of that, what rests on prices that nobody else has been seen to have.
    #[must_use]
    pub fn unchecked(&self, season: usize) -> f64 {
        let lines = self.lines.iter().filter(|line| !line.checked);
        sum(lines.map(|line| line.amount(season)))
    }
}

/// How many there are, as costs count.
fn length(items: usize) -> f64 {
    f64::from(u32::try_from(items).unwrap_or(u32::MAX))
}

/// Where costs are put together.
struct Sheet<'a> {
    outline: &'a Outline<'a>,
    prices: &'static Prices,
    seasons: &'a [Season],
    lines: Vec<Line>,
    not_counted: BTreeSet<String>,
    notes: Vec<String>,
}

impl<'a> Sheet<'a> {
    fn new(outline: &'a Outline<'a>, prices: &'static Prices, seasons: &'a [Season]) -> Self {
        let (lines, notes) = (vec![], vec![]);
        Self { outline, prices, seasons, lines, not_counted: BTreeSet::new(), notes }
    }

    /// So much of something, whatever the season.
    fn fixed(&mut self, node: &Node, what: &str, thing: &str, count: f64) {
        self.add(node, what, thing, (count, count), 1.0);
    }

    /// Something of which there is so much at least and at most, and so much of the thing in each.
    fn add(&mut self, node: &Node, what: &str, thing: &str, bounds: (f64, f64), each: f64) {
        let region = self.outline.program().provider(node).region.clone();
        if region.is_some_and(|region| *region != *self.prices.region) {
            let (name, region) = (node.urn.short(), &self.prices.region);
            self.not_told(format!("{name}: it does not lie in {region}, whose prices these are"));
            return;
        }
        let Some(price) = self.prices.get(thing) else {
            let (name, region) = (node.urn.short(), &self.prices.region);
            self.not_told(format!("{what} of {name}: no price of {thing} is known for {region}"));
            return;
        };
        let counts = self.seasons.iter().map(|season| season.of(&node.urn, bounds)).collect();
        self.lines.push(Line {
            urn: node.urn.clone(),
            what: what.to_owned(),
            counts,
            each: price.monthly() * each,
            checked: price.checked,
            source: self.prices.sources.get(&price.source).map_or("", String::as_str),
        });
    }

    fn not_told(&mut self, what: String) {
        self.not_counted.insert(what);
    }

    fn finish(self) -> Cost {
        let mut lines = self.lines;
        // By component; within one as the program has them.
        lines.sort_by_key(Line::component);
        Cost {
            prices: self.prices,
            seasons: self.seasons.iter().map(|season| season.name.clone()).collect(),
            lines,
            not_counted: self.not_counted.into_iter().collect(),
            notes: self.notes,
        }
    }
}
