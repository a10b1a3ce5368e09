//! [`Passphrase`]: a data key wrapped with what a person remembers.

use argon2::{Algorithm, Argon2, Params, Version};

use super::{DataKey, KeyHeader, KeySource, SealError, crypto::fill};
use crate::types::Secret;

/// Wraps data keys with a passphrase, through a derivation that is slow and takes memory on
/// purpose (Argon2id, 19 MiB, two passes: OWASP's advice of 2023).
#[derive(Debug)]
pub struct Passphrase(Secret<String>);

impl Passphrase {
    /// The method's name.
    pub const METHOD: &'static str = "passphrase";

    /// Wraps with this passphrase.
    #[must_use]
    pub const fn new(passphrase: Secret<String>) -> Self {
        Self(passphrase)
    }

    fn derive(&self, salt: &[u8]) -> DataKey {
        let params = Params::new(19 * 1024, 2, 1, Some(32)).expect("these parameters are valid");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = [0; 32];
        argon2
            .hash_password_into(self.0.expose().as_bytes(), salt, &mut key)
            .expect("a salt of 16 bytes and an output of 32 are valid");
        DataKey::from_bytes(key)
    }
}

#[async_trait::async_trait]
impl KeySource for Passphrase {
    fn method(&self) -> &'static str {
        Self::METHOD
    }

    async fn wrap(&self, key: &DataKey) -> Result<KeyHeader, SealError> {
        let mut salt = [0; 16];
        fill(&mut salt);
        let wrapped = self.derive(&salt).encrypt(key.expose(), Self::METHOD.as_bytes());
        Ok(KeyHeader {
            method: Self::METHOD.to_owned(),
            parameter: hex::encode(salt),
            wrapped: hex::encode(wrapped),
        })
    }

    async fn unwrap(&self, header: &KeyHeader) -> Result<DataKey, SealError> {
        let salt = hex::decode(&header.parameter).map_err(|_| SealError::BadHeader)?;
        if salt.len() != 16 {
            return Err(SealError::BadHeader);
        }
        unwrap_with(&self.derive(&salt), header, Self::METHOD)
    }
}

/// Unwraps a data key with another key.
pub(super) fn unwrap_with(
    key: &DataKey,
    header: &KeyHeader,
    method: &'static str,
) -> Result<DataKey, SealError> {
    let wrapped = hex::decode(&header.wrapped).map_err(|_| SealError::BadHeader)?;
    let plain = key.decrypt(&wrapped, method.as_bytes()).ok_or(SealError::WrongKey(method))?;
    let bytes: [u8; 32] = plain.as_slice().try_into().map_err(|_| SealError::BadHeader)?;
    Ok(DataKey::from_bytes(bytes))
}
