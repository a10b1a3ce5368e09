//! Moodle itself, by what its own pages ask for: the login, `/my/`, messages to oneself as rows, and
//! files that are uploaded to keep them (drafts) as files.
//!
//! What goes beyond whole pages are the calls that Moodle's own JavaScript makes
//! (`/lib/ajax/service.php`). A value of one's own in the session has no page in Moodle.

use std::collections::BTreeMap;

use hyper::Method;
use serde_json::{Value as Json, json};

use super::{
    Action, LOGIN, Pages, Told, Visit, get,
    hidden::{between, hidden},
    page_of_somebody, post,
};
use crate::containers::{
    drill::{
        Failure,
        load::{Answer, Ask, digest},
        record::Kind,
    },
    form::escaped,
};

pub(super) struct Moodle;

/// What a visit notes: the number of the user.
const USER: &str = "user";
/// The conversation with oneself.
const CONVERSATION: &str = "conversation";
/// Where an upload goes: the draft, the repository of uploads, and the context.
const DRAFT: &str = "draft";
const REPOSITORY: &str = "repository";
const CONTEXT: &str = "context";
/// Between the parts of an upload.
const BOUNDARY: &str = "----moodle-infra-drill-7MA4YWxkTrZu0gW";

/// The page that reads next, which tells what later ones need.
enum Reading {
    Dashboard,
    Conversation,
    Files,
}

fn reading(visit: &Visit) -> Reading {
    let knows = |name| visit.noted.contains_key(name);
    if visit.session_key.is_empty() || !knows(USER) {
        Reading::Dashboard
    } else if !knows(CONVERSATION) {
        Reading::Conversation
    } else if !knows(REPOSITORY) {
        Reading::Files
    } else {
        Reading::Dashboard
    }
}

/// A call of Moodle's own JavaScript.
fn call(visit: &Visit, name: &str, arguments: Json) -> Ask {
    let path = format!("/lib/ajax/service.php?sesskey={}&info={name}", visit.session_key);
    let body = json!([{ "index": 0, "methodname": name, "args": arguments }]).to_string();
    let body = Some(("application/json".to_owned(), body.into_bytes()));
    Ask { method: Method::POST, path, body }
}

/// What a call came to. Moodle tells errors with a code of its own, and 200.
fn called(answer: &Answer) -> Result<Json, Failure> {
    page_of_somebody(answer)?;
    let page: Json = serde_json::from_str(&answer.body).map_err(|_| Failure::WrongContent)?;
    let first = page.get(0).unwrap_or(&page);
    if first["error"] == false {
        return Ok(first["data"].clone());
    }
    let code = first["exception"]["errorcode"].as_str().or(first["errorcode"].as_str());
    Err(match code {
        Some("servicerequireslogin" | "requireloginerror" | "invalidsesskey") => {
            Failure::LostSession
        }
        _ => Failure::WrongContent,
    })
}

fn noted<'a>(visit: &'a Visit, name: &str) -> &'a str {
    visit.noted.get(name).map_or("", String::as_str)
}

fn number(visit: &Visit, name: &str) -> u64 {
    noted(visit, name).parse().unwrap_or_default()
}

/// Digits behind a text, with or without quotes around them.
fn digits<'a>(page: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(before)?;
    let rest = rest.trim_start_matches(['"', ':']);
    let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

