//! The exit codes, for scripts.

/// Everything was done.
pub const OK: u8 = 0;
/// Something failed that no other code tells: a step, a file, a service.
pub const FAILED: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// The program or its configuration is wrong, or its plan can't be carried out. Nothing was
/// touched.
pub const PROGRAM: u8 = 3;
/// More would have to be done than the preview has shown; `up` again shows the rest.
pub const NEEDS_MORE: u8 = 4;
/// Data would be lost, or a question was not answered with yes. Nothing was touched.
pub const CONSENT: u8 = 5;
/// Another run is at work on the stack.
pub const LOCKED: u8 = 6;
/// The state can't be read: it is damaged, newer than this program, sealed with another key, or
/// that of another stack.
pub const STATE: u8 = 7;
/// The place can't be reached or used.
pub const PLACE: u8 = 8;
/// `preview --exit-code`: there are changes.
pub const CHANGES: u8 = 10;
/// `availability`: a single failure would take more than may be lost.
pub const SINGLE_POINT: u8 = 11;
/// `drill`: something came otherwise than expected.
pub const GOALS_MISSED: u8 = 12;
/// The run was interrupted.
pub const INTERRUPTED: u8 = 130;
