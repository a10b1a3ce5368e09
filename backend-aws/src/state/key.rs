//! [`KmsKey`]: a stack's data key sealed by AWS KMS.

use std::{fmt, sync::Arc};

use aws_sdk_kms::primitives::Blob;
use infra_core::{
    dsl::Provider,
    handler::HandlerError,
    state::seal::{DataKey, KeyHeader, KeySource, SealError},
};

use crate::{
    aws::{AwsOptions, Factory},
    error::Error,
};

/// Seals a stack's data key with a key of AWS KMS, which never leaves KMS.
///
/// The project and the stack are the encryption context: KMS opens the data key only together with
/// them, so that it is of no use in the state of another stack, and they stand in CloudTrail.
pub struct KmsKey {
    factory: Arc<Factory>,
    key: String,
    project: String,
    stack: String,
}

impl fmt::Debug for KmsKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KmsKey").field("key", &self.key).finish_non_exhaustive()
    }
}

impl KmsKey {
    /// The method's name.
    pub const METHOD: &'static str = "aws_kms";

    /// Seals with this key, by id, alias (`alias/state`) or ARN.
    #[must_use]
    pub fn new(
        aws: AwsOptions,
        key: impl Into<String>,
        project: impl Into<String>,
        stack: impl Into<String>,
    ) -> Self {
        let factory = Arc::new(Factory::new(aws));
        Self { factory, key: key.into(), project: project.into(), stack: stack.into() }
    }

    async fn client(&self) -> aws_sdk_kms::Client {
        self.factory.of(&Provider::of_kind("aws")).await.kms().clone()
    }
}

const PROJECT: &str = "infra:project";
const STACK: &str = "infra:stack";

fn refused(error: HandlerError) -> SealError {
    SealError::Service { service: "kms", source: Box::new(error) }
}

fn incomplete(operation: &'static str, what: &str) -> SealError {
    refused(*Error::incomplete("kms", operation, what).0)
}

#[async_trait::async_trait]
impl KeySource for KmsKey {
    fn method(&self) -> &'static str {
        Self::METHOD
    }

    async fn wrap(&self, key: &DataKey) -> Result<KeyHeader, SealError> {
        let asked = self
            .client()
            .await
            .encrypt()
            .key_id(&self.key)
            .plaintext(Blob::new(*key.expose()))
            .encryption_context(PROJECT, &self.project)
            .encryption_context(STACK, &self.stack);
        let told = asked.send().await.map_err(|error| refused(*Error::from(error).0))?;
        let wrapped =
            told.ciphertext_blob.ok_or_else(|| incomplete("Encrypt", "CiphertextBlob"))?;
        // The ARN: an alias can be made to mean another key.
        let parameter = told.key_id.ok_or_else(|| incomplete("Encrypt", "KeyId"))?;
        let wrapped = hex::encode(wrapped);
        Ok(KeyHeader { method: Self::METHOD.to_owned(), parameter, wrapped })
    }

    async fn unwrap(&self, header: &KeyHeader) -> Result<DataKey, SealError> {
        let wrapped = hex::decode(&header.wrapped).map_err(|_| SealError::BadHeader)?;
        let asked = self
            .client()
            .await
            .decrypt()
            .key_id(&header.parameter)
            .ciphertext_blob(Blob::new(wrapped))
            .encryption_context(PROJECT, &self.project)
            .encryption_context(STACK, &self.stack);
        let told = asked.send().await.map_err(|error| {
            let Error(error) = Error::from(error);
            match &*error.code {
                "InvalidCiphertextException" | "IncorrectKeyException" => {
                    SealError::WrongKey("key of AWS KMS")
                }
                _ => refused(*error),
            }
        })?;
        let plain = told.plaintext.ok_or_else(|| incomplete("Decrypt", "Plaintext"))?;
        let key: [u8; 32] = plain.into_inner().try_into().map_err(|_| SealError::BadHeader)?;
        Ok(DataKey::from_bytes(key))
    }
}
