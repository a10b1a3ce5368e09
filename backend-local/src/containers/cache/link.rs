//! Connections to nodes and sentinels.

use std::{io, net::SocketAddrV4, sync::Arc, time::Duration};

use redis::{
    AsyncConnectionConfig, Cmd, FromRedisValue, RedisConnectionInfo, aio::MultiplexedConnection,
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
};
use tokio::{net::TcpStream, task::JoinHandle, time::timeout};
use tokio_rustls::TlsConnector;

use super::{
    CacheError,
    spec::{AGENT, CacheSpec, Tls},
};

/// How connections are made.
#[derive(Clone)]
pub(super) struct Way {
    tls: Option<(TlsConnector, ServerName<'static>)>,
    password: String,
    answer: Duration,
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Way").field("tls", &self.tls.is_some()).finish_non_exhaustive()
    }
}

/// A connection. It ends when it is dropped.
#[derive(Debug)]
pub(super) struct Link {
    part: String,
    connection: MultiplexedConnection,
    driver: JoinHandle<()>,
    answer: Duration,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Way {
    pub(super) fn of(spec: &CacheSpec) -> Result<Self, CacheError> {
        let tls = spec.tls.as_ref().map(connector).transpose()?;
        let password = spec.administration.expose().clone();
        Ok(Self { tls, password, answer: spec.timing.answer })
    }

    /// Connects to a node.
    pub(super) async fn node(&self, part: &str, to: SocketAddrV4) -> Result<Link, CacheError> {
        let info = RedisConnectionInfo::default().set_username(AGENT).set_password(&self.password);
        self.connect(part, to, info).await
    }

    /// Connects to a sentinel, which has no users.
    pub(super) async fn sentinel(&self, part: &str, to: SocketAddrV4) -> Result<Link, CacheError> {
        let info = RedisConnectionInfo::default().set_password(&self.password);
        self.connect(part, to, info).await
    }

    async fn connect(
        &self,
        part: &str,
        to: SocketAddrV4,
        info: RedisConnectionInfo,
    ) -> Result<Link, CacheError> {
        let part = part.to_owned();
        let unreachable = |source| CacheError::Unreachable { part: part.clone(), source };
        let config =
            AsyncConnectionConfig::new().set_response_timeout(None).set_connection_timeout(None);
        let info = info.set_skip_set_lib_name();
        let connected = async {
            let stream = TcpStream::connect(to).await.map_err(unreachable)?;
            stream.set_nodelay(true).map_err(unreachable)?;
            let refused = |source| CacheError::Refused {
                part: part.clone(),
                what: "to be logged in to".to_owned(),
                source,
            };
            // The driver has to run for the log-in to end, so it runs within the same future.
            Ok(match &self.tls {
                None => {
                    let made = MultiplexedConnection::new_with_config(&info, stream, config).await;
                    let (connection, driver) = made.map_err(refused)?;
                    (connection, tokio::spawn(driver))
                }
                Some((connector, name)) => {
                    let stream =
                        connector.connect(name.clone(), stream).await.map_err(unreachable)?;
                    let made = MultiplexedConnection::new_with_config(&info, stream, config).await;
                    let (connection, driver) = made.map_err(refused)?;
                    (connection, tokio::spawn(driver))
                }
            })
        };
        let (connection, driver) = timeout(self.answer, connected)
            .await
            .map_err(|elapsed| unreachable(io::Error::from(elapsed)))??;
        Ok(Link { part: part.clone(), connection, driver, answer: self.answer })
    }
}

impl Link {
    /// Tells it something, and returns what it answers. `what` is for people, without secrets.
    pub(super) async fn tell<T: FromRedisValue>(
        &mut self,
        what: &str,
        command: &Cmd,
    ) -> Result<T, CacheError> {
        match timeout(self.answer, command.query_async(&mut self.connection)).await {
            Ok(answer) => answer.map_err(|source| CacheError::Refused {
                part: self.part.clone(),
                what: what.to_owned(),
                source,
            }),
            Err(elapsed) => {
                let (part, source) = (self.part.clone(), io::Error::from(elapsed));
                Err(CacheError::Unreachable { part, source })
            }
        }
    }
}

/// A command of these words.
pub(super) fn command(words: &[&str]) -> Cmd {
    let mut command = Cmd::new();
    words.iter().for_each(|word| {
        command.arg(*word);
    });
    command
}

fn connector(tls: &Tls) -> Result<(TlsConnector, ServerName<'static>), CacheError> {
    // Redis would not start with what it can't read.
    CertificateDer::from_pem_slice(tls.certificate.as_bytes())
        .map_err(|source| CacheError::Pem { what: "certificate", source })?;
    PrivateKeyDer::from_pem_slice(tls.key.expose().as_bytes())
        .map_err(|source| CacheError::Pem { what: "key", source })?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(tls.authority.as_bytes()) {
        let certificate =
            certificate.map_err(|source| CacheError::Pem { what: "authority", source })?;
        roots.add(certificate).map_err(CacheError::Tls)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(CacheError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(tls.name.clone());
    let name = name.map_err(|_| CacheError::Name(tls.name.clone()))?;
    Ok((TlsConnector::from(Arc::new(config)), name))
}
