//! [`Context`]: what a command works with: the stack, the place, the store, the folder.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use infra_core::{
    clock::{Clock, SystemClock},
    engine::{Engine, EngineOptions},
    event::Listener,
    handler::{Backend, Cancel, Endpoints, Place, PlaceRequest},
    plan::{Pattern, PlanOptions},
    state::{
        seal::KeySource,
        store::{Holder, LocalStore, StateStore},
    },
};

use crate::{
    args::{Global, Limits},
    error::CliError,
    keys,
    project::Project,
    remote::{self, Kept},
    ui::Ui,
};

/// The folder in which state and the simulated account are kept.
const FOLDER: &str = ".infra";

/// What a command works with.
pub(crate) struct Context {
    pub(crate) project: Project,
    pub(crate) global: Global,
    pub(crate) ui: Ui,
    pub(crate) stack: String,
    pub(crate) folder: PathBuf,
}

impl Context {
    pub(crate) fn new(project: Project, global: Global, ui: Ui) -> Result<Self, CliError> {
        let stack = global.stack.clone().unwrap_or_else(|| project.stack.clone());
        let folder = match &global.state_dir {
            Some(folder) => folder.clone(),
            None => find_folder()?,
        };
        Ok(Self { project, global, ui, stack, folder })
    }

    /// The place that the command line asks for.
    pub(crate) fn place(&self) -> Result<&Arc<dyn Place>, CliError> {
        let Some(wanted) = &self.global.backend else {
            return self.project.places.first().ok_or(CliError::NoPlace);
        };
        let found = self
            .project
            .places
            .iter()
            .find(|place| place.name() == wanted || place.aliases().contains(&wanted.as_str()));
        found.ok_or_else(|| CliError::UnknownPlace {
            wanted: wanted.clone(),
            known: self.project.places.iter().map(|place| place.name().to_owned()).collect(),
            command: self.command(),
        })
    }

    /// How people run this binary.
    pub(crate) fn command(&self) -> String {
        self.project.command.clone().unwrap_or_else(|| self.project.name.clone())
    }

    /// A command to suggest, with the options that this one was given.
    pub(crate) fn suggestion(&self, rest: &str) -> String {
        let mut command = self.command();
        let via_cargo = command.starts_with("cargo ");
        if via_cargo && !command.ends_with(" --") {
            command.push_str(" --");
        }
        if let Some(stack) = &self.global.stack {
            command.push_str(&format!(" --stack {stack}"));
        }
        if let Some(backend) = &self.global.backend {
            command.push_str(&format!(" --backend {backend}"));
        }
        let kept = [(Kept::State, &self.global.state), (Kept::Key, &self.global.secrets_key)];
        for (kept, url) in kept {
            if let Some(url) = url {
                command.push_str(&format!(" {} '{url}'", kept.option()));
            }
        }
        format!("{command} {rest}")
    }

    /// Where the things of this stack and place are kept.
    pub(crate) fn stack_folder(&self) -> Result<PathBuf, CliError> {
        let place = self.place()?.name();
        Ok(self.folder.join(&self.project.name).join(&self.stack).join(place))
    }

    /// Where the stack's state is kept.
    pub(crate) fn store(&self) -> Result<Arc<dyn StateStore>, CliError> {
        match &self.global.state {
            Some(url) => remote::state(self, url),
            None => Ok(Arc::new(LocalStore::new(self.stack_folder()?))),
        }
    }

    pub(crate) fn backend(&self, read_only: bool) -> Result<Arc<dyn Backend>, CliError> {
        let request = self.request(read_only)?;
        Ok(self.place()?.open(&request)?)
    }

    /// What a place is told when it is opened.
    pub(crate) fn request(&self, read_only: bool) -> Result<PlaceRequest, CliError> {
        make_folder(&self.folder)?;
        let place = self.place()?;
        let mut endpoints = self.endpoints()?;
        if !endpoints.is_empty() && !place.takes_endpoints() {
            // They may be meant for what keeps the state.
            if self.global.state.is_none() && self.global.secrets_key.is_none() {
                return Err(CliError::NoEndpoints(place.name()));
            }
            endpoints = Endpoints::default();
        }
        Ok(PlaceRequest {
            region: self.project.region.clone(),
            endpoints,
            folder: self.folder.clone(),
            project: self.project.name.clone(),
            stack: self.stack.clone(),
            now: SystemClock.now(),
            read_only,
        })
    }