/// An upload as the file picker sends it.
fn upload(visit: &Visit, content: &str) -> Ask {
    let name = format!("{}.txt", digest(content.as_bytes()));
    let fields = [
        ("sesskey", visit.session_key.as_str()),
        ("repo_id", noted(visit, REPOSITORY)),
        ("itemid", noted(visit, DRAFT)),
        ("ctx_id", noted(visit, CONTEXT)),
        ("author", visit.user.as_str()),
        ("license", "unknown"),
        ("title", name.as_str()),
        ("env", "filemanager"),
        ("savepath", "/"),
        ("maxbytes", "-1"),
        ("areamaxbytes", "-1"),
    ];
    let mut body = String::new();
    for (field, value) in fields {
        let head = format!("Content-Disposition: form-data; name=\"{field}\"");
        body.push_str(&format!("--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n"));
    }
    let head = format!(
        "Content-Disposition: form-data; name=\"repo_upload_file\"; filename=\"{name}\"\r\n\
         Content-Type: text/plain"
    );
    body.push_str(&format!("--{BOUNDARY}\r\n{head}\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n"));
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let path = "/repository/repository_ajax.php?action=upload".to_owned();
    Ask { method: Method::POST, path, body: Some((kind, body.into_bytes())) }
}

/// The text of a message, without what makes it a paragraph.
fn plain(html: &str) -> String {
    let parts = html.split('<').enumerate().map(|(place, part)| match part.split_once('>') {
        Some((_, text)) if place > 0 => text,
        _ => part,
    });
    parts.collect::<String>().trim().to_owned()
}

impl Pages for Moodle {
    fn has(&self, kind: Kind, visit: &Visit) -> bool {
        match kind {
            Kind::WriteSession => false,
            Kind::WriteRow => visit.noted.contains_key(CONVERSATION),
            Kind::WriteFile => visit.noted.contains_key(REPOSITORY),
            _ => true,
        }
    }

    fn ask(&self, action: &Action, visit: &Visit) -> Ask {
        let user = number(visit, USER);
        match action {
            Action::LoginForm => get(LOGIN),
            Action::Login => {
                let token = ("logintoken", visit.login_token.as_str());
                let password = ("password", visit.password.expose().as_str());
                post(LOGIN, &[("anchor", ""), token, ("username", &visit.user), password])
            }
            Action::Read => match reading(visit) {
                Reading::Dashboard => get("/my/"),
                Reading::Conversation => {
                    call(visit, "core_message_get_self_conversation", json!({ "userid": user }))
                }
                Reading::Files => get("/user/files.php"),
            },
            // It has no value in it; whether it is there is told by any page.
            Action::ReadSession | Action::WriteSession(_) => get("/my/"),
            Action::ReadRows(_) => {
                let convid = number(visit, CONVERSATION);
                let arguments = json!({ "currentuserid": user, "convid": convid, "newest": true });
                call(visit, "core_message_get_conversation_messages", arguments)
            }
            Action::ReadFiles(names) => get(names.first().map_or("", String::as_str)),
            Action::WriteRow(content) => {
                let conversation = number(visit, CONVERSATION);
                // 2: plain text.
                let message = json!({ "text": content, "textformat": 2 });
                let arguments = json!({ "conversationid": conversation, "messages": [message] });
                call(visit, "core_message_send_messages_to_conversation", arguments)
            }
            Action::WriteFile(content) => upload(visit, content),
            Action::Logout => {
                get(format!("/login/logout.php?sesskey={}", escaped(&visit.session_key)))
            }
        }
    }

