//! Reads formulas, by how tightly operators bind.

use super::{Function, Node, Operator};

/// How deep parentheses may go.
const DEPTH: usize = 100;

/// Operators by their text, longer ones first, and how tightly they bind.
const OPERATORS: [(&str, Operator, u8); 15] = [
    ("==", Operator::Equal, 3),
    ("!=", Operator::Unequal, 3),
    ("<=", Operator::LessOrEqual, 3),
    (">=", Operator::GreaterOrEqual, 3),
    ("&&", Operator::And, 2),
    ("||", Operator::Or, 1),
    ("AND", Operator::And, 2),
    ("OR", Operator::Or, 1),
    ("<", Operator::Less, 3),
    (">", Operator::Greater, 3),
    ("+", Operator::Plus, 4),
    ("-", Operator::Minus, 4),
    ("*", Operator::Times, 5),
    ("/", Operator::Divided, 5),
    ("^", Operator::Power, 7),
];
/// A sign binds less than a power, and more than all else.
const SIGN: u8 = 6;

/// Functions with the least and the largest number of what stands in their parentheses.
const FUNCTIONS: [(&str, Function, usize, usize); 9] = [
    ("IF", Function::If, 2, 3),
    ("FILL", Function::Fill, 2, 2),
    ("ABS", Function::Abs, 1, 1),
    ("CEIL", Function::Ceil, 1, 1),
    ("FLOOR", Function::Floor, 1, 1),
    ("SUM", Function::Sum, 1, 100),
    ("AVG", Function::Avg, 1, 100),
    ("MAX", Function::Max, 1, 100),
    ("MIN", Function::Min, 1, 100),
];

pub(super) fn read(text: &str) -> Result<Node, String> {
    let mut reader = Reader { rest: text };
    let node = reader.expression(0, 0)?;
    match reader.rest.trim_start() {
        "" => Ok(node),
        rest => Err(format!("goes on with {rest:?}, where an operator is expected")),
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn expression(&mut self, least: u8, depth: usize) -> Result<Node, String> {
        if depth > DEPTH {
            return Err("has too many parentheses within each other".to_owned());
        }
        let mut node = self.one(depth)?;
        while let Some((text, operator, binds)) = self.operator().filter(|it| it.2 >= least) {
            self.takes(text);
            // A power binds to the right: 2 ^ 3 ^ 2 is 2 ^ 9.
            let next = if operator == Operator::Power { binds } else { binds + 1 };
            let other = self.expression(next, depth + 1)?;
            node = Node::Two(operator, Box::new(node), Box::new(other));
        }
        Ok(node)
    }

    fn operator(&self) -> Option<(&'static str, Operator, u8)> {
        let rest = self.rest.trim_start();
        let word = self.word();
        OPERATORS.into_iter().find(|(text, ..)| {
            let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic());
            if is_word { word == *text } else { rest.starts_with(text) }
        })
    }

    fn one(&mut self, depth: usize) -> Result<Node, String> {
        if self.takes("-") {
            return Ok(Node::Negative(Box::new(self.expression(SIGN, depth + 1)?)));
        }
        if self.takes("(") {
            let node = self.expression(0, depth + 1)?;
            self.expects(")")?;
            return Ok(node);
        }
        let word = self.word();
        match word.chars().next() {
            None if self.rest.trim_start().is_empty() => {
                Err("ends where a metric or number is expected".to_owned())
            }
            None => Err(format!("has {:?} where a metric is expected", self.rest.trim_start())),
            Some(first) if first.is_ascii_digit() || first == '.' => {
                self.takes(word);
                word.parse().map(Node::Number).map_err(|_| format!("has {word:?}, no number"))
            }
            Some(first) if first.is_ascii_lowercase() => {
                self.takes(word);
                Ok(Node::Metric(word.to_owned()))
            }
            Some(_) => self.call(word, depth),
        }
    }

    fn call(&mut self, word: &str, depth: usize) -> Result<Node, String> {
        let function = FUNCTIONS.into_iter().find(|(name, ..)| *name == word);
        let Some((name, function, least, most)) = function else {
            let known: Vec<&str> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
            return Err(format!("uses {word}; here formulas have {}", known.join(", ")));
        };
        self.takes(word);
        self.expects("(")?;
        let listed = self.takes("[");
        let mut nodes = vec![];
        loop {
            nodes.push(
                self.expression(0, depth + 1).map_err(|why| format!("has {name} that {why}"))?,
            );
            if !self.takes(",") {
                break;
            }
        }
        if listed {
            self.expects("]")?;
        }
        self.expects(")")?;
        if (least..=most).contains(&nodes.len()) {
            Ok(Node::Call(function, nodes))
        } else {
            Err(format!("has {name} of {} things; {least} to {most} are taken", nodes.len()))
        }
    }

    fn expects(&mut self, text: &str) -> Result<(), String> {
        if self.takes(text) {
            return Ok(());
        }
        Err(format!("has {:?} where {text:?} is expected", self.rest.trim_start()))
    }

    fn takes(&mut self, text: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn word(&self) -> &'a str {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
        &rest[..end.unwrap_or(rest.len())]
    }
}
