//! One file of the catalogue, one of the simulator, one conformance case, under the same name, and
//! a line for each in its registry: a file without one would not even be compiled.

use std::{collections::BTreeSet, path::Path};

use crate::source::root;

/// Service and file.
type Names = BTreeSet<(String, String)>;

/// What the types of a service of the catalogue are in: here the simulator and AWS know nothing.
const LOCAL: &str = "crypto";

/// The entries of a registry: what stands between the braces of a macro's call, by service.
fn registry(file: &str, call: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    let (_, rest) = text.split_once(&format!("\n{call}! {{\n")).unwrap();
    let (body, _) = rest.split_once("\n}\n").unwrap();
    let body: String = body.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut entries = vec![];
    for service in body.split('}').filter(|service| !service.trim().is_empty()) {
        let (name, files) = service.split_once('{').unwrap();
        for file in files.split([',', ';']).map(str::trim).filter(|file| !file.is_empty()) {
            entries.push((name.trim().to_owned(), file.to_owned()));
        }
    }
    assert!(entries.len() > 20, "{file}: {entries:?}");
    entries
}

/// The files that stand in the folders of a registry's services.
fn files(folder: &str, entries: &Names) -> Names {
    let services: BTreeSet<&String> = entries.iter().map(|(service, _)| service).collect();
    let mut found = Names::new();
    for service in services {
        for entry in std::fs::read_dir(root().join(folder).join(service)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                found.insert((service.clone(), name));
            }
        }
    }
    found
}

fn catalogue() -> Vec<(String, String)> {
    registry("infra-core/src/aws/mod.rs", "catalogue")
}

/// The files of the catalogue: those that register types, or all.
fn catalogue_files(with_types: bool) -> Names {
    let wanted = catalogue().into_iter().filter(|(_, entry)| !with_types || entry.contains(':'));
    wanted
        .map(|(service, entry)| (service, entry.split(':').next().unwrap().trim().to_owned()))
        .collect()
}

fn specials() -> Names {
    registry("backend-local/src/sim/mod.rs", "specials").into_iter().collect()
}

fn cases() -> Names {
    let all = registry("tests/suite/conformance/mod.rs", "cases").into_iter();
    all.filter(|(service, _)| service != LOCAL).collect()
}

#[test]
fn every_file_is_in_its_registry() {
    for (folder, names) in [
        ("infra-core/src/aws", catalogue_files(false)),
        ("backend-local/src/sim", specials()),
        ("tests/suite/conformance", cases()),
    ] {
        let files = files(folder, &names);
        let forgotten: Vec<_> = files.difference(&names).collect();
        assert!(forgotten.is_empty(), "{folder}: not registered: {forgotten:?}");
        let absent: Vec<_> = names.difference(&files).collect();
        assert!(absent.is_empty(), "{folder}: no file: {absent:?}");
    }
}

#[test]
fn every_type_has_a_file_of_the_simulator_and_a_case() {
    let types = catalogue_files(true);
    for (what, names) in [("file of the simulator", specials()), ("case", cases())] {
        let absent: Vec<_> = types.difference(&names).collect();
        assert!(absent.is_empty(), "without a {what}: {absent:?}");
    }
}

#[test]
fn every_file_of_the_simulator_and_every_case_is_about_the_catalogue() {
    let all = catalogue_files(false);
    for (what, names) in [("files of the simulator", specials()), ("cases", cases())] {
        let stray: Vec<_> = names.difference(&all).collect();
        assert!(stray.is_empty(), "{what} about nothing: {stray:?}");
    }
}

#[test]
fn what_is_registered_is_what_declares_a_type() {
    for (service, entry) in catalogue() {
        let (name, types) = entry.split_once(':').unwrap_or((&entry, ""));
        let file = Path::new("infra-core/src/aws").join(&service).join(format!("{name}.rs"));
        let text = std::fs::read_to_string(root().join(&file)).unwrap();
        let declares = ["#[resource(", "#[lookup(", "#[task("]
            .iter()
            .any(|attribute| text.lines().any(|line| line.starts_with(attribute)));
        assert_eq!(declares, !types.trim().is_empty(), "{}", file.display());
    }
}
