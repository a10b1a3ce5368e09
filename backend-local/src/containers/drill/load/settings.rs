//! [`LoadSettings`]: which site is visited, by whom, and how often.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use blake2::{Blake2b, Digest, digest::consts::U16};
use infra_core::types::Secret;

use super::Spacing;
use crate::containers::drill::Application;

/// Who may log in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Accounts {
    /// `user1` and so on, with passwords derived from the one secret that the installation was given,
    /// as the stand-in's are.
    Derived {
        /// The secret: `ADMIN_PASSWORD`.
        secret: Secret<String>,
        /// How many users there are.
        users: u32,
    },
    /// People who are there, by name and password.
    Named(Arc<[(String, Secret<String>)]>),
}

impl Accounts {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        match self {
            Self::Derived { users, .. } => *users,
            Self::Named(all) => u32::try_from(all.len()).unwrap_or(u32::MAX),
        }
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Name and password of one; they are taken in turn if there are fewer.
    pub(super) fn of(&self, number: u32) -> (String, Secret<String>) {
        let number = number % self.len().max(1);
        match self {
            Self::Derived { secret, .. } => {
                let name = format!("user{}", number + 1);
                let password = digest(format!("{}\n{name}", secret.expose()).as_bytes());
                (name, Secret::new(password))
            }
            Self::Named(all) => all[number as usize].clone(),
        }
    }
}

/// By what a content is known again: BLAKE2b of 16 bytes, as libsodium and so PHP have it.
#[must_use]
pub fn digest(content: &[u8]) -> String {
    hex::encode(Blake2b::<U16>::digest(content))
}

/// Which site is visited, by whom, and how often.
#[derive(Clone, Debug)]
pub struct LoadSettings {
    /// Which pages it has.
    pub application: Application,
    /// Where it is: `https://localhost:8443`.
    pub url: String,
    /// Another address than that of the name, as long as none leads there.
    pub address: Option<SocketAddr>,
    /// Who vouches for its certificate, as PEM; needed for `https`.
    pub authority: Option<String>,
    /// Who logs in.
    pub accounts: Accounts,
    /// How many browsers go round in turn. More are opened when all of them wait for the site.
    pub users: u32,
    /// How many requests are sent a second.
    pub rate: f64,
    /// How they follow each other.
    pub spacing: Spacing,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long somebody waits for an answer.
    pub patience: Duration,
    /// What chance begins with: the same again is the same load again.
    pub seed: u64,
}

impl LoadSettings {
    /// 20 requests a second by 50 users, who wait as long as people do.
    #[must_use]
    pub fn new(application: Application, url: impl Into<String>, accounts: Accounts) -> Self {
        Self {
            application,
            url: url.into(),
            address: None,
            authority: None,
            accounts,
            users: 50,
            rate: 20.0,
            spacing: Spacing::Poisson,
            connect: Duration::from_secs(5),
            patience: Duration::from_secs(30),
            seed: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_and_passwords_are_those_of_php() {
        // php -r 'echo bin2hex(sodium_crypto_generichash("it", "", 16));'
        assert_eq!(digest(b"it"), "42b07e691fece3d614d55f1edd7019b9");
        let accounts = Accounts::Derived { secret: Secret::new("secret".to_owned()), users: 7 };
        let (name, password) = accounts.of(6);
        assert_eq!(
            (name.as_str(), password.expose().as_str()),
            ("user7", "3144a708bf45f1af6cd09721a6fd1dd2")
        );
        // The eighth is the first again.
        assert_eq!(accounts.of(7).0, "user1");
        assert!(!format!("{accounts:?}").contains("secret\""));
    }
}
