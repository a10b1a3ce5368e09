//! [`Texts`]: short texts that come again and again while much is read.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use rustc_hash::FxHasher;
use serde::{
    Deserializer,
    de::{DeserializeSeed, Visitor},
};

/// How many texts are remembered. Few, so that they stay near while a million records go by.
const PLACES: usize = 512;

/// The longest text that is remembered: longer ones are ids and names, which hardly repeat.
const LONGEST: usize = 20;

/// Short texts that come again and again while much is read: keys and values of tags, words of
/// enumerations. Records then share them. What is remembered never changes what is read.
#[derive(Debug, Default)]
pub struct Texts(Vec<Arc<str>>);

impl Texts {
    /// Remembers what was read before.
    #[must_use]
    pub fn remembered() -> Self {
        Self(vec![Arc::default(); PLACES])
    }

    /// Remembers nothing: for a single value.
    #[must_use]
    pub fn forgotten() -> Self {
        Self::default()
    }

    /// A text, shared with an equal one that is remembered.
    pub fn share(&mut self, text: &str) -> Arc<str> {
        if self.0.is_empty() || text.len() > LONGEST {
            return text.into();
        }
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        let kept = &mut self.0[hasher.finish() as usize % PLACES];
        if **kept != *text {
            *kept = text.into();
        }
        Arc::clone(kept)
    }
}

/// Reads a text.
impl<'de> DeserializeSeed<'de> for &mut Texts {
    type Value = Arc<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for &mut Texts {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Arc<str>, E> {
        Ok(self.share(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_shared_and_all_stay_what_they_are() {
        let mut texts = Texts::remembered();
        assert!(Arc::ptr_eq(&texts.share("env"), &texts.share("env")));
        for number in 0..10_000 {
            let text = number.to_string();
            assert_eq!(*texts.share(&text), *text);
        }
        let long = "x".repeat(LONGEST + 1);
        assert!(!Arc::ptr_eq(&texts.share(&long), &texts.share(&long)));
        let mut none = Texts::forgotten();
        assert!(!Arc::ptr_eq(&none.share("env"), &none.share("env")));
    }
}
