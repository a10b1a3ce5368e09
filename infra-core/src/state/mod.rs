//! What is known of what was deployed: records, the journal of changes to them, checkpoints.
//!
//! ```text
//!   journal entries ──► State::apply ──► State ──► checkpoint
//!   (Change)            live and in replay          (format/)
//! ```
//!
//! Read in this order: [`Record`] (one resource), [`Status`] (its life cycle), [`Change`] (what can
//! happen to it), [`State`] (all of them), [`store`] (where they are kept), [`seal`] (how secrets
//! are).
//!
//! **Invariant:** [`State::apply`] is the only code that changes records, live and in replay.

mod apply;
mod change;
mod compact;
pub mod format;
mod integrity;
mod record;
pub mod seal;
#[allow(clippy::module_inception)]
mod state;
mod status;
pub mod store;

pub use apply::ApplyError;
pub use change::{Change, NewRecord};
pub use integrity::{Violation, check_integrity};
pub use record::{Dep, DepKind, Extra, Record, RecordType, Recorded, StableId};
pub use state::{Learned, Place, State};
pub use status::{IllegalTransition, Moment, Status};
