//! `config`: the stack's configuration file.

use infra_core::dsl::ConfigEntry;

use crate::{args::Config, config, context::Context, error::CliError, exit, suggest::near};

pub(super) async fn run(context: &Context, command: Config) -> Result<u8, CliError> {
    let ui = &context.ui;
    match command {
        Config::List => {
            let all = config::load(context).await?;
            let keys: Vec<&str> = all.keys().collect();
            let width = keys.iter().map(|key| key.len()).max().unwrap_or(0);
            for key in keys {
                let value = all.get(key).map(|entry| shown(entry, false)).unwrap_or_default();
                ui.result(format!("{key:width$}  {value}"));
            }
        }
        Config::Get { key } => {
            let all = config::load(context).await?;
            let entry = all.get(&key).ok_or_else(|| unknown(&key, all.keys()))?;
            ui.result(shown(entry, true));
        }
        Config::Set { key, value, secret } => {
            let mut file = config::File::open(context)?;
            let value = match value {
                Some(value) => value,
                None => ui.ask_secret(&key).ok_or_else(|| CliError::NoValue(key.clone()))?,
            };
            if secret {
                file.set_secret(context, &key, &value).await?;
            } else {
                file.table.insert(key.clone(), typed(&value));
            }
            file.save()?;
            ui.say(format!("{key} is set in {}", file.path().display()));
        }
        Config::Rm { key } => {
            let mut file = config::File::open(context)?;
            if file.table.remove(&key).is_none() {
                return Err(unknown(&key, file.table.keys().map(String::as_str)));
            }
            file.save()?;
            ui.say(format!("{key} is gone from {}", file.path().display()));
        }
    }
    Ok(exit::OK)
}

fn unknown<'a>(key: &str, keys: impl Iterator<Item = &'a str>) -> CliError {
    CliError::NoConfig { key: key.to_owned(), near: near(key, keys) }
}

fn shown(entry: &ConfigEntry, open: bool) -> String {
    match entry {
        ConfigEntry::Typed(serde_json::Value::String(text)) | ConfigEntry::Text(text) => {
            text.clone()
        }
        ConfigEntry::Typed(json) => json.to_string(),
        ConfigEntry::Secret(secret) if open => secret.expose().clone(),
        ConfigEntry::Secret(_) => "[secret]".to_owned(),
    }
}

/// A value with the type that it looks like: `true`, `3`, `[1, 2]`, else text.
fn typed(text: &str) -> toml::Value {
    let document = format!("value = {text}");
    let parsed = document.parse::<toml::Table>().ok().and_then(|mut table| table.remove("value"));
    parsed.unwrap_or_else(|| text.into())
}
