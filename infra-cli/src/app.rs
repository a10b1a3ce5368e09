//! [`App`]: a program as a binary.

use std::{process::ExitCode, sync::Arc};

use clap::{CommandFactory, FromArgMatches};
use infra_core::{
    check::Check,
    handler::{Place, Remote},
};

use crate::{
    args::Cli,
    commands,
    context::Context,
    error::CliError,
    exit,
    project::{Program, Project},
    repeated,
    ui::Ui,
};

/// A program as a binary: the project's name, the places that it can be deployed to, and what
/// applies when the command line does not say.
pub struct App {
    project: Project,
    about: Option<String>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("project", &self.project.name).finish_non_exhaustive()
    }
}

impl App {
    /// A binary for a project.
    #[must_use]
    pub fn new(project: impl Into<String>) -> Self {
        let project = Project {
            name: project.into(),
            stack: "dev".to_owned(),
            region: "eu-central-1".to_owned(),
            places: vec![],
            remotes: vec![],
            checks: vec![],
            command: None,
        };
        Self { project, about: None }
    }

    /// A place that it can be deployed to. The first is the default.
    #[must_use]
    pub fn place(mut self, place: impl Place + 'static) -> Self {
        self.project.places.push(Arc::new(place));
        self
    }

    /// What keeps state and keys elsewhere than on this machine, for `--state` and
    /// `--secrets-key`. A place may bring some along.
    #[must_use]
    pub fn remote(mut self, remote: impl Remote + 'static) -> Self {
        self.project.remotes.push(Arc::new(remote));
        self
    }

    /// A rule that every program of the binary is held against; see [`Check`].
    #[must_use]
    pub fn check(mut self, check: impl Check + 'static) -> Self {
        self.project.checks.push(Arc::new(check));
        self
    }

    /// The stack that commands are about when `--stack` is not given. Default: `dev`.
    #[must_use]
    pub fn default_stack(mut self, stack: impl Into<String>) -> Self {
        self.project.stack = stack.into();
        self
    }

    /// The AWS region of resources that are given no provider. Default: `eu-central-1`.
    #[must_use]
    pub fn default_region(mut self, region: impl Into<String>) -> Self {
        self.project.region = region.into();
        self
    }

    /// What the binary is for, in its help.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// How people run the binary, for the commands that it suggests. Default: the name that it
    /// was started with.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.project.command = Some(command.into());
        self
    }

    /// Does what the command line says.
    pub fn run(self, program: impl Program) -> ExitCode {
        self.run_from(std::env::args_os(), program)
    }

    /// Does what a command line says, its first word being the binary's name.
    pub fn run_from<I, T>(mut self, args: I, program: impl Program) -> ExitCode
    where
        I: IntoIterator<Item = T>,
        T: Into<std::ffi::OsString> + Clone,
    {
        let mut command = repeated::everywhere(Cli::command());
        if let Some(about) = self.about.take() {
            command = command.about(about);
        }
        let args: Vec<std::ffi::OsString> = args.into_iter().map(Into::into).collect();
        let started = args.first().map(|name| name.to_string_lossy().into_owned());
        let parsed = command.try_get_matches_from(args);
        let read = parsed.and_then(|matches| {
            let mut cli = Cli::from_arg_matches(&matches)?;
            repeated::gather(&mut cli.global, &matches);
            Ok(cli)
        });
        let cli = match read {
            Ok(cli) => cli,
            Err(error) => {
                let shown = error.print();
                let code =
                    if error.use_stderr() || shown.is_err() { exit::USAGE } else { exit::OK };
                return ExitCode::from(code);
            }
        };
        let Project { name, command, .. } = &mut self.project;
        command.get_or_insert(started.unwrap_or_else(|| name.clone()));
        let ui = Ui::new(&cli.global);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let done = match runtime {
            Ok(runtime) => {
                let context = Context::new(self.project, cli.global, ui.clone());
                let done = context.and_then(|context| {
                    runtime.block_on(commands::run(&context, &program, cli.command))
                });
                runtime.shutdown_background();
                done
            }
            Err(source) => Err(CliError::Runtime(source)),
        };
        ExitCode::from(done.unwrap_or_else(|error| {
            error.show(&ui);
            error.exit_code()
        }))
    }
}
