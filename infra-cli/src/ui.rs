//! [`Ui`]: what is written where, and in which colours.
//!
//! Results go to stdout, everything else to stderr.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use crate::args::{Color, Global};

/// The styles by meaning. Empty where there are no colours.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Styles {
    pub(crate) create: Style,
    pub(crate) update: Style,
    pub(crate) delete: Style,
    pub(crate) replace: Style,
    pub(crate) strong: Style,
    pub(crate) dim: Style,
    pub(crate) error: Style,
    pub(crate) warning: Style,
}

impl Styles {
    fn colored() -> Self {
        let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        Self {
            create: color(AnsiColor::Green),
            update: color(AnsiColor::Yellow),
            delete: color(AnsiColor::Red),
            replace: color(AnsiColor::Magenta),
            strong: Style::new().bold(),
            dim: Style::new().dimmed(),
            error: color(AnsiColor::Red).bold(),
            warning: color(AnsiColor::Yellow).bold(),
        }
    }
}

/// What is written where. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Ui {
    pub(crate) styles: Styles,
    pub(crate) json: bool,
    /// Whether stderr is a terminal that can be redrawn.
    pub(crate) animates: bool,
    /// Whether somebody can be asked.
    pub(crate) asks: bool,
    pub(crate) colored: bool,
}

impl Ui {
    pub(crate) fn new(global: &Global) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let colored = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !plain && !dumb && !global.json,
        };
        Self {
            styles: if colored { Styles::colored() } else { Styles::default() },
            json: global.json,
            animates: terminal && !dumb && !global.json && std::env::var_os("CI").is_none(),
            asks: std::io::stdin().is_terminal() && terminal && !global.json,
            colored,
        }
    }

    /// A result, on stdout. A reader that went away is no error.
    pub(crate) fn result(&self, text: impl AsRef<str>) {
        let _ = writeln!(std::io::stdout().lock(), "{}", text.as_ref());
    }

    /// Anything that is not the result, on stderr.
    pub(crate) fn say(&self, text: impl AsRef<str>) {
        if !self.json {
            let _ = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
        }
    }

    /// Something that went wrong, on stderr, JSON or not.
    pub(crate) fn complain(&self, text: impl AsRef<str>) {
        let _ = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
    }

    /// Asks for a yes.
    pub(crate) fn confirm(&self, question: &str) -> bool {
        let _ = write!(std::io::stderr().lock(), "{question} [y/N] ");
        let _ = std::io::stderr().flush();
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        read.is_ok() && matches!(answer.trim(), "y" | "yes" | "Y")
    }

    /// Asks for something that is not shown while it is typed.
    pub(crate) fn ask_secret(&self, question: &str) -> Option<String> {
        if !self.asks {
            return None;
        }
        let _ = write!(std::io::stderr().lock(), "{question}: ");
        let _ = std::io::stderr().flush();
        console::Term::stderr().read_secure_line().ok().filter(|line| !line.is_empty())
    }
}
