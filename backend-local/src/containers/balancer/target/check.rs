//! One health check of a target.

use std::{net::SocketAddr, time::Duration};

use http_body_util::Empty;
use hyper::{
    Request,
    body::Bytes,
    header::{CONNECTION, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use super::status::Reason;
use crate::containers::balancer::config::Matcher;

/// Asks a target how it is.
pub(super) async fn check(
    address: SocketAddr,
    path: &str,
    patience: Duration,
    matcher: &Matcher,
) -> Result<(), Reason> {
    let late = || Reason::new("Target.Timeout", format!("no answer within {patience:?}"));
    let code = timeout(patience, ask(address, path)).await.map_err(|_| late())??;
    if matcher.matches(code) {
        return Ok(());
    }
    Err(Reason::new("Target.ResponseCodeMismatch", format!("it answers {code}")))
}

/// The code of its answer. The connection ends with this.
async fn ask(address: SocketAddr, path: &str) -> Result<u16, Reason> {
    let failed = |why: String| Reason::new("Target.FailedHealthChecks", why);
    let connected = TcpStream::connect(address).await;
    let stream = connected.map_err(|error| failed(format!("can't connect: {error}")))?;
    let request = Request::get(path)
        .header(HOST, address.to_string())
        .header(USER_AGENT, "ELB-HealthChecker/2.0")
        .header(CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|error| failed(format!("can't ask for {path}: {error}")))?;
    let asked = async {
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let answer = sender.send_request(request);
        tokio::pin!(connection, answer);
        tokio::select! {
            answer = &mut answer => answer,
            ended = &mut connection => match ended {
                Ok(()) => answer.await,
                Err(error) => Err(error),
            },
        }
    };
    let answer = asked.await.map_err(|error| failed(format!("no answer: {error}")))?;
    Ok(answer.status().as_u16())
}