    fn judge(&self, action: &Action, visit: &mut Visit, answer: &Answer) -> Result<Told, Failure> {
        match action {
            Action::LoginForm if answer.status == 200 => {
                let token = hidden(&answer.body, "logintoken").ok_or(Failure::WrongContent)?;
                token.clone_into(&mut visit.login_token);
                // It is another session than that of before.
                visit.session_key.clear();
                visit.noted.clear();
                Ok(Told::Done)
            }
            Action::Login if answer.status == 303 => {
                // Whoever is let in is first sent to prove that they have the cookie.
                let to = answer.location.as_deref().unwrap_or_default();
                let is_in = to.contains("testsession=") || !to.contains(LOGIN);
                if is_in { Ok(Told::Done) } else { Err(Failure::LoginRefused) }
            }
            Action::Login if answer.status == 200 => Err(Failure::LoginRefused),
            Action::Logout if answer.status == 303 => Ok(Told::Done),
            Action::LoginForm | Action::Login | Action::Logout => {
                Err(Failure::Status(answer.status))
            }
            Action::Read => read(visit, answer),
            Action::ReadSession | Action::WriteSession(_) => {
                page_of_somebody(answer)?;
                Ok(Told::Session(None))
            }
            Action::WriteRow(_) => {
                let id = called(answer)?[0]["id"].as_u64();
                id.map(Told::Row).ok_or(Failure::WrongContent)
            }
            Action::WriteFile(_) => uploaded(answer),
            Action::ReadRows(ids) => {
                let data = called(answer)?;
                let messages = data["messages"].as_array().ok_or(Failure::WrongContent)?;
                let found = messages.iter().filter_map(|message| {
                    let id = message["id"].as_u64().filter(|id| ids.contains(id))?;
                    let text = plain(message["text"].as_str()?);
                    Some((id.to_string(), digest(text.as_bytes())))
                });
                Ok(Told::Digests(found.collect()))
            }
            Action::ReadFiles(names) => {
                if answer.status == 404 {
                    return Ok(Told::Digests(BTreeMap::new()));
                }
                page_of_somebody(answer)?;
                let found = names.first().map(|it| (it.clone(), digest(answer.body.as_bytes())));
                Ok(Told::Digests(found.into_iter().collect()))
            }
        }
    }

    fn batch(&self) -> usize {
        1
    }
}

/// What a page tells that later ones need.
fn read(visit: &mut Visit, answer: &Answer) -> Result<Told, Failure> {
    let page = &answer.body;
    match reading(visit) {
        Reading::Dashboard => {
            page_of_somebody(answer)?;
            let key = between(page, "\"sesskey\":\"", "\"").ok_or(Failure::WrongContent)?;
            let user = digits(page, "\"userId\":").or_else(|| digits(page, "data-userid=\""));
            // Of nobody, it would be the page of a guest.
            let user = user.filter(|it| *it != "0").ok_or(Failure::WrongContent)?;
            visit.noted.insert(USER, user.to_owned());
            key.clone_into(&mut visit.session_key);
        }
        Reading::Conversation => {
            let id = called(answer)?["id"].as_u64().ok_or(Failure::WrongContent)?;
            visit.noted.insert(CONVERSATION, id.to_string());
        }
        Reading::Files => {
            page_of_somebody(answer)?;
            let before = page.split_once("\"type\":\"upload\"").map(|(before, _)| before);
            let id = before.and_then(|it| digits(&it[it.rfind("{\"id\":")?..], "{\"id\":"));
            let draft = digits(page, "\"itemid\":");
            let context = digits(page, "\"contextid\":").or_else(|| digits(page, "\"contextId\":"));
            let all = [(REPOSITORY, id), (DRAFT, draft), (CONTEXT, context)];
            for (name, value) in all {
                let value = value.ok_or(Failure::WrongContent)?.to_owned();
                visit.noted.insert(name, value);
            }
        }
    }
    Ok(Told::Session(None))
}

/// Where an uploaded file is: the path of its address.
fn uploaded(answer: &Answer) -> Result<Told, Failure> {
    page_of_somebody(answer)?;
    let page: Json = serde_json::from_str(&answer.body).map_err(|_| Failure::WrongContent)?;
    match page["url"].as_str().and_then(|url| url.find("/draftfile.php").map(|it| &url[it..])) {
        Some(path) => Ok(Told::File(path.to_owned())),
        None if page["errorcode"] == "requireloginerror" => Err(Failure::LostSession),
        None => Err(Failure::WrongContent),
    }
}

#[cfg(test)]
mod tests {
    use infra_core::types::Secret;

    use super::*;

    fn visit() -> Visit {
        Visit::new(("somebody".to_owned(), Secret::new("word".to_owned())))
    }

