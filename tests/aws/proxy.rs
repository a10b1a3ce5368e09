//! [`Proxy`]: stands between an engine and a server, knows which calls change something, and lets
//! them fail.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

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
}

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
        let bomb = Arc::<Bomb>::default();
        let server = server.trim_start_matches("http://").to_owned();
        let shared = Arc::new(Shared { server, bomb: Arc::clone(&bomb), ..Shared::default() });
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

    /// Lets calls fail from now on, or no more.
    pub(crate) fn fail(&self, faults: Option<Faults>) {
        *self.shared.faults.lock().unwrap() = faults;
    }
}

impl Shared {
    /// What goes wrong with the next call.
    fn fault(&self) -> Option<Fault> {
        self.faults.lock().unwrap().as_mut()?.draw()
    }
}

/// The answer; `None` where the connection is to be cut.
async fn pass(shared: &Arc<Shared>, request: Message) -> std::io::Result<Option<Message>> {
    let operation = operation(&request);
    let changes = changes(&request, &operation);
    let calls = if changes { &shared.mutating } else { &shared.reading };
    *calls.lock().unwrap().entry(operation).or_default() += 1;
    let dies = || changes && shared.bomb.moment();
    if dies() {
        std::future::pending::<()>().await;
    }
    let fault = shared.fault();
    match fault {
        Some(Fault::Throttled) => return Ok(Some(refused(&request, 400, "ThrottlingException"))),
        Some(Fault::Broken) => return Ok(Some(refused(&request, 500, "InternalFailure"))),
        Some(Fault::CutBefore) => return Ok(None),
        Some(Fault::CutAfter) | None => {}
    }
    let answer = request.send(&shared.server).await?;
    if dies() {
        std::future::pending::<()>().await;
    }
    if matches!(fault, Some(Fault::CutAfter)) {
        return Ok(None);
    }
    if changes {
        let bomb = Arc::clone(&shared.bomb);
        // The answer is on its way, and the process dies a moment later.
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            bomb.moment();
        });
    }
    Ok(Some(answer))
}

/// A refusal in the words of any of AWS's protocols.
fn refused(request: &Message, status: u16, code: &str) -> Message {
    let is_json = request.header("x-amz-target").is_some()
        || request.header("content-type").is_some_and(|it| it.ends_with("json"));
    let body = if is_json {
        format!("{{\"__type\":\"{code}\",\"message\":\"{code}\"}}")
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

/// The service and the operation: `ec2:CreateVpc`, `s3:PUT`.
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
    let name = named.or_else(action).unwrap_or_else(|| request.method().to_owned());
    format!("{}:{name}", service.unwrap_or("?"))
}

/// Whether a call changes something.
fn changes(request: &Message, operation: &str) -> bool {
    let (_, name) = operation.split_once(':').unwrap_or(("", operation));
    let reads = ["Describe", "List", "Get", "Search", "Lookup", "Query"];
    if name == request.method() {
        return !["GET", "HEAD"].contains(&name);
    }
    !reads.iter().any(|begin| name.starts_with(begin))
}
