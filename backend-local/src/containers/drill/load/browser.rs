//! [`Browser`]: somebody with a jar of cookies, who goes from page to page and remembers what they
//! were told.

use std::time::Duration;

use super::{Answer, Ask, Cookies, digest, random::Random};
use crate::containers::drill::{
    Failure,
    pages::{Action, Pages, Told, Visit},
    record::Kind,
};

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Not logged in, as far as they know.
    Outside,
    /// Before the form of the login.
    AtForm,
    /// Logged in.
    Inside,
}

/// What the session is to hold.
#[derive(Clone, Debug, Default)]
pub(super) struct SessionValue {
    /// What was acknowledged last.
    told: Option<String>,
    /// What was sent and not acknowledged: it may have been stored, even late.
    perhaps: Vec<String>,
}

impl SessionValue {
    fn allows(&self, value: Option<&String>) -> bool {
        value == self.told.as_ref() || value.is_some_and(|it| self.perhaps.contains(it))
    }
}

/// Something that was acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Acknowledged {
    Row { id: u64, digest: String },
    File { name: String, digest: String },
}

/// Somebody with a jar of cookies.
#[derive(Debug)]
pub(super) struct Browser {
    pub(super) number: u32,
    pub(super) visit: Visit,
    pub(super) place: Place,
    cookies: Cookies,
    session: SessionValue,
    /// When the session was changed last, as far as that was acknowledged.
    pub(super) changed: Duration,
    /// What they wrote last.
    row: Option<(u64, String)>,
    file: Option<(String, String)>,
    random: Random,
    /// How many pages this journey still has.
    left: u64,
    written: u64,
}

impl Browser {
    pub(super) fn new(number: u32, visit: Visit, seed: u64) -> Self {
        Self {
            number,
            visit,
            place: Place::Outside,
            cookies: Cookies::default(),
            session: SessionValue::default(),
            changed: Duration::ZERO,
            row: None,
            file: None,
            random: Random::new(seed.wrapping_mul(0x1000_0001).wrapping_add(u64::from(number))),
            left: 0,
            written: 0,
        }
    }

    /// What they do next.
    pub(super) fn next(&mut self, pages: &dyn Pages) -> Action {
        match self.place {
            Place::Outside => return Action::LoginForm,
            Place::AtForm => return Action::Login,
            Place::Inside => {}
        }
        if self.left == 0 {
            self.left = 5 + self.random.below(10);
            // Some stay, and begin anew.
            if self.row.is_some() && self.random.below(3) == 0 {
                return Action::Logout;
            }
        }
        self.left -= 1;
        // A form has to be on a page first.
        if self.visit.session_key.is_empty() {
            return Action::Read;
        }
        let choice = self.random.below(100);
        let action = match choice {
            0..45 => Action::Read,
            45..60 => Action::WriteRow(self.content(80)),
            60..70 => Action::WriteFile(self.content(4_000)),
            70..80 => Action::WriteSession(self.content(0)),
            _ => return self.read_back(choice),
        };
        if pages.has(action.kind(), &self.visit) { action } else { Action::Read }
    }

    fn read_back(&self, choice: u64) -> Action {
        match (choice % 3, &self.row, &self.file) {
            (0, Some((id, _)), _) => Action::ReadRows(vec![*id]),
            (1, _, Some((name, _))) => Action::ReadFiles(vec![name.clone()]),
            _ => Action::ReadSession,
        }
    }

    /// A content that there is once.
    fn content(&mut self, length: usize) -> String {
        self.written += 1;
        let mut content = format!("{:016x}-{}-{}", self.random.next(), self.number, self.written);
        while content.len() < length {
            content.push_str(&format!("-{:016x}", self.random.next()));
        }
        content
    }

    pub(super) fn ask(&mut self, pages: &dyn Pages, action: &Action) -> (Ask, Option<String>) {
        if *action == Action::LoginForm {
            // What an earlier session was, no page needs.
            self.cookies.forget();
        }
        (pages.ask(action, &self.visit), self.cookies.header())
    }

    /// Keeps the cookies of an answer, and reads it.
    pub(super) fn told(
        &mut self,
        pages: &dyn Pages,
        action: &Action,
        answer: &Answer,
    ) -> Result<Told, Failure> {
        for cookie in &answer.cookies {
            self.cookies.keep(cookie);
        }
        pages.judge(action, &mut self.visit, answer)
    }

    /// Takes in what came of what they did, at a moment; says what was acknowledged.
    pub(super) fn take(
        &mut self,
        pages: &dyn Pages,
        action: &Action,
        came: Result<Answer, Failure>,
        at: Duration,
    ) -> Result<Option<Acknowledged>, Failure> {
        match came.and_then(|answer| self.told(pages, action, &answer)) {
            Ok(told) => self.believe(action, told, at),
            Err(failure) => {
                self.doubt(action, failure);
                Err(failure)
            }
        }
    }

