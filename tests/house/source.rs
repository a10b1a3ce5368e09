//! Rules about every source file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The longest that a file may be, in lines.
const LONGEST: usize = 500;
/// What the median of the files below each `src` stays under.
const MEDIAN: usize = 200;

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every source file of the workspace, with its text.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = vec![];
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let built = name == "target" || path.join("CACHEDIR.TAG").exists();
            if path.is_dir() {
                if !built && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    assert!(found.len() > 300, "only {} files were found", found.len());
    found
}

/// The files for which something is wrong, with what.
#[track_caller]
fn check(wrong: impl Fn(&str) -> Option<String>) {
    let found: Vec<String> = sources()
        .iter()
        .filter_map(|(path, text)| Some(format!("{}: {}", path.display(), wrong(text)?)))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_file_begins_with_what_it_is_about() {
    check(|text| (!text.starts_with("//! ")).then(|| "does not begin with `//! `".to_owned()));
}

#[test]
fn no_file_is_too_long() {
    check(|text| {
        let lines = text.lines().count();
        (lines > LONGEST).then(|| format!("has {lines} lines, {LONGEST} are allowed"))
    });
}

#[test]
fn most_files_are_short() {
    let mut crates: BTreeMap<PathBuf, Vec<usize>> = BTreeMap::new();
    for (path, text) in sources() {
        let folders = path.ancestors().filter(|folder| folder.ends_with("src"));
        if let Some(folder) = folders.last() {
            crates.entry(folder.to_owned()).or_default().push(text.lines().count());
        }
    }
    assert!(crates.len() >= 5, "{crates:?}");
    for (folder, mut lines) in crates {
        lines.sort_unstable();
        let median = lines[lines.len() / 2];
        assert!(median < MEDIAN, "the median of {} is {median} lines", folder.display());
    }
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not hold what it looks for.
    let words = ["todo", "unimplemented", "dbg"].map(|word| format!("{word}!("));
    check(|text| {
        let number = text.lines().position(|line| {
            words.iter().any(|word| {
                let found = line.match_indices(word.as_str()).next();
                found.is_some_and(|(place, _)| !ends_a_word(&line[..place]))
            })
        })?;
        Some(format!("line {} leaves something for later", number + 1))
    });
}

/// Whether a text ends within a word, so that what follows is the end of a longer one.
fn ends_a_word(text: &str) -> bool {
    text.ends_with(|character: char| character.is_alphanumeric() || character == '_')
}
