//! [`Sealer`]: turns plain secrets into sealed ones and back.

use std::sync::{Arc, OnceLock};

use super::{DataKey, KeyHeader, KeySource, SealError};
use crate::{
    schema::TypeDef,
    value::{Properties, Sealed, SecretValue, Value, canonical_bytes},
};

/// Whose secret it is: part of what is authenticated, so that a sealed value can't be moved to
/// another resource or property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The lineage of the state.
    pub lineage: Arc<str>,
    /// The stable id of the resource, or what the value belongs to otherwise. Not the URN: a
    /// rename must not make secrets unreadable.
    pub of: String,
}

/// Turns plain secrets into sealed ones and back, with the stack's data key.
pub struct Sealer {
    source: Option<Arc<dyn KeySource>>,
    key: OnceLock<(DataKey, KeyHeader)>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let method = self.source.as_ref().map(|source| source.method());
        f.debug_struct("Sealer").field("method", &method).finish_non_exhaustive()
    }
}

impl Sealer {
    /// Seals with a data key that `source` wraps; without a source, secrets are refused.
    #[must_use]
    pub fn new(source: Option<Arc<dyn KeySource>>) -> Self {
        Self { source, key: OnceLock::new() }
    }

    /// Makes the data key available: the one of a header, or a new one if there is none. Returns
    /// the header of a new key, which must be recorded before anything that was sealed with it.
    ///
    /// # Errors
    /// If there is no source, or it does not open the key.
    pub async fn unlock(&self, header: Option<&KeyHeader>) -> Result<Option<KeyHeader>, SealError> {
        if let Some((_, known)) = self.key.get() {
            return match header {
                None => Ok(Some(known.clone())),
                Some(header) if header == known => Ok(None),
                Some(_) => Err(SealError::OtherKey),
            };
        }
        let source = self.source.as_ref().ok_or(SealError::NoKey)?;
        let (key, made) = match header {
            Some(header) if header.method != source.method() => {
                let found = header.method.clone();
                return Err(SealError::OtherMethod { found, given: source.method() });
            }
            Some(header) => ((source.unwrap(header).await?, header.clone()), None),
            None => {
                let key = DataKey::random();
                let header = source.wrap(&key).await?;
                ((key, header.clone()), Some(header))
            }
        };
        // A sealer belongs to one engine, whose runs unlock one after the other.
        let _ = self.key.set(key);
        Ok(made)
    }

    fn key(&self) -> Result<&DataKey, SealError> {
        self.key.get().map(|(key, _)| key).ok_or(SealError::NoKey)
    }

    /// Whether there is anything to make or open a key with.
    #[must_use]
    pub fn can_unlock(&self) -> bool {
        self.source.is_some() || self.key.get().is_some()
    }

    /// A digest that only the key's holder can make; `None` if no key was unlocked.
    pub(crate) fn digest(&self, bytes: &[u8]) -> Option<[u8; 16]> {
        self.key.get().map(|(key, _)| key.digest(bytes))
    }

    /// Whether a plain value is the one that was sealed.
    ///
    /// # Errors
    /// If the key was not unlocked.
    pub fn is(&self, plain: &Value, digest: &[u8; 16]) -> Result<bool, SealError> {
        Ok(self.key()?.digest(&bytes(plain)) == *digest)
    }

    /// Seals every plain secret in the properties. What `old` holds sealed of the same value in
    /// the same place is taken over, so that unchanged secrets keep their ciphertext.
    ///
    /// # Errors
    /// If the key was not unlocked.
    pub fn seal_all(
        &self,
        ty: &TypeDef,
        properties: &Properties,
        old: Option<&Properties>,
        owner: &Owner,
    ) -> Result<Properties, SealError> {
        if !properties.iter().any(|(_, value)| value.has_secret()) {
            return Ok(properties.clone());
        }
        properties.try_map(|slot, value| {
            let prop = ty.prop(slot);
            let place = Place { owner, path: prop.name.to_owned(), digest_only: prop.write_only };
            self.seal_in(value, old.map(|old| old.get(slot)), &place)
        })
    }

