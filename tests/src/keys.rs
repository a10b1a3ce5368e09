//! [`OpenKey`]: a data key that is kept as it is, for tests that run the engine thousands of
//! times: deriving a key from a passphrase is slow on purpose.

use infra_core::state::seal::{DataKey, KeyHeader, KeySource, SealError};

/// Keeps data keys unwrapped in the state. What they seal is sealed all the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenKey;

const METHOD: &str = "open";

#[async_trait::async_trait]
impl KeySource for OpenKey {
    fn method(&self) -> &'static str {
        METHOD
    }

    async fn wrap(&self, key: &DataKey) -> Result<KeyHeader, SealError> {
        let wrapped = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(KeyHeader { method: METHOD.to_owned(), parameter: String::new(), wrapped })
    }

    async fn unwrap(&self, header: &KeyHeader) -> Result<DataKey, SealError> {
        let byte = |place: usize| {
            let digits = header.wrapped.get(2 * place..2 * place + 2)?;
            u8::from_str_radix(digits, 16).ok()
        };
        let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(SealError::BadHeader)?;
        Ok(DataKey::from_bytes(bytes))
    }
}
