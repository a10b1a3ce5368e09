//! [`CliError`]: what people are told when something goes wrong, and with which exit code.

use std::path::PathBuf;

use infra_core::{
    engine::EngineError,
    graph::Program,
    handler::BackendError,
    state::{format::FormatError, seal::SealError, store::StoreError},
    urn::UrnError,
};

use crate::{
    exit,
    project::ProgramError,
    remote::Kept,
    render::{self, source::Site},
    ui::Ui,
};

/// What can go wrong with a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The same, about these lines of the program.
    #[error("{error}")]
    Located {
        #[source]
        error: EngineError,
        at: Vec<Site>,
    },
    #[error(transparent)]
    Backend(#[from] BackendError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the project or stack can't be named so")]
    Name(#[from] UrnError),
    #[error("the program could not build the stack")]
    Program(#[source] ProgramError),
    #[error("this binary brings no place to deploy to")]
    NoPlace,
    #[error("this binary does not bring the place `{wanted}`")]
    UnknownPlace { wanted: String, known: Vec<String>, command: String },
    #[error("`{} {url}`: this binary knows no such URL", .kept.option())]
    UnknownUrl { kept: Kept, url: String, known: Vec<String>, command: String },
    #[error("the place `{0}` is no server: `--endpoint-url` and `--emulator` say nothing to it")]
    NoEndpoints(&'static str),
    #[error("`--endpoint-url {0}`: expected http://host:port, or service=http://host:port")]
    EndpointUrl(String),
    #[error("`{path}` can't be {what}")]
    File { path: PathBuf, what: &'static str, source: std::io::Error },
    #[error("the place `{0}` has no agent: nothing of it runs on this machine")]
    NoAgent(&'static str),
    #[error(
        "the place `{0}` has no drills: nobody is served there whom something could be taken from"
    )]
    NoDrills(&'static str),
    #[error("there is no drill `{name}`")]
    NoDrill { name: String, near: Option<String> },
    #[error(
        "the drill `{drill}` takes an upgrade that fails and the way back: say --upgrade and --way-back, each with a command of the shell"
    )]
    NoUpgrade { drill: String },
    #[error(
        "the drill `{drill}` has nothing to do with an upgrade: leave --upgrade and --way-back out"
    )]
    VainUpgrade { drill: String },
    #[error("the drill `{drill}` hits no availability zone: leave --zone out")]
    VainZone { drill: String },
    #[error("line {line} of {} is no user: expected `name,password`", .path.display())]
    Accounts { path: PathBuf, line: usize },
    #[error("there is no home folder to keep a key in; set INFRA_PASSPHRASE")]
    NoHome,
    #[error("`--config {0}`: expected key=value")]
    ConfigArgument(String),
    #[error("`{path}` is no valid configuration")]
    ConfigSyntax { path: PathBuf, source: toml::de::Error },
    #[error("the configuration value `{key}` can't be read")]
    ConfigValue { key: String, source: serde_json::Error },
    #[error("the configuration can't be written")]
    ConfigWrite(#[source] toml::ser::Error),
    #[error("configuration `{key}` is not set")]
    NoConfig { key: String, near: Option<String> },
    #[error("no value was given for `{0}`, and nobody can be asked")]
    NoValue(String),
    #[error("the stack has no output `{name}`")]
    NoOutput { name: String, near: Option<String> },
    #[error("no resource of this stack matches `{pattern}`")]
    NoResource { pattern: String, near: Option<String> },
    #[error("there is no type `{ty}`")]
    NoType { ty: String, near: Option<String> },
    #[error("several types are called `{ty}`: {}", .found.join(", "))]
    AmbiguousType { ty: String, found: Vec<String> },
    #[error("nothing to import: expected TYPE NAME ID, or --from FILE")]
    NothingToImport,
    #[error("`import {0}`: expected TYPE NAME ID, and all three again for each further thing")]
    ImportArguments(String),
    #[error("`{path}`, line {line}, is no thing to import")]
    ImportLine { path: PathBuf, line: usize, source: serde_json::Error },
    #[error("`{name}` can't be the name of what is imported")]
    ImportName { name: String, source: UrnError },
    #[error("`{pattern}` matches {} resources, and only one can be meant", .found.len())]
    Ambiguous { pattern: String, found: Vec<String> },
    #[error("`{path}` is no plan")]
    NotAPlan { path: PathBuf, source: serde_json::Error },
    #[error(transparent)]
    NotAState(FormatError),
    #[error("it can't be renamed so")]
    NewName(#[source] UrnError),
    #[error(transparent)]
    Account(BackendError),
    #[error("there is no `{id}` in the account")]
    NoObject { id: String, near: Option<String> },
    #[error("the place `{0}` has no account to look at")]
    NoAccount(&'static str),
    #[error("the program has no component `{path}`")]
    NoComponent { path: String, near: Option<String> },
    #[error("an SVG shows the whole program; a component is drawn as mermaid or dot")]
    WholeAlone,
    #[error("`sim set .. {0}`: expected property=value")]
    SimArgument(String),
    #[error("no prices are known for the region `{0}`")]
    NoPrices(String),
    #[error("the place `{0}` asks nobody for permission: there is no policy to print")]
    NoNeeds(&'static str),
    #[error("the answer was not yes; nothing was touched")]
    Refused,
    #[error("nobody can be asked, and `--yes` was not given; nothing was touched")]
    NobodyToAsk,
    #[error("the runtime can't be started")]
    Runtime(#[source] std::io::Error),
}

impl CliError {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Engine(error) | Self::Located { error, .. } => engine_code(error),
            Self::Backend(_)
            | Self::NoPlace
            | Self::UnknownPlace { .. }
            | Self::UnknownUrl { .. } => exit::PLACE,
            Self::Seal(_) | Self::NotAPlan { .. } | Self::NotAState(_) => exit::STATE,
            Self::Store(error) => store_code(error),
            Self::Name(_)
            | Self::Program(_)
            | Self::ConfigSyntax { .. }
            | Self::ConfigValue { .. } => exit::PROGRAM,
            Self::ConfigArgument(_)
            | Self::NoEndpoints(_)
            | Self::EndpointUrl(_)
            | Self::NoNeeds(_)
            | Self::SimArgument(_)
            | Self::WholeAlone
            | Self::NoValue(_)
            | Self::NoDrills(_)
            | Self::NoDrill { .. }
            | Self::NoUpgrade { .. }
            | Self::VainUpgrade { .. }
            | Self::VainZone { .. }
            | Self::Accounts { .. }
            | Self::NoType { .. }
            | Self::AmbiguousType { .. }
            | Self::NothingToImport
            | Self::ImportArguments(_)
            | Self::ImportLine { .. }
            | Self::ImportName { .. }
            | Self::NewName(_) => exit::USAGE,
            Self::Refused | Self::NobodyToAsk => exit::CONSENT,
            _ => exit::FAILED,
        }
    }

    /// An error of the engine, about the lines of the program that it names.
    pub(crate) fn about(program: &Program, error: EngineError) -> Self {
        let at = match &error {
            EngineError::Read { urn, .. } | EngineError::UnknownType { urn, .. } => {
                render::error::sites(program, urn, None)
            }
            _ => vec![],
        };
        if at.is_empty() { Self::Engine(error) } else { Self::Located { error, at } }
    }

    pub(crate) fn show(&self, ui: &Ui) {
        render::error::show(ui, self);
    }
}

fn engine_code(error: &EngineError) -> u8 {
    match error {
        EngineError::Program(_) | EngineError::Plan(_) | EngineError::UnknownType { .. } => {
            exit::PROGRAM
        }
        EngineError::Consent(_) => exit::CONSENT,
        EngineError::Backend(_) | EngineError::Read { .. } => exit::PLACE,
        EngineError::Store(error) => store_code(error),
        EngineError::Format(_)
        | EngineError::Seal(_)
        | EngineError::OtherPlace { .. }
        | EngineError::OtherAccount { .. }
        | EngineError::Integrity(_)
        | EngineError::StateExists { .. }
        | EngineError::NothingCarries { .. }
        | EngineError::SeveralCarry { .. }
        | EngineError::StalePlan(_) => exit::STATE,
        _ => exit::FAILED,
    }
}

fn store_code(error: &StoreError) -> u8 {
    match error {
        StoreError::Held { .. } | StoreError::Fenced | StoreError::Expired => exit::LOCKED,
        StoreError::Service { .. } => exit::PLACE,
        _ => exit::FAILED,
    }
}