    fn page(body: &str) -> Answer {
        Answer { status: 200, body: body.to_owned(), ..Answer::default() }
    }

    fn ask(action: &Action, visit: &Visit) -> String {
        let ask = Moodle.ask(action, visit);
        let body = ask.body.map(|(_, body)| String::from_utf8(body).unwrap()).unwrap_or_default();
        format!("{} {} {body}", ask.method, ask.path)
    }

    #[test]
    fn what_later_pages_need_is_read_from_earlier_ones() {
        let mut visit = visit();
        let form = page("<input type=\"hidden\" name=\"logintoken\" value=\"t1\">");
        Moodle.judge(&Action::LoginForm, &mut visit, &form).unwrap();
        assert!(
            ask(&Action::Login, &visit).ends_with("logintoken=t1&username=somebody&password=word")
        );
        assert!(!Moodle.has(Kind::WriteRow, &visit) && !Moodle.has(Kind::WriteFile, &visit));

        let dashboard = page("M.cfg = {\"sesskey\":\"k1\",\"userId\":42,\"contextid\":7}");
        Moodle.judge(&Action::Read, &mut visit, &dashboard).unwrap();
        let asked = ask(&Action::Read, &visit);
        assert!(asked.contains("sesskey=k1&info=core_message_get_self_conversation"), "{asked}");
        let conversation = page("[{\"error\":false,\"data\":{\"id\":9}}]");
        Moodle.judge(&Action::Read, &mut visit, &conversation).unwrap();
        assert!(ask(&Action::WriteRow("x".into()), &visit).contains("\"conversationid\":9"));
        let files = page(
            "{\"itemid\":123456,\"contextid\":5,\"repositories\":{\"3\":{\"id\":\"3\",\"type\":\"local\"},\
             \"4\":{\"id\":\"4\",\"name\":\"Upload a file\",\"type\":\"upload\"}}}",
        );
        Moodle.judge(&Action::Read, &mut visit, &files).unwrap();
        let asked = ask(&Action::WriteFile("content".into()), &visit);
        for field in ["name=\"repo_id\"\r\n\r\n4", "name=\"itemid\"\r\n\r\n123456"] {
            assert!(asked.contains(field), "{asked}");
        }
        let there = page("{\"url\":\"https:\\/\\/m\\/draftfile.php\\/5\\/a.txt\",\"id\":1}");
        let told = Moodle.judge(&Action::WriteFile("content".into()), &mut visit, &there);
        assert_eq!(told, Ok(Told::File("/draftfile.php/5/a.txt".to_owned())));
    }

    #[test]
    fn errors_with_a_code_of_moodles_own_are_errors() {
        let mut visit = visit();
        let write = Action::WriteRow("x".into());
        let cases = [
            (
                "[{\"error\":true,\"exception\":{\"errorcode\":\"servicerequireslogin\"}}]",
                Failure::LostSession,
            ),
            ("{\"error\":\"Sorry\",\"errorcode\":\"requireloginerror\"}", Failure::LostSession),
            (
                "[{\"error\":true,\"exception\":{\"errorcode\":\"dmlwriteexception\"}}]",
                Failure::WrongContent,
            ),
            ("<!DOCTYPE html>", Failure::WrongContent),
        ];
        for (body, failure) in cases {
            assert_eq!(Moodle.judge(&write, &mut visit, &page(body)), Err(failure), "{body}");
        }
        let refused = Answer {
            status: 303,
            location: Some("https://m/login/index.php?loginredirect=1".to_owned()),
            ..Answer::default()
        };
        let told = Moodle.judge(&Action::Login, &mut visit, &refused);
        assert_eq!(told, Err(Failure::LoginRefused));
    }

    #[test]
    fn a_message_is_its_text() {
        assert_eq!(plain("<p>a1-b2</p>\n"), "a1-b2");
        assert_eq!(plain("a1-b2"), "a1-b2");
    }
}
