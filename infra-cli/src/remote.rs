//! State and keys that are kept elsewhere than on this machine: which of the binary's [`Remote`]s a
//! URL means.

use std::sync::Arc;

use infra_core::{
    handler::{Remote, RemoteRequest},
    state::{seal::KeySource, store::StateStore},
};

use crate::{context::Context, error::CliError};

/// What a URL is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    State,
    Key,
}

impl Kept {
    /// The option that takes the URL.
    pub(crate) fn option(self) -> &'static str {
        match self {
            Self::State => "--state",
            Self::Key => "--secrets-key",
        }
    }

    fn schemes(self, remote: &dyn Remote) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::State => remote.states(),
            Self::Key => remote.keys(),
        }
    }
}

/// Where `--state` says that state is kept.
pub(crate) fn state(context: &Context, url: &str) -> Result<Arc<dyn StateStore>, CliError> {
    let remote = find(context, Kept::State, url)?;
    Ok(remote.state(&request(context, url)?)?)
}

/// What `--secrets-key` says that the data key is sealed with.
pub(crate) fn key(context: &Context, url: &str) -> Result<Arc<dyn KeySource>, CliError> {
    let remote = find(context, Kept::Key, url)?;
    Ok(remote.key(&request(context, url)?)?)
}

fn request(context: &Context, url: &str) -> Result<RemoteRequest, CliError> {
    Ok(RemoteRequest {
        url: url.to_owned(),
        region: context.project.region.clone(),
        endpoints: context.endpoints()?,
        project: context.project.name.clone(),
        stack: context.stack.clone(),
        place: context.place()?.name().to_owned(),
    })
}

/// What the binary brings along that knows the scheme of a URL.
fn find<'a>(context: &'a Context, kept: Kept, url: &str) -> Result<&'a dyn Remote, CliError> {
    let brought = context.project.places.iter().filter_map(|place| place.remote());
    let given = context.project.remotes.iter().map(|remote| &**remote);
    let all: Vec<&dyn Remote> = given.chain(brought).collect();
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    let knows = |remote: &&&dyn Remote| {
        kept.schemes(**remote).iter().any(|(known, _)| Some(*known) == scheme)
    };
    if let Some(remote) = all.iter().find(knows) {
        return Ok(*remote);
    }
    let mut known: Vec<&str> =
        all.iter().flat_map(|remote| kept.schemes(*remote)).map(|(_, example)| *example).collect();
    known.dedup();
    Err(CliError::UnknownUrl {
        kept,
        url: url.to_owned(),
        known: known.into_iter().map(str::to_owned).collect(),
        command: context.command(),
    })
}
