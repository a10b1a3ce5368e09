//! State in S3, and data keys sealed by KMS.

#[cfg(feature = "s3")]
mod head;
#[cfg(feature = "s3")]
mod journal;
#[cfg(feature = "kms")]
mod key;
#[cfg(feature = "s3")]
mod objects;
#[cfg(feature = "s3")]
mod options;
#[cfg(feature = "s3")]
mod refused;
mod remote;
#[cfg(feature = "s3")]
mod store;
#[cfg(feature = "s3")]
mod turn;

#[cfg(feature = "kms")]
pub use key::KmsKey;
#[cfg(feature = "s3")]
pub use options::S3Options;
#[cfg(feature = "s3")]
pub use store::S3Store;
