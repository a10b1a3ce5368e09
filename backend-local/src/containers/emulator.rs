//! [`Emulator`]: what the agent itself asks the emulator of AWS.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, StatusCode, body::Bytes};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value as Json;

use super::form;

/// The emulator of AWS of this machine.
#[derive(Clone, Debug)]
pub(super) struct Emulator {
    address: String,
    patience: Duration,
}

/// Why the emulator did not answer as it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum EmulatorError {
    /// It can't be reached.
    #[error("the emulator of AWS at {address} does not answer")]
    Silent {
        /// Where it is.
        address: String,
        /// What happened.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It took too long.
    #[error("the emulator of AWS at {address} does not answer within {seconds} s")]
    Slow {
        /// Where it is.
        address: String,
        /// How long was waited.
        seconds: u64,
    },
    /// It refused.
    #[error("the emulator of AWS refuses {what}: {said}")]
    Refused {
        /// What was asked.
        what: String,
        /// What it said.
        said: String,
    },
}

/// Who asks: nobody checks it, but the account is told by it.
fn authorization(service: &str) -> String {
    let account = crate::sim::ACCOUNT_NUMBER;
    format!(
        "AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/{service}/aws4_request, \
         SignedHeaders=host, Signature=none",
        region = crate::sim::USUAL_REGION
    )
}

impl Emulator {
    /// The one at a port of this machine.
    #[must_use]
    pub(super) fn new(port: u16, patience: Duration) -> Self {
        Self { address: format!("127.0.0.1:{port}"), patience }
    }

    /// Asks a service of JSON: `secretsmanager.GetSecretValue`.
    ///
    /// # Errors
    /// If it can't be reached, or refuses.
    pub(super) async fn json(&self, target: &str, body: &Json) -> Result<Json, EmulatorError> {
        let service = match target.split('.').next() {
            Some("AmazonSSM") => "ssm",
            _ => "secretsmanager",
        };
        let request = self
            .request(Method::POST, "/", service)
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.1");
        let bytes = self.send(target, request, body.to_string()).await?;
        serde_json::from_slice(&bytes).map_err(|error| self.silent(error))
    }

    /// Tells all who listen to a topic.
    ///
    /// # Errors
    /// If it can't be reached, or refuses.
    pub(super) async fn publish(
        &self,
        topic: &str,
        subject: &str,
        message: &str,
    ) -> Result<(), EmulatorError> {
        let body = form::encoded(&[
            ("Action", "Publish"),
            ("Version", "2010-03-31"),
            ("TopicArn", topic),
            ("Subject", subject),
            ("Message", message),
        ]);
        let request = self
            .request(Method::POST, "/", "sns")
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        self.send(&format!("a message to {topic}"), request, body).await.map(drop)
    }

    /// Whether it answers.
    pub(super) async fn is_there(&self) -> bool {
        let request = self.request(Method::GET, "/_localstack/health", "sts");
        self.send("its health", request, String::new()).await.is_ok()
    }

    fn request(&self, method: Method, path: &str, service: &str) -> hyper::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header("authorization", authorization(service))
    }

    async fn send(
        &self,
        what: &str,
        request: hyper::http::request::Builder,
        body: String,
    ) -> Result<Bytes, EmulatorError> {
        let request =
            request.body(Full::new(Bytes::from(body))).map_err(|error| self.silent(error))?;
        let asked = async {
            let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
            let answer = client.request(request).await.map_err(|error| self.silent(error))?;
            let status = answer.status();
            let body = answer.into_body().collect().await.map_err(|error| self.silent(error))?;
            Ok((status, body.to_bytes()))
        };
        let waited = tokio::time::timeout(self.patience, asked).await;
        let (status, body) = waited.map_err(|_| EmulatorError::Slow {
            address: self.address.clone(),
            seconds: self.patience.as_secs(),
        })??;
        if status == StatusCode::OK {
            return Ok(body);
        }
        let said = String::from_utf8_lossy(&body).into_owned();
        Err(EmulatorError::Refused { what: what.to_owned(), said })
    }

    fn silent(&self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> EmulatorError {
        EmulatorError::Silent { address: self.address.clone(), source: error.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_form_are_kept_apart() {
        let form = form::encoded(&[("Subject", "ALARM: \"a & b\""), ("Message", "{\"x\": 1}+ü")]);
        assert_eq!(
            form,
            "Subject=ALARM%3A%20%22a%20%26%20b%22&Message=%7B%22x%22%3A%201%7D%2B%C3%BC"
        );
    }

    #[tokio::test]
    async fn messages_go_to_topics_as_forms() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut all = vec![];
            while !String::from_utf8_lossy(&all).contains("Message=hello") {
                let mut some = [0; 1024];
                let count = stream.read(&mut some).await.unwrap();
                assert_ne!(count, 0);
                all.extend_from_slice(&some[..count]);
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            String::from_utf8(all).unwrap()
        });
        let emulator = Emulator::new(port, Duration::from_secs(5));
        emulator.publish("arn:aws:sns:eu-central-1:1:operators", "s", "hello").await.unwrap();
        let heard = heard.await.unwrap();
        assert!(heard.contains("/sns/aws4_request"), "{heard}");
        assert!(heard.contains("TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A1%3Aoperators&"));
    }
}
