//! The stand-in for Moodle: its README names the pages.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    Action, LOGIN, Pages, Told, Visit, get, hidden::hidden, is_sent_to_login, page_of_somebody,
    post,
};
use crate::containers::drill::{
    Failure,
    load::{Answer, Ask, digest},
    record::Kind,
};

pub(super) struct StandIn;

/// All that its pages tell; each tells a part.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Page {
    user: String,
    cached: String,
    sesskey: String,
    session: Option<String>,
    file: String,
    id: u64,
    name: String,
    digest: Option<String>,
    rows: BTreeMap<String, Option<String>>,
    files: BTreeMap<String, Option<String>>,
}

fn read(answer: &Answer) -> Result<Page, Failure> {
    page_of_somebody(answer)?;
    serde_json::from_str(&answer.body).map_err(|_| Failure::WrongContent)
}

fn there(all: BTreeMap<String, Option<String>>) -> BTreeMap<String, String> {
    all.into_iter().filter_map(|(name, digest)| Some((name, digest?))).collect()
}

fn so(it: bool) -> Result<(), Failure> {
    if it { Ok(()) } else { Err(Failure::WrongContent) }
}

impl Pages for StandIn {
    fn has(&self, _kind: Kind, _visit: &Visit) -> bool {
        true
    }

    fn ask(&self, action: &Action, visit: &Visit) -> Ask {
        let write = |path: &str, content: &str| {
            post(path, &[("sesskey", &visit.session_key), ("content", content)])
        };
        match action {
            Action::LoginForm => get(LOGIN),
            Action::Login => {
                let token = ("logintoken", visit.login_token.as_str());
                let password = ("password", visit.password.expose().as_str());
                post(LOGIN, &[("username", &visit.user), password, token])
            }
            Action::Read => get("/my/"),
            Action::ReadSession => get("/drill/session.php"),
            Action::ReadRows(ids) => {
                let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
                get(format!("/drill/rows.php?ids={}", ids.join(",")))
            }
            Action::ReadFiles(names) => get(format!("/drill/files.php?names={}", names.join(","))),
            Action::WriteSession(value) => write("/drill/session.php", value),
            Action::WriteRow(content) => write("/drill/row.php", content),
            Action::WriteFile(content) => write("/drill/file.php", content),
            Action::Logout => get(format!("/login/logout.php?sesskey={}", visit.session_key)),
        }
    }

    fn judge(&self, action: &Action, visit: &mut Visit, answer: &Answer) -> Result<Told, Failure> {
        match action {
            Action::LoginForm => {
                so(answer.status == 200).map_err(|_| Failure::Status(answer.status))?;
                let token = hidden(&answer.body, "logintoken").ok_or(Failure::WrongContent)?;
                token.clone_into(&mut visit.login_token);
                Ok(Told::Done)
            }
            Action::Login => match answer.status {
                303 if answer.location.as_deref() == Some("/login/home.php") => Ok(Told::Done),
                200 => Err(Failure::LoginRefused),
                other => Err(Failure::Status(other)),
            },
            Action::Logout if is_sent_to_login(answer) => Ok(Told::Done),
            Action::Logout => Err(Failure::Status(answer.status)),
            Action::Read => {
                let page = read(answer)?;
                so(page.user == visit.user && page.cached == visit.user && page.file == "welcome")?;
                visit.session_key = page.sesskey;
                Ok(Told::Session(page.session))
            }
            Action::ReadSession => Ok(Told::Session(read(answer)?.session)),
            Action::WriteSession(value) => {
                so(read(answer)?.session.as_ref() == Some(value))?;
                Ok(Told::Done)
            }
            Action::WriteRow(content) => {
                let page = read(answer)?;
                so(page.id > 0 && page.digest == Some(digest(content.as_bytes())))?;
                Ok(Told::Row(page.id))
            }
            Action::WriteFile(content) => {
                let page = read(answer)?;
                so(!page.name.is_empty() && page.digest == Some(digest(content.as_bytes())))?;
                Ok(Told::File(page.name))
            }
            Action::ReadRows(_) => Ok(Told::Digests(there(read(answer)?.rows))),
            Action::ReadFiles(_) => Ok(Told::Digests(there(read(answer)?.files))),
        }
    }

    fn batch(&self) -> usize {
        100
    }
}
