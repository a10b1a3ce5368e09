//! [`Expression`]: ECS's cluster query language, as far as it is about attributes.
//!
//! ```text
//!   any  = all { (or | ||) all }
//!   all  = one { (and | &&) one }
//!   one  = (not | !) one | "(" any ")" | subject test
//!   subject = attribute:<name> | ec2InstanceId | agentConnected …
//!   test = == value | != value | in [values] | not_in [values] | !in [values] | exists | !exists
//! ```

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::containers::scheduler::InstanceSpec;

/// Which instances are meant: `attribute:ecs.instance-type == m7g.large`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expression {
    text: String,
    node: Node,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    OneOf(Subject, Vec<String>),
    Exists(Subject),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    Attribute(String),
    Instance,
}

impl Expression {
    /// Whether it holds for an instance.
    #[must_use]
    pub fn holds(&self, instance: &InstanceSpec) -> bool {
        self.node.holds(instance)
    }
}

impl Node {
    fn holds(&self, instance: &InstanceSpec) -> bool {
        match self {
            Self::Any(nodes) => nodes.iter().any(|node| node.holds(instance)),
            Self::All(nodes) => nodes.iter().all(|node| node.holds(instance)),
            Self::Not(node) => !node.holds(instance),
            Self::OneOf(subject, values) => {
                let value = subject.of(instance);
                value.is_some_and(|value| values.iter().any(|it| it == value))
            }
            Self::Exists(subject) => subject.of(instance).is_some(),
        }
    }
}

impl Subject {
    fn of<'a>(&self, instance: &'a InstanceSpec) -> Option<&'a str> {
        match self {
            Self::Attribute(name) => instance.attribute(name),
            Self::Instance => Some(&instance.id),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> Self {
        expression.text
    }
}

impl TryFrom<String> for Expression {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Expression {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut reader = Reader { words: words(text)?, place: 0 };
        let node = reader.any(0)?;
        match reader.peek() {
            None => Ok(Self { text: text.to_owned(), node }),
            Some(word) => Err(format!("goes on with `{word}`, where and or or is expected")),
        }
    }
}

/// How deep parentheses may go.
const DEPTH: usize = 50;

struct Reader {
    words: Vec<String>,
    place: usize,
}

impl Reader {
    fn peek(&self) -> Option<&str> {
        self.words.get(self.place).map(String::as_str)
    }

    fn takes(&mut self, words: &[&str]) -> bool {
        let found = self.peek().is_some_and(|word| words.contains(&word));
        self.place += usize::from(found);
        found
    }

    fn next(&mut self, expected: &str) -> Result<String, String> {
        let word = self.words.get(self.place).cloned();
        self.place += 1;
        word.ok_or_else(|| format!("ends where {expected} is expected"))
    }

    fn any(&mut self, depth: usize) -> Result<Node, String> {
        let mut nodes = vec![self.all(depth)?];
        while self.takes(&["or", "||"]) {
            nodes.push(self.all(depth)?);
        }
        Ok(Node::Any(nodes))
    }

    fn all(&mut self, depth: usize) -> Result<Node, String> {
        let mut nodes = vec![self.one(depth)?];
        while self.takes(&["and", "&&"]) {
            nodes.push(self.one(depth)?);
        }
        Ok(Node::All(nodes))
    }

