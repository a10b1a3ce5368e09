//! [`Client`]: one request on a connection of its own, and nothing is tried again.
//!
//! A browser keeps connections, and silently sends a request anew when one breaks. Here that is an
//! error: what is to be measured is the site, not the patience of browsers.

use std::{error::Error, net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Method, Request, Uri,
    body::Bytes,
    header::{CONNECTION, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{LoadError, LoadSettings};
use crate::containers::drill::Failure;

/// No page is longer.
const LONGEST: usize = 16 << 20;

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::containers::drill) struct Ask {
    pub(in crate::containers::drill) method: Method,
    /// The path, with what is asked after it.
    pub(in crate::containers::drill) path: String,
    /// The type of the body, and the body.
    pub(in crate::containers::drill) body: Option<(String, Vec<u8>)>,
}

/// What came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::containers::drill) struct Answer {
    pub(in crate::containers::drill) status: u16,
    /// Where it sends us.
    pub(in crate::containers::drill) location: Option<String>,
    pub(in crate::containers::drill) cookies: Vec<String>,
    pub(in crate::containers::drill) body: String,
}

/// How the site is reached.
#[derive(Clone)]
pub(super) struct Client {
    host: String,
    port: u16,
    /// What the header `Host` says.
    authority: String,
    address: Option<SocketAddr>,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    connect: Duration,
    patience: Duration,
}

impl Client {
    pub(super) fn new(settings: &LoadSettings) -> Result<Self, LoadError> {
        let url = || settings.url.clone();
        let uri: Uri = settings.url.parse().map_err(|_| LoadError::Url { url: url() })?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(LoadError::Url { url: url() });
        };
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let (tls, usual) = match scheme {
            "http" => (None, 80),
            "https" => {
                let name = ServerName::try_from(host.clone());
                let name = name.map_err(|_| LoadError::Url { url: url() })?;
                (Some((connector(settings)?, name)), 443)
            }
            _ => return Err(LoadError::Url { url: url() }),
        };
        Ok(Self {
            port: authority.port_u16().unwrap_or(usual),
            authority: authority.as_str().to_owned(),
            host,
            address: settings.address,
            tls,
            connect: settings.connect,
            patience: settings.patience,
        })
    }

    /// Sends a request and waits for all of the answer, for as long as somebody waits.
    pub(super) async fn send(&self, ask: Ask, cookies: Option<String>) -> Result<Answer, Failure> {
        let sent = timeout(self.patience, self.exchange(ask, cookies)).await;
        sent.unwrap_or(Err(Failure::Timeout))
    }

    async fn exchange(&self, ask: Ask, cookies: Option<String>) -> Result<Answer, Failure> {
        let connected = match self.address {
            Some(address) => timeout(self.connect, TcpStream::connect(address)).await,
            None => timeout(self.connect, TcpStream::connect((&*self.host, self.port))).await,
        };
        let stream = connected.map_err(|_| Failure::Connect)?.map_err(|_| Failure::Connect)?;
        // Only what is slow in the site is to be slow.
        stream.set_nodelay(true).map_err(|_| Failure::Connect)?;
        let request = self.request(ask, cookies).map_err(|_| Failure::Protocol)?;
        match &self.tls {
            None => over(stream, request).await,
            Some((connector, name)) => {
                let handshake = connector.connect(name.clone(), stream);
                match timeout(self.connect, handshake).await {
                    Ok(Ok(stream)) => over(stream, request).await,
                    Ok(Err(error)) => Err(of_handshake(&error)),
                    Err(_) => Err(Failure::Connect),
                }
            }
        }
    }

    fn request(
        &self,
        ask: Ask,
        cookies: Option<String>,
    ) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        let mut request = Request::builder()
            .method(ask.method)
            .uri(ask.path)
            .header(HOST, &self.authority)
            .header(USER_AGENT, "Mozilla/5.0 (moodle-infra drill)")
            .header(CONNECTION, "close");
        if let Some(cookies) = cookies {
            request = request.header(COOKIE, cookies);
        }
        let (kind, body) = ask.body.unzip();
        if let Some(kind) = kind {
            request = request.header(CONTENT_TYPE, kind);
        }
        request.body(Full::from(body.unwrap_or_default()))
    }
}

