//! [`Authority`]: who vouches for the site and its parts on this machine.

use std::{fs, path::PathBuf};

use infra_core::types::Secret;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};

use super::agent::{AgentError, Folder, Vault, protocol::Which};

/// A certificate, and the key to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Issued {
    /// The certificate, as PEM.
    pub certificate: String,
    /// Its key, as PEM.
    pub key: Secret<String>,
    /// The authority's certificate, as PEM.
    pub authority: String,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// It can't be made.
    #[error("the certificate for {names} can't be made")]
    Make {
        /// Whom it is for.
        names: String,
        /// Why not.
        source: rcgen::Error,
    },
    /// What was made can't be kept.
    #[error("the authority's certificates can't be kept")]
    Keep(#[from] AgentError),
}

/// Who vouches for the site and its parts: an authority of this folder, whose key the vault has.
#[derive(Clone, Debug)]
pub struct Authority {
    certificate: String,
    key: Secret<String>,
}

/// Where Debian has those whom it trusts.
const TRUSTED: &str = "/etc/ssl/certs/ca-certificates.crt";

const NAME: &str = "infra local authority";

fn which(id: &str) -> Which {
    Which { ty: "authority".to_owned(), id: id.to_owned() }
}

impl Authority {
    /// That of a folder; made if there is none.
    ///
    /// # Errors
    /// If it can't be made or kept.
    pub fn open(folder: &Folder, vault: &Vault) -> Result<Self, AuthorityError> {
        let path = folder.authority();
        let own = which("own");
        if let (Some(key), Ok(certificate)) = (vault.get(&own, "key")?, fs::read_to_string(&path)) {
            return Ok(Self { certificate, key });
        }
        let failed = |source| AuthorityError::Make { names: NAME.to_owned(), source };
        let key = KeyPair::generate().map_err(failed)?;
        let params = authority_params();
        let certificate = params.self_signed(&key).map_err(failed)?.pem();
        let key = Secret::new(key.serialize_pem());
        vault.keep(&own, "key", &key)?;
        write(path, &certificate)?;
        // What tasks are to trust: what this machine does, and this authority.
        let others = fs::read_to_string(TRUSTED).unwrap_or_default();
        write(folder.path().join("trusted.pem"), &format!("{others}{certificate}"))?;
        Ok(Self { certificate, key })
    }

    /// Its certificate, for others to trust.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// A certificate for names and addresses; the one that was made for them before, if there is one.
    ///
    /// # Errors
    /// If it can't be made or kept.
    pub fn issue(
        &self,
        vault: &Vault,
        id: &str,
        names: &[String],
    ) -> Result<Issued, AuthorityError> {
        let own = which(id);
        let wanted = names.join(" ");
        let authority = self.certificate.clone();
        let known = |what: &str| vault.get(&own, what);
        if let (Some(for_names), Some(certificate), Some(key)) =
            (known("names")?, known("certificate")?, known("key")?)
            && *for_names.expose() == wanted
        {
            return Ok(Issued { certificate: certificate.expose().clone(), key, authority });
        }
        let failed = |source| AuthorityError::Make { names: wanted.clone(), source };
        let issuer_key = KeyPair::from_pem(self.key.expose()).map_err(failed)?;
        let issuer = Issuer::new(authority_params(), issuer_key);
        let mut params = CertificateParams::new(names.to_vec()).map_err(failed)?;
        params.distinguished_name = named(names.first().map_or(id, String::as_str));
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.signed_by(&key, &issuer).map_err(failed)?.pem();
        let key = Secret::new(key.serialize_pem());
        vault.keep(&own, "key", &key)?;
        vault.keep(&own, "certificate", &Secret::new(certificate.clone()))?;
        vault.keep(&own, "names", &Secret::new(wanted))?;
        Ok(Issued { certificate, key, authority })
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut full = DistinguishedName::new();
    // Names longer than that are not allowed there; those that count are beside it.
    full.push(DnType::CommonName, name.chars().take(64).collect::<String>());
    full
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn write(path: PathBuf, text: &str) -> Result<(), AuthorityError> {
    let written = fs::write(&path, text);
    written.map_err(|source| AgentError::File { path, what: "written", source })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_issued_is_issued_again_and_other_names_get_another() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::of(place.path()).unwrap();
        let vault = Vault::open(folder.vault(), &place.path().join("key")).await.unwrap();
        let authority = Authority::open(&folder, &vault).unwrap();
        let names = ["a.example".to_owned(), "10.0.0.1".to_owned()];
        let first = authority.issue(&vault, "a", &names).unwrap();
        let again = Authority::open(&folder, &vault).unwrap();
        assert_eq!(again.certificate(), authority.certificate());
        assert_eq!(again.issue(&vault, "a", &names).unwrap(), first);
        assert_ne!(again.issue(&vault, "a", &names[..1]).unwrap(), first);
        assert!(!format!("{first:?}").contains("PRIVATE"));
    }
}
