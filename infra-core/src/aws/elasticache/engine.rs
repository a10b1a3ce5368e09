//! What replication groups are made of.

use crate::{props, types::secret_texts};

/// The engine of a cache.
#[props(words = "lower")]
pub enum Engine {
    /// Redis OSS, up to 7.1.
    Redis,
    /// Valkey, which clients take for Redis; cheaper, and the one that gets new versions.
    Valkey,
}

/// Whether data lies in one shard or is spread over several.
#[props(words = "lower")]
pub enum ClusterMode {
    /// One shard, one endpoint that leads to its primary: every client can use it.
    Disabled,
    /// One shard, for clients of both kinds: the way from disabled to enabled.
    Compatible,
    /// Several shards, for clients that know which key lies where.
    Enabled,
}

/// Who may connect without encryption.
#[props(words = "lower")]
pub enum TransitEncryptionMode {
    /// Everybody: the way to encryption and back.
    Preferred,
    /// Nobody.
    Required,
}

/// What happens to the old token when there is a new one.
#[props(words = "UPPER")]
pub enum AuthTokenUpdateStrategy {
    /// Both count until the next change, so that clients can follow one by one.
    Rotate,
    /// Only the new one counts.
    Set,
}

secret_texts! {
    /// The word that clients come with.
    AuthToken:
        "a token of 16 to 128 letters, digits and !&#$^<>-",
        16..=128,
        |character| character.is_ascii_alphanumeric() || "!&#$^<>-".contains(character);
}
