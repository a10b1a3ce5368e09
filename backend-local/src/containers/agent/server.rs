//! The agent's end of its socket.

use std::{convert::Infallible, sync::Arc};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use infra_core::engine::full_message;
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::UnixListener;

use super::{
    AgentError,
    protocol::{Run, SecretOf, Strike, Which},
    run::Agent,
};

/// No question is larger.
const LARGEST: usize = 4 << 20;

/// Answers until the process ends.
pub(super) async fn serve(agent: Arc<Agent>, listener: UnixListener) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, for a moment.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        let agent = Arc::clone(&agent);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(Arc::clone(&agent), request));
            let connection = hyper::server::conn::http1::Builder::new();
            // Who hangs up before the answer does not want it.
            let _ = connection.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

type Answer = Response<Full<Bytes>>;

async fn answer(agent: Arc<Agent>, request: Request<Incoming>) -> Result<Answer, Infallible> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, LARGEST).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Ok(refused(StatusCode::BAD_REQUEST, error.to_string())),
    };
    Ok(match (&parts.method, parts.uri.path()) {
        (&Method::GET, "/report") => told(&agent.report()),
        (&Method::POST, "/state") => match read::<Which>(&body) {
            Ok(which) => match agent.state(&which).await {
                Ok(state) => told(&state),
                Err(error) => failed(&error),
            },
            Err(refusal) => refusal,
        },
        (&Method::POST, "/secret") => match read::<SecretOf>(&body) {
            Ok(secret) => match agent.keep(secret) {
                Ok(()) => told(&true),
                Err(error) => failed(&error),
            },
            Err(refusal) => refusal,
        },
        (&Method::POST, "/run") => match read::<Run>(&body) {
            Ok(run) => match agent.run_task(&run).await {
                Ok(ran) => told(&ran),
                Err(error) => failed(&error),
            },
            Err(refusal) => refusal,
        },
        (&Method::GET, "/serving") => match agent.serving().await {
            Ok(serving) => told(&serving),
            Err(error) => failed(&error),
        },
        (&Method::POST, "/inject") => match read::<Strike>(&body) {
            // Whoever hangs up meanwhile heals; what was begun is done whole before.
            Ok(strike) => match detached(async move { agent.inject(&strike).await }).await {
                Ok(struck) => told(&struck),
                Err(error) => failed(&error),
            },
            Err(refusal) => refusal,
        },
        (&Method::POST, "/heal") => match detached(async move { agent.heal().await }).await {
            Ok(()) => told(&true),
            Err(error) => failed(&error),
        },
        (&Method::POST, "/stop") => {
            agent.stop();
            told(&true)
        }
        (method, path) => refused(StatusCode::NOT_FOUND, format!("there is no {method} {path}")),
    })
}

/// Does something to its end, whether anybody waits for it or not.
async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, AgentError>> + Send + 'static,
) -> Result<T, AgentError> {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(error) => Err(AgentError::Refused { said: error.to_string() }),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Answer> {
    serde_json::from_slice(body)
        .map_err(|error| refused(StatusCode::BAD_REQUEST, error.to_string()))
}

fn told(what: &impl Serialize) -> Answer {
    match serde_json::to_vec(what) {
        Ok(body) => Response::new(Full::new(body.into())),
        Err(error) => failed(&error),
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Answer {
    refused(StatusCode::INTERNAL_SERVER_ERROR, full_message(error))
}

fn refused(status: StatusCode, why: String) -> Answer {
    let mut answer = Response::new(Full::new(why.into()));
    *answer.status_mut() = status;
    answer
}
