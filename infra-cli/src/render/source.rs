//! Messages with the user's own lines under them.

use std::{
    panic::Location,
    path::{Path, PathBuf},
    time::SystemTime,
};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::ui::Ui;

/// A line of the program.
pub(crate) type Site = &'static Location<'static>;

/// How many lines are shown with their text; of the others only where they stand is told.
const SHOWN: usize = 4;

/// A message, with the user's own lines under it where the source is at hand.
pub(crate) fn located(ui: &Ui, title: &str, help: Option<&str>, at: &[Site]) -> String {
    let renderer = if ui.colored { Renderer::styled() } else { Renderer::plain() };
    let sources: Vec<Option<String>> = at.iter().map(|site| source(site)).collect();
    let mut group = Group::with_title(Level::ERROR.primary_title(title));
    for (place, (site, source)) in at.iter().zip(&sources).enumerate() {
        let shown = source.as_ref().filter(|_| place < SHOWN);
        let span = shown.and_then(|source| Some((source, span(source, site)?)));
        let kind = if place == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        group = match span {
            Some((source, span)) => group.element(
                Snippet::source(source.as_str()).path(site.file()).annotation(kind.span(span)),
            ),
            None => group.element(origin(site)),
        };
    }
    if let Some(help) = help {
        group = group.element(Level::HELP.message(help.to_owned()));
    }
    renderer.render(&[group]).to_string()
}

fn origin(site: Site) -> Origin<'static> {
    Origin::path(site.file()).line(site.line() as usize).char_column(site.column() as usize)
}

/// The text of a source file, if it is still that of this binary. The compiler names it from the
/// folder of the workspace, which is here or above.
fn source(site: Site) -> Option<String> {
    let named = PathBuf::from(site.file());
    let here = std::env::current_dir().ok()?;
    let candidates = here.ancestors().map(|folder| folder.join(&named));
    let path = candidates.chain([named.clone()]).find(|path| path.is_file())?;
    let newer = changed(&path)? > changed(&std::env::current_exe().ok()?)?;
    if newer { None } else { std::fs::read_to_string(path).ok() }
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// The call at a location, as far as it stands on one line.
fn span(source: &str, site: Site) -> Option<std::ops::Range<usize>> {
    let line = site.line() as usize - 1;
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let text = source.lines().nth(line)?;
    let column = text.char_indices().nth(site.column() as usize - 1).map(|(at, _)| at)?;
    let call = call(&text[column..]);
    Some(start + column..start + column + call.trim_end().len())
}

/// The call that a text begins with: up to the parenthesis that closes its first one, or all of it
/// if that is not there.
fn call(text: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (place, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' if depth <= 1 => return &text[..place + usize::from(depth == 1)],
            ')' => depth -= 1,
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::call;

    #[test]
    fn a_call_ends_with_its_parenthesis() {
        assert_eq!(call(r#"name(")", f(x)).tags(y)"#), r#"name(")", f(x))"#);
        assert_eq!(call(r#"name("\")").tags(y)"#), r#"name("\")")"#);
        assert_eq!(call("create(&stack);"), "create(&stack)");
        assert_eq!(call("map(|id| {"), "map(|id| {");
        assert_eq!(call("zone);"), "zone");
    }
}