fn connector(settings: &LoadSettings) -> Result<TlsConnector, LoadError> {
    let mut roots = RootCertStore::empty();
    let pem = settings.authority.as_deref().unwrap_or_default();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let added = certificate.map(|it| roots.add(it));
        added.map_err(|_| LoadError::Authority)?.map_err(|_| LoadError::Authority)?;
    }
    if roots.is_empty() {
        return Err(LoadError::Authority);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|_| LoadError::Authority)?;
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn over<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, Failure>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|error| of_http(&error))?;
    let exchange = async {
        let answer = sender.send_request(request).await.map_err(|error| of_http(&error))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, LONGEST).collect().await.map_err(|error| {
            error.downcast_ref::<hyper::Error>().map_or(Failure::Protocol, of_http)
        })?;
        let text = |name| head.headers.get(name).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let cookies = head.headers.get_all(SET_COOKIE).iter();
        Ok(Answer {
            status: head.status.as_u16(),
            location: text(LOCATION),
            cookies: cookies.filter_map(|it| it.to_str().ok()).map(str::to_owned).collect(),
            body: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        })
    };
    tokio::pin!(exchange, connection);
    tokio::select! {
        biased;
        answer = &mut exchange => answer,
        // What it came to is told by the exchange, too.
        _ = &mut connection => exchange.await,
    }
}

fn of_handshake(error: &std::io::Error) -> Failure {
    let is_tls = error.get_ref().is_some_and(|it| it.is::<rustls::Error>());
    if is_tls { Failure::Tls } else { Failure::Reset }
}

fn of_http(error: &hyper::Error) -> Failure {
    let mut source = error.source();
    let mut is_io = false;
    while let Some(error) = source {
        is_io |= error.is::<std::io::Error>();
        source = error.source();
    }
    if is_io || error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        Failure::Reset
    } else {
        Failure::Protocol
    }
}

#[cfg(test)]
mod tests {
    use infra_core::types::Secret;
    use rustls::{ServerConfig, pki_types::PrivateKeyDer};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };
    use tokio_rustls::TlsAcceptor;

    use super::*;
    use crate::containers::drill::{Accounts, Application};

    /// A site whose certificate is for `localhost`.
    async fn site() -> SocketAddr {
        let certificates: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(include_bytes!("tls/certificate.pem")).collect();
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/key.pem")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(certificates.unwrap(), key);
        let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // Some do not trust it.
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = vec![0; 4096];
                let read = stream.read(&mut request).await.unwrap();
                let request = String::from_utf8_lossy(&request[..read]).into_owned();
                let body = request.lines().find(|line| line.starts_with("host:")).unwrap_or("");
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n", body.len());
                let set = "set-cookie: a=1; path=/\r\nset-cookie: b=2\r\n\r\n";
                stream.write_all(format!("{head}{set}{body}").as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        address
    }

    fn settings(url: &str, authority: &str) -> LoadSettings {
        let accounts = Accounts::Derived { secret: Secret::new(String::new()), users: 1 };
        let mut settings = LoadSettings::new(Application::StandIn, url, accounts);
        settings.authority = Some(authority.to_owned());
        settings
    }

    #[tokio::test]
    async fn only_whom_the_authority_vouches_for_is_talked_to() {
        let (right, other) = (include_str!("tls/authority.pem"), include_str!("tls/other.pem"));
        let address = site().await;
        let get = || Ask { method: Method::GET, path: "/".to_owned(), body: None };
        for (name, authority, trusted) in [
            ("localhost", right, true),
            ("localhost", other, false),
            ("site.example", right, false),
        ] {
            let mut settings = settings(&format!("https://{name}:8443"), authority);
            settings.address = Some(address);
            let came = Client::new(&settings).unwrap().send(get(), None).await;
            if trusted {
                let answer = came.unwrap();
                // The site is called by its name, wherever it is.
                assert_eq!((answer.status, answer.body.as_str()), (200, "host: localhost:8443"));
                assert_eq!(answer.cookies, ["a=1; path=/", "b=2"]);
            } else {
                assert_eq!(came, Err(Failure::Tls), "{name}");
            }
        }
    }

    #[test]
    fn addresses_that_are_none_and_authorities_that_nobody_is_are_named() {
        let authority = include_str!("tls/authority.pem");
        for url in ["localhost:8443", "ftp://a", "https://", "/my/"] {
            let error = Client::new(&settings(url, authority)).err().unwrap().to_string();
            assert!(error.contains(url), "{error}");
        }
        for authority in ["", "nothing"] {
            let error = Client::new(&settings("https://localhost", authority)).err().unwrap();
            assert!(matches!(error, LoadError::Authority), "{error}");
        }
    }
}