    /// Seals every plain secret in a value.
    ///
    /// # Errors
    /// If the key was not unlocked.
    pub fn seal(&self, value: &Value, owner: &Owner, path: &str) -> Result<Value, SealError> {
        let place = Place { owner, path: path.to_owned(), digest_only: false };
        self.seal_in(value, None, &place)
    }

    fn seal_in(
        &self,
        value: &Value,
        old: Option<&Value>,
        place: &Place<'_>,
    ) -> Result<Value, SealError> {
        match value {
            Value::Secret(secret) => match &**secret {
                SecretValue::Plain(plain) => self.seal_one(plain, old, place),
                SecretValue::Sealed(_) | SecretValue::Digest(_) => Ok(value.clone()),
            },
            Value::List(items) if value.has_secret() => {
                let sealed = items.iter().enumerate().map(|(index, item)| {
                    let old = old.and_then(|old| old.items().get(index));
                    self.seal_in(item, old, &place.within(&index.to_string()))
                });
                sealed.collect::<Result<_, _>>().map(Value::List)
            }
            Value::Map(entries) if value.has_secret() => {
                let sealed = entries.iter().map(|(key, value)| {
                    let old = old.and_then(|old| old.field(key));
                    Ok((key.clone(), self.seal_in(value, old, &place.within(key))?))
                });
                sealed.collect::<Result<_, SealError>>().map(Value::Map)
            }
            value => Ok(value.clone()),
        }
    }

    fn seal_one(
        &self,
        plain: &Value,
        old: Option<&Value>,
        place: &Place<'_>,
    ) -> Result<Value, SealError> {
        let key = self.key()?;
        let bytes = bytes(plain);
        let digest = key.digest(&bytes);
        if let Some(Value::Secret(old)) = old
            && old.digest() == Some(&digest)
        {
            return Ok(Value::Secret(Arc::clone(old)));
        }
        let secret = if place.digest_only {
            SecretValue::Digest(digest)
        } else {
            let json =
                serde_json::to_vec(plain).map_err(|_| SealError::Damaged(place.path.clone()))?;
            let ciphertext = key.encrypt(&json, &place.associated());
            SecretValue::Sealed(Sealed { digest, ciphertext })
        };
        Ok(Value::Secret(Arc::new(secret)))
    }

    /// Opens every sealed secret in the properties. Digests stay: nothing can bring them back.
    ///
    /// # Errors
    /// If the key was not unlocked, or a value was changed or moved.
    pub fn open_all(
        &self,
        ty: &TypeDef,
        properties: &Properties,
        owner: &Owner,
    ) -> Result<Properties, SealError> {
        if !properties.iter().any(|(_, value)| value.has_secret()) {
            return Ok(properties.clone());
        }
        properties.try_map(|slot, value| self.open(value, owner, ty.prop(slot).name))
    }

    /// Opens every sealed secret in a value.
    ///
    /// # Errors
    /// If the key was not unlocked, or the value was changed or moved.
    pub fn open(&self, value: &Value, owner: &Owner, path: &str) -> Result<Value, SealError> {
        self.open_in(value, &Place { owner, path: path.to_owned(), digest_only: false })
    }

    fn open_in(&self, value: &Value, place: &Place<'_>) -> Result<Value, SealError> {
        match value {
            Value::Secret(secret) => match &**secret {
                SecretValue::Sealed(sealed) => {
                    let plain = self.key()?.decrypt(&sealed.ciphertext, &place.associated());
                    let plain =
                        plain.and_then(|plain| serde_json::from_slice::<Value>(&plain).ok());
                    plain
                        .map(Value::into_secret)
                        .ok_or_else(|| SealError::Damaged(place.path.clone()))
                }
                SecretValue::Plain(_) | SecretValue::Digest(_) => Ok(value.clone()),
            },
            Value::List(items) if value.has_secret() => {
                let opened = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.open_in(item, &place.within(&index.to_string())));
                opened.collect::<Result<_, _>>().map(Value::List)
            }
            Value::Map(entries) if value.has_secret() => {
                let opened = entries.iter().map(|(key, value)| {
                    Ok((key.clone(), self.open_in(value, &place.within(key))?))
                });
                opened.collect::<Result<_, SealError>>().map(Value::Map)
            }
            value => Ok(value.clone()),
        }
    }
}

