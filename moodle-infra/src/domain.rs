//! [`Domain`]: the name that a site is reached by.

use std::{fmt, str::FromStr};

use crate::SettingsError;

/// The name that a site is reached by: `moodle.example.edu`.
///
/// ```
/// use moodle_infra::Domain;
///
/// let domain: Domain = "Moodle.Example.edu".parse().unwrap();
/// assert_eq!(domain.url(), "https://moodle.example.edu");
/// assert!("https://moodle.example.edu/".parse::<Domain>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Domain(String);

impl Domain {
    /// The address of the site, without a slash at its end: Moodle's `wwwroot`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.0)
    }

    /// Whether it is another one or below it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.0.strip_suffix(&other.0).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Domain {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let whole = text.contains('.') && hostname_validator::is_valid(text);
        // The last label of an address in numbers is a number, that of a name never is.
        let is_name = text.rsplit('.').next().is_some_and(|last| last.parse::<u32>().is_err());
        if whole && is_name {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Err(SettingsError::Domain { domain: text.to_owned() })
    }
}

impl TryFrom<String> for Domain {
    type Error = SettingsError;

    fn try_from(text: String) -> Result<Self, SettingsError> {
        text.parse()
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_within_its_zone() {
        let within = |name: &str| {
            let zone = "example.edu".parse().unwrap();
            name.parse::<Domain>().unwrap().is_within(&zone)
        };
        assert!(within("example.edu") && within("moodle.example.edu"));
        assert!(!within("moodle-example.edu") && !within("example.org"));
    }

    #[test]
    fn what_is_no_name_of_a_host_is_refused() {
        let bad = ["", "moodle", "10.0.0.1", "a..edu", "-a.edu", "o'neil.edu", "a b.edu", "x.edu/"];
        for text in bad {
            let error = text.parse::<Domain>().unwrap_err().to_string();
            assert!(error.contains("moodle.example.edu"), "{error}");
        }
        assert!("a".repeat(64).parse::<Domain>().is_err());
    }
}
