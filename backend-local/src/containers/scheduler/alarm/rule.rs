//! [`Rule`]: when a composite alarm goes off.
//!
//! ```text
//!   any  = all { OR all }
//!   all  = one { AND one }
//!   one  = NOT one | "(" any ")" | TRUE | FALSE | state "(" name ")"
//! ```

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::State;

/// When a composite alarm goes off: `ALARM(errors) OR NOT OK("the slow one")`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rule {
    text: String,
    node: Node,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    Known(bool),
    Is(State, String),
}

impl Rule {
    /// Whether it holds. An alarm that is not known can't know; an ARN ends with a name.
    #[must_use]
    pub fn holds(&self, states: &BTreeMap<String, State>) -> bool {
        self.node.holds(states)
    }
}

impl Node {
    fn holds(&self, states: &BTreeMap<String, State>) -> bool {
        match self {
            Self::Any(nodes) => nodes.iter().any(|node| node.holds(states)),
            Self::All(nodes) => nodes.iter().all(|node| node.holds(states)),
            Self::Not(node) => !node.holds(states),
            Self::Known(value) => *value,
            Self::Is(state, name) => {
                let short = name.rsplit(":alarm:").next().unwrap_or(name);
                states.get(short).copied().unwrap_or_default() == *state
            }
        }
    }
}

/// How deep parentheses may go.
const DEPTH: usize = 100;

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text };
        let node = reader.any(0)?;
        match reader.rest.trim_start() {
            "" => Ok(Self { text: text.to_owned(), node }),
            rest => Err(format!("goes on with {rest:?}, where AND or OR is expected")),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn any(&mut self, depth: usize) -> Result<Node, String> {
        let mut nodes = vec![self.all(depth)?];
        while self.takes_word("OR") {
            nodes.push(self.all(depth)?);
        }
        Ok(Node::Any(nodes))
    }

    fn all(&mut self, depth: usize) -> Result<Node, String> {
        let mut nodes = vec![self.one(depth)?];
        while self.takes_word("AND") {
            nodes.push(self.one(depth)?);
        }
        Ok(Node::All(nodes))
    }

    fn one(&mut self, depth: usize) -> Result<Node, String> {
        if depth > DEPTH {
            return Err("has too many parentheses within each other".to_owned());
        }
        if self.takes("(") {
            let node = self.any(depth + 1)?;
            return if self.takes(")") { Ok(node) } else { Err("is not closed".to_owned()) };
        }
        match self.word() {
            "NOT" => Ok(Node::Not(Box::new(self.one(depth + 1)?))),
            "TRUE" => Ok(Node::Known(true)),
            "FALSE" => Ok(Node::Known(false)),
            "ALARM" => Ok(Node::Is(State::Alarm, self.name()?)),
            "OK" => Ok(Node::Is(State::Ok, self.name()?)),
            "INSUFFICIENT_DATA" => Ok(Node::Is(State::InsufficientData, self.name()?)),
            other => Err(format!("has {other:?} where a state is expected, such as ALARM(name)")),
        }
    }

    fn name(&mut self) -> Result<String, String> {
        if !self.takes("(") {
            return Err("has a state without the name of an alarm in parentheses".to_owned());
        }
        let rest = self.rest.trim_start();
        let split = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"'),
            None => rest.find(')').map(|end| rest.split_at(end)),
        };
        let (name, behind) = split.ok_or("has a name that is not closed")?;
        self.rest = behind;
        if self.takes(")") { Ok(name.trim().to_owned()) } else { Err("is not closed".to_owned()) }
    }

    fn takes(&mut self, text: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn takes_word(&mut self, wanted: &str) -> bool {
        let before = self.rest;
        let found = self.word() == wanted;
        if !found {
            self.rest = before;
        }
        found
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !(c.is_ascii_alphabetic() || c == '_'));
        let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
        self.rest = behind;
        word
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