struct Place<'a> {
    owner: &'a Owner,
    path: String,
    digest_only: bool,
}

impl Place<'_> {
    fn within(&self, step: &str) -> Self {
        Place {
            owner: self.owner,
            path: format!("{}.{step}", self.path),
            digest_only: self.digest_only,
        }
    }

    fn associated(&self) -> Vec<u8> {
        let Owner { lineage, of } = self.owner;
        format!("{lineage}\n{of}\n{}", self.path).into_bytes()
    }
}

fn bytes(plain: &Value) -> Vec<u8> {
    let mut bytes = vec![];
    canonical_bytes(plain, &mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        state::seal::{KeyFile, Passphrase},
        types::Secret,
    };

    fn owner(of: &str) -> Owner {
        Owner { lineage: "l".into(), of: of.to_owned() }
    }

    fn passphrase(text: &str) -> Sealer {
        Sealer::new(Some(Arc::new(Passphrase::new(Secret::new(text.to_owned())))))
    }

    #[tokio::test]
    async fn secrets_come_back_only_to_their_owner() {
        let sealer = passphrase("correct horse");
        let header = sealer.unlock(None).await.unwrap().unwrap();
        let value = Value::list([Value::from("canary").into_secret(), Value::from("plain")]);
        let sealed = sealer.seal(&value, &owner("a"), "p").unwrap();
        assert!(!serde_json::to_string(&sealed).unwrap().contains("canary"));

        let again = passphrase("correct horse");
        assert!(again.unlock(Some(&header)).await.unwrap().is_none());
        assert_eq!(again.open(&sealed, &owner("a"), "p").unwrap(), value);
        assert!(matches!(again.open(&sealed, &owner("b"), "p"), Err(SealError::Damaged(_))));
        assert!(matches!(again.open(&sealed, &owner("a"), "q"), Err(SealError::Damaged(_))));
        let wrong = passphrase("battery staple").unlock(Some(&header)).await;
        assert!(matches!(wrong, Err(SealError::WrongKey("passphrase"))));
    }

    #[tokio::test]
    async fn unchanged_secrets_keep_their_ciphertext() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys/one");
        let sealer = Sealer::new(Some(Arc::new(KeyFile::new(&file))));
        sealer.unlock(None).await.unwrap().unwrap();
        let value = Value::from("canary").into_secret();
        let first = sealer.seal(&value, &owner("a"), "p").unwrap();
        let place = Place { owner: &owner("a"), path: "p".to_owned(), digest_only: false };
        let second = sealer.seal_in(&value, Some(&first), &place).unwrap();
        let ciphertext = |value: &Value| serde_json::to_string(value).unwrap();
        assert_eq!(ciphertext(&first), ciphertext(&second));
        assert_ne!(ciphertext(&first), ciphertext(&sealer.seal(&value, &owner("a"), "p").unwrap()));
    }

    #[tokio::test]
    async fn without_a_source_secrets_are_refused() {
        let sealer = Sealer::new(None);
        assert!(matches!(sealer.unlock(None).await, Err(SealError::NoKey)));
        let value = Value::from("canary").into_secret();
        assert!(matches!(sealer.seal(&value, &owner("a"), "p"), Err(SealError::NoKey)));
        assert_eq!(sealer.seal(&Value::from("x"), &owner("a"), "p").unwrap(), Value::from("x"));
    }
}
