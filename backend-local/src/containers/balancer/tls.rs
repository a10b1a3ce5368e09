//! TLS: certificates by name, versions, certificates of clients.

use std::{fmt::Display, sync::Arc};

use rustls::{
    RootCertStore, ServerConfig, SupportedProtocolVersion,
    client::verify_server_name,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
    server::{ClientHello, ParsedCertificate, ResolvesServerCert, WebPkiClientVerifier},
    sign::CertifiedKey,
    version::{TLS12, TLS13},
};

use super::{
    config::{Certificate, Tls, TlsVersion},
    error::{ConfigError, Place},
};

/// What rustls needs to know.
pub(super) fn server(tls: &Tls, place: &Place) -> Result<Arc<ServerConfig>, ConfigError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let certificates = tls.certificates.iter().enumerate();
    let certificates = certificates
        .map(|(number, certificate)| read(certificate, number, &provider, place))
        .collect::<Result<Vec<_>, _>>()?;
    let versions: &[&SupportedProtocolVersion] = match tls.min_version {
        TlsVersion::V1_2 => &[&TLS13, &TLS12],
        TlsVersion::V1_3 => &[&TLS13],
    };
    let unsupported = |error: rustls::Error| {
        let fix = "take `1.2` or `1.3`";
        place.error("min_version", format!("{:?}", tls.min_version), error.to_string(), fix)
    };
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .map_err(unsupported)?;
    let builder = match &tls.trust_store {
        None => builder.with_no_client_auth(),
        Some(pem) => builder.with_client_cert_verifier(verifier(pem, provider, place)?),
    };
    let mut config = builder.with_cert_resolver(Arc::new(ByName(certificates)));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.ticketer = aws_lc_rs::Ticketer::new().map_err(|error| {
        place.error("certificates", "", format!("no tickets: {error}"), "start again")
    })?;
    Ok(Arc::new(config))
}

fn verifier(
    pem: &str,
    provider: Arc<CryptoProvider>,
    place: &Place,
) -> Result<Arc<dyn rustls::server::danger::ClientCertVerifier>, ConfigError> {
    let fix = "give certificates of authorities as PEM";
    let wrong = |error: &dyn Display| {
        place.error("trust_store", "(PEM)", format!("can't be read: {error}"), fix)
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| wrong(&error))?;
        roots.add(certificate).map_err(|error| wrong(&error))?;
    }
    if roots.is_empty() {
        return Err(wrong(&"it holds no certificate"));
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    builder.build().map_err(|error| wrong(&error))
}

fn read(
    certificate: &Certificate,
    number: usize,
    provider: &CryptoProvider,
    place: &Place,
) -> Result<Arc<CertifiedKey>, ConfigError> {
    let value = format!("number {}", number + 1);
    let wrong = |problem: String, fix: &str| place.error("certificate", &value, problem, fix);
    let fix = "give the certificate, then who signed it, as PEM";
    let chain = CertificateDer::pem_slice_iter(certificate.chain.as_bytes());
    let chain: Vec<_> = chain
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(format!("has a chain that can't be read: {error}"), fix))?;
    let Some(first) = chain.first() else {
        return Err(wrong("has an empty chain".to_owned(), fix));
    };
    ParsedCertificate::try_from(first)
        .map_err(|error| wrong(format!("can't be read: {error}"), fix))?;
    // What the parser says of a key might show it.
    let key = PrivateKeyDer::from_pem_slice(certificate.key.expose().as_bytes());
    let key = key.ok().and_then(|key| provider.key_provider.load_private_key(key).ok());
    let fix = "give its private key (ECDSA, Ed25519 or RSA) as PEM";
    let key = key.ok_or_else(|| wrong("has a key that can't be read".to_owned(), fix))?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => {
            Ok(Arc::new(certified))
        }
        Err(_) => Err(wrong("has another certificate's key".to_owned(), fix)),
    }
}

/// The first certificate that is for the name asked for, else the first.
#[derive(Debug)]
struct ByName(Vec<Arc<CertifiedKey>>);

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().and_then(|name| ServerName::try_from(name).ok());
        let fits = |certified: &&Arc<CertifiedKey>| {
            let parsed = certified.cert.first().map(ParsedCertificate::try_from);
            match (&name, parsed) {
                (Some(name), Some(Ok(parsed))) => verify_server_name(&parsed, name).is_ok(),
                _ => false,
            }
        };
        self.0.iter().find(fits).or(self.0.first()).cloned()
    }
}
