//! What the engine says, on a terminal: a live tree of what runs, how long, and what it waits for.
//!
//! What ended is printed above and stays; what runs is a region at the bottom that is drawn anew.
//! Without a terminal what ended is printed, one line each, and now and then what takes long.

use std::{
    collections::BTreeMap,
    io::Write,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use console::Term;
use infra_core::{
    event::{Event, EventKind, Listener, Operation, Tally},
    urn::Urn,
};

use super::time::{duration, plural};
use crate::ui::{Styles, Ui};

/// How often the region is drawn at most.
const FRAME: Duration = Duration::from_millis(66);

/// How often whoever sees no region is told what something waits for, by their own time.
const STILL: Duration = Duration::from_secs(30);

/// Shows what happens on stderr.
pub(crate) struct Live {
    ui: Ui,
    state: Mutex<Shown>,
}

struct Shown {
    term: Term,
    running: BTreeMap<u32, Running>,
    tally: Tally,
    now: u64,
    began: Option<u64>,
    /// How many lines the region has.
    lines: usize,
    drawn: Option<Instant>,
}

struct Running {
    urn: Urn,
    operation: Operation,
    began: u64,
    usual: u64,
    waits: Option<String>,
    /// When it began, or it was told last that it still runs.
    told: Instant,
}

#[expect(clippy::disallowed_methods, reason = "what is shown goes by the user's time")]
fn now() -> Instant {
    Instant::now()
}

impl Live {
    pub(crate) fn new(ui: &Ui) -> Self {
        let state = Shown {
            term: Term::buffered_stderr(),
            running: BTreeMap::new(),
            tally: Tally::default(),
            now: 0,
            began: None,
            lines: 0,
            drawn: None,
        };
        Self { ui: ui.clone(), state: Mutex::new(state) }
    }
}

fn mark(styles: &Styles, operation: Operation) -> (anstyle::Style, &'static str, &'static str) {
    match operation {
        Operation::Create => (styles.create, "+", "created"),
        Operation::Resume => (styles.create, "+", "finished"),
        Operation::Import => (styles.create, "+", "imported"),
        Operation::Update => (styles.update, "~", "updated"),
        Operation::Replace => (styles.replace, "±", "replaced"),
        Operation::Delete => (styles.delete, "-", "deleted"),
        Operation::Forget => (styles.delete, "×", "forgotten"),
        Operation::Read => (styles.dim, "<", "read"),
        Operation::Run => (styles.create, "»", "ran"),
        Operation::Settle => (styles.dim, "?", "settled"),
        Operation::Refresh => (styles.dim, "=", "refreshed"),
        Operation::Relink => (styles.dim, "·", "recorded"),
    }
}

impl Listener for Live {
    fn event(&self, event: &Event) {
        let mut shown = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        shown.now = event.at;
        let began = *shown.began.get_or_insert(event.at);
        let since = duration(event.at.saturating_sub(began));
        match &event.kind {
            EventKind::StepStarted { step, urn, operation, usual, tally } => {
                shown.tally = *tally;
                let (urn, operation, usual) = (urn.clone(), *operation, *usual);
                let (began, told) = (event.at, now());
                let running = Running { urn, operation, began, usual, waits: None, told };
                shown.running.insert(*step, running);
            }
            EventKind::StepWaiting { step, message, .. } => {
                self.waits(&mut shown, *step, message.clone(), &since);
            }
            EventKind::StepRetrying { step, message, attempt, .. } => {
                self.waits(&mut shown, *step, format!("again ({attempt}): {message}"), &since);
            }
            EventKind::StepFinished { step, urn, operation, took, tally } => {
                shown.tally = *tally;
                shown.running.remove(step);
                if *operation != Operation::Relink {
                    let line = self.finished(urn, *operation, *took, &since);
                    shown.print(&line);
                }
            }
            EventKind::StepFailed { step, urn, message, tally, .. } => {
                shown.tally = *tally;
                shown.running.remove(step);
                let Styles { dim, error, .. } = self.ui.styles;
                let name = self.name(urn);
                shown.print(&format!(
                    "{dim}{since:>12}{dim:#}  {error}✗{error:#} {name} {error}failed:{error:#} {message}"
                ));
            }
            kind => {
                if let Some(line) = self.said(kind) {
                    shown.print(&line);
                }
            }
        }
        if self.ui.animates {
            shown.draw(&self.ui, false);
        }
        if matches!(event.kind, EventKind::RunFinished { .. }) {
            shown.running.clear();
            shown.clear();
            let _ = shown.term.flush();
        }
    }
}

impl Live {
    /// Something waits; whoever sees no region is told if that is so for long.
    fn waits(&self, shown: &mut Shown, step: u32, message: String, since: &str) {
        let Some(running) = shown.running.get_mut(&step) else { return };
        let mut line = None;
        if !self.ui.animates && running.told.elapsed() >= STILL {
            running.told = now();
            let dim = self.ui.styles.dim;
            let (name, operation) = (self.name(&running.urn), running.operation);
            line = Some(format!("{dim}{since:>12}  …{dim:#} {name} {operation}: {message}"));
        }
        running.waits = Some(message);
        if let Some(line) = line {
            shown.print(&line);
        }
    }

    fn finished(&self, urn: &Urn, operation: Operation, took: u64, since: &str) -> String {
        let (style, mark, word) = mark(&self.ui.styles, operation);
        let dim = self.ui.styles.dim;
        let name = self.name(urn);
        let took =
            if took >= 100 { format!(" {dim}in {}{dim:#}", duration(took)) } else { String::new() };
        format!("{dim}{since:>12}{dim:#}  {style}{mark}{style:#} {name} {word}{took}")
    }

    fn name(&self, urn: &Urn) -> String {
        let Styles { dim, strong, .. } = self.ui.styles;
        let path: String = urn.path().map(|part| format!("{part}/")).collect();
        format!("{dim}{path}{dim:#}{} {strong}{}{strong:#}", urn.ty(), urn.name())
    }

    fn said(&self, kind: &EventKind) -> Option<String> {
        let warning = self.ui.styles.warning;
        Some(match kind {
            EventKind::JournalTorn { bytes } => format!(
                "{warning}note:{warning:#} a crash tore the last {} of the journal; nothing that was \
                 acknowledged is lost",
                plural(usize::try_from(*bytes).unwrap_or(usize::MAX), "byte")
            ),
            EventKind::Recovering { open } => format!(
                "{warning}note:{warning:#} an earlier run was interrupted; finding out what became of {}",
                plural(*open, "operation")
            ),
            EventKind::Stopping => format!(
                "{warning}stopping:{warning:#} what is under way ends, nothing new begins (again to exit now)"
            ),
            _ => return None,
        })
    }
}

impl Shown {
    /// Prints a line above the region.
    fn print(&mut self, line: &str) {
        self.clear();
        let _ = writeln!(self.term, "{line}");
        let _ = self.term.flush();
    }

    fn clear(&mut self) {
        if self.lines > 0 {
            let _ = self.term.clear_last_lines(self.lines);
            self.lines = 0;
        }
    }

    /// Draws the region, unless that was just done.
    fn draw(&mut self, ui: &Ui, always: bool) {
        let now = now();
        let recent = self.drawn.is_some_and(|drawn| now.duration_since(drawn) < FRAME);
        if self.lines > 0 && recent && !always {
            return;
        }
        self.drawn = Some(now);
        let (height, width) = self.term.size();
        let lines = self.region(ui, usize::from(height).saturating_sub(3).max(3));
        self.clear();
        for line in &lines {
            let cut = console::truncate_str(line, usize::from(width).saturating_sub(1), "…");
            let _ = writeln!(self.term, "{cut}");
        }
        self.lines = lines.len();
        let _ = self.term.flush();
    }

    fn region(&self, ui: &Ui, room: usize) -> Vec<String> {
        if self.running.is_empty() {
            return vec![];
        }
        let Styles { dim, strong, .. } = ui.styles;
        let mut lines = vec![self.progress(ui)];
        let mut by_path: BTreeMap<String, Vec<&Running>> = BTreeMap::new();
        for running in self.running.values() {
            let path: Vec<&str> = running.urn.path().collect();
            by_path.entry(path.join("/")).or_default().push(running);
        }
        for (path, running) in by_path {
            if !path.is_empty() {
                lines.push(format!("  {strong}{path}{strong:#}"));
            }
            for running in running {
                let (style, mark, _) = mark(&ui.styles, running.operation);
                let elapsed = duration(self.now.saturating_sub(running.began));
                let of = match running.usual {
                    0 => String::new(),
                    usual => format!(" of about {}", duration(usual)),
                };
                let waits = running.waits.as_deref().map(|waits| format!("  {dim}{waits}{dim:#}"));
                lines.push(format!(
                    "    {style}{mark}{style:#} {} {}  {} {dim}{elapsed}{of}{dim:#}{}",
                    running.urn.ty(),
                    running.urn.name(),
                    running.operation,
                    waits.unwrap_or_default()
                ));
            }
        }
        if lines.len() > room {
            let more = lines.len() - room + 1;
            lines.truncate(room - 1);
            lines.push(format!("    {dim}and {more} more{dim:#}"));
        }
        lines
    }

    fn progress(&self, ui: &Ui) -> String {
        const WIDTH: usize = 24;
        let Tally { ended, total, .. } = self.tally;
        let filled = (WIDTH * ended).checked_div(total).unwrap_or(0).min(WIDTH);
        let (create, dim) = (ui.styles.create, ui.styles.dim);
        let elapsed = duration(self.now.saturating_sub(self.began.unwrap_or(self.now)));
        format!(
            "{create}{}{create:#}{dim}{}{dim:#} {ended} of {total}, {} under way, {elapsed}",
            "━".repeat(filled),
            "━".repeat(WIDTH - filled),
            self.running.len()
        )
    }
}
