//! [`Proxy`]: stands between an engine and a server, knows which calls change something, and lets
//! them fail.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use infra_core::handler::BoxFuture;
use infra_tests::{
    crash::Bomb,
    faults::{Fault, Faults},
    http::Message,
};
use tokio::{io::BufReader, net::TcpListener};

/// Calls by service and operation, and how often each was made.
pub(crate) type Calls = BTreeMap<String, u64>;

#[derive(Default)]
struct Shared {
    server: String,
    bomb: Arc<Bomb>,
    mutating: Mutex<Calls>,
    reading: Mutex<Calls>,
    faults: Mutex<Option<Faults>>,
    sweep: Mutex<Option<Sweep>>,
    stands_in: Option<StandsIn>,
    /// Each call that is at the server has one more of it.
    under_way: Arc<()>,
    /// Held while a write with a condition is at the server: moto looks at the condition and writes
    /// in two steps, and AWS in one.
    conditional: tokio::sync::Mutex<()>,
}

/// When a process dies at a call: before it, after it was executed, or after its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    Before,
    Executed,
    Answered,
}

/// Kills that go through all moments by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Each {
    /// Once for each operation of AWS: `CreateSubnet`.
    Operation,
    /// Once for each call: each subnet.
    Call,
}

/// Where the process was killed already.
struct Sweep {
    each: Each,
    done: BTreeSet<(String, Moment)>,
}

/// Answers calls that a server does not know; `None` for all others.
pub(crate) type StandsIn =
    for<'a> fn(&'a Message, &'a str) -> BoxFuture<'a, std::io::Result<Option<Message>>>;

/// Stands between an engine and a server.
pub(crate) struct Proxy {
    pub(crate) url: String,
    pub(crate) bomb: Arc<Bomb>,
    shared: Arc<Shared>,
    accepts: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepts.abort();
    }
}

impl Proxy {
    pub(crate) async fn before(server: &str) -> Self {
        Self::with(server, None).await
    }

