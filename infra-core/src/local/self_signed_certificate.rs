//! [`SelfSignedCertificate`]: a certificate that nobody but itself vouches for.

use std::{collections::BTreeMap, net::IpAddr};

use blake2::{Blake2s256, Digest};
use p256::{
    SecretKey,
    ecdsa::{Signature, SigningKey, signature::Signer},
    pkcs8::{EncodePrivateKey, LineEnding},
};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyIdMethod,
    KeyUsagePurpose, SanType, SerialNumber, SignatureAlgorithm,
};
use time::OffsetDateTime;
use zeroize::Zeroize;

use super::kept::{Make, Refused};
use crate::{prelude::*, props, resource, state::seal::fill, value::Properties};

/// A certificate for servers, with its key (ECDSA on P-256, which balancers and browsers take),
/// signed by that key itself. For traffic inside, where both ends are ours.
///
/// It is renewed by the first run that refreshes (`up --refresh`) when fewer than `renew_before`
/// days are left: such a certificate counts as gone, so that the preview shows the new one and all
/// that changes with it. No run renews it unasked.
///
/// ```
/// use infra_core::{local::{SelfSignedCertificate, Subject}, prelude::*};
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let certificate = SelfSignedCertificate::named("balancer")
///     .subject(Subject::new("moodle.internal"))
///     .dns_names(["moodle.internal"])
///     .create(&stack);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("local:crypto:SelfSignedCertificate")]
pub struct SelfSignedCertificate {
    /// Whose it is. Changing it makes a new certificate and key.
    #[prop(replace)]
    pub subject: Subject,
    /// The names that it is good for; `*` may stand for the first part. Default: none. Changing
    /// them makes a new certificate and key.
    #[prop(default, replace)]
    pub dns_names: Vec<String>,
    /// The addresses that it is good for. Default: none. Changing them makes a new certificate and
    /// key.
    #[prop(default, replace)]
    pub ip_addresses: Vec<Ipv4Addr>,
    /// How long it is good for, 1 to 36,500 days. Default: 365 days. Changing it makes a new
    /// certificate and key.
    #[prop(default = Days(365), replace)]
    pub validity: Days,
    /// How many days before its end it is due for renewal, fewer than `validity`. Default: 30 days.
    /// Changes in place.
    #[prop(default = Days(30))]
    pub renew_before: Days,
    /// Whatever shall make a new certificate when it changes: a date, a version. Default: nothing.
    #[prop(default, replace)]
    pub keepers: BTreeMap<String, String>,
    /// What tells it from others.
    #[output(id = "certificate-", at = exists)]
    pub certificate_id: String,
    /// The certificate, as PEM.
    #[output(at = exists)]
    pub certificate_pem: String,
    /// The key, as PEM (PKCS #8).
    #[output(at = exists)]
    pub private_key_pem: Secret<String>,
    /// From when it is good, in seconds since 1970.
    #[output(at = exists)]
    pub not_before: i64,
    /// Until when it is good, in seconds since 1970.
    #[output(at = exists)]
    pub not_after: i64,
}

/// Whose a certificate is.
#[props]
pub struct Subject {
    /// The name, up to 64 characters; clients look at `dns_names` instead.
    pub common_name: String,
    /// The organization. Default: none.
    pub organization: Option<String>,
    /// The unit of the organization. Default: none.
    pub organizational_unit: Option<String>,
    /// The city. Default: none.
    pub locality: Option<String>,
    /// The state or province. Default: none.
    pub province: Option<String>,
    /// The country as two capitals, such as `DE`. Default: none.
    pub country: Option<String>,
}

const DAY: i64 = 24 * 60 * 60;

/// Makes certificates.
#[derive(Debug)]
pub(super) struct MakeCertificate;

impl Make for MakeCertificate {
    type Resource = SelfSignedCertificate;

    fn make(
        &self,
        args: &SelfSignedCertificateArgs,
        id: &str,
        now: u64,
    ) -> Result<SelfSignedCertificateOutputs, Refused> {
        check(args)?;
        let [not_before, not_after] = bounds(now, args.validity, args.renew_before)?;
        let key = Key::random();
        let params = params(args, &key, [not_before, not_after])?;
        let certificate = params.self_signed(&key).expect("what rcgen refuses was checked");
        let private_key = key.secret.to_pkcs8_pem(LineEnding::LF).expect("any key can be written");
        Ok(SelfSignedCertificateOutputs {
            certificate_id: Some(id.to_owned()),
            certificate_pem: Some(certificate.pem()),
            private_key_pem: Some(Secret::new(private_key.to_string())),
            not_before: Some(not_before),
            not_after: Some(not_after),
        })
    }

    fn is_good(&self, args: &SelfSignedCertificateArgs, outputs: &Properties, now: u64) -> bool {
        let not_after = outputs.get(SelfSignedCertificate::NOT_AFTER.slot).as_int();
        is_not_due(not_after, args.renew_before, now)
    }
}

