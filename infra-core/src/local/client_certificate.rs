//! [`ClientCertificate`]: a certificate by which a client is known, and the authority behind it.

use std::collections::BTreeMap;

use p256::pkcs8::{EncodePrivateKey, LineEnding};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyUsagePurpose,
};

use super::{
    kept::{Make, Refused},
    self_signed_certificate::{Key, bounds, check_subject, is_not_due, params_of},
};
use crate::{local::Subject, prelude::*, resource, value::Properties};

/// A certificate that a client shows, with its key (ECDSA on P-256), and the authority that signed
/// it: who lets in what that authority has signed lets in this client and nobody else, because the
/// authority's own key is forgotten as soon as it has signed this one.
///
/// It is renewed as a [`SelfSignedCertificate`](super::SelfSignedCertificate) is: by the first run
/// that refreshes when fewer than `renew_before` days are left.
///
/// ```
/// use infra_core::{local::{ClientCertificate, Subject}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let edge = ClientCertificate::named("edge")
///     .subject(Subject::new("edge of moodle.example.edu"))
///     .create(&stack);
/// stack.output("trusted", edge.authority_pem());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("local:crypto:ClientCertificate")]
pub struct ClientCertificate {
    /// Whose it is. Changing it makes a new certificate, key and authority.
    #[prop(replace)]
    pub subject: Subject,
    /// How long it is good for, 1 to 36,500 days. Default: 3650 days. Changing it makes a new
    /// certificate, key and authority.
    #[prop(default = Days(3650), replace)]
    pub validity: Days,
    /// How many days before its end it is due for renewal, fewer than `validity`. Default: 90 days.
    /// Changes in place.
    #[prop(default = Days(90))]
    pub renew_before: Days,
    /// Whatever shall make a new certificate when it changes: a date, a version. Default: nothing.
    #[prop(default, replace)]
    pub keepers: BTreeMap<String, String>,
    /// What tells it from others.
    #[output(id = "client-", at = exists)]
    pub certificate_id: String,
    /// The certificate, as PEM.
    #[output(at = exists)]
    pub certificate_pem: String,
    /// The key, as PEM (PKCS #8).
    #[output(at = exists)]
    pub private_key_pem: Secret<String>,
    /// The certificate of the authority, as PEM: what servers are to trust.
    #[output(at = exists)]
    pub authority_pem: String,
    /// From when it is good, in seconds since 1970.
    #[output(at = exists)]
    pub not_before: i64,
    /// Until when it is good, in seconds since 1970.
    #[output(at = exists)]
    pub not_after: i64,
}

/// Makes certificates of clients.
#[derive(Debug)]
pub(super) struct MakeClient;

impl Make for MakeClient {
    type Resource = ClientCertificate;

    fn make(
        &self,
        args: &ClientCertificateArgs,
        id: &str,
        now: u64,
    ) -> Result<ClientCertificateOutputs, Refused> {
        check_subject(&args.subject)?;
        let bounds = bounds(now, args.validity, args.renew_before)?;
        let (key, above) = (Key::random(), Key::random());
        let authority = authority(params_of(&args.subject, &above, bounds)?);
        let signed = "what rcgen refuses was checked";
        let authority_pem = authority.self_signed(&above).expect(signed).pem();
        let client = client(params_of(&args.subject, &key, bounds)?);
        let certificate =
            client.signed_by(&key, &Issuer::from_params(&authority, &above)).expect(signed);
        let private_key = key.secret.to_pkcs8_pem(LineEnding::LF).expect("any key can be written");
        Ok(ClientCertificateOutputs {
            certificate_id: Some(id.to_owned()),
            certificate_pem: Some(certificate.pem()),
            private_key_pem: Some(Secret::new(private_key.to_string())),
            authority_pem: Some(authority_pem),
            not_before: Some(bounds[0]),
            not_after: Some(bounds[1]),
        })
    }

    fn is_good(&self, args: &ClientCertificateArgs, outputs: &Properties, now: u64) -> bool {
        let not_after = outputs.get(ClientCertificate::NOT_AFTER.slot).as_int();
        is_not_due(not_after, args.renew_before, now)
    }
}

/// An authority for clients alone. Its name is another one than the client's, or the client's
/// certificate would count as signed by itself.
fn authority(mut params: CertificateParams) -> CertificateParams {
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.distinguished_name.push(DnType::OrganizationalUnitName, "Authority of one client");
    params
}

fn client(mut params: CertificateParams) -> CertificateParams {
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    params
}

#[cfg(test)]
mod tests {
    use p256::{
        SecretKey,
        ecdsa::{DerSignature, VerifyingKey, signature::Verifier},
        pkcs8::{DecodePrivateKey, der::pem},
    };

    use super::*;
    use crate::local::{SubjectArgs, self_signed_certificate::tests::parts};

    fn made() -> ClientCertificateOutputs {
        let subject = SubjectArgs {
            common_name: "edge".to_owned(),
            organization: Some("Campus".to_owned()),
            organizational_unit: None,
            locality: None,
            province: None,
            country: None,
        };
        let args = ClientCertificateArgs {
            subject,
            validity: Days(3650),
            renew_before: Days(90),
            keepers: BTreeMap::new(),
        };
        MakeClient.make(&args, "client-1", 1_700_000_000_000).unwrap()
    }

    fn der(pem: Option<String>) -> Vec<u8> {
        pem::decode_vec(pem.unwrap().as_bytes()).unwrap().1
    }

    fn holds(whole: &[u8], part: &[u8]) -> bool {
        whole.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn the_authority_has_signed_the_client_and_nobody_has_its_key() {
        let made = made();
        let key = SecretKey::from_pkcs8_pem(made.private_key_pem.unwrap().expose()).unwrap();
        let (client, signature) = parts(&der(made.certificate_pem));
        assert!(holds(&client, &key.public_key().to_sec1_bytes()), "the client's own key");
        let (authority, by_itself) = parts(&der(made.authority_pem));
        // A point that is not compressed, at the end of its field.
        let place = authority.windows(3).position(|it| it == [0x42, 0x00, 0x04]).unwrap() + 2;
        let above = VerifyingKey::from_sec1_bytes(&authority[place..place + 65]).unwrap();
        for (signed, signature) in [(&client, signature), (&authority, by_itself)] {
            let signature = DerSignature::try_from(&signature[..]).unwrap();
            above.verify(signed, &signature).unwrap();
        }
        assert_ne!(above, VerifyingKey::from(key.public_key()));
    }

    #[test]
    fn the_one_is_for_clients_and_the_other_signs() {
        let made = made();
        let (client, _) = parts(&der(made.certificate_pem));
        let (authority, _) = parts(&der(made.authority_pem));
        // OIDs of "TLS client" (1.3.6.1.5.5.7.3.2), and of basic constraints with "is one" and 0.
        let for_clients = [0x2B, 6, 1, 5, 5, 7, 3, 2];
        assert!(holds(&client, &for_clients) && !holds(&authority, &for_clients));
        let signs = [0x30, 6, 1, 1, 0xFF, 2, 1, 0];
        assert!(holds(&authority, &signs) && !holds(&client, &signs));
        assert!(holds(&authority, b"Authority of one client"));
    }
}
