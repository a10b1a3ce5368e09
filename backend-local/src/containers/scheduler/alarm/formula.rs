//! [`Formula`]: CloudWatch's metric math, as far as it goes point by point.
//!
//! Numbers, ids of metrics, `+ - * / ^`, comparisons (1 or 0), `AND`, `OR`, parentheses, and `IF`,
//! `FILL` with a number, `ABS`, `CEIL`, `FLOOR`, and of lists in brackets `SUM`, `AVG`, `MAX`,
//! `MIN`. Where a metric has no figure, the formula has none, but for what `FILL` fills.

mod reader;

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What is made of several metrics: `100 * errors / FILL(requests, 1)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Formula {
    text: String,
    node: Node,
}

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Number(f64),
    Metric(String),
    Negative(Box<Self>),
    Two(Operator, Box<Self>, Box<Self>),
    Call(Function, Vec<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
    Plus,
    Minus,
    Times,
    Divided,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    If,
    Fill,
    Abs,
    Ceil,
    Floor,
    Sum,
    Avg,
    Max,
    Min,
}

impl Formula {
    /// The ids of metrics and other formulas that it uses.
    #[must_use]
    pub fn uses(&self) -> Vec<&str> {
        let mut ids = vec![];
        self.node.collect(&mut ids);
        ids
    }

    /// What it comes to, from what these come to.
    #[must_use]
    pub fn of(&self, figures: &BTreeMap<String, Option<f64>>) -> Option<f64> {
        self.node.of(figures).filter(|figure| figure.is_finite())
    }
}

impl Node {
    fn collect<'a>(&'a self, ids: &mut Vec<&'a str>) {
        match self {
            Self::Number(_) => {}
            Self::Metric(id) => ids.push(id),
            Self::Negative(node) => node.collect(ids),
            Self::Two(_, one, other) => {
                one.collect(ids);
                other.collect(ids);
            }
            Self::Call(_, nodes) => nodes.iter().for_each(|node| node.collect(ids)),
        }
    }

    fn of(&self, figures: &BTreeMap<String, Option<f64>>) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Metric(id) => figures.get(id).copied().flatten(),
            Self::Negative(node) => node.of(figures).map(|it| -it),
            Self::Two(operator, one, other) => {
                Some(operator.of(one.of(figures)?, other.of(figures)?))
            }
            Self::Call(function, nodes) => {
                let values: Vec<Option<f64>> = nodes.iter().map(|node| node.of(figures)).collect();
                function.of(&values)
            }
        }
    }
}

impl Operator {
    fn of(self, one: f64, other: f64) -> f64 {
        let truth = |value: bool| if value { 1.0 } else { 0.0 };
        match self {
            Self::Or => truth(one != 0.0 || other != 0.0),
            Self::And => truth(one != 0.0 && other != 0.0),
            Self::Equal => truth(one == other),
            Self::Unequal => truth(one != other),
            Self::LessOrEqual => truth(one <= other),
            Self::GreaterOrEqual => truth(one >= other),
            Self::Less => truth(one < other),
            Self::Greater => truth(one > other),
            Self::Plus => one + other,
            Self::Minus => one - other,
            Self::Times => one * other,
            Self::Divided => one / other,
            Self::Power => one.powf(other),
        }
    }
}

impl Function {
    fn of(self, values: &[Option<f64>]) -> Option<f64> {
        let known = || values.iter().copied().flatten();
        let first = values.first().copied().flatten();
        match self {
            Self::If => {
                let chosen = if first? == 0.0 { 2 } else { 1 };
                values.get(chosen).copied().flatten()
            }
            Self::Fill => first.or(values.get(1).copied().flatten()),
            Self::Abs => first.map(f64::abs),
            Self::Ceil => first.map(f64::ceil),
            Self::Floor => first.map(f64::floor),
            Self::Sum => known().next().map(|_| known().sum()),
            Self::Avg => known().next().map(|_| known().sum::<f64>() / known().count() as f64),
            Self::Max => known().reduce(f64::max),
            Self::Min => known().reduce(f64::min),
        }
    }
}

impl FromStr for Formula {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self { text: text.to_owned(), node: reader::read(text)? })
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for Formula {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Formula> for String {
    fn from(formula: Formula) -> Self {
        formula.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_computed_point_by_point() {
        let figures = BTreeMap::from([
            ("errors".to_owned(), Some(5.0)),
            ("requests".to_owned(), Some(200.0)),
            ("gone".to_owned(), None),
        ]);
        let of = |text: &str| text.parse::<Formula>().unwrap().of(&figures);
        assert_eq!(of("100 * errors / requests"), Some(2.5));
        assert_eq!(of("100*(errors+FILL(gone, 15))/requests"), Some(10.0));
        assert_eq!(of("errors + gone"), None);
        assert_eq!(of("errors / (requests - 200)"), None);
        assert_eq!(of("IF(requests > 100 AND errors >= 5, 1, 0)"), Some(1.0));
        assert_eq!(of("IF(requests < 100, 1)"), None);
        assert_eq!(of("SUM([errors, requests, gone])"), Some(205.0));
        assert_eq!(of("MAX([errors, 7]) - MIN([errors, 7])"), Some(2.0));
        assert_eq!(of("-2 ^ 2 + 2 * 3"), Some(2.0));
        assert_eq!(of("10 - 3 - 2"), Some(5.0));
        assert_eq!(of("2 ^ 3 ^ 2"), Some(512.0));
        assert_eq!("a/b".parse::<Formula>().unwrap().uses(), ["a", "b"]);
    }

    #[test]
    fn what_is_no_formula_says_why() {
        let said = |text: &str| text.parse::<Formula>().unwrap_err();
        assert!(said("").contains("ends"));
        assert!(said("a +").contains("ends"));
        assert!(said("(a").contains("expected"));
        assert!(said("a b").contains("goes on"));
        assert!(said("ANOMALY_DETECTION_BAND(a, 2)").contains("ANOMALY_DETECTION_BAND"));
        assert!(said("FILL(a, REPEAT)").contains("FILL"));
        assert!(said("IF(a)").contains("IF"));
        assert!(said(&"(".repeat(1000)).contains("too many"));
    }
}
