//! [`NameRule`]: how the engine makes up a physical name.

use crate::value::Slot;

/// Which characters a service allows in names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameStyle {
    /// Letters, digits and single hyphens, starting with a letter.
    Hyphens,
    /// The same in lower case.
    LowerHyphens,
    /// A path: lower-case letters, digits and `/._-`.
    LowerPath,
    /// Letters, digits and `+=,.@_-`.
    Iam,
    /// A path: letters, digits and `/._-#`.
    Path,
    /// Letters, digits and `/_+=.@-`.
    Secret,
    /// Letters, digits, `_` and `-`.
    Word,
}

/// How the engine makes up a physical name, and what it checks of a given one.
///
/// A made-up name is `<project>-<stack>-<name>-<hash>`, cut in front of the hash.
#[derive(Clone, Copy, Debug)]
pub struct NameRule {
    /// The property that holds the name.
    pub slot: Slot,
    /// The longest name, in characters.
    pub max: usize,
    /// The characters allowed.
    pub style: NameStyle,
}

impl NameRule {
    /// Makes up a name from words and eight hexadecimal digits.
    #[must_use]
    pub fn make(&self, words: &[&str], hash: &str) -> String {
        let wanted = words.join("-");
        let mut name = String::with_capacity(self.max);
        for character in wanted.chars() {
            let lower = self.is_lower();
            let wanted = if lower { character.to_ascii_lowercase() } else { character };
            let kept = if self.allows(wanted) { wanted } else { '-' };
            if kept != '-' || !name.ends_with('-') {
                name.push(kept);
            }
        }
        let start = name.find(|character: char| character.is_ascii_alphabetic());
        name.drain(..start.unwrap_or(name.len()));
        name.truncate(self.max.saturating_sub(hash.len() + 1));
        while name.ends_with('-') {
            name.pop();
        }
        if name.is_empty() { format!("i{hash}") } else { format!("{name}-{hash}") }
    }

    /// Why a name that the program gives can't be used.
    ///
    /// # Errors
    /// If it is empty, too long or has a character that the service refuses.
    pub fn check(&self, name: &str) -> Result<(), String> {
        let length = name.chars().count();
        if length == 0 || length > self.max {
            return Err(format!("has {length} characters; 1 to {} are allowed", self.max));
        }
        if let Some(bad) = name.chars().find(|character| !self.allows(*character)) {
            return Err(format!("contains {bad:?}; allowed are {}", self.allowed()));
        }
        let hyphens = matches!(self.style, NameStyle::Hyphens | NameStyle::LowerHyphens);
        if hyphens && (name.ends_with('-') || name.starts_with('-')) {
            return Err("starts or ends with a hyphen".to_owned());
        }
        Ok(())
    }

    fn is_lower(&self) -> bool {
        matches!(self.style, NameStyle::LowerHyphens | NameStyle::LowerPath)
    }

    fn allows(&self, character: char) -> bool {
        let extra = match self.style {
            NameStyle::Hyphens | NameStyle::LowerHyphens => "-",
            NameStyle::LowerPath => "/._-",
            NameStyle::Iam => "+=,.@_-",
            NameStyle::Path => "/._-#",
            NameStyle::Secret => "/_+=.@-",
            NameStyle::Word => "_-",
        };
        let upper = self.is_lower() && character.is_ascii_uppercase();
        !upper && (character.is_ascii_alphanumeric() || extra.contains(character))
    }

    fn allowed(&self) -> &'static str {
        match self.style {
            NameStyle::Hyphens => "letters, digits and hyphens",
            NameStyle::LowerHyphens => "lower-case letters, digits and hyphens",
            NameStyle::LowerPath => "lower-case letters, digits and /._-",
            NameStyle::Iam => "letters, digits and +=,.@_-",
            NameStyle::Path => "letters, digits and /._-#",
            NameStyle::Secret => "letters, digits and /_+=.@-",
            NameStyle::Word => "letters, digits, _ and -",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: NameRule = NameRule { slot: 0, max: 24, style: NameStyle::LowerHyphens };

    #[test]
    fn names_are_cut_in_front_of_the_hash() {
        assert_eq!(RULE.make(&["Campus", "prod", "db"], "0123abcd"), "campus-prod-db-0123abcd");
        let cut = RULE.make(&["campus", "production", "database"], "0123abcd");
        assert_eq!(cut, "campus-producti-0123abcd");
        assert_eq!(cut.len(), RULE.max);
    }

    #[test]
    fn odd_characters_become_single_hyphens() {
        assert_eq!(RULE.make(&["1 übung__x", ""], "0123abcd"), "bung-x-0123abcd");
        assert_eq!(RULE.make(&["42"], "0123abcd"), "i0123abcd");
    }

    #[test]
    fn given_names_are_checked() {
        assert!(RULE.check("a-name").is_ok());
        assert!(RULE.check("").unwrap_err().contains("0 characters"));
        assert!(RULE.check(&"a".repeat(25)).unwrap_err().contains("25 characters"));
        assert!(RULE.check("Name").unwrap_err().contains("'N'"));
        assert!(RULE.check("name-").unwrap_err().contains("hyphen"));
        let path = NameRule { style: NameStyle::LowerPath, ..RULE };
        assert!(path.check("campus/web").is_ok());
        assert!(path.check("campus/Web").unwrap_err().contains("'W'"));
        let word = NameRule { style: NameStyle::Word, ..RULE };
        assert!(word.check("Web_1-").is_ok());
        assert!(word.check("web/1").unwrap_err().contains("letters, digits, _ and -"));
    }
}
