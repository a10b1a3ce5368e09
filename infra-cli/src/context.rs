//! [`Context`]: what a command works with: the stack, the place, the store, the folder.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use infra_core::{
    Provider, Stack,
    clock::{Clock, SystemClock},
    engine::{Engine, EngineOptions},
    event::Listener,
    handler::{Backend, Cancel, Place, PlaceRequest},
    plan::{Pattern, PlanOptions},
    state::{
        seal::KeySource,
        store::{Holder, LocalStore, StateStore},
    },
};

use crate::{
    app::{App, Program},
    args::{Global, Limits},
    config,
    error::CliError,
    keys,
    suggest::near,
    ui::{Styles, Ui},
};

/// The folder in which state and the simulated account are kept.
const FOLDER: &str = ".infra";

/// What a command works with.
pub(crate) struct Context {
    pub(crate) app: App,
    pub(crate) global: Global,
    pub(crate) ui: Ui,
    pub(crate) stack: String,
    pub(crate) folder: PathBuf,
}

impl Context {
    pub(crate) fn new(app: App, global: Global, ui: Ui) -> Result<Self, CliError> {
        let stack = global.stack.clone().unwrap_or_else(|| app.stack.clone());
        let folder = match &global.state_dir {
            Some(folder) => folder.clone(),
            None => find_folder()?,
        };
        Ok(Self { app, global, ui, stack, folder })
    }

    /// The place that the command line asks for.
    pub(crate) fn place(&self) -> Result<&Arc<dyn Place>, CliError> {
        let Some(wanted) = &self.global.backend else {
            return self.app.places.first().ok_or(CliError::NoPlace);
        };
        let found = self
            .app
            .places
            .iter()
            .find(|place| place.name() == wanted || place.aliases().contains(&wanted.as_str()));
        found.ok_or_else(|| CliError::UnknownPlace {
            wanted: wanted.clone(),
            known: self.app.places.iter().map(|place| place.name().to_owned()).collect(),
            command: self.command(),
        })
    }

    /// How people run this binary.
    pub(crate) fn command(&self) -> String {
        self.app.command.clone().unwrap_or_else(|| self.app.project.clone())
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
        format!("{command} {rest}")
    }

    /// Where the things of this stack and place are kept.
    pub(crate) fn stack_folder(&self) -> Result<PathBuf, CliError> {
        let place = self.place()?.name();
        Ok(self.folder.join(&self.app.project).join(&self.stack).join(place))
    }

    pub(crate) fn store(&self) -> Result<LocalStore, CliError> {
        Ok(LocalStore::new(self.stack_folder()?))
    }

    pub(crate) fn backend(&self, read_only: bool) -> Result<Arc<dyn Backend>, CliError> {
        make_folder(&self.folder)?;
        let request = PlaceRequest {
            folder: self.folder.clone(),
            project: self.app.project.clone(),
            stack: self.stack.clone(),
            now: SystemClock.now(),
            read_only,
        };
        Ok(self.place()?.open(&request)?)
    }

    /// What seals the stack's secrets.
    pub(crate) fn key(&self) -> Result<Option<Arc<dyn KeySource>>, CliError> {
        keys::source(&self.ui, &self.app.project, self.place()?.is_real())
    }

    /// An engine on the place and the store.
    pub(crate) fn engine(
        &self,
        listener: Arc<dyn Listener>,
        cancel: &Cancel,
    ) -> Result<Engine, CliError> {
        self.engine_on(self.backend(false)?, Arc::new(self.store()?), listener, cancel)
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

    /// Builds the program.
    pub(crate) async fn program(
        &self,
        program: &dyn Program,
    ) -> Result<infra_core::graph::Program, CliError> {
        let config = config::load(self).await?;
        let stack = Stack::new(&self.app.project, &self.stack, config)?;
        stack.use_provider(Provider::aws(&self.app.region));
        for check in &self.app.checks {
            stack.check_shared(Arc::clone(check));
        }
        program.build(&stack).map_err(CliError::Program)?;
        self.warn_of_unread(&stack.asked_config());
        Ok(stack.finish())
    }

    /// Tells of values on the command line that the program never asked for: misspelt, most often.
    fn warn_of_unread(&self, asked: &[String]) {
        let Styles { warning, strong, .. } = self.ui.styles;
        for text in &self.global.config {
            let key = text.split_once('=').map_or(text.as_str(), |(key, _)| key);
            if asked.iter().any(|asked| asked == key) {
                continue;
            }
            self.ui.say(format!(
                "{warning}warning:{warning:#} the program does not read the configuration `{key}`"
            ));
            let known = asked.join(", ");
            let help = match near(key, asked.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => "it reads none".to_owned(),
                None => format!("it reads {known}"),
            };
            self.ui.say(format!("{strong}help:{strong:#} {help}"));
        }
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
