//! Rules of AWS that concern several resources, or several properties that decide about a whole
//! run: told before anything is touched, and not by AWS in the middle of it.
//!
//! To add one, write its file (copy `subnets.rs`) and add it to [`all`]. The simulator has the same
//! rule in its own words, for what only turns out when outputs are known; the refused programs of
//! the conformance suite hold both against one text.

mod backups;
mod listeners;
mod subnets;
mod topics;
mod zones;

use crate::check::Check;

/// All of them.
pub(crate) fn all() -> [&'static dyn Check; 5] {
    [
        &subnets::Ranges,
        &zones::TwoZones,
        &listeners::Certificates,
        &topics::Publishers,
        &backups::Retention,
    ]
}
