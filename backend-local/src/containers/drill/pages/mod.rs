//! Which pages an application has, and how its answers are read.
//!
//! Journeys are the same everywhere; an application says what is asked for an [`Action`], and what
//! the answer is worth. So the stand-in and Moodle itself are visited by the same generator.

mod hidden;
mod moodle;
mod stand_in;

use std::collections::BTreeMap;

use hyper::Method;
use infra_core::types::Secret;

use super::{
    Failure,
    load::{Answer, Ask},
    record::Kind,
};
use crate::containers::form;

/// Which application a site runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Application {
    /// The small one in Moodle's shape (`moodle-infra/image/standin`).
    StandIn,
    /// Moodle itself, with people who may write messages to themselves and keep private files.
    Moodle,
}

impl Application {
    pub(super) fn pages(self) -> &'static dyn Pages {
        match self {
            Self::StandIn => &stand_in::StandIn,
            Self::Moodle => &moodle::Moodle,
        }
    }
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    LoginForm,
    Login,
    Read,
    ReadSession,
    /// Rows, by their ids.
    ReadRows(Vec<u64>),
    /// Files, by their names.
    ReadFiles(Vec<String>),
    WriteSession(String),
    WriteRow(String),
    WriteFile(String),
    Logout,
}

impl Action {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::LoginForm => Kind::LoginForm,
            Self::Login => Kind::Login,
            Self::Read => Kind::Read,
            Self::ReadSession | Self::ReadRows(_) | Self::ReadFiles(_) => Kind::ReadBack,
            Self::WriteSession(_) => Kind::WriteSession,
            Self::WriteRow(_) => Kind::WriteRow,
            Self::WriteFile(_) => Kind::WriteFile,
            Self::Logout => Kind::Logout,
        }
    }
}

/// What a successful answer told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// That it is done.
    Done,
    /// The value in the session.
    Session(Option<String>),
    /// The id of the row that was written.
    Row(u64),
    /// The name of the file that was written.
    File(String),
    /// The digests of those that were asked for and are there, by id or name.
    Digests(BTreeMap<String, String>),
}

/// What of a visit the application needs to know.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) user: String,
    pub(super) password: Secret<String>,
    /// What the form of the login has to send along.
    pub(super) login_token: String,
    /// What each other form has to send along.
    pub(super) session_key: String,
    /// What else pages told that later ones need.
    pub(super) noted: BTreeMap<&'static str, String>,
}

impl Visit {
    pub(super) fn new((user, password): (String, Secret<String>)) -> Self {
        let [login_token, session_key] = [String::new(), String::new()];
        Self { user, password, login_token, session_key, noted: BTreeMap::new() }
    }
}

/// An application.
pub(super) trait Pages: Sync {
    /// Whether it has a page for that, in the state that the visit is in.
    fn has(&self, kind: Kind, visit: &Visit) -> bool;

    /// What is asked.
    fn ask(&self, action: &Action, visit: &Visit) -> Ask;

    /// What the answer is worth.
    fn judge(&self, action: &Action, visit: &mut Visit, answer: &Answer) -> Result<Told, Failure>;

    /// How many rows, or files, can be asked for at once.
    fn batch(&self) -> usize;
}

fn get(path: impl Into<String>) -> Ask {
    Ask { method: Method::GET, path: path.into(), body: None }
}

fn post(path: impl Into<String>, fields: &[(&str, &str)]) -> Ask {
    let body = ("application/x-www-form-urlencoded".to_owned(), form::encoded(fields).into_bytes());
    Ask { method: Method::POST, path: path.into(), body: Some(body) }
}

/// Where both applications log in.
const LOGIN: &str = "/login/index.php";

/// Whether an answer sends us to the login: it does not know us.
fn is_sent_to_login(answer: &Answer) -> bool {
    let is_sent = matches!(answer.status, 301..=303 | 307);
    is_sent && answer.location.as_deref().is_some_and(|to| to.contains(LOGIN))
}

/// Of whoever has logged in a page that has to be there.
fn page_of_somebody(answer: &Answer) -> Result<(), Failure> {
    match answer.status {
        200 => Ok(()),
        _ if is_sent_to_login(answer) => Err(Failure::LostSession),
        other => Err(Failure::Status(other)),
    }
}
