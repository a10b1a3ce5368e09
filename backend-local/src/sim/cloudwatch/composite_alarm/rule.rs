//! [`Tree`]: the rule of a composite alarm.
//!
//! ```text
//!   any  = all { OR all }
//!   all  = one { AND one }
//!   one  = NOT one | "(" any ")" | TRUE | FALSE | state "(" name ")"
//!   state = ALARM | OK | INSUFFICIENT_DATA
//! ```

use std::{collections::BTreeSet, str::FromStr};

/// How deep parentheses may go here; AWS has no rule that needs as many.
const DEPTH: usize = 100;

/// A rule that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tree {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    Known(bool),
    /// A state as CloudWatch writes it, and the name or ARN of an alarm that is to be in it.
    Is(String, String),
}

impl Tree {
    /// The alarms that it names.
    pub(crate) fn alarms(&self) -> BTreeSet<String> {
        let mut alarms = BTreeSet::new();
        self.gather(&mut alarms);
        alarms
    }

    fn gather(&self, alarms: &mut BTreeSet<String>) {
        match self {
            Self::Any(trees) | Self::All(trees) => {
                trees.iter().for_each(|tree| tree.gather(alarms));
            }
            Self::Not(tree) => tree.gather(alarms),
            Self::Known(_) => {}
            Self::Is(_, name) => {
                alarms.insert(name.clone());
            }
        }
    }
}

impl FromStr for Tree {
    /// What is wrong with it.
    type Err = String;

    fn from_str(rule: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: rule };
        let tree = reader.any(0)?;
        match reader.rest.trim_start() {
            "" => Ok(tree),
            ")" => Err("has a parenthesis too many at its end".to_owned()),
            rest => Err(format!("goes on with {rest:?}, where AND or OR is expected")),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn any(&mut self, depth: usize) -> Result<Tree, String> {
        if depth > DEPTH {
            return Err("has too many parentheses within each other".to_owned());
        }
        let mut trees = vec![self.all(depth)?];
        while self.takes_word("OR") {
            trees.push(self.all(depth)?);
        }
        Ok(Tree::Any(trees))
    }

    fn all(&mut self, depth: usize) -> Result<Tree, String> {
        let mut trees = vec![self.one(depth)?];
        while self.takes_word("AND") {
            trees.push(self.one(depth)?);
        }
        Ok(Tree::All(trees))
    }

    fn one(&mut self, depth: usize) -> Result<Tree, String> {
        // Two of them are none, so that a rule of many is no deep tree.
        let mut negated = false;
        while self.takes_word("NOT") {
            negated = !negated;
        }
        let tree = self.plain(depth)?;
        Ok(if negated { Tree::Not(Box::new(tree)) } else { tree })
    }

    fn plain(&mut self, depth: usize) -> Result<Tree, String> {
        if self.takes("(") {
            let tree = self.any(depth + 1)?;
            return if self.takes(")") { Ok(tree) } else { Err(self.unclosed()) };
        }
        let word = self.word();
        match word {
            "TRUE" => Ok(Tree::Known(true)),
            "FALSE" => Ok(Tree::Known(false)),
            "ALARM" | "OK" | "INSUFFICIENT_DATA" => Ok(Tree::Is(word.to_owned(), self.name(word)?)),
            "" if self.rest.trim_start().is_empty() => {
                Err("ends where a state is expected, such as ALARM(name)".to_owned())
            }
            "" => Err(format!(
                "has {:?} where a state is expected, such as ALARM(name)",
                self.rest.trim_start()
            )),
            other => Err(format!(
                "has {other:?} where a state is expected: ALARM, OK or INSUFFICIENT_DATA with a \
                 name in parentheses, TRUE or FALSE"
            )),
        }
    }

    /// `(name)` or `("name")`.
    fn name(&mut self, state: &str) -> Result<String, String> {
        if !self.takes("(") {
            return Err(format!("has {state} without the name of an alarm in parentheses"));
        }
        let rest = self.rest.trim_start();
        let (name, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(|| self.unclosed())?,
            None => rest.split_at(rest.find(')').ok_or_else(|| self.unclosed())?),
        };
        let name = name.trim();
        if name.is_empty() {
            return Err(format!("has {state} without the name of an alarm"));
        }
        self.rest = behind;
        if self.takes(")") { Ok(name.to_owned()) } else { Err(self.unclosed()) }
    }

    fn unclosed(&self) -> String {
        "has a parenthesis or quote that is not closed".to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn alarms(rule: &str) -> Result<BTreeSet<String>, String> {
        rule.parse::<Tree>().map(|tree| tree.alarms())
    }

    #[test]
    fn rules_name_alarms() {
        let rule = "(ALARM(errors) OR ALARM(\"the slow one\")) AND NOT OK( arn:aws:x:alarm:y )";
        let names = alarms(rule).unwrap();
        assert_eq!(Vec::from_iter(names), ["arn:aws:x:alarm:y", "errors", "the slow one"]);
        assert!(alarms("TRUE").unwrap().is_empty());
        assert!(alarms("NOT NOT (FALSE OR INSUFFICIENT_DATA(a))").is_ok());
    }

    #[test]
    fn what_is_no_rule_says_why() {
        let said = |rule: &str| alarms(rule).unwrap_err();
        assert!(said("").contains("ends where a state is expected"));
        assert!(said("ALARM(a) AND").contains("ends where a state is expected"));
        assert!(said("(ALARM(a)").contains("not closed"));
        assert!(said("ALARM(a").contains("not closed"));
        assert!(said("ALARM(\"a)").contains("not closed"));
        assert!(said("ALARM(a))").contains("a parenthesis too many"));
        assert!(said("ALARM(a) ALARM(b)").contains("AND or OR is expected"));
        assert!(said("ALARMED(a)").contains("\"ALARMED\" where a state is expected"));
        assert!(said("ALARM").contains("without the name of an alarm in parentheses"));
        assert!(said("ALARM()").contains("without the name of an alarm"));
        assert!(said("|| a").contains("\"|| a\" where a state"));
        assert!(said(&"(".repeat(300)).contains("too many parentheses"));
    }
}
