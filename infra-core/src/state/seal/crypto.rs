//! The primitives: an authenticated cipher, a keyed digest, and a plain one for names.

use blake2::{
    Blake2bMac, Blake2s256, Digest,
    digest::{Mac, consts::U16},
};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use zeroize::Zeroizing;

const NONCE: usize = 24;

/// A key that encrypts the secrets of one stack, or wraps such a key. Wiped when dropped.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

impl DataKey {
    /// A random key.
    ///
    /// # Panics
    /// If the system has no randomness.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        fill(&mut *bytes);
        Self(bytes)
    }

    /// A key from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, to be wrapped.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Encrypts; the result holds its nonce.
    pub(crate) fn encrypt(&self, plain: &[u8], associated: &[u8]) -> Box<[u8]> {
        let mut sealed = vec![0; NONCE];
        fill(&mut sealed);
        let nonce: XNonce = sealed[..NONCE].try_into().expect("the nonce has this length");
        let payload = Payload { msg: plain, aad: associated };
        let ciphertext = self.cipher().encrypt(&nonce, payload);
        sealed.extend(ciphertext.expect("a value is far shorter than what the cipher can take"));
        sealed.into()
    }

    /// Decrypts; `None` if it was changed, or sealed for something else or with another key.
    pub(crate) fn decrypt(&self, sealed: &[u8], associated: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE)?;
        let nonce: XNonce = nonce.try_into().ok()?;
        let payload = Payload { msg: ciphertext, aad: associated };
        self.cipher().decrypt(&nonce, payload).ok().map(Zeroizing::new)
    }

    /// A digest that only the key's holder can make: equality without opening.
    pub(crate) fn digest(&self, plain: &[u8]) -> [u8; 16] {
        let mut mac = Blake2bMac::<U16>::new_from_slice(&*self.0).expect("32 bytes are a key");
        mac.update(b"infra digest");
        mac.update(plain);
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new_from_slice(&*self.0).expect("32 bytes are a key")
    }
}

/// Fills bytes at random.
pub(crate) fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("an operating system has randomness");
}

/// A plain digest of words, in hexadecimal, cut to a length: for names and tokens, which must be
/// the same on every machine.
#[must_use]
pub fn digest_hex(words: &[&str], length: usize) -> String {
    let mut text = hex::encode(digest(words));
    text.truncate(length);
    text
}

/// A plain digest of words.
pub(crate) fn digest(words: &[&str]) -> [u8; 32] {
    let mut hasher = Blake2s256::new();
    for word in words {
        Digest::update(&mut hasher, (word.len() as u64).to_le_bytes());
        Digest::update(&mut hasher, word.as_bytes());
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_or_moved_does_not_open() {
        let key = DataKey::random();
        let sealed = key.encrypt(b"canary", b"here");
        assert_eq!(
            key.decrypt(&sealed, b"here").as_deref().map(Vec::as_slice),
            Some(&b"canary"[..])
        );
        assert!(key.decrypt(&sealed, b"there").is_none());
        assert!(DataKey::random().decrypt(&sealed, b"here").is_none());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(key.decrypt(&changed, b"here").is_none());
        assert!(key.decrypt(&sealed[..10], b"here").is_none());
        assert_ne!(key.encrypt(b"canary", b"here"), sealed, "the nonce is new each time");
    }

    #[test]
    fn digests_depend_on_key_and_word_borders() {
        let (one, two) = (DataKey::random(), DataKey::random());
        assert_eq!(one.digest(b"x"), one.digest(b"x"));
        assert_ne!(one.digest(b"x"), two.digest(b"x"));
        assert_ne!(digest_hex(&["ab", "c"], 8), digest_hex(&["a", "bc"], 8));
        assert_eq!(digest_hex(&["ab"], 8).len(), 8);
    }
}
