//! A site in this process with the stand-in's pages, which fails as it is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use backend_local::containers::drill::{
    Accounts, Application, Facts, Hit, Injection, LoadSettings, Pace, Redundancy, Site, SiteError,
    Spacing, digest,
};
use infra_core::types::Secret;
use infra_tests::http::Message;
use percent_encoding::percent_decode_str;
use serde_json::{Value as Json, json};
use tokio::{
    io::{AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    time::{Instant, sleep, sleep_until},
};

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Status(u16),
    Reset,
    /// An answer that ends before its end.
    Torn,
    /// No HTTP at all.
    Noise,
    /// Nothing, for ever.
    Silence,
    /// Another one's page.
    Other,
}

/// Which requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    All,
    Posts,
    User(u32),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    pub(crate) user: Option<String>,
    token: String,
    key: String,
    pub(crate) value: Option<String>,
    /// When the value was written last, or the login was.
    pub(crate) changed: Option<Instant>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) rows: BTreeMap<u64, String>,
    pub(crate) files: BTreeMap<String, String>,
    /// What goes wrong, with whom, and until when.
    pub(crate) fault: Option<(Fault, Of, Option<Instant>)>,
    /// Until then nobody gets an answer, and then everybody does.
    pub(crate) hangs_until: Option<Instant>,
    /// How long each answer takes, and each fiftieth.
    pub(crate) takes: (Duration, Duration),
    /// How many requests there were, how many of them went wrong, and which are under way.
    pub(crate) requests: usize,
    pub(crate) faults: usize,
    next: u64,
}

/// A fake site. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Fake {
    state: Arc<Mutex<State>>,
    pub(crate) url: String,
    plan: Arc<Plan>,
}

type Plant = Box<dyn Fn(&mut State) -> Result<Option<u64>, SiteError> + Send + Sync>;

/// What a drill finds.
pub(crate) struct Plan {
    /// What happens; returns how many requests were under way at what was hit.
    pub(crate) plant: Plant,
    /// What the site says of itself, one answer after the other; the last one stays.
    pub(crate) redundancy: Vec<Redundancy>,
    /// How long that takes.
    pub(crate) takes: Duration,
    /// Whether it can be healed.
    pub(crate) heals: bool,
    /// The tasks after the event, or after so many requests.
    pub(crate) tasks_after: &'static [&'static str],
    pub(crate) many: usize,
    asked: AtomicUsize,
    pub(crate) healed: AtomicUsize,
    injected: AtomicUsize,
}

impl Plan {
    pub(crate) fn new(
        plant: impl Fn(&mut State) -> Result<Option<u64>, SiteError> + Send + Sync + 'static,
    ) -> Self {
        let missing = Redundancy::Missing(vec!["one".to_owned()]);
        Self {
            plant: Box::new(plant),
            redundancy: vec![Redundancy::Full, Redundancy::Full, missing, Redundancy::Full],
            takes: Duration::ZERO,
            heals: true,
            tasks_after: &["a", "b"],
            many: usize::MAX,
            asked: AtomicUsize::new(0),
            healed: AtomicUsize::new(0),
            injected: AtomicUsize::new(0),
        }
    }

    /// Nothing happens.
    pub(crate) fn nothing() -> Self {
        Self::new(|_| Ok(None))
    }
}

/// How long the parts of a drill last here.
pub(crate) fn pace() -> Pace {
    let mut pace = Pace::default();
    pace.warm_up = Duration::from_millis(800);
    pace.baseline = Duration::from_millis(700);
    pace.cool_down = Duration::from_millis(1_500);
    pace.redundancy = Duration::from_secs(3);
    pace.poll = Duration::from_millis(50);
    pace.notice = Duration::from_millis(400);
    pace.verification = Duration::from_millis(1_500);
    pace
}

