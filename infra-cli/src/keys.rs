//! Where the key comes from that seals a stack's secrets.

use std::{path::PathBuf, sync::Arc};

use infra_core::{
    state::seal::{KeyFile, KeySource, Passphrase},
    types::Secret,
};

use crate::{error::CliError, ui::Ui};

/// The variable that holds the passphrase.
pub(crate) const VARIABLE: &str = "INFRA_PASSPHRASE";

/// A passphrase from the environment; else, for places where nothing is real, a key file outside
/// of the project; else a passphrase that is asked for. `None` if there is nobody to ask.
pub(crate) fn source(
    ui: &Ui,
    project: &str,
    real: bool,
) -> Result<Option<Arc<dyn KeySource>>, CliError> {
    if let Ok(passphrase) = std::env::var(VARIABLE)
        && !passphrase.is_empty()
    {
        return Ok(Some(Arc::new(Passphrase::new(Secret::new(passphrase)))));
    }
    if !real {
        let file = KeyFile::new(key_path(project)?);
        if !file.path().exists() {
            ui.say(format!(
                "Secrets of simulated stacks are sealed with a key made in {} (set {VARIABLE} to \
                 use a passphrase).",
                file.path().display()
            ));
        }
        return Ok(Some(Arc::new(file)));
    }
    let asked = ui.ask_secret("Passphrase of the stack's secrets");
    Ok(asked.map(|text| Arc::new(Passphrase::new(Secret::new(text))) as Arc<dyn KeySource>))
}

fn key_path(project: &str) -> Result<PathBuf, CliError> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let base = variable("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".config")))
        .or_else(|| variable("APPDATA").map(PathBuf::from));
    let base = base.ok_or(CliError::NoHome)?;
    Ok(base.join("infra").join("keys").join(project))
}
