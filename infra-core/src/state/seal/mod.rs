//! How secrets are kept: a data key per stack encrypts values, and is itself wrapped.
//!
//! [`Sealer`] turns plain secrets into sealed ones and back; [`KeySource`] wraps the data key
//! ([`Passphrase`], [`KeyFile`], and in backends a key service). The key is unwrapped the first
//! time a secret is touched, and never if none is.

mod crypto;
mod key_file;
mod passphrase;
mod sealer;

pub use crypto::{DataKey, digest_hex};
pub(crate) use crypto::{digest, fill};
pub use key_file::KeyFile;
pub use passphrase::Passphrase;
pub use sealer::{Owner, Sealer};

use serde::{Deserialize, Serialize};

/// A wrapped data key, and how it was wrapped. Stands in the state in clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyHeader {
    /// How it was wrapped: `passphrase`, `key_file`, `aws_kms`.
    pub method: String,
    /// What the method needs beside the secret: a salt, a key's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub parameter: String,
    /// The wrapped key in hexadecimal.
    pub wrapped: String,
}

/// Why secrets can't be sealed or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The passphrase or key is not the one that the state was sealed with.
    #[error("the {0} does not open this stack's secrets")]
    WrongKey(&'static str),
    /// The state is sealed in another way than the one at hand.
    #[error(
        "this stack's secrets are sealed with {}, and {} is at hand",
        method(found),
        method(given)
    )]
    OtherMethod {
        /// What the state says.
        found: String,
        /// What was given.
        given: &'static str,
    },
    /// There is a secret, and nothing to seal it with.
    #[error("the program holds a secret, and there is no passphrase or key to seal it with")]
    NoKey,
    /// A sealed value does not open: it was changed, or moved from somewhere else.
    #[error("the sealed secret `{0}` was changed or belongs somewhere else")]
    Damaged(String),
    /// The key file can't be read or written.
    #[error("the key file `{path}` can't be used")]
    KeyFile {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The state's key changed while the program ran.
    #[error("the stack's secrets are sealed with another key than when this program began")]
    OtherKey,
    /// The wrapped key in the state is no such thing.
    #[error("the wrapped key in the state is damaged")]
    BadHeader,
    /// A key service refused.
    #[error("the key service `{service}` refused")]
    Service {
        /// Its name.
        service: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A method in words.
fn method(name: &str) -> &str {
    match name {
        Passphrase::METHOD => "a passphrase",
        KeyFile::METHOD => "a key file",
        "aws_kms" => "a key of AWS KMS",
        name => name,
    }
}

/// Wraps and unwraps data keys.
#[async_trait::async_trait]
pub trait KeySource: Send + Sync {
    /// The method's name in [`KeyHeader::method`].
    fn method(&self) -> &'static str;

    /// Wraps a new data key.
    ///
    /// # Errors
    /// If the key can't be had or the service refuses.
    async fn wrap(&self, key: &DataKey) -> Result<KeyHeader, SealError>;

    /// Unwraps a data key.
    ///
    /// # Errors
    /// If this is not the key that it was wrapped with.
    async fn unwrap(&self, header: &KeyHeader) -> Result<DataKey, SealError>;
}
