//! [`MoodleVersion`]: which version of Moodle a site runs, and what that version needs.

use std::{fmt, str::FromStr};

use crate::{SettingsError, WebRoot};

/// Which version of Moodle a site runs: `5.2` or, with its number of mending, `5.2.1`.
///
/// ```
/// use moodle_infra::MoodleVersion;
///
/// let version: MoodleVersion = "5.2.1".parse().unwrap();
/// assert_eq!(version.to_string(), "5.2.1");
/// assert_eq!(version.needs().unwrap().php.to_string(), "8.3");
/// assert!("latest".parse::<MoodleVersion>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct MoodleVersion {
    branch: Branch,
    patch: Option<u16>,
}

/// Two numbers that order as versions do: 8.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Branch {
    /// The first number.
    pub major: u8,
    /// The second one.
    pub minor: u8,
}

/// What a version of Moodle needs at least. Source: `admin/environment.xml` of each branch, and the
/// release notes on moodledev.io.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Of PHP.
    pub php: Branch,
    /// Of MySQL, whatever serves it.
    pub mysql: Branch,
    /// Which folder of the code is served: since 5.1 one of its own, so that nothing else of the
    /// code can be asked for.
    pub web_root: WebRoot,
}

/// What is known, by branch.
const KNOWN: [(Branch, Needs); 4] = [
    (
        Branch::new(4, 5),
        Needs { php: Branch::new(8, 1), mysql: Branch::new(8, 0), web_root: WebRoot::Top },
    ),
    (
        Branch::new(5, 0),
        Needs { php: Branch::new(8, 2), mysql: Branch::new(8, 4), web_root: WebRoot::Top },
    ),
    (
        Branch::new(5, 1),
        Needs { php: Branch::new(8, 2), mysql: Branch::new(8, 4), web_root: WebRoot::Public },
    ),
    (
        Branch::new(5, 2),
        Needs { php: Branch::new(8, 3), mysql: Branch::new(8, 4), web_root: WebRoot::Public },
    ),
];

impl Branch {
    /// A branch by its numbers.
    #[must_use]
    pub const fn new(major: u8, minor: u8) -> Self {
        Self { major, minor }
    }
}

impl MoodleVersion {
    /// The newest version that this library knows the needs of.
    #[must_use]
    pub fn newest() -> Self {
        let (branch, _) = KNOWN[KNOWN.len() - 1];
        Self { branch, patch: Some(0) }
    }

    /// What it needs.
    ///
    /// # Errors
    /// If this library does not know that branch: what it would need is not guessed.
    pub fn needs(self) -> Result<Needs, SettingsError> {
        let known = KNOWN.iter().find(|(branch, _)| *branch == self.branch);
        known.map(|(_, needs)| *needs).ok_or(SettingsError::UnknownMoodle { version: self })
    }

    /// What it needs, if it works with a version of Aurora MySQL, such as `8.4.mysql_aurora.8.4.7`.
    ///
    /// # Errors
    /// If that is older than it needs, or the needs of this version of Moodle are not known.
    pub fn needs_with(self, engine_version: &str) -> Result<Needs, SettingsError> {
        let needs = self.needs()?;
        let needed = needs.mysql;
        let found = mysql_of(engine_version)?;
        if found < needed {
            return Err(SettingsError::OldDatabase {
                moodle: self,
                needed,
                version: engine_version.to_owned(),
            });
        }
        Ok(needs)
    }
}

/// The version of MySQL that one of Aurora, such as `8.4.mysql_aurora.8.4.7`, is made after.
pub(crate) fn mysql_of(engine_version: &str) -> Result<Branch, SettingsError> {
    let mysql = engine_version.split_once(".mysql_aurora.").and_then(|(it, _)| it.parse().ok());
    mysql.ok_or_else(|| SettingsError::EngineVersion { version: engine_version.to_owned() })
}

/// It is not two numbers with a dot between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not two numbers with a dot between, such as 8.4")]
pub struct NoBranch;

impl FromStr for Branch {
    type Err = NoBranch;

    fn from_str(text: &str) -> Result<Self, NoBranch> {
        let (major, minor) = text.split_once('.').ok_or(NoBranch)?;
        let number = |text: &str| text.parse().map_err(|_| NoBranch);
        Ok(Self { major: number(major)?, minor: number(minor)? })
    }
}

impl FromStr for MoodleVersion {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let refused = || SettingsError::MoodleVersion { version: text.to_owned() };
        let (branch, patch) = match text.match_indices('.').nth(1) {
            Some((dot, _)) => {
                let patch = text[dot + 1..].parse().map_err(|_| refused())?;
                (&text[..dot], Some(patch))
            }
            None => (text, None),
        };
        Ok(Self { branch: branch.parse().map_err(|_| refused())?, patch })
    }
}

impl TryFrom<String> for MoodleVersion {
    type Error = SettingsError;

    fn try_from(text: String) -> Result<Self, SettingsError> {
        text.parse()
    }
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl fmt::Display for MoodleVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.branch)?;
        self.patch.map_or(Ok(()), |patch| write!(f, ".{patch}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> MoodleVersion {
        text.parse().unwrap()
    }

    #[test]
    fn what_cannot_work_is_refused_with_what_would() {
        let aurora = ["8.0.mysql_aurora.3.10.0", "8.4.mysql_aurora.8.4.7"];
        let works = |moodle: &str| aurora.map(|it| version(moodle).needs_with(it).is_ok());
        assert_eq!(works("4.5.6"), [true, true]);
        for moodle in ["5.0", "5.1.2", "5.2"] {
            assert_eq!(works(moodle), [false, true], "{moodle}");
        }
        let error = version("5.2.1").needs_with(aurora[0]).unwrap_err().to_string();
        assert!(error.contains("5.2.1") && error.contains("8.4") && error.contains(aurora[0]));
    }

    #[test]
    fn what_an_unknown_version_needs_is_not_guessed() {
        for unknown in ["3.11", "6.0"] {
            let error = version(unknown).needs().unwrap_err().to_string();
            assert!(error.contains(unknown) && error.contains("5.2"), "{error}");
        }
    }

    #[test]
    fn pages_have_a_folder_of_their_own_since_5_1() {
        let roots = ["4.5", "5.0", "5.1", "5.2"].map(|it| version(it).needs().unwrap().web_root);
        assert_eq!(roots, [WebRoot::Top, WebRoot::Top, WebRoot::Public, WebRoot::Public]);
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "5", "5.", ".2", "5.2.", "5.2.1.0", "latest", "v5.2", "5.-2", "5.2 "] {
            let error = text.parse::<MoodleVersion>().unwrap_err().to_string();
            assert!(error.contains("such as 5.2.0"), "{error}");
        }
    }

    #[test]
    fn a_version_is_shown_as_it_was_written() {
        for text in ["5.2", "5.2.0", "4.5.12"] {
            assert_eq!(version(text).to_string(), text);
        }
        assert!(version("5.10") > version("5.9.9"));
    }
}