    fn believe(
        &mut self,
        action: &Action,
        told: Told,
        at: Duration,
    ) -> Result<Option<Acknowledged>, Failure> {
        match (action, told) {
            (Action::LoginForm, _) => self.place = Place::AtForm,
            (Action::Login, _) => {
                self.place = Place::Inside;
                self.session = SessionValue::default();
                self.visit.session_key.clear();
                self.changed = at;
            }
            (Action::Logout, _) => self.place = Place::Outside,
            (Action::WriteSession(value), _) => {
                self.session.told = Some(value.clone());
                self.changed = at;
            }
            (_, Told::Session(value)) if !self.session.allows(value.as_ref()) => {
                // From now on that is what it holds: each loss is told once.
                self.session.told = value;
                return Err(Failure::WrongSession);
            }
            (Action::WriteRow(content), Told::Row(id)) => {
                let digest = digest(content.as_bytes());
                self.row = Some((id, digest.clone()));
                return Ok(Some(Acknowledged::Row { id, digest }));
            }
            (Action::WriteFile(content), Told::File(name)) => {
                let digest = digest(content.as_bytes());
                self.file = Some((name.clone(), digest.clone()));
                return Ok(Some(Acknowledged::File { name, digest }));
            }
            (Action::ReadRows(_) | Action::ReadFiles(_), Told::Digests(found)) => {
                let row = self.row.as_ref().map(|(id, digest)| (id.to_string(), digest.clone()));
                let known = [row, self.file.clone()].into_iter().flatten();
                let asked = match action {
                    Action::ReadRows(ids) => ids.first().map(u64::to_string),
                    Action::ReadFiles(names) => names.first().cloned(),
                    _ => None,
                };
                for (name, digest) in known.filter(|(name, _)| Some(name) == asked.as_ref()) {
                    if found.get(&name) != Some(&digest) {
                        return Err(Failure::WrongContent);
                    }
                }
            }
            _ => {}
        }
        Ok(None)
    }

    fn doubt(&mut self, action: &Action, failure: Failure) {
        match (action.kind(), failure) {
            // Whether they are out, or in, nobody told them.
            (Kind::LoginForm | Kind::Login | Kind::Logout, _) | (_, Failure::LostSession) => {
                self.place = Place::Outside;
            }
            (Kind::WriteSession, _) => {
                if let Action::WriteSession(value) = action {
                    self.session.perhaps.push(value.clone());
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use infra_core::types::Secret;

    use super::*;
    use crate::containers::drill::Application;

    fn pages() -> &'static dyn Pages {
        Application::StandIn.pages()
    }

    fn inside() -> Browser {
        let visit = Visit::new(("user1".to_owned(), Secret::new("word".to_owned())));
        let mut browser = Browser::new(0, visit, 1);
        browser.place = Place::Inside;
        browser
    }

    fn page(body: &str) -> Result<Answer, Failure> {
        Ok(Answer { status: 200, body: body.to_owned(), ..Answer::default() })
    }

    #[track_caller]
    fn session(browser: &mut Browser, value: &str, expected: Result<(), Failure>) {
        let body = page(&format!("{{\"session\":{value}}}"));
        let taken = browser.take(pages(), &Action::ReadSession, body, Duration::ZERO);
        assert_eq!(taken.map(|_| ()), expected, "{value}");
    }

    #[test]
    fn a_session_holds_what_was_acknowledged_or_perhaps_what_was_sent_after() {
        let mut browser = inside();
        session(&mut browser, "null", Ok(()));
        let write = |it: &str| Action::WriteSession(it.to_owned());
        let one = page("{\"session\":\"one\"}");
        browser.take(pages(), &write("one"), one, Duration::ZERO).unwrap();
        session(&mut browser, "\"one\"", Ok(()));
        let lost = Err(Failure::Timeout);
        browser.take(pages(), &write("two"), lost, Duration::ZERO).unwrap_err();
        session(&mut browser, "\"one\"", Ok(()));
        session(&mut browser, "\"two\"", Ok(()));
        session(&mut browser, "null", Err(Failure::WrongSession));
        // Told once.
        session(&mut browser, "null", Ok(()));
    }

    #[test]
    fn a_row_is_acknowledged_only_with_what_was_sent() {
        let mut browser = inside();
        let action = Action::WriteRow("it".to_owned());
        let digest = digest(b"it");
        let good = page(&format!("{{\"id\":7,\"digest\":\"{digest}\"}}"));
        let taken = browser.take(pages(), &action, good, Duration::ZERO);
        assert_eq!(taken, Ok(Some(Acknowledged::Row { id: 7, digest: digest.clone() })));
        let other = page("{\"id\":8,\"digest\":\"00\"}");
        let taken = browser.take(pages(), &action, other, Duration::ZERO);
        assert_eq!(taken, Err(Failure::WrongContent));
        // Read back, it is there, or it is not.
        let back = Action::ReadRows(vec![7]);
        let there = page(&format!("{{\"rows\":{{\"7\":\"{digest}\"}}}}"));
        assert_eq!(browser.take(pages(), &back, there, Duration::ZERO), Ok(None));
        let gone = page("{\"rows\":{\"7\":null}}");
        let taken = browser.take(pages(), &back, gone, Duration::ZERO);
        assert_eq!(taken, Err(Failure::WrongContent));
    }

    #[test]
    fn whoever_is_sent_to_the_login_has_lost_their_session_and_logs_in_again() {
        let mut browser = inside();
        let sent = Answer {
            status: 303,
            location: Some("/login/index.php".to_owned()),
            ..Answer::default()
        };
        let taken = browser.take(pages(), &Action::Read, Ok(sent), Duration::ZERO);
        assert_eq!(taken, Err(Failure::LostSession));
        assert_eq!(browser.next(pages()), Action::LoginForm);
    }

    #[test]
    fn journeys_do_all_that_there_is() {
        let mut browser = inside();
        browser.row = Some((1, String::new()));
        browser.file = Some((String::new(), String::new()));
        browser.visit.session_key = "key".to_owned();
        let mut done: Vec<Kind> = (0..2_000).map(|_| browser.next(pages()).kind()).collect();
        let reads = done.iter().filter(|kind| **kind == Kind::Read).count();
        assert!((700..1_100).contains(&reads), "{reads}");
        done.sort_unstable();
        done.dedup();
        assert_eq!(done, &Kind::ALL[2..]);
    }
}
