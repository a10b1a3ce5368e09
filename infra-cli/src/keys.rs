//! Where the key comes from that seals a stack's secrets.

use std::{path::PathBuf, sync::Arc};

use infra_core::{
    state::seal::{DataKey, KeyFile, KeyHeader, KeySource, Passphrase, SealError},
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
    if let Some(passphrase) = variable(VARIABLE) {
        return Ok(Some(Arc::new(Passphrase::new(Secret::new(passphrase)))));
    }
    if !real {
        let file = KeyFile::new(key_path(project)?);
        return Ok(Some(Arc::new(Announced { file, ui: ui.clone() })));
    }
    Ok(ui.asks.then(|| Arc::new(Asked(ui.clone())) as Arc<dyn KeySource>))
}

/// A key file that says where it was made.
struct Announced {
    file: KeyFile,
    ui: Ui,
}

#[async_trait::async_trait]
impl KeySource for Announced {
    fn method(&self) -> &'static str {
        self.file.method()
    }

    async fn wrap(&self, key: &DataKey) -> Result<KeyHeader, SealError> {
        let new = !self.file.path().exists();
        let header = self.file.wrap(key).await?;
        if new {
            self.ui.say(format!(
                "Secrets of simulated stacks are sealed with a key that was made in {} (set \
                 {VARIABLE} to use a passphrase).",
                self.file.path().display()
            ));
        }
        Ok(header)
    }

    async fn unwrap(&self, header: &KeyHeader) -> Result<DataKey, SealError> {
        self.file.unwrap(header).await
    }
}

/// Asks for the passphrase once there is something to seal or to open.
struct Asked(Ui);

impl Asked {
    fn passphrase(&self) -> Result<Passphrase, SealError> {
        let asked = self.0.ask_secret("Passphrase of the stack's secrets");
        asked.map(|text| Passphrase::new(Secret::new(text))).ok_or(SealError::NoKey)
    }
}

#[async_trait::async_trait]
impl KeySource for Asked {
    fn method(&self) -> &'static str {
        Passphrase::METHOD
    }

    async fn wrap(&self, key: &DataKey) -> Result<KeyHeader, SealError> {
        self.passphrase()?.wrap(key).await
    }

    async fn unwrap(&self, header: &KeyHeader) -> Result<DataKey, SealError> {
        self.passphrase()?.unwrap(header).await
    }
}

/// A variable of the environment, if it is set to anything.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The file of a key, outside of any project.
pub(crate) fn key_path(project: &str) -> Result<PathBuf, CliError> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let base = variable("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".config")))
        .or_else(|| variable("APPDATA").map(PathBuf::from));
    let base = base.ok_or(CliError::NoHome)?;
    Ok(base.join("infra").join("keys").join(project))
}
