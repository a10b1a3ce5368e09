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
use serde_json::Value as Json;
use tokio::{io::BufReader, net::TcpListener, sync::Notify};

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
    /// Tells those who wait for a process that is dead that nobody waits for them.
    buried: Notify,
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

/// Which kills there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kills {
    pub(crate) each: Each,
    /// So many of the first moments nobody dies at: to begin near one that is of interest.
    pub(crate) spared: usize,
}

impl Kills {
    /// All of them.
    pub(crate) const fn all(each: Each) -> Self {
        Self { each, spared: 0 }
    }
}

/// Where the process was killed already.
struct Sweep {
    kills: Kills,
    done: BTreeSet<(String, Moment)>,
    last: Option<(String, Moment)>,
}

/// Answers calls that a server does not know; `None` for all others.
pub(crate) type StandsIn = Arc<
    dyn for<'a> Fn(&'a Message, &'a str) -> BoxFuture<'a, std::io::Result<Option<Message>>>
        + Send
        + Sync,
>;

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
                let accepted = listener.accept().await;
                let (connection, _) = accepted.expect("as many connections as calls under way");
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
    pub(crate) fn sweep(&self, kills: Option<Kills>) -> usize {
        let new = kills.map(|kills| Sweep { kills, done: BTreeSet::new(), last: None });
        let old = std::mem::replace(&mut *self.shared.sweep.lock().unwrap(), new);
        old.map_or(0, |old| old.done.len())
    }

    /// Where the process was killed last.
    pub(crate) fn last_kill(&self) -> Option<(String, Moment)> {
        self.shared.sweep.lock().unwrap().as_ref()?.last.clone()
    }

    /// What a process had sent when it died comes to its end, however slow the server is: AWS takes
    /// as long as the settle time for it at most, and nobody looks for it before.
    pub(crate) async fn comes_to_rest(&self) {
        let mut quiet = 0;
        while quiet < 10 {
            tokio::time::sleep(Duration::from_millis(2)).await;
            quiet = if Arc::strong_count(&self.shared.under_way) == 1 { quiet + 1 } else { 0 };
        }
        self.shared.buried.notify_waiters();
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
        let what = match sweep.kills.each {
            Each::Operation => operation.to_owned(),
            Each::Call => {
                // The SDK writes maps in an order of its own.
                let body = serde_json::from_slice::<Json>(&request.body).map_or_else(
                    |_| String::from_utf8_lossy(&request.body).into(),
                    |it| it.to_string(),
                );
                lasting(&format!("{operation} {} {body}", request.line))
            }
        };
        let is_new = sweep.done.insert((what.clone(), moment));
        if !is_new || sweep.done.len() <= sweep.kills.spared {
            return false;
        }
        sweep.last = Some((what, moment));
        self.bomb.die();
        true
    }

    /// What goes wrong with the next call.
    fn fault(&self) -> Option<Fault> {
        self.faults.lock().unwrap().as_mut()?.draw()
    }
}

/// A call without what is another in each run: the token and the id of a creation, made-up ends of
/// names, and tokens that the SDK makes up. With them, who is killed before a call would be so for
/// ever, since the next run makes a call that was not seen yet.
fn lasting(call: &str) -> String {
    let is_hex = |it: char| it.is_ascii_hexdigit();
    let is_uuid = |text: &str| text.chars().all(|it| is_hex(it) || it == '-');
    let mut text = String::new();
    let (mut rest, mut in_name) = (call, false);
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|it| !is_hex(it)).unwrap_or(rest.len());
        let asked = text.trim_end_matches(['=', '"', ':']);
        let is_asked = asked.len() < text.len() && asked.to_lowercase().ends_with("token");
        let left_out = if rest.get(..36).is_some_and(|token| is_asked && is_uuid(token)) {
            36
        } else if run == 16 || run == 32 {
            run
        } else if in_name && text.ends_with('-') && run >= 8 {
            8
        } else {
            0
        };
        let kept = if left_out > 0 { 0 } else { run.max(first.len_utf8()) };
        text.push_str(if left_out > 0 { "*" } else { &rest[..kept] });
        let goes_on = in_name && (first.is_ascii_alphanumeric() || first == '-');
        in_name = left_out == 0 && (goes_on || text.ends_with("campus-"));
        rest = &rest[left_out + kept..];
    }
    text
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
        shared.buried.notified().await;
        return Ok(None);
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
        let own = match &shared.stands_in {
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
        shared.buried.notified().await;
        return Ok(None);
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

#[test]
fn a_call_is_the_same_in_the_next_run() {
    let one = |suffix: &str, token: &str, uuid: &str| {
        lasting(&format!(
            "ecs:X DELETE /schedules/campus-test-site-{suffix}?clientToken={uuid}&id=sg-{suffix} \
             {{\"clientToken\":\"{uuid}\",\"key\":\"infra:intent\",\"value\":\"{token}\"}}"
        ))
    };
    let (suffix, token) = ("5449529a", "5e8543bc8a2f2440fdc4b0650664fe29");
    let uuid = "7f23be40-bb37-437d-9e66-bdce39bc14f2";
    let made = one(suffix, token, uuid);
    assert_eq!(
        made,
        "ecs:X DELETE /schedules/campus-test-site-*?clientToken=*&id=sg-5449529a \
         {\"clientToken\":\"*\",\"key\":\"infra:intent\",\"value\":\"*\"}"
    );
    let other = "11111111-bb37-437d-9e66-bdce39bc14f2";
    assert_eq!(one(suffix, &token.replace('5', "6"), other), made);
    // Keys of KMS have such ids.
    assert_ne!(lasting(&format!("KeyId={uuid}")), lasting(&format!("KeyId={other}")));
}

/// Each kill leaves as many calls behind as were under way: a ladder of hundreds of them would run out
/// of connections.
#[tokio::test]
async fn who_was_killed_leaves_no_connection_behind() {
    let proxy = Proxy::before("http://127.0.0.1:9").await;
    let nobody_else = Arc::strong_count(&proxy.shared);
    proxy.bomb.die();
    let call = Message {
        line: "POST / HTTP/1.1".to_owned(),
        body: b"Action=CreateVpc".to_vec(),
        ..Message::default()
    };
    let place = proxy.url.trim_start_matches("http://");
    let unanswered = tokio::time::timeout(Duration::from_millis(100), call.send(place)).await;
    assert!(unanswered.is_err(), "a dead process is told something");
    assert!(Arc::strong_count(&proxy.shared) > nobody_else);
    proxy.comes_to_rest().await;
    for _ in 0..100 {
        if Arc::strong_count(&proxy.shared) == nobody_else {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("its connection is still open");
}
