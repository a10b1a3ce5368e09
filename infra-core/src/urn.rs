//! [`Urn`]: the name of a resource within everything.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeSeed};

use crate::value::Texts;

/// The longest URN: it must fit into the value of an AWS tag.
pub const MAX_URN: usize = 256;

/// The name of a resource within everything: unique across projects and stacks.
///
/// `<project>/<stack>/<component path>/<type>/<name>`, such as
/// `campus/production/moodle/network/aws:ec2:Vpc/main`. Without components the path is absent.
/// Every part consists of characters that are legal in AWS tags, and has no slash.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Urn(Arc<str>);

impl<'de> Deserialize<'de> for Urn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Texts::forgotten().deserialize(deserializer).map(Self)
    }
}

/// Why a text is no URN or no part of one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrnError {
    /// It has fewer than four parts.
    #[error("`{0}` is no URN: <project>/<stack>/<component path>/<type>/<name> is expected")]
    TooFewParts(String),
    /// A part is empty.
    #[error("a name is empty")]
    Empty,
    /// A part has a character that AWS does not allow in tags, or a slash.
    #[error(
        "the name `{name}` contains {character:?}; letters, digits, space and _ . : + = @ - are allowed"
    )]
    Character {
        /// The part.
        name: String,
        /// The character.
        character: char,
    },
    /// The whole is longer than [`MAX_URN`].
    #[error(
        "the URN `{0}` is longer than {MAX_URN} characters; shorten the names of its components"
    )]
    TooLong(String),
}

impl Urn {
    /// Joins parts that were checked with [`check_name`].
    ///
    /// # Errors
    /// If the whole is too long.
    pub fn new(
        project: &str,
        stack: &str,
        path: &str,
        ty: &str,
        name: &str,
    ) -> Result<Self, UrnError> {
        let length = project.len() + stack.len() + path.len() + ty.len() + name.len() + 4;
        let mut text = String::with_capacity(length);
        for (place, part) in [project, stack, path, ty, name].into_iter().enumerate() {
            if place == 2 && part.is_empty() {
                continue;
            }
            if place > 0 {
                text.push('/');
            }
            text.push_str(part);
        }
        if text.len() > MAX_URN {
            return Err(UrnError::TooLong(text));
        }
        Ok(Self(text.into()))
    }

    /// Reads a URN.
    ///
    /// # Errors
    /// If it has too few parts, or a part is no name.
    pub fn parse(text: &str) -> Result<Self, UrnError> {
        if text.split('/').count() < 4 {
            return Err(UrnError::TooFewParts(text.to_owned()));
        }
        text.split('/').try_for_each(check_name)?;
        if text.len() > MAX_URN {
            return Err(UrnError::TooLong(text.to_owned()));
        }
        Ok(Self(text.into()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that the program gave.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The type's name.
    #[must_use]
    pub fn ty(&self) -> &str {
        self.0.rsplit('/').nth(1).unwrap_or_default()
    }

    /// The components that it stands in, outermost first.
    pub fn path(&self) -> impl Iterator<Item = &str> {
        let count = self.0.split('/').count();
        self.0.split('/').take(count.saturating_sub(2)).skip(2)
    }

    /// The URN without project and stack: what people read.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.splitn(3, '/').nth(2).unwrap_or(&self.0)
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks a project, stack, component or resource name.
///
/// # Errors
/// If it is empty or contains a character that a URN may not have.
pub fn check_name(name: &str) -> Result<(), UrnError> {
    if name.is_empty() {
        return Err(UrnError::Empty);
    }
    let legal = |character: char| character.is_alphanumeric() || " _.:+=@-".contains(character);
    match name.chars().find(|character| !legal(*character)) {
        Some(character) => Err(UrnError::Character { name: name.to_owned(), character }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back() {
        let urn = Urn::new("campus", "prod", "moodle/network", "aws:ec2:Vpc", "main").unwrap();
        assert_eq!(urn.as_str(), "campus/prod/moodle/network/aws:ec2:Vpc/main");
        assert_eq!((urn.ty(), urn.name()), ("aws:ec2:Vpc", "main"));
        assert_eq!(urn.path().collect::<Vec<_>>(), ["moodle", "network"]);
        assert_eq!(urn.short(), "moodle/network/aws:ec2:Vpc/main");
        assert_eq!(Urn::parse(urn.as_str()), Ok(urn));
        let flat = Urn::new("campus", "prod", "", "aws:ec2:Vpc", "main").unwrap();
        assert_eq!(flat.path().count(), 0);
    }

    #[test]
    fn what_is_no_urn_is_refused() {
        assert!(matches!(Urn::parse("a/b/c"), Err(UrnError::TooFewParts(_))));
        assert_eq!(Urn::parse("a/b//c"), Err(UrnError::Empty));
        assert!(matches!(check_name("a/b"), Err(UrnError::Character { character: '/', .. })));
        let long = "x".repeat(MAX_URN);
        assert!(matches!(Urn::new("a", "b", "", "t", &long), Err(UrnError::TooLong(_))));
    }
}
