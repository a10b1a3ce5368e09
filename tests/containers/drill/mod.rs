//! Drills: of a site in this process that fails in known ways, all that was planted is found, and
//! nothing else; and of the stand-in itself, in containers.

mod fake;
mod planted;
mod runner;
mod stand_in;