    fn one(&mut self, depth: usize) -> Result<Node, String> {
        if depth > DEPTH {
            return Err("has too many parentheses within each other".to_owned());
        }
        if self.takes(&["not", "!"]) {
            return Ok(Node::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes(&["("]) {
            let node = self.any(depth + 1)?;
            let closed = self.takes(&[")"]);
            return if closed { Ok(node) } else { Err("has a parenthesis open".to_owned()) };
        }
        let word = self.next("an attribute")?;
        let subject = match word.strip_prefix("attribute:") {
            Some(name) => Subject::Attribute(name.to_owned()),
            None if word == "ec2InstanceId" => Subject::Instance,
            None => {
                return Err(format!(
                    "is about `{word}`; here expressions are about attribute:<name> and \
                     ec2InstanceId"
                ));
            }
        };
        let test = self.next("==, !=, in, not_in or exists")?;
        let not = |node| Node::Not(Box::new(node));
        match test.as_str() {
            "==" | "equals" => Ok(Node::OneOf(subject, vec![self.next("a value")?])),
            "!=" | "not_equals" => Ok(not(Node::OneOf(subject, vec![self.next("a value")?]))),
            "in" => Ok(Node::OneOf(subject, self.list()?)),
            "not_in" | "!in" => Ok(not(Node::OneOf(subject, self.list()?))),
            "exists" => Ok(Node::Exists(subject)),
            "!exists" | "not_exists" => Ok(not(Node::Exists(subject))),
            other => Err(format!("has `{other}` where ==, !=, in, not_in or exists is expected")),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, String> {
        if !self.takes(&["["]) {
            return Err("has no list in brackets after in".to_owned());
        }
        let mut values = vec![];
        loop {
            values.push(self.next("a value")?);
            if self.takes(&["]"]) {
                return Ok(values);
            }
            if !self.takes(&[","]) {
                return Err("has a list that is not closed".to_owned());
            }
        }
    }
}

/// The words of an expression: names, values, operators.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = vec![];
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '(' | ')' | '[' | ']' | ',' => 1,
            '\'' | '"' => {
                let end = rest[1..].find(first).ok_or("has a quote that is not closed")?;
                words.push(rest[1..=end].to_owned());
                rest = rest[end + 2..].trim_start();
                continue;
            }
            '!' if rest.starts_with("!in") || rest.starts_with("!exists") => {
                rest.find(|c: char| c.is_whitespace() || "()[,".contains(c)).unwrap_or(rest.len())
            }
            '=' | '!' | '&' | '|' => {
                let two = ["==", "!=", "&&", "||"].iter().any(|it| rest.starts_with(it));
                if two { 2 } else { 1 }
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || "()[],=!&|'\"".contains(c);
                rest.find(ends).unwrap_or(rest.len())
            }
        };
        words.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::containers::scheduler::{InstanceStatus, Room};

    fn holds(text: &str) -> bool {
        let attributes = BTreeMap::from([("ecs.instance-type".to_owned(), "m7g.large".to_owned())]);
        let instance = InstanceSpec {
            id: "i-1".to_owned(),
            zone: "eu-central-1a".to_owned(),
            room: Room::default(),
            status: InstanceStatus::Active,
            provider: None,
            attributes,
        };
        text.parse::<Expression>().unwrap().holds(&instance)
    }

    #[test]
    fn expressions_choose_instances() {
        assert!(holds("attribute:ecs.instance-type == m7g.large"));
        assert!(!holds("attribute:ecs.instance-type != 'm7g.large'"));
        assert!(holds("attribute:ecs.availability-zone in [eu-central-1a, eu-central-1b]"));
        assert!(holds("attribute:ecs.availability-zone !in [eu-central-1b]"));
        assert!(holds(
            "attribute:stack !exists and not (attribute:x == y or ec2InstanceId == i-2)"
        ));
        assert!(holds("attribute:x exists || ec2InstanceId in ['i-1']"));
        assert!(!holds("attribute:x exists"));
    }

    #[test]
    fn what_is_no_expression_says_why() {
        let said = |text: &str| text.parse::<Expression>().unwrap_err();
        assert!(said("").contains("ends where an attribute"));
        assert!(said("task:group == web").contains("is about `task:group`"));
        assert!(said("attribute:x =~ y").contains("where ==, !=, in"));
        assert!(said("(attribute:x exists").contains("parenthesis open"));
        assert!(said("attribute:x in [a").contains("not closed"));
        assert!(said("attribute:x == 'a").contains("quote"));
        assert!(said("attribute:x exists attribute:y exists").contains("goes on with"));
        assert!(said(&"(".repeat(500)).contains("too many"));
    }
}