    /// One that answers some calls itself.
    pub(crate) async fn with(server: &str, stands_in: Option<StandsIn>) -> Self {
        let bomb = Arc::<Bomb>::default();
        let server = server.trim_start_matches("http://").to_owned();
        let shared =
            Arc::new(Shared { server, bomb: Arc::clone(&bomb), stands_in, ..Shared::default() });
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sharing = Arc::clone(&shared);
        let accepts = tokio::spawn(async move {
            loop {
                let Ok((connection, _)) = listener.accept().await else { return };
                let shared = Arc::clone(&sharing);
                tokio::spawn(async move {
                    let mut connection = BufReader::new(connection);
                    while let Ok(Some(request)) = Message::read(&mut connection, true).await {
                        // Nothing is a connection that is cut.
                        let Ok(Some(answer)) = pass(&shared, request).await else { return };
                        if answer.write(connection.get_mut()).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { url, bomb, shared, accepts }
    }

    /// The calls since the last time that changed something, and the others.
    pub(crate) fn take_calls(&self) -> (Calls, Calls) {
        let take = |calls: &Mutex<Calls>| std::mem::take(&mut *calls.lock().unwrap());
        (take(&self.shared.mutating), take(&self.shared.reading))
    }

    /// Lets the process die at each call that changes something, at each moment, once: a run ends
    /// with the first of them that is new. Says how many there were before.
    pub(crate) fn sweep(&self, each: Option<Each>) -> usize {
        let new = each.map(|each| Sweep { each, done: BTreeSet::new() });
        let old = std::mem::replace(&mut *self.shared.sweep.lock().unwrap(), new);
        old.map_or(0, |old| old.done.len())
    }

    /// What a process had sent when it died comes to its end, however slow the server is: AWS takes
    /// as long as the settle time for it at most, and nobody looks for it before.
    pub(crate) async fn comes_to_rest(&self) {
        let mut quiet = 0;
        while quiet < 10 {
            tokio::time::sleep(Duration::from_millis(2)).await;
            quiet = if Arc::strong_count(&self.shared.under_way) == 1 { quiet + 1 } else { 0 };
        }
    }

    /// Lets calls fail from now on, or no more.
    pub(crate) fn fail(&self, faults: Option<Faults>) {
        *self.shared.faults.lock().unwrap() = faults;
    }
}

impl Shared {
    /// Whether the process dies at this moment, or is dead.
    fn dies(&self, request: &Message, operation: &str, moment: Moment) -> bool {
        let mut sweep = self.sweep.lock().unwrap();
        let Some(sweep) = sweep.as_mut() else { return self.bomb.moment() };
        if self.bomb.is_dead() {
            return true;
        }
        let what = match sweep.each {
            Each::Operation => operation.to_owned(),
            Each::Call => {
                let body = String::from_utf8_lossy(&request.body);
                format!("{operation} {} {body}", request.line)
            }
        };
        if !sweep.done.insert((what, moment)) {
            return false;
        }
        self.bomb.die();
        true
    }

    /// What goes wrong with the next call.
    fn fault(&self) -> Option<Fault> {
        self.faults.lock().unwrap().as_mut()?.draw()
    }
}

/// What a server answers. moto stumbles when it tells of what changes at the same moment, and says so
/// with a page of its own: a question is put to it once more.
async fn sent(request: &Message, server: &str, changes: bool) -> std::io::Result<Message> {
    let answer = request.send(server).await?;
    let is_page = answer.header("content-type").is_some_and(|it| it.starts_with("text/html"));
    let stumbled = answer.line.contains(" 500 ") && is_page;
    if stumbled && !changes { request.send(server).await } else { Ok(answer) }
}

/// The answer; `None` where the connection is to be cut.
async fn pass(shared: &Arc<Shared>, request: Message) -> std::io::Result<Option<Message>> {
    let operation = operation(&request);
    let changes = changes(&operation);
    let calls = if changes { &shared.mutating } else { &shared.reading };
    *calls.lock().unwrap().entry(operation.clone()).or_default() += 1;
    let dies = |moment| changes && shared.dies(&request, &operation, moment);
    if dies(Moment::Before) {
        std::future::pending::<()>().await;
    }
    let under_way = Arc::clone(&shared.under_way);
    let fault = shared.fault();
    match fault {
        Some(Fault::Throttled) => return Ok(Some(refused(&request, 400, "ThrottlingException"))),
        Some(Fault::Broken) => return Ok(Some(refused(&request, 500, "InternalFailure"))),
        Some(Fault::CutBefore) => return Ok(None),
        Some(Fault::CutAfter) | None => {}
    }
    let answer = {
        let has_condition = ["if-match", "if-none-match"].map(|name| request.header(name));
        let waits = changes && has_condition.iter().any(Option::is_some);
        let _one = if waits { Some(shared.conditional.lock().await) } else { None };
        let own = match shared.stands_in {
            Some(stands_in) => stands_in(&request, &shared.server).await?,
            None => None,
        };
        match own {
            Some(answer) => answer,
            None => sent(&request, &shared.server, changes).await?,
        }
    };
    if dies(Moment::Executed) {
        drop(under_way);
        return std::future::pending().await;
    }
    if matches!(fault, Some(Fault::CutAfter)) {
        return Ok(None);
    }
    if changes {
        let shared = Arc::clone(shared);
        // The answer is on its way, and the process dies a moment later.
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            shared.dies(&request, &operation, Moment::Answered);
            drop(under_way);
        });
    }
    Ok(Some(answer))
}

/// A refusal in the words of any of AWS's protocols.
fn refused(request: &Message, status: u16, code: &str) -> Message {
    let is_json = request.header("x-amz-target").is_some()
        || request.header("content-type").is_some_and(|it| it.ends_with("json"));
    let is_s3 = operation(request).starts_with("s3:");
    let body = if is_json {
        format!("{{\"__type\":\"{code}\",\"message\":\"{code}\"}}")
    } else if is_s3 {
        format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>")
    } else {
        format!(
            "<Response><Errors><Error><Code>{code}</Code><Message>{code}</Message></Error></Errors>\
             <Error><Code>{code}</Code><Message>{code}</Message></Error></Response>"
        )
    };
    Message {
        line: format!("HTTP/1.1 {status} Failed"),
        headers: vec![("x-amzn-errortype".to_owned(), code.to_owned())],
        body: body.into_bytes(),
    }
}

/// The service and the operation: `ec2:CreateVpc`, `s3:PUT /*?versioning`.
fn operation(request: &Message) -> String {
    // Credential=<id>/<day>/<region>/<service>/aws4_request
    let service = request.header("authorization").and_then(|it| it.split('/').nth(3));
    let target = request.header("x-amz-target");
    let named = target.and_then(|it| it.rsplit('.').next()).map(str::to_owned);
    let action = || {
        let body = std::str::from_utf8(&request.body).ok()?;
        let mut parts = body.split('&');
        parts.find_map(|part| part.strip_prefix("Action=")).map(str::to_owned)
    };
    let by_path = || {
        let path = request.path().split('?').next().unwrap_or_default();
        path.split_once("/operation/").map(|(_, name)| name.to_owned())
    };
    let name = named.or_else(action).or_else(by_path).unwrap_or_else(|| resource(request));
    format!("{}:{name}", service.unwrap_or("?"))
}

/// The method and the path, without what names single things: `PUT /backup-vaults/*`.
fn resource(request: &Message) -> String {
    let (path, query) = request.path().split_once('?').unwrap_or((request.path(), ""));
    let is_word = |step: &str| {
        let in_words = |it: char| it.is_ascii_lowercase() || it == '-';
        step.chars().all(in_words) && !step.starts_with("campus-")
    };
    let steps = path.split('/').map(|step| if is_word(step) { step } else { "*" });
    let steps: Vec<&str> = steps.collect();
    let query = query.split(['=', '&']).next().filter(|first| !first.is_empty());
    let query = query.map(|first| format!("?{first}")).unwrap_or_default();
    format!("{} {}{query}", request.method(), steps.join("/"))
}

/// Whether a call changes something.
fn changes(operation: &str) -> bool {
    let (_, name) = operation.split_once(':').unwrap_or(("", operation));
    let reads = ["Describe", "List", "Get", "HEAD ", "GET ", "Search", "Lookup", "Query"];
    let is_search = name.contains("search");
    !is_search && !reads.iter().any(|begin| name.starts_with(begin))
}
