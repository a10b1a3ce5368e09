//! The bytes that a store keeps: checkpoints and journals, with their versions and checksums.
//!
//! Disk forms live here alone; what is in memory may change without them.

mod checkpoint;
mod journal;
mod ordered;
mod record;

pub use checkpoint::{read_checkpoint, write_checkpoint};
pub use journal::{Replayed, encode_entry, encode_header, replay};

/// The version of the checkpoint that this binary writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// Why kept bytes can't be read. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// It was written by a newer version of this program.
    #[error("`{place}` has format {found}, and this program reads up to {FORMAT}")]
    Newer {
        /// The file or object.
        place: String,
        /// The format found.
        found: u32,
    },
    /// It is damaged.
    #[error("`{place}` is damaged at byte {offset}: {message}")]
    Damaged {
        /// The file or object.
        place: String,
        /// Where.
        offset: u64,
        /// What is wrong there.
        message: String,
    },
    /// It can't be read.
    #[error("`{place}` can't be read")]
    Io {
        /// The file or object.
        place: String,
        /// Why not.
        source: std::io::Error,
    },
}