impl Fake {
    pub(crate) async fn start(plan: Plan) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { state: Arc::default(), url, plan: Arc::new(plan) };
        let server = fake.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(server.clone().answer(stream));
            }
        });
        fake
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn healed(&self) -> usize {
        self.plan.healed.load(Ordering::Relaxed)
    }

    pub(crate) fn injected(&self) -> usize {
        self.plan.injected.load(Ordering::Relaxed)
    }

    pub(crate) fn settings(&self) -> LoadSettings {
        let secret = Secret::new("secret".to_owned());
        let accounts = Accounts::Derived { secret, users: 10 };
        let mut settings = LoadSettings::new(Application::StandIn, &self.url, accounts);
        settings.users = 10;
        settings.rate = 100.0;
        settings.spacing = Spacing::Even;
        settings.patience = Duration::from_secs(5);
        settings
    }

    async fn answer(self, stream: TcpStream) {
        let mut from = BufReader::new(stream);
        let Ok(Some(request)) = Message::read(&mut from, true).await else { return };
        let mut stream = from.into_inner();
        let (fault, hangs_until, takes) = {
            let mut state = self.state();
            state.requests += 1;
            let takes =
                if state.requests.is_multiple_of(50) { state.takes.1 } else { state.takes.0 };
            (state.fault_of(&request), state.hangs_until, takes)
        };
        if let Some(until) = hangs_until {
            sleep_until(until).await;
        }
        sleep(takes).await;
        // What a client gave up meanwhile is none of the server's.
        let _given_up = match fault {
            None => {
                let page = self.state().page(&request);
                page.write(&mut stream).await
            }
            Some(Fault::Status(code)) => answer(code, &[], "no").write(&mut stream).await,
            Some(Fault::Reset) => stream.set_zero_linger().map(|()| drop(stream)),
            Some(Fault::Torn) => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{").await
            }
            Some(Fault::Noise) => stream.write_all(b"this is no HTTP\r\n\r\n").await,
            Some(Fault::Silence) => std::future::pending().await,
            Some(Fault::Other) => answer(200, &[], "{}").write(&mut stream).await,
        };
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Message {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Message {
        line: format!("HTTP/1.1 {status} It"),
        headers: headers.chain([("connection".to_owned(), "close".to_owned())]).collect(),
        body: body.as_bytes().to_vec(),
    }
}

fn to_login() -> Message {
    answer(303, &[("location", "/login/index.php")], "")
}

/// A field of a form, or of what is asked behind a path.
fn field(text: &str, name: &str) -> String {
    let found = text.split('&').find_map(|it| it.strip_prefix(&format!("{name}=")));
    percent_decode_str(found.unwrap_or_default()).decode_utf8().unwrap().into_owned()
}

impl State {
    fn fault_of(&mut self, request: &Message) -> Option<Fault> {
        let (fault, of, until) = self.fault?;
        let is_hit = until.is_none_or(|until| Instant::now() < until)
            && match of {
                Of::All => true,
                Of::Posts => request.method() == "POST" && request.path().contains("/drill/"),
                Of::User(number) => {
                    let name = format!("user{number}");
                    let body = String::from_utf8_lossy(&request.body).into_owned();
                    let session = self.sessions.get(&cookie(request));
                    session.is_some_and(|it| it.user.as_ref() == Some(&name))
                        || field(&body, "username") == name
                }
            };
        self.faults += usize::from(is_hit);
        is_hit.then_some(fault)
    }

    fn page(&mut self, request: &Message) -> Message {
        let (path, asked) = request.path().split_once('?').unwrap_or((request.path(), ""));
        let body = String::from_utf8(request.body.clone()).unwrap();
        match (request.method(), path) {
            ("GET", "/login/index.php") => {
                let (id, token) = (format!("s{}", self.number()), format!("t{}", self.number()));
                let session = Session { token: token.clone(), ..Session::default() };
                self.sessions.insert(id.clone(), session);
                let form = format!("<input type=\"hidden\" name=\"logintoken\" value=\"{token}\">");
                answer(200, &[("set-cookie", &format!("PHPSESSID={id}; path=/"))], &form)
            }
            ("POST", "/login/index.php") => self.login(&cookie(request), &body),
            ("GET", "/login/logout.php") => {
                self.sessions.remove(&cookie(request));
                to_login()
            }
            _ => match self.sessions.get_mut(&cookie(request)).filter(|it| it.user.is_some()) {
                None => to_login(),
                Some(session) => {
                    if request.method() == "POST" && field(&body, "sesskey") != session.key {
                        return answer(403, &[], "");
                    }
                    let told = match (request.method(), path) {
                        ("POST", "/drill/session.php") => {
                            session.value = Some(field(&body, "content"));
                            session.changed = Some(Instant::now());
                            json!({ "session": session.value })
                        }
                        ("GET", "/drill/session.php") => json!({ "session": session.value }),
                        ("GET", "/my/") => json!({
                            "user": session.user, "cached": session.user, "sesskey": session.key,
                            "session": session.value, "file": "welcome",
                        }),
                        _ => self.stored(request.method(), path, asked, &body),
                    };
                    answer(200, &[], &told.to_string())
                }
            },
        }
    }

    fn login(&mut self, id: &str, body: &str) -> Message {
        let user = field(body, "username");
        let password = digest(format!("secret\n{user}").as_bytes());
        let token = self.sessions.remove(id).map(|session| session.token);
        if token != Some(field(body, "logintoken")) || password != field(body, "password") {
            return answer(200, &[], "<div id=\"loginerrormessage\">no</div>");
        }
        let (id, key) = (format!("s{}", self.number()), format!("k{}", self.number()));
        let changed = Some(Instant::now());
        let session = Session { user: Some(user), key, changed, ..Session::default() };
        self.sessions.insert(id.clone(), session);
        let cookie = format!("PHPSESSID={id}; path=/");
        answer(303, &[("location", "/login/home.php"), ("set-cookie", &cookie)], "")
    }

    fn stored(&mut self, method: &str, path: &str, asked: &str, body: &str) -> Json {
        let content = field(body, "content");
        let digests = |found: Vec<(String, Option<&String>)>| -> Json {
            let found = found.into_iter();
            found.map(|(name, it)| (name, json!(it.map(|it| digest(it.as_bytes()))))).collect()
        };
        match (method, path) {
            ("POST", "/drill/row.php") => {
                let id = self.number();
                let digest = digest(content.as_bytes());
                self.rows.insert(id, content);
                json!({ "id": id, "digest": digest })
            }
            ("POST", "/drill/file.php") => {
                let name = format!("f{}", self.number());
                let digest = digest(content.as_bytes());
                self.files.insert(name.clone(), content);
                json!({ "name": name, "digest": digest })
            }
            ("GET", "/drill/rows.php") => {
                let ids = field(asked, "ids");
                let ids = ids.split(',').map(str::to_owned);
                json!({ "rows": digests(ids.map(|id| (id.clone(), self.rows.get(&id.parse().unwrap()))).collect()) })
            }
            ("GET", "/drill/files.php") => {
                let names = field(asked, "names");
                let names = names.split(',').map(str::to_owned);
                json!({ "files": digests(names.map(|name| (name.clone(), self.files.get(&name))).collect()) })
            }
            other => panic!("no such page: {other:?}"),
        }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

fn cookie(request: &Message) -> String {
    let cookies = request.header("cookie").unwrap_or_default();
    let session = cookies.split("; ").find_map(|it| it.strip_prefix("PHPSESSID="));
    session.unwrap_or_default().to_owned()
}

impl Site for Fake {
    async fn inject(&self, _injection: Injection) -> Result<Hit, SiteError> {
        sleep(self.plan.takes).await;
        self.plan.injected.fetch_add(1, Ordering::Relaxed);
        let in_flight = (self.plan.plant)(&mut self.state())?;
        Ok(Hit { target: "the fake".to_owned(), in_flight })
    }

    async fn heal(&self) -> Result<(), SiteError> {
        self.plan.healed.fetch_add(1, Ordering::Relaxed);
        if self.plan.heals { Ok(()) } else { Err("it can't be healed".into()) }
    }

    async fn redundancy(&self) -> Result<Redundancy, SiteError> {
        let asked = self.plan.asked.fetch_add(1, Ordering::Relaxed);
        let all = &self.plan.redundancy;
        Ok(all[asked.min(all.len() - 1)].clone())
    }

    async fn facts(&self) -> Result<Facts, SiteError> {
        let later = self.injected() > 0 || self.state().requests >= self.plan.many;
        let tasks = if later { self.plan.tasks_after } else { &["a", "b"] };
        let tasks: BTreeSet<String> = tasks.iter().map(|it| (*it).to_owned()).collect();
        Ok(Facts { tasks, instances: 1, deployed: "1".to_owned() })
    }
}
