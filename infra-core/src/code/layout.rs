//! [`Code`]: an expression, and how its lines are broken.

/// So wide a line may be.
const WIDTH: usize = 100;
/// So wide a chain of calls may be on one line.
const CHAIN: usize = 60;
const INDENT: usize = 4;

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Code {
    /// What is never broken.
    Word(String),
    /// Several in brackets: the items of an array, the arguments of a call.
    List { open: String, items: Vec<Self>, close: &'static str },
    /// Calls one after another: the first of them belongs to the type.
    Chain { head: String, calls: Vec<Self> },
}

impl Code {
    pub(super) fn word(text: impl Into<String>) -> Self {
        Self::Word(text.into())
    }

    /// A literal.
    pub(super) fn text(text: &str) -> Self {
        Self::Word(format!("{text:?}"))
    }

    pub(super) fn call(name: &str, arguments: impl IntoIterator<Item = Self>) -> Self {
        let items = arguments.into_iter().collect();
        Self::List { open: format!("{name}("), items, close: ")" }
    }

    pub(super) fn array(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List { open: "[".to_owned(), items: items.into_iter().collect(), close: "]" }
    }

    /// Several of a module, or one.
    pub(super) fn import(module: &str, mut items: Vec<Self>) -> Self {
        if items.len() == 1
            && let Some(item) = items.pop()
        {
            return match item {
                Self::List { open, items, close } => {
                    Self::List { open: format!("{module}::{open}"), items, close }
                }
                item => Self::Word(format!("{module}::{}", item.flat())),
            };
        }
        Self::List { open: format!("{module}::{{"), items, close: "}" }
    }

    /// On one line.
    fn flat(&self) -> String {
        match self {
            Self::Word(text) => text.clone(),
            Self::List { open, items, close } => {
                let items: Vec<String> = items.iter().map(Self::flat).collect();
                format!("{open}{}{close}", items.join(", "))
            }
            Self::Chain { head, calls } => {
                let mut calls = calls.iter().map(Self::flat);
                let first = calls.next().unwrap_or_default();
                calls.fold(format!("{head}::{first}"), |text, call| format!("{text}.{call}"))
            }
        }
    }

    /// Over as many lines as it takes. It begins behind so many characters, on a line that is so far
    /// to the right.
    pub(super) fn put(&self, indent: usize, behind: usize) -> String {
        let flat = self.flat();
        let is_short = match self {
            Self::Chain { calls, .. } => calls.len() < 2 || flat.len() <= CHAIN,
            _ => true,
        };
        // A comma or a semicolon stands behind it.
        if is_short && indent + behind + flat.len() < WIDTH {
            return flat;
        }
        let inside = indent + INDENT;
        let margin = " ".repeat(inside);
        match self {
            Self::Word(text) => text.clone(),
            Self::List { open, items, close } => match items.as_slice() {
                // One argument alone that has brackets of its own hangs on to those of the call.
                [Self::List { .. }] => {
                    let behind = behind + open.len();
                    format!("{open}{}{close}", items[0].put(indent, behind))
                }
                // Names fill their lines.
                items
                    if open.ends_with("::{")
                        && items.iter().all(|item| matches!(item, Self::Word(_))) =>
                {
                    let lines = filled(items, WIDTH - inside);
                    let lines = lines.iter().map(|line| format!("{margin}{line}\n"));
                    format!("{open}\n{}{}{close}", lines.collect::<String>(), " ".repeat(indent))
                }
                items => {
                    let lines =
                        items.iter().map(|item| format!("{margin}{},\n", item.put(inside, 0)));
                    let lines: String = lines.collect();
                    format!("{open}\n{lines}{}{close}", " ".repeat(indent))
                }
            },
            Self::Chain { head, calls } => {
                let mut calls = calls.iter();
                let first = calls.next().map(|call| call.put(indent, behind + head.len() + 2));
                let mut text = format!("{head}::{}", first.unwrap_or_default());
                for call in calls {
                    text.push_str(&format!("\n{margin}.{}", call.put(inside, 1)));
                }
                text
            }
        }
    }
}

/// Words and their commas in lines of a width.
fn filled(words: &[Code], width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words {
        let word = format!("{},", word.flat());
        let last = lines.last().map_or(0, String::len);
        if last > 0 && last + 1 + word.len() <= width {
            let line = lines.last_mut().expect("there is one");
            line.push(' ');
            line.push_str(&word);
        } else if last == 0 {
            lines = vec![word];
        } else {
            lines.push(word);
        }
    }
    lines
}
