//! [`Config`]: what differs between the stacks of one program.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::types::Secret;

/// What differs between the stacks of one program: sizes, domains, passwords.
///
/// The command line reads it from a file per stack and from `--config key=value`, and opens what
/// is sealed; embedding programs fill it themselves.
#[derive(Clone, Debug, Default)]
pub struct Config(BTreeMap<String, ConfigEntry>);

/// A value of the configuration.
#[derive(Clone, Debug)]
pub enum ConfigEntry {
    /// A value with its type, from a file.
    Typed(serde_json::Value),
    /// Text, from the command line: read as whatever the program asks for.
    Text(String),
    /// A secret, opened.
    Secret(Secret<String>),
}

/// A configuration value is missing or does not fit.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// There is no such key.
    #[error(
        "configuration `{key}` is not set; set it with `--config {key}=<value>` or in the stack's \
         configuration file"
    )]
    Missing {
        /// The key.
        key: String,
    },
    /// The value is not of the type that the program asks for.
    #[error("configuration `{key}` is `{value}`: {message}")]
    Invalid {
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// What is wrong.
        message: String,
    },
    /// The value is secret and the program asks for a plain one.
    #[error("configuration `{key}` is secret; read it as `Secret<String>`")]
    IsSecret {
        /// The key.
        key: String,
    },
}

impl Config {
    /// Sets a value.
    pub fn set(&mut self, key: impl Into<String>, entry: ConfigEntry) {
        self.0.insert(key.into(), entry);
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&ConfigEntry> {
        self.0.get(key)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// What a program can read from the configuration: anything that serde can read, an `Option` of
/// it, or a `Secret<String>`.
pub trait ConfigType: Sized {
    /// Reads a value; `entry` is `None` when the key is not set.
    ///
    /// # Errors
    /// If the key is missing, or the value is not of this type.
    fn read(key: &str, entry: Option<&ConfigEntry>) -> Result<Self, ConfigError>;
}

impl<T: DeserializeOwned> ConfigType for T {
    fn read(key: &str, entry: Option<&ConfigEntry>) -> Result<Self, ConfigError> {
        let invalid = |value: String, error: serde_json::Error| ConfigError::Invalid {
            key: key.to_owned(),
            value,
            message: error.to_string(),
        };
        match entry {
            // An `Option` reads null.
            None => serde_json::from_value(serde_json::Value::Null)
                .map_err(|_| ConfigError::Missing { key: key.to_owned() }),
            Some(ConfigEntry::Typed(json)) => serde_json::from_value(json.clone())
                .map_err(|error| invalid(json.to_string(), error)),
            Some(ConfigEntry::Text(text)) => {
                let as_text = serde_json::from_value(serde_json::Value::String(text.clone()));
                as_text
                    .or_else(|error| match serde_json::from_str(text) {
                        Ok(json) => serde_json::from_value(json),
                        // It was meant as text: what is wrong with the text is what helps.
                        Err(_) => Err(error),
                    })
                    .map_err(|error| invalid(text.clone(), error))
            }
            Some(ConfigEntry::Secret(_)) => Err(ConfigError::IsSecret { key: key.to_owned() }),
        }
    }
}

impl ConfigType for Secret<String> {
    fn read(key: &str, entry: Option<&ConfigEntry>) -> Result<Self, ConfigError> {
        match entry {
            None => Err(ConfigError::Missing { key: key.to_owned() }),
            Some(ConfigEntry::Secret(secret)) => Ok(secret.clone()),
            Some(ConfigEntry::Text(text)) => Ok(Self::new(text.clone())),
            Some(ConfigEntry::Typed(serde_json::Value::String(text))) => {
                Ok(Self::new(text.clone()))
            }
            Some(ConfigEntry::Typed(json)) => Err(ConfigError::Invalid {
                key: key.to_owned(),
                value: json.to_string(),
                message: "expected text".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let mut config = Config::default();
        config.set("nodes", ConfigEntry::Typed(3.into()));
        config.set("domain", ConfigEntry::Text("example.org".to_owned()));
        config.set("text_nodes", ConfigEntry::Text("4".to_owned()));
        config.set("password", ConfigEntry::Secret(Secret::new("canary".to_owned())));
        config
    }

    #[track_caller]
    fn read<T: ConfigType>(key: &str) -> Result<T, String> {
        T::read(key, config().get(key)).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_what_the_program_asks_for() {
        assert_eq!(read::<u32>("nodes"), Ok(3));
        assert_eq!(read::<u32>("text_nodes"), Ok(4));
        assert_eq!(read::<String>("text_nodes"), Ok("4".to_owned()));
        assert_eq!(read::<Option<String>>("domain"), Ok(Some("example.org".to_owned())));
        assert_eq!(read::<Option<String>>("nothing"), Ok(None));
        assert_eq!(read::<Secret<String>>("password").unwrap().expose(), "canary");
    }

    #[test]
    fn errors_name_the_key_and_the_value_but_no_secret() {
        assert!(read::<u32>("nothing").unwrap_err().contains("`nothing` is not set"));
        assert!(read::<u32>("domain").unwrap_err().contains("`domain` is `example.org`"));
        let error = read::<crate::aws::VpcId>("domain").unwrap_err();
        assert!(error.contains("`domain`") && error.contains("vpc-"), "{error}");
        let error = read::<String>("password").unwrap_err();
        assert!(error.contains("is secret") && !error.contains("canary"));
    }
}
