//! One file of the catalogue, one of the simulator, one conformance case, under the same name, and
//! a line for each in its registry: a file without one would not even be compiled.

use std::{collections::BTreeSet, path::Path};

use crate::source::root;

/// Service and file.
type Names = BTreeSet<(String, String)>;

/// What the types of a service of the catalogue are in: here the simulator and AWS know nothing.
const LOCAL: &str = "crypto";

/// Where the files of a provider stand, each registered in the `mod.rs` of its folder.
struct Provider {
    catalogue: &'static str,
    simulator: &'static str,
    /// The backend that is real.
    handlers: &'static str,
    cases: &'static str,
    /// How many files each registry has at least: an empty one would be fine with everything.
    least: usize,
}

const PROVIDERS: [Provider; 2] = [
    Provider {
        catalogue: "infra-core/src/aws",
        simulator: "backend-local/src/sim",
        handlers: "backend-aws/src/services",
        cases: "tests/src/conformance",
        least: 20,
    },
    Provider {
        catalogue: "infra-core/src/cloudflare",
        simulator: "backend-local/src/sim/cloudflare",
        handlers: "backend-aws/src/cloudflare",
        cases: "tests/src/conformance/cloudflare",
        least: 5,
    },
];

/// The entries of a registry: what stands between the braces of a macro's call, by service.
fn registry(folder: &str, call: &str, least: usize) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join(folder).join("mod.rs")).unwrap();
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
    assert!(entries.len() >= least, "{folder}: {entries:?}");
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

impl Provider {
    fn catalogue(&self) -> Vec<(String, String)> {
        registry(self.catalogue, "catalogue", self.least)
    }

    /// The files of the catalogue: those that register types, or all.
    fn catalogue_files(&self, with_types: bool) -> Names {
        let all = self.catalogue().into_iter();
        let wanted = all.filter(|(_, entry)| !with_types || entry.contains(':'));
        wanted
            .map(|(service, entry)| (service, entry.split(':').next().unwrap().trim().to_owned()))
            .collect()
    }

    fn specials(&self) -> Names {
        registry(self.simulator, "specials", self.least).into_iter().collect()
    }

    fn handlers(&self) -> Names {
        let lines = registry(self.handlers, "services", self.least).into_iter();
        let names = lines.map(|(service, line)| {
            // `"ec2" ec2` before the braces, `resource vpc: Vpc` within.
            let service = service.rsplit(' ').next().unwrap().to_owned();
            let file = line.split(':').next().unwrap().rsplit(' ').next().unwrap().to_owned();
            (service, file)
        });
        names.collect()
    }

    fn cases(&self) -> Names {
        let all = registry(self.cases, "cases", self.least).into_iter();
        all.filter(|(service, _)| service != LOCAL).collect()
    }
}

#[test]
fn every_file_is_in_its_registry() {
    for provider in PROVIDERS {
        for (folder, names) in [
            (provider.catalogue, provider.catalogue_files(false)),
            (provider.simulator, provider.specials()),
            (provider.cases, provider.cases()),
        ] {
            let files = files(folder, &names);
            let forgotten: Vec<_> = files.difference(&names).collect();
            assert!(forgotten.is_empty(), "{folder}: not registered: {forgotten:?}");
            let absent: Vec<_> = names.difference(&files).collect();
            assert!(absent.is_empty(), "{folder}: no file: {absent:?}");
        }
    }
}

#[test]
fn every_type_has_a_file_of_the_simulator_and_a_case() {
    for provider in PROVIDERS {
        let types = provider.catalogue_files(true);
        let registries =
            [("file of the simulator", provider.specials()), ("case", provider.cases())];
        for (what, names) in registries {
            let absent: Vec<_> = types.difference(&names).collect();
            assert!(absent.is_empty(), "without a {what}: {absent:?}");
        }
    }
}

#[test]
fn every_file_of_the_simulator_and_every_case_is_about_the_catalogue() {
    for provider in PROVIDERS {
        let all = provider.catalogue_files(false);
        for (what, names) in
            [("files of the simulator", provider.specials()), ("cases", provider.cases())]
        {
            let stray: Vec<_> = names.difference(&all).collect();
            assert!(stray.is_empty(), "{what} about nothing: {stray:?}");
        }
    }
}

/// The files and the lines of the real backends, which are not compiled without their features.
#[test]
fn every_handler_is_about_the_catalogue() {
    for provider in PROVIDERS {
        let folder = provider.handlers;
        let lines = provider.handlers();
        let types = provider.catalogue_files(true);
        let stray: Vec<_> = lines.difference(&types).collect();
        assert!(stray.is_empty(), "{folder}: handlers of nothing: {stray:?}");
        let real = types.iter().filter(|(service, _)| service != LOCAL);
        let absent: Vec<_> = real.filter(|it| !lines.contains(it)).collect();
        assert!(absent.is_empty(), "{folder}: without a handler: {absent:?}");
    }
}

#[test]
fn what_is_registered_is_what_declares_a_type() {
    for provider in PROVIDERS {
        for (service, entry) in provider.catalogue() {
            let (name, types) = entry.split_once(':').unwrap_or((&entry, ""));
            let file = Path::new(provider.catalogue).join(&service).join(format!("{name}.rs"));
            let text = std::fs::read_to_string(root().join(&file)).unwrap();
            let declares = ["#[resource(", "#[lookup(", "#[task("]
                .iter()
                .any(|attribute| text.lines().any(|line| line.starts_with(attribute)));
            assert_eq!(declares, !types.trim().is_empty(), "{}", file.display());
        }
    }
}
