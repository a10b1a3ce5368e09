//! [`Rule`]: when a composite alarm goes off.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::State;
use crate::sim::AlarmRule;

/// When a composite alarm goes off: `ALARM(errors) OR NOT OK("the slow one")`. AND binds more than
/// OR.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rule {
    text: String,
    tree: AlarmRule,
}

impl Rule {
    /// Whether it holds. An alarm that is not known can't know; an ARN ends with a name.
    #[must_use]
    pub fn holds(&self, states: &BTreeMap<String, State>) -> bool {
        holds(&self.tree, states)
    }
}

fn holds(tree: &AlarmRule, states: &BTreeMap<String, State>) -> bool {
    match tree {
        AlarmRule::Any(trees) => trees.iter().any(|tree| holds(tree, states)),
        AlarmRule::All(trees) => trees.iter().all(|tree| holds(tree, states)),
        AlarmRule::Not(tree) => !holds(tree, states),
        AlarmRule::Known(value) => *value,
        AlarmRule::Is(state, name) => {
            let short = name.rsplit(":alarm:").next().unwrap_or(name);
            states.get(short).copied().unwrap_or_default().as_str() == state
        }
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self { text: text.to_owned(), tree: text.parse()? })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for Rule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_go_by_states() {
        let states = BTreeMap::from([
            ("a".to_owned(), State::Alarm),
            ("the slow one".to_owned(), State::Ok),
        ]);
        let holds = |rule: &str| rule.parse::<Rule>().unwrap().holds(&states);
        assert!(holds("ALARM(a)"));
        assert!(holds("ALARM(arn:aws:cloudwatch:eu-central-1:1:alarm:a)"));
        assert!(holds("FALSE OR ALARM(a) AND OK(\"the slow one\")"));
        assert!(!holds("(TRUE OR ALARM(a)) AND NOT OK(\"the slow one\")"));
        assert!(holds("INSUFFICIENT_DATA(unknown)"));
        assert!(holds("NOT NOT ALARM(a)"));
        for wrong in ["", "ALARM", "ALARM(a", "ALARM(a) OK(a)", "(TRUE", "x(a)"] {
            assert!(wrong.parse::<Rule>().is_err(), "{wrong}");
        }
        assert!("NOT ".repeat(500).parse::<Rule>().is_err());
    }
}
