//! [`Client`]: asks the agent.

use std::path::PathBuf;

use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, StatusCode, body::Bytes};
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::UnixStream;

use super::{AgentError, Folder};

/// Asks the agent of a folder, by a connection for each question.
#[derive(Clone, Debug)]
pub struct Client {
    folder: PathBuf,
    socket: PathBuf,
}

impl Client {
    /// The folder of sockets is everybody's: whoever was there first with the name of ours would be told
    /// secrets.
    fn is_ours(&self, stream: &UnixStream) -> Result<(), AgentError> {
        let peer =
            stream.peer_cred().map_err(AgentError::file(&self.socket, "asked whose it is"))?;
        match peer.uid() {
            user if user == rustix::process::geteuid().as_raw() => Ok(()),
            user => Err(AgentError::Stranger { socket: self.socket.clone(), user }),
        }
    }

    /// The agent of a folder, whether it runs or not.
    #[must_use]
    pub fn of(folder: &Folder) -> Self {
        Self { folder: folder.path().to_owned(), socket: folder.socket() }
    }

    /// Asks for something.
    ///
    /// # Errors
    /// If there is no agent, or it refuses.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, AgentError> {
        self.call(Method::GET, path, Bytes::new()).await
    }

    /// Tells it something.
    ///
    /// # Errors
    /// If there is no agent, or it refuses.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, AgentError> {
        let body = serde_json::to_vec(body).map_err(|error| broken(path, error))?;
        self.call(Method::POST, path, body.into()).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<T, AgentError> {
        let stream = UnixStream::connect(&self.socket)
            .await
            .map_err(|source| AgentError::NotThere { folder: self.folder.clone(), source })?;
        self.is_ours(&stream)?;
        let io = TokioIo::new(stream);
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(io).await.map_err(|error| broken(path, error))?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "agent")
            .body(Full::new(body))
            .map_err(|error| broken(path, error))?;
        let asked = async move {
            let answer = sender.send_request(request).await.map_err(|error| broken(path, error))?;
            let status = answer.status();
            let body = answer.into_body().collect().await.map_err(|error| broken(path, error))?;
            Ok::<_, AgentError>((status, body.to_bytes()))
        };
        let (answered, _) = tokio::join!(asked, async { connection.await.ok() });
        let (status, body) = answered?;
        if status != StatusCode::OK {
            let said = String::from_utf8_lossy(&body).into_owned();
            return Err(AgentError::Refused { said });
        }
        serde_json::from_slice(&body).map_err(|error| broken(path, error))
    }
}

fn broken(path: &str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> AgentError {
    AgentError::Broken { path: path.to_owned(), source: error.into() }
}
