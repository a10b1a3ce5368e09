//! TLS: certificates by name, HTTP/2, versions, certificates of clients.

use std::{net::SocketAddr, sync::Arc};

use backend_local::containers::balancer::{
    Certificate, LoadBalancer as _, Protocol, Tls, TlsVersion,
};
use hyper::Request;
use hyper_util::rt::{TokioExecutor, TokioIo};
use infra_core::types::Secret;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
    version::{TLS12, TLS13},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    asking::{Answer, Line, empty, get},
    backend::Backend,
    world::{config, group, start},
};

/// An authority that signs what is asked of it.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn sign(&self, name: &str) -> Certificate {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let signed = params.signed_by(&key, &self.0).unwrap();
        Certificate { chain: signed.pem(), key: Secret::new(key.serialize_pem()) }
    }

    /// A client that trusts it.
    fn client(&self, old: bool, own: Option<&Certificate>) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let versions = if old { &[&TLS12] } else { &[&TLS13] };
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots);
        match own {
            None => builder.with_no_client_auth(),
            Some(own) => {
                let chain = CertificateDer::from_pem_slice(own.chain.as_bytes()).unwrap();
                let key = PrivateKeyDer::from_pem_slice(own.key.expose().as_bytes()).unwrap();
                builder.with_client_auth_cert(vec![chain], key).unwrap()
            }
        }
    }
}

async fn connect(
    address: SocketAddr,
    name: &str,
    client: ClientConfig,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(client)).connect(name, stream).await
}

fn tls(certificates: Vec<Certificate>) -> Tls {
    Tls { certificates, min_version: TlsVersion::V1_2, trust_store: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_get_the_certificate_of_the_name_they_ask_for() {
    let (authority, backend) = (Authority::new(), Backend::start("a").await);
    let mut config = config(vec![group("g", [&backend])]);
    let certificates = vec![authority.sign("site.example"), authority.sign("*.other.example")];
    config.listeners[0].protocol = Protocol::Https(tls(certificates));
    let (balancer, address) = start(config).await;
    for name in ["site.example", "www.other.example"] {
        let stream = connect(address, name, authority.client(false, None)).await.unwrap();
        let mut line = Line::over(TokioIo::new(stream)).await.unwrap();
        let seen = line.ask(get("/head", &[])).await.unwrap();
        assert!(seen.text.contains("x-forwarded-proto: https\n"), "{}", seen.text);
    }
    let unknown = connect(address, "unknown.example", authority.client(false, None)).await;
    let told = unknown.unwrap_err().to_string();
    assert!(told.contains("not valid for name"), "{told}");
    // A certificate more, and those who are there stay.
    let stream = connect(address, "site.example", authority.client(true, None)).await.unwrap();
    let mut stays = Line::over(TokioIo::new(stream)).await.unwrap();
    stays.ask(get("/", &[])).await.unwrap();
    let mut config = balancer.config();
    let Protocol::Https(tls) = &mut config.listeners[0].protocol else { unreachable!() };
    tls.certificates.push(authority.sign("unknown.example"));
    tls.min_version = TlsVersion::V1_3;
    balancer.apply(config).await.unwrap();
    connect(address, "unknown.example", authority.client(false, None)).await.unwrap();
    assert_eq!(stays.ask(get("/", &[])).await.unwrap().text, "a");
    let old = connect(address, "site.example", authority.client(true, None)).await;
    assert!(old.is_err(), "TLS 1.2 is no longer spoken");
}

#[tokio::test(flavor = "multi_thread")]
async fn http2_is_spoken_with_those_who_want_it() {
    let (authority, backend) = (Authority::new(), Backend::start("a").await);
    let mut config = config(vec![group("g", [&backend])]);
    config.listeners[0].protocol = Protocol::Https(tls(vec![authority.sign("site.example")]));
    let (_balancer, address) = start(config).await;
    let mut client = authority.client(false, None);
    client.alpn_protocols = vec![b"h2".to_vec()];
    let stream = connect(address, "site.example", client).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let executor = TokioExecutor::new();
    let io = TokioIo::new(stream);
    let (sender, connection) = hyper::client::conn::http2::handshake(executor, io).await.unwrap();
    tokio::spawn(connection);
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let mut sender = sender.clone();
        asked.spawn(async move {
            let request = Request::get("https://site.example/head?x=1")
                .header("cookie", "a=1")
                .header("cookie", "b=2")
                .body(empty())
                .unwrap();
            Answer::read(sender.send_request(request).await.unwrap()).await.unwrap()
        });
    }
    while let Some(answer) = asked.join_next().await {
        let text = answer.unwrap().text;
        assert!(text.starts_with("GET /head?x=1\n"), "{text}");
        assert!(text.contains("cookie: a=1; b=2\n"), "{text}");
        assert!(text.contains(&format!("host: site.example:{}\n", address.port())), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_may_have_to_show_a_certificate() {
    let (authority, backend) = (Authority::new(), Backend::start("a").await);
    let mut config = config(vec![group("g", [&backend])]);
    let mut mutual = tls(vec![authority.sign("site.example")]);
    mutual.trust_store = Some(authority.0.pem());
    config.listeners[0].protocol = Protocol::Https(mutual);
    let (_balancer, address) = start(config).await;
    let own = authority.sign("client");
    let known = authority.client(false, Some(&own));
    let stream = connect(address, "site.example", known).await.unwrap();
    let mut line = Line::over(TokioIo::new(stream)).await.unwrap();
    assert_eq!(line.ask(get("/", &[])).await.unwrap().text, "a");
    let asked = async {
        let stream = connect(address, "site.example", authority.client(false, None)).await?;
        let mut line = Line::over(TokioIo::new(stream)).await.map_err(std::io::Error::other)?;
        line.ask(get("/", &[])).await.map_err(std::io::Error::other)
    };
    assert!(asked.await.is_err(), "who shows none is not served");
}
