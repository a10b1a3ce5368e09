//! As much of HTTP/1.1 as clients and servers of clouds speak to each other: bodies of a known length, one
//! request after another on a connection.

use std::{
    io::{self, Read, Write},
    net,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// A request, or an answer.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// The first line: `POST / HTTP/1.1`, `HTTP/1.1 200 OK`.
    pub line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// What follows them.
    pub body: Vec<u8>,
}

impl Message {
    /// A header by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The method of a request.
    #[must_use]
    pub fn method(&self) -> &str {
        self.line.split(' ').next().unwrap_or_default()
    }

    /// The path of a request, with what is asked after it.
    #[must_use]
    pub fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// The next one of a connection; `None` at its end.
    ///
    /// # Errors
    /// If the connection breaks within it.
    pub async fn read(from: &mut BufReader<TcpStream>, has_body: bool) -> io::Result<Option<Self>> {
        let mut message = Self::default();
        if from.read_line(&mut message.line).await? == 0 {
            return Ok(None);
        }
        loop {
            let mut header = String::new();
            from.read_line(&mut header).await?;
            let Some((name, value)) = header.trim_end().split_once(':') else { break };
            message.headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        message.line = message.line.trim_end().to_owned();
        if message.header("expect").is_some() {
            from.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        let length = message.header("content-length").and_then(|length| length.parse().ok());
        match length {
            Some(length) if has_body => {
                message.body = vec![0; length];
                from.read_exact(&mut message.body).await?;
            }
            None if has_body && message.header("transfer-encoding") == Some("chunked") => {
                message.body = chunks(from).await?;
            }
            _ => {}
        }
        Ok(Some(message))
    }

    /// Sends it.
    ///
    /// # Errors
    /// If the connection is gone.
    pub async fn write(&self, to: &mut (impl AsyncWriteExt + Unpin)) -> io::Result<()> {
        let mut text = format!("{}\r\n", self.line);
        let replaced = ["content-length", "transfer-encoding", "expect"];
        for (name, value) in self.headers.iter().filter(|(it, _)| !replaced.contains(&&**it)) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = match self.header("content-length") {
            // What a HEAD would have had.
            Some(length) if self.body.is_empty() => length.to_owned(),
            _ => self.body.len().to_string(),
        };
        text.push_str(&format!("content-length: {length}\r\n\r\n"));
        to.write_all(text.as_bytes()).await?;
        to.write_all(&self.body).await?;
        to.flush().await
    }

    /// What a server answers.
    ///
    /// # Errors
    /// If there is no server, or no answer.
    pub async fn send(&self, server: &str) -> io::Result<Self> {
        let mut connection = TcpStream::connect(server).await?;
        self.write(&mut connection).await?;
        let has_body = self.method() != "HEAD";
        let answer = Self::read(&mut BufReader::new(connection), has_body).await?;
        answer.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

async fn chunks(from: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = vec![];
    loop {
        let mut size = String::new();
        from.read_line(&mut size).await?;
        let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
        let mut chunk = vec![0; size + 2];
        from.read_exact(&mut chunk).await?;
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(&chunk[..size]);
    }
}

/// A header by which a server knows the service and the region. Nobody checks it.
#[must_use]
pub fn signed(service: &str) -> (&'static str, String) {
    signed_by("test", service)
}

/// The same with a key, by which a server of several accounts knows whose it is.
#[must_use]
pub fn signed_by(key: &str, service: &str) -> (&'static str, String) {
    let scope = format!("{key}/20260101/eu-central-1/{service}/aws4_request");
    let text = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    ("authorization", text)
}

/// Asks EC2, or a service of the same protocol, and gives the text of the answer.
///
/// # Panics
/// If there is none, or it refuses.
pub fn query(host: &str, service: &str, version: &str, asked: &str) -> String {
    let form = ("content-type", "application/x-www-form-urlencoded".to_owned());
    post(host, "/", &[signed(service), form], &format!("{asked}&Version={version}"))
}

/// Has a server do something without the SDK.
///
/// # Panics
/// If there is none, or it refuses.
pub fn post(host: &str, path: &str, headers: &[(&str, String)], body: &str) -> String {
    ask("POST", host, path, headers, body)
}

/// Asks a server without the SDK, by any method, and waits for its answer, which is its whole text.
///
/// # Panics
/// If there is none, or it refuses.
pub fn ask(method: &str, host: &str, path: &str, headers: &[(&str, String)], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    let mut stream = net::TcpStream::connect(host).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let line = answer.lines().next().unwrap_or_default();
    assert!(line.contains(" 200 "), "{method} {path} {body} came to {answer}");
    answer
}
