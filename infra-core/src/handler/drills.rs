//! [`Drills`]: a part of what a place has is taken away while people use it, where that can be done.

use super::{BackendError, BoxFuture, PlaceRequest};
use crate::types::Secret;

/// A drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrillInfo {
    /// Its name: `db-writer`.
    pub name: String,
    /// What happens.
    pub happens: String,
    /// What is to be learnt.
    pub teaches: String,
    /// Whether it takes an [`Upgrade`]: without one it can't be run.
    pub takes_upgrade: bool,
    /// Whether it hits an availability zone, so that it can be said which.
    pub takes_zone: bool,
    /// Whether it takes so long that it is no part of all of them.
    pub is_long: bool,
}

/// A drill that is to be run.
#[derive(Clone, Debug)]
pub struct DrillRun {
    /// Its name.
    pub name: String,
    /// How many requests are sent a second.
    pub rate: f64,
    /// How many people there are.
    pub users: u32,
    /// Who they are.
    pub people: People,
    /// The address that they type, if the site knows itself by another name than that of this machine.
    pub url: Option<String>,
    /// The upgrade that is to fail, for the drill that [takes one](DrillInfo::takes_upgrade).
    pub upgrade: Option<Upgrade>,
    /// The availability zone that is hit, `eu-central-1a`, by a drill that [hits
    /// one](DrillInfo::takes_zone); by default any that serves people.
    pub zone: Option<String>,
}

/// An upgrade that fails, and the way back: commands of the shell, since only whoever has the program
/// deploys it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upgrade {
    /// Begins it, and fails: it ends with another code than 0.
    pub begin: String,
    /// Brings back what was before.
    pub back: String,
}

/// Who visits a site in a drill.
#[derive(Clone, Debug)]
pub enum People {
    /// Those whom the stand-in makes when it is installed: their passwords are derived from that of the
    /// first user.
    Derived(Secret<String>),
    /// Users of Moodle itself, by name and password.
    Named(Vec<(String, Secret<String>)>),
}

/// What came of a drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrillReport {
    /// Whether all came as it was expected.
    pub passed: bool,
    /// Whether somebody ended it before its time.
    pub interrupted: bool,
    /// For a terminal.
    pub text: String,
    /// As a JSON object.
    pub json: String,
    /// As an HTML page.
    pub html: String,
}

/// Hears how far a drill is, in words.
pub type DrillListener<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Takes away parts of what a place has, while people use it.
pub trait Drills: Send + Sync {
    /// All drills.
    fn list(&self) -> Vec<DrillInfo>;

    /// Runs one. Whatever happens, and if `interrupt` ends, what was done is taken back.
    ///
    /// # Errors
    /// If there is nothing to report, or what was done could not be taken back.
    fn run<'a>(
        &'a self,
        request: &'a PlaceRequest,
        run: &'a DrillRun,
        interrupt: BoxFuture<'a, ()>,
        listener: DrillListener<'a>,
    ) -> BoxFuture<'a, Result<DrillReport, BackendError>>;

    /// Takes back what a drill did that was killed before it could.
    ///
    /// # Errors
    /// If it can't be taken back.
    fn heal<'a>(&'a self, request: &'a PlaceRequest) -> BoxFuture<'a, Result<(), BackendError>>;
}
