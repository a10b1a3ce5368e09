//! [`Server`]: speaks Cloudflare's API v4 over HTTP, and lets calls fail.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use backend_aws::{CloudflareBackend, CloudflareOptions};
use infra_tests::{
    crash::Bomb,
    deployed::Deployed,
    faults::{Fault, Faults},
    http::Message,
};
use tokio::{io::BufReader, net::TcpListener};

use crate::{account::Account, api};

/// The token that may do everything.
pub(crate) const TOKEN: &str = "all-zones-and-all-permissions";
/// One that may read zones alone.
pub(crate) const READER: &str = "zones-alone-and-these-to-read";

#[derive(Default)]
struct Shared {
    account: Mutex<Account>,
    bomb: Arc<Bomb>,
    calls: Mutex<Vec<String>>,
    faults: Mutex<Option<Faults>>,
}

/// Cloudflare with one account.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) bomb: Arc<Bomb>,
    shared: Arc<Shared>,
    accepts: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepts.abort();
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        let bomb = Arc::<Bomb>::default();
        let shared = Arc::new(Shared { bomb: Arc::clone(&bomb), ..Shared::default() });
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}/client/v4", listener.local_addr().unwrap());
        let sharing = Arc::clone(&shared);
        let accepts = tokio::spawn(async move {
            loop {
                let Ok((connection, _)) = listener.accept().await else { return };
                let shared = Arc::clone(&sharing);
                tokio::spawn(async move {
                    let mut connection = BufReader::new(connection);
                    while let Ok(Some(request)) = Message::read(&mut connection, true).await {
                        // Nothing is a connection that is cut.
                        let Some(answer) = pass(&shared, &request).await else { return };
                        if answer.write(connection.get_mut()).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { url, bomb, shared, accepts }
    }

    /// A place to deploy to, with a token or without.
    pub(crate) fn backend(&self, token: Option<&str>) -> CloudflareBackend {
        let (token, endpoint) = (token.map(str::to_owned), Some(self.url.clone()));
        CloudflareBackend::new(CloudflareOptions { token, endpoint })
    }

    /// The same and a state in which there is nothing.
    pub(crate) fn deployed(&self) -> Deployed {
        Deployed::on(Arc::new(self.backend(Some(TOKEN))))
    }

    /// Looks at the account, or changes it behind the engine's back.
    pub(crate) fn account<T>(&self, with: impl FnOnce(&mut Account) -> T) -> T {
        with(&mut self.shared.account.lock().unwrap())
    }

    /// An account in which nothing was done.
    pub(crate) fn reset(&self) {
        self.account(|account| *account = Account::default());
    }

    /// The calls since the last time: their methods and paths.
    pub(crate) fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.calls.lock().unwrap())
    }

    /// Lets calls fail from now on, or no more.
    pub(crate) fn fail(&self, faults: Option<Faults>) {
        *self.shared.faults.lock().unwrap() = faults;
    }
}

/// Whether a call, as it is noted, changes something.
pub(crate) fn changes(call: &str) -> bool {
    !call.starts_with("GET ")
}

/// The answer; `None` where the connection is to be cut.
async fn pass(shared: &Arc<Shared>, request: &Message) -> Option<Message> {
    let target = request.line.split(' ').nth(1).unwrap_or_default();
    let call = format!("{} {}", request.method(), target.split('?').next().unwrap_or_default());
    let changes = changes(&call);
    shared.calls.lock().unwrap().push(call);
    let dies = || changes && shared.bomb.moment();
    if dies() {
        std::future::pending::<()>().await;
    }
    let fault = shared.faults.lock().unwrap().as_mut().and_then(Faults::draw);
    match fault {
        Some(Fault::Throttled) => return Some(throttled()),
        Some(Fault::Broken) => return Some(broken()),
        Some(Fault::CutBefore) => return None,
        Some(Fault::CutAfter) | None => {}
    }
    let answer = api::answer(&mut shared.account.lock().unwrap(), request);
    if dies() {
        std::future::pending::<()>().await;
    }
    if fault.is_some() {
        return None;
    }
    if changes {
        let bomb = Arc::clone(&shared.bomb);
        // The answer is on its way, and the process dies a moment later.
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            bomb.moment();
        });
    }
    Some(answer)
}

fn throttled() -> Message {
    let mut answer = api::refusal(429, 10_429, "Rate limited. Please wait and try again.");
    answer.headers.push(("retry-after".to_owned(), "1".to_owned()));
    answer
}

/// What stands in front of the API answers, as a page for people.
fn broken() -> Message {
    Message {
        line: "HTTP/1.1 502 Bad Gateway".to_owned(),
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<html><title>502 Bad Gateway</title></html>".to_vec(),
    }
}