/// Whether a certificate with such an end is not due for renewal.
pub(super) fn is_not_due(not_after: Option<i64>, renew_before: Days, now: u64) -> bool {
    let due = not_after.map(|end| end.saturating_sub(i64::from(renew_before.0) * DAY));
    // One whose end is not known was never finished, and is not for this to judge.
    due.is_none_or(|due| seconds(now) < due)
}

fn seconds(now: u64) -> i64 {
    i64::try_from(now / 1000).unwrap_or(i64::MAX)
}

/// From when until when a certificate is good that is made now.
pub(super) fn bounds(now: u64, validity: Days, renew_before: Days) -> Result<[i64; 2], Refused> {
    if !(1..=36_500).contains(&validity.0) {
        return Err(Refused("validity", format!("{validity} must be between 1 and 36500 days")));
    }
    if renew_before >= validity {
        let message = format!("{renew_before} must be less than `validity` {validity}");
        return Err(Refused("renew_before", message));
    }
    let not_before = seconds(now);
    Ok([not_before, not_before.saturating_add(i64::from(validity.0) * DAY)])
}

fn check(args: &SelfSignedCertificateArgs) -> Result<(), Refused> {
    check_subject(&args.subject)?;
    match args.dns_names.iter().find(|name| !is_dns_name(name)) {
        Some(bad) => {
            let message = format!("{bad:?} is no DNS name, such as \"moodle.internal\"");
            Err(Refused("dns_names", message))
        }
        None => Ok(()),
    }
}

pub(super) fn check_subject(subject: &SubjectArgs) -> Result<(), Refused> {
    if !(1..=64).contains(&subject.common_name.chars().count()) {
        let message = format!("{:?} must have 1 to 64 characters", subject.common_name);
        return Err(Refused("subject.common_name", message));
    }
    let capitals =
        |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if let Some(country) = subject.country.as_deref().filter(|country| !capitals(country)) {
        let message = format!("{country:?} must be two capitals, such as \"DE\"");
        return Err(Refused("subject.country", message));
    }
    Ok(())
}

fn is_dns_name(name: &str) -> bool {
    let rest = name.strip_prefix("*.").unwrap_or(name);
    let part_fits = |part: &str| {
        let hyphens = part.starts_with('-') || part.ends_with('-');
        let characters = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&part.len()) && characters && !hyphens
    };
    name.len() <= 253 && rest.split('.').all(part_fits)
}

fn params(
    args: &SelfSignedCertificateArgs,
    key: &Key,
    bounds: [i64; 2],
) -> Result<CertificateParams, Refused> {
    let mut params = params_of(&args.subject, key, bounds)?;
    params.subject_alt_names = args
        .dns_names
        .iter()
        .map(|name| {
            let name = name.as_str().try_into().expect("a DNS name is ASCII");
            SanType::DnsName(name)
        })
        .chain(args.ip_addresses.iter().map(|address| SanType::IpAddress(IpAddr::V4(*address))))
        .collect();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

/// What a certificate of somebody says, whatever it is for.
pub(super) fn params_of(
    subject: &SubjectArgs,
    key: &Key,
    [not_before, not_after]: [i64; 2],
) -> Result<CertificateParams, Refused> {
    let at = |seconds| {
        OffsetDateTime::from_unix_timestamp(seconds)
            .map_err(|error| Refused("validity", format!("reaches too far: {error}")))
    };
    let mut params = CertificateParams::default();
    params.not_before = at(not_before)?;
    params.not_after = at(not_after)?;
    params.serial_number = Some(serial_number());
    params.distinguished_name = distinguished_name(subject);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    // Any digest of the key does: it only tells keys apart.
    let digest = Blake2s256::digest(&key.public);
    params.key_identifier_method = KeyIdMethod::PreSpecified(digest[..20].to_vec());
    Ok(params)
}

fn distinguished_name(subject: &SubjectArgs) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    let parts = [
        (DnType::CountryName, &subject.country),
        (DnType::StateOrProvinceName, &subject.province),
        (DnType::LocalityName, &subject.locality),
        (DnType::OrganizationName, &subject.organization),
        (DnType::OrganizationalUnitName, &subject.organizational_unit),
    ];
    for (kind, part) in parts {
        if let Some(part) = part {
            name.push(kind, part.as_str());
        }
    }
    name.push(DnType::CommonName, subject.common_name.as_str());
    name
}

/// Sixteen random bytes, as a positive number.
fn serial_number() -> SerialNumber {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    bytes[0] = bytes[0] & 0x7F | 0x40;
    SerialNumber::from_slice(&bytes)
}

/// A key on P-256.
pub(super) struct Key {
    pub(super) secret: SecretKey,
    /// The point, as certificates hold it.
    public: Box<[u8]>,
}

impl Key {
    pub(super) fn random() -> Self {
        loop {
            let mut bytes = [0; 32];
            fill(&mut bytes);
            // Nearly every number is a key; one in 2^32 is too large.
            let secret = SecretKey::from_slice(&bytes);
            bytes.zeroize();
            if let Ok(secret) = secret {
                let public = secret.public_key().to_sec1_bytes();
                return Self { secret, public };
            }
        }
    }
}

