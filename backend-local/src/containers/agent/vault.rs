//! [`Vault`]: what the agent must know and may show nobody.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use infra_core::{
    state::seal::{KeyFile, KeyHeader, Owner, Sealer},
    types::{PropertyType as _, Secret},
    value::Value,
};
use serde::{Deserialize, Serialize};

use super::{AgentError, folder::replace, protocol::Which};

/// Secrets of things, sealed on disk with a key that lies elsewhere.
#[derive(Debug)]
pub struct Vault {
    path: PathBuf,
    sealer: Sealer,
    kept: Mutex<Kept>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    key: Option<KeyHeader>,
    /// By type, id and property.
    secrets: BTreeMap<String, Value>,
}

impl Vault {
    /// Opens a vault, or begins one. The key is that of a file, which is made if it is not there.
    ///
    /// # Errors
    /// If a file can't be used, or the key is another one.
    pub async fn open(path: PathBuf, key: &Path) -> Result<Self, AgentError> {
        let mut kept: Kept = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|source| AgentError::Damaged { path: path.clone(), source })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kept::default(),
            Err(source) => return Err(AgentError::File { path, what: "read", source }),
        };
        let sealer = Sealer::new(Some(Arc::new(KeyFile::new(key))));
        if let Some(header) = sealer.unlock(kept.key.as_ref()).await? {
            kept.key = Some(header);
        }
        Ok(Self { path, sealer, kept: Mutex::new(kept) })
    }

    /// Keeps a secret of a thing.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn keep(
        &self,
        which: &Which,
        property: &str,
        text: &Secret<String>,
    ) -> Result<(), AgentError> {
        if self.get(which, property)?.as_ref() == Some(text) {
            return Ok(());
        }
        let name = name(which, property);
        let plain = Value::from(text.expose().as_str()).into_secret();
        let sealed = self.sealer.seal(&plain, &owner(), &name)?;
        self.change(|kept| {
            kept.secrets.insert(name, sealed);
        })
    }

    /// A secret of a thing; `None` if nobody told it.
    ///
    /// # Errors
    /// If it does not open.
    pub fn get(&self, which: &Which, property: &str) -> Result<Option<Secret<String>>, AgentError> {
        let name = name(which, property);
        let sealed = self.lock().secrets.get(&name).cloned();
        let Some(sealed) = sealed else { return Ok(None) };
        let open = self.sealer.open(&sealed, &owner(), &name)?;
        Ok(Secret::<String>::decode(&open).ok())
    }

    /// A secret of a thing; made up and kept if nobody told it.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn get_or_make(&self, which: &Which, property: &str) -> Result<Secret<String>, AgentError> {
        if let Some(known) = self.get(which, property)? {
            return Ok(known);
        }
        // MySQL takes no longer ones where a node logs in to another.
        let made = hex::encode(&infra_core::state::seal::DataKey::random().expose()[..16]);
        let made = Secret::new(made);
        self.keep(which, property, &made)?;
        Ok(made)
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) -> Result<(), AgentError> {
        let mut kept = self.lock();
        change(&mut kept);
        let bytes = serde_json::to_vec(&*kept)
            .map_err(|source| AgentError::Damaged { path: self.path.clone(), source })?;
        replace(&self.path, &bytes)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(which: &Which, property: &str) -> String {
    format!("{}\t{}\t{property}", which.ty, which.id)
}

fn owner() -> Owner {
    Owner { lineage: "agent".into(), of: "vault".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn secrets_come_back_and_lie_nowhere_in_clear() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("vault.json"), folder.path().join("key"));
        let which = Which { ty: "aws:elasticache:ReplicationGroup".to_owned(), id: "c".to_owned() };
        let vault = Vault::open(path.clone(), &key).await.unwrap();
        let canary = Secret::new("canary-7261".to_owned());
        vault.keep(&which, "auth_token", &canary).unwrap();
        let made = vault.get_or_make(&which, "own").unwrap();
        drop(vault);
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("canary") && !text.contains(made.expose()), "{text}");
        let vault = Vault::open(path.clone(), &key).await.unwrap();
        assert_eq!(vault.get(&which, "auth_token").unwrap(), Some(canary));
        assert_eq!(vault.get_or_make(&which, "own").unwrap(), made);
        fs::remove_file(&key).unwrap();
        assert!(Vault::open(path, &key).await.is_err(), "another key opens nothing");
    }
}
