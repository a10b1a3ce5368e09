//! [`SecretValue`]: what a value marked secret holds.

use std::fmt;

use super::Value;

/// What a secret holds. Neither form is ever printed.
pub enum SecretValue {
    /// In clear, in memory only: in a program, and on its way to a handler.
    Plain(Value),
    /// Encrypted, as state, journal and plan files hold it.
    Sealed(Sealed),
    /// Only a keyed digest: a write-only property, whose value nothing needs to read back.
    Digest([u8; 16]),
}

/// A secret encrypted with the stack's data key.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Keyed digest of the plain value: equality without opening.
    pub digest: [u8; 16],
    /// Nonce and ciphertext.
    pub ciphertext: Box<[u8]>,
}

impl SecretValue {
    /// The keyed digest, if this is not in clear.
    #[must_use]
    pub fn digest(&self) -> Option<&[u8; 16]> {
        match self {
            Self::Plain(_) => None,
            Self::Sealed(sealed) => Some(&sealed.digest),
            Self::Digest(digest) => Some(digest),
        }
    }
}

/// Plain secrets are equal by value, sealed ones by digest. A plain one never equals a sealed one:
/// that comparison needs the key and belongs to the sealer.
impl PartialEq for SecretValue {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Plain(a), Self::Plain(b)) => a == b,
            _ => self.digest().is_some() && self.digest() == other.digest(),
        }
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
