//! The configuration of a stack: its file, and what the command line adds.

use std::path::{Path, PathBuf};

use infra_core::{
    dsl::{Config, ConfigEntry},
    state::seal::{KeyHeader, Owner, Sealer},
    types::Secret,
    value::Value,
};

use crate::{context::Context, error::CliError};

/// The table of the file that holds the wrapped key of its secrets.
const KEY_TABLE: &str = "infra";

/// The configuration of a stack.
pub(crate) async fn load(context: &Context) -> Result<Config, CliError> {
    let file = File::open(context)?;
    let mut config = Config::default();
    for (key, value) in &file.table {
        if key != KEY_TABLE {
            config.set(key.as_str(), file.entry(context, key, value).await?);
        }
    }
    for text in &context.global.config {
        let (key, value) =
            text.split_once('=').ok_or_else(|| CliError::ConfigArgument(text.clone()))?;
        config.set(key, ConfigEntry::Text(value.to_owned()));
    }
    Ok(config)
}

/// A stack's configuration file.
pub(crate) struct File {
    path: PathBuf,
    pub(crate) table: toml::Table,
}

impl File {
    /// Opens the file; an absent one is empty.
    pub(crate) fn open(context: &Context) -> Result<Self, CliError> {
        let path = match &context.global.config_file {
            Some(path) if !path.is_file() => {
                return Err(CliError::File {
                    path: path.clone(),
                    what: "read",
                    source: std::io::ErrorKind::NotFound.into(),
                });
            }
            Some(path) => path.clone(),
            None => default_path(&context.stack, &context.folder),
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(CliError::File { path, what: "read", source }),
        };
        let table =
            text.parse().map_err(|source| CliError::ConfigSyntax { path: path.clone(), source })?;
        Ok(Self { path, table })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn save(&self) -> Result<(), CliError> {
        std::fs::write(&self.path, self.table.to_string()).map_err(|source| CliError::File {
            path: self.path.clone(),
            what: "written",
            source,
        })
    }

    async fn entry(
        &self,
        context: &Context,
        key: &str,
        value: &toml::Value,
    ) -> Result<ConfigEntry, CliError> {
        let sealed = value.as_table().and_then(|table| table.get("sealed")?.as_str());
        let Some(sealed) = sealed else {
            let json = serde_json::to_value(value)
                .map_err(|source| CliError::ConfigValue { key: key.to_owned(), source })?;
            return Ok(ConfigEntry::Typed(json));
        };
        let sealer = self.sealer(context).await?;
        let value: Value = serde_json::from_value(serde_json::json!({ "$secret": sealed }))
            .map_err(|source| CliError::ConfigValue { key: key.to_owned(), source })?;
        let opened = sealer.open(&value, &owner(context), key)?.expose();
        let text = opened.as_str().unwrap_or_default().to_owned();
        Ok(ConfigEntry::Secret(Secret::new(text)))
    }

    /// Sets a secret value, sealed.
    pub(crate) async fn set_secret(
        &mut self,
        context: &Context,
        key: &str,
        value: &str,
    ) -> Result<(), CliError> {
        let source = context.key()?;
        let sealer = Sealer::new(source);
        if let Some(header) = sealer.unlock(self.header()?.as_ref()).await? {
            let header = toml::Value::try_from(&header).map_err(CliError::ConfigWrite)?;
            let mut table = toml::Table::new();
            table.insert("key".to_owned(), header);
            self.table.insert(KEY_TABLE.to_owned(), table.into());
        }
        let sealed = sealer.seal(&Value::from(value).into_secret(), &owner(context), key)?;
        let json = serde_json::to_value(&sealed)
            .map_err(|source| CliError::ConfigValue { key: key.to_owned(), source })?;
        let mut table = toml::Table::new();
        let text = json["$secret"].as_str().unwrap_or_default();
        table.insert("sealed".to_owned(), text.into());
        self.table.insert(key.to_owned(), table.into());
        Ok(())
    }

    async fn sealer(&self, context: &Context) -> Result<Sealer, CliError> {
        let sealer = Sealer::new(context.key()?);
        sealer.unlock(self.header()?.as_ref()).await?;
        Ok(sealer)
    }

    fn header(&self) -> Result<Option<KeyHeader>, CliError> {
        let key = self.table.get(KEY_TABLE).and_then(|table| table.get("key"));
        let header = key.map(|key| key.clone().try_into::<KeyHeader>()).transpose();
        header.map_err(|source| CliError::ConfigSyntax { path: self.path.clone(), source })
    }
}

fn owner(context: &Context) -> Owner {
    let place = format!("{}/{}", context.project.name, context.stack);
    Owner { lineage: place.into(), of: "config".to_owned() }
}

/// `infra.<stack>.toml`, looked for upwards from here; where the folder of the state stands if
/// there is none.
fn default_path(stack: &str, folder: &Path) -> PathBuf {
    let name = format!("infra.{stack}.toml");
    let here = std::env::current_dir().unwrap_or_default();
    let found = here.ancestors().map(|folder| folder.join(&name)).find(|path| path.is_file());
    found.unwrap_or_else(|| folder.parent().unwrap_or(folder).join(name))
}