    /// The servers that the command line names.
    pub(crate) fn endpoints(&self) -> Result<Endpoints, CliError> {
        let emulator = self.global.emulator;
        let all = emulator.map(|emulator| emulator.url().to_owned());
        let unchecked = emulator.is_some();
        let mut endpoints = Endpoints { all, unchecked, ..Endpoints::default() };
        for given in &self.global.endpoint_url {
            let (service, url) = match given.split_once('=') {
                Some((service, url)) if !service.contains(':') => (Some(service), url),
                _ => (None, given.as_str()),
            };
            if !url.starts_with("http://") && !url.starts_with("https://") {
                return Err(CliError::EndpointUrl(given.clone()));
            }
            match service {
                Some(service) => {
                    endpoints.services.insert(service.to_owned(), url.to_owned());
                }
                None => endpoints.all = Some(url.to_owned()),
            }
        }
        Ok(endpoints)
    }

    /// What seals the stack's secrets.
    pub(crate) fn key(&self) -> Result<Option<Arc<dyn KeySource>>, CliError> {
        if let Some(url) = &self.global.secrets_key {
            return remote::key(self, url).map(Some);
        }
        keys::source(&self.ui, &self.project.name, self.place()?.is_real())
    }

    /// An engine on the place and the store.
    pub(crate) fn engine(
        &self,
        listener: Arc<dyn Listener>,
        cancel: &Cancel,
    ) -> Result<Engine, CliError> {
        self.engine_on(self.backend(false)?, self.store()?, listener, cancel)
    }

    pub(crate) fn engine_on(
        &self,
        backend: Arc<dyn Backend>,
        store: Arc<dyn StateStore>,
        listener: Arc<dyn Listener>,
        cancel: &Cancel,
    ) -> Result<Engine, CliError> {
        let mut options = EngineOptions::default();
        options.parallel = self.global.parallel;
        options.holder = holder();
        let engine = Engine::new(backend, store)
            .with_listener(listener)
            .with_cancel(cancel.clone())
            .with_options(options);
        Ok(match self.key()? {
            Some(key) => engine.with_key(key),
            None => engine,
        })
    }

    pub(crate) fn plan_options(&self, limits: &Limits) -> PlanOptions {
        let patterns =
            |texts: &[String]| texts.iter().map(|text| Pattern::new(text.as_str())).collect();
        PlanOptions {
            targets: patterns(&limits.target),
            excludes: patterns(&limits.exclude),
            replace: patterns(&limits.replace),
            refresh_lookups: limits.refresh_lookups,
            may_lose_data: patterns(&limits.delete_data),
        }
    }
}

/// Makes the folder, and keeps git from seeing what is in it.
fn make_folder(folder: &Path) -> Result<(), CliError> {
    let made = std::fs::create_dir_all(folder).and_then(|()| {
        let ignore = folder.join(".gitignore");
        if ignore.exists() { Ok(()) } else { std::fs::write(ignore, "*\n") }
    });
    made.map_err(|source| CliError::File { path: folder.to_owned(), what: "made", source })
}

/// The folder of the project: an existing one, looked for upwards; else beside the outermost
/// `Cargo.lock` or `.git`, so that every folder of a workspace means the same stack; else here.
fn find_folder() -> Result<PathBuf, CliError> {
    let here = std::env::current_dir().map_err(|source| CliError::File {
        path: ".".into(),
        what: "found",
        source,
    })?;
    let existing =
        here.ancestors().map(|folder| folder.join(FOLDER)).find(|folder| folder.is_dir());
    if let Some(folder) = existing {
        return Ok(folder);
    }
    let marked =
        |folder: &&Path| folder.join("Cargo.lock").is_file() || folder.join(".git").exists();
    let root = here.ancestors().find(marked).unwrap_or(&here);
    Ok(root.join(FOLDER))
}

/// Who is at work, for others who want the lock.
fn holder() -> Holder {
    let user = keys::variable("USER").or_else(|| keys::variable("USERNAME"));
    let user = user.unwrap_or_else(|| "someone".into());
    let host = keys::variable("HOSTNAME").map(|host| format!(" on {host}")).unwrap_or_default();
    let who = format!("{user}{host} (process {})", std::process::id());
    Holder { who, since: SystemClock.now() / 1000 }
}
