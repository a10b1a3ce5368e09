//! [`Config`]: what differs between the stacks of one program.

use std::{collections::BTreeMap, fmt::Display, panic::Location};

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
#[error("configuration `{key}` {kind}")]
pub struct ConfigError {
    /// The key.
    pub key: String,
    /// What is wrong with its value.
    pub kind: ConfigErrorKind,
    /// The line of the program that asks for it.
    pub at: &'static Location<'static>,
}

/// What is wrong with a configuration value, as the end of a sentence about it.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigErrorKind {
    /// There is no such key.
    #[error("is not set")]
    Missing,
    /// The value is not of the type that the program asks for.
    #[error("is `{value}`: {message}")]
    Invalid {
        /// The value.
        value: String,
        /// What is wrong.
        message: String,
    },
    /// The value is secret and the program asks for a plain one.
    #[error("is secret, and the program asks for a plain value")]
    IsSecret,
}

impl ConfigError {
    /// A value that the program can't work with, whatever its type: found by the program itself.
    #[must_use]
    #[track_caller]
    pub fn invalid(key: &str, value: impl Display, message: impl Into<String>) -> Self {
        let (value, message) = (value.to_string(), message.into());
        let kind = ConfigErrorKind::Invalid { value, message };
        Self { key: key.to_owned(), kind, at: Location::caller() }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        let key = &self.key;
        match &self.kind {
            ConfigErrorKind::Missing => format!(
                "set it with `--config {key}=<value>`, or in the stack's configuration file with \
                 `config set {key} <value>`"
            ),
            ConfigErrorKind::Invalid { .. } => format!(
                "set another one with `--config {key}=<value>`, or with `config set {key} <value>`"
            ),
            ConfigErrorKind::IsSecret => "read it as `Secret<String>`".to_owned(),
        }
    }
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
    fn read(entry: Option<&ConfigEntry>) -> Result<Self, ConfigErrorKind>;
}

impl<T: DeserializeOwned> ConfigType for T {
    fn read(entry: Option<&ConfigEntry>) -> Result<Self, ConfigErrorKind> {
        let invalid = |value: String, error: &serde_json::Error| ConfigErrorKind::Invalid {
            value,
            message: error.to_string(),
        };
        match entry {
            // An `Option` reads null.
            None => serde_json::from_value(serde_json::Value::Null)
                .map_err(|_| ConfigErrorKind::Missing),
            Some(ConfigEntry::Typed(json)) => serde_json::from_value(json.clone())
                .map_err(|error| invalid(json.to_string(), &error)),
            Some(ConfigEntry::Text(text)) => {
                let as_text = serde_json::from_value(serde_json::Value::String(text.clone()));
                as_text.or_else(|as_text| {
                    // Read as JSON only where it is JSON: what is said of other text is no help.
                    let json: serde_json::Value =
                        serde_json::from_str(text).map_err(|_| invalid(text.clone(), &as_text))?;
                    serde_json::from_value(json).map_err(|error| invalid(text.clone(), &error))
                })
            }
            Some(ConfigEntry::Secret(_)) => Err(ConfigErrorKind::IsSecret),
        }
    }
}

impl ConfigType for Secret<String> {
    fn read(entry: Option<&ConfigEntry>) -> Result<Self, ConfigErrorKind> {
        match entry {
            None => Err(ConfigErrorKind::Missing),
            Some(ConfigEntry::Secret(secret)) => Ok(secret.clone()),
            Some(ConfigEntry::Text(text)) => Ok(Self::new(text.clone())),
            Some(ConfigEntry::Typed(serde_json::Value::String(text))) => {
                Ok(Self::new(text.clone()))
            }
            Some(ConfigEntry::Typed(json)) => Err(ConfigErrorKind::Invalid {
                value: json.to_string(),
                message: "expected text".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsl::Stack;

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
        let stack = Stack::new("campus", "test", config()).unwrap();
        stack.config(key).map_err(|error| error.to_string())
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
        let text = "configuration `domain` is `example.org`: invalid type: string \"example.org\", expected u32";
        assert_eq!(read::<u32>("domain").unwrap_err(), text);
        let number =
            "configuration `text_nodes` is `4`: invalid type: integer `4`, expected a boolean";
        assert_eq!(read::<bool>("text_nodes").unwrap_err(), number);
        let error = read::<crate::aws::VpcId>("domain").unwrap_err();
        assert!(error.contains("`domain`") && error.contains("vpc-"), "{error}");
        let error = read::<String>("password").unwrap_err();
        assert!(error.contains("is secret") && !error.contains("canary"));
    }
}