impl rcgen::PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature: Signature = SigningKey::from(&self.secret).sign(message);
        Ok(signature.to_der().as_bytes().to_vec())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use p256::{
        ecdsa::{DerSignature, VerifyingKey, signature::Verifier},
        pkcs8::{
            DecodePrivateKey,
            der::{
                Reader, SliceReader,
                asn1::{AnyRef, BitStringRef},
                pem,
            },
        },
    };

    use super::*;
    use crate::{dsl::ResourceType, types::IntoValue};

    fn args() -> SelfSignedCertificateArgs {
        SelfSignedCertificateArgs {
            subject: SubjectArgs {
                common_name: "moodle.internal".to_owned(),
                organization: Some("Campus".to_owned()),
                organizational_unit: Some("Library".to_owned()),
                locality: Some("Kiel".to_owned()),
                province: Some("Schleswig-Holstein".to_owned()),
                country: Some("DE".to_owned()),
            },
            dns_names: vec!["moodle.internal".to_owned(), "*.campus.test".to_owned()],
            ip_addresses: vec![Ipv4Addr::new(10, 0, 0, 4)],
            validity: Days(90),
            renew_before: Days(30),
            keepers: BTreeMap::new(),
        }
    }

    fn made(args: &SelfSignedCertificateArgs) -> Result<SelfSignedCertificateOutputs, String> {
        let made = MakeCertificate.make(args, "certificate-1", 1_700_000_000_000);
        made.map_err(|Refused(property, message)| format!("`{property}` {message}"))
    }

    /// The signed part of a certificate, and its signature.
    pub(crate) fn parts(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let mut reader = SliceReader::new(der).unwrap();
        let parts = reader.sequence(|inner| {
            let signed = inner.tlv_bytes()?.to_vec();
            let _: AnyRef<'_> = inner.decode()?;
            let signature: BitStringRef<'_> = inner.decode()?;
            Ok::<_, p256::pkcs8::der::Error>((signed, signature.raw_bytes().to_vec()))
        });
        parts.unwrap()
    }

    #[test]
    fn it_is_signed_by_the_key_that_comes_with_it() {
        let made = made(&args()).unwrap();
        let private_key = made.private_key_pem.unwrap();
        let key = SecretKey::from_pkcs8_pem(private_key.expose()).unwrap();
        let certificate = made.certificate_pem.unwrap();
        let (label, der) = pem::decode_vec(certificate.as_bytes()).unwrap();
        assert_eq!(label, "CERTIFICATE");
        let (signed, signature) = parts(&der);
        let signature = DerSignature::try_from(&signature[..]).unwrap();
        VerifyingKey::from(key.public_key()).verify(&signed, &signature).unwrap();
        let holds = |part: &[u8]| signed.windows(part.len()).any(|window| window == part);
        assert!(holds(&key.public_key().to_sec1_bytes()), "the public key");
        for text in ["moodle.internal", "*.campus.test", "Campus", "Library", "Kiel", "DE"] {
            assert!(holds(text.as_bytes()), "{text}");
        }
        assert!(holds(&[10, 0, 0, 4]), "the address");
        assert!(holds(b"231114221320Z"), "when it begins");
        assert!(holds(b"240212221320Z"), "when it ends");
        assert_eq!((made.not_before, made.not_after), (Some(1_700_000_000), Some(1_707_776_000)));
    }

    #[test]
    fn it_is_good_until_it_is_due() {
        let end = 1_707_776_000_u64;
        let mut outputs = SelfSignedCertificateOutputs::default();
        let good = |outputs: &Properties, seconds: u64| {
            MakeCertificate.is_good(&args(), outputs, seconds * 1000)
        };
        assert!(good(&Properties::default(), end), "of one that was never finished");
        outputs.not_after = Some(end as i64);
        let outputs = SelfSignedCertificate::encode_outputs(outputs);
        let due = end - 30 * 24 * 60 * 60;
        assert!(good(&outputs, due - 1));
        assert!(!good(&outputs, due));
        assert_eq!(outputs.get(SelfSignedCertificate::NOT_AFTER.slot), &(end as i64).into_value());
    }

    #[test]
    fn what_can_not_be_is_refused() {
        let refused = |change: fn(&mut SelfSignedCertificateArgs)| {
            let mut args = args();
            change(&mut args);
            made(&args).map(|_| "made").unwrap_err()
        };
        assert!(refused(|args| args.subject.common_name.clear()).contains("common_name` \"\""));
        assert!(refused(|args| args.subject.country = Some("de".to_owned())).contains("\"DE\""));
        assert!(refused(|args| args.dns_names.push("a b".to_owned())).contains("no DNS name"));
        assert!(refused(|args| args.dns_names.push("-a.test".to_owned())).contains("no DNS name"));
        assert!(refused(|args| args.validity = Days(0)).contains("between 1 and 36500"));
        assert!(refused(|args| args.renew_before = Days(90)).contains("less than `validity`"));
    }
}
