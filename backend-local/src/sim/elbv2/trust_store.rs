//! What is special about a trust store: it is made of the certificates in an object.

use infra_core::{
    aws::{elbv2, s3},
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use crate::sim::{
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&TrustStore];

const CODES: Codes = Codes {
    not_found: "TrustStoreNotFound",
    not_ready: "TrustStoreNotReady",
    exists: "DuplicateTrustStoreName",
    in_use: "TrustStoreInUse",
    quota: "TooManyTrustStores",
};
/// AWS: "CA certificates per trust store", adjustable.
const CERTIFICATES: usize = 25;
const KEY: &str = "ca_certificates_bundle_s3_key";

struct TrustStore;

impl Special for TrustStore {
    fn ty(&self) -> &'static TypeDef {
        elbv2::TrustStore::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Trust stores per Account", adjustable.
        Some(20)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let key = asked.get(elbv2::TrustStore::CA_CERTIFICATES_BUNDLE_S3_KEY).unwrap_or_default();
        let Some(bundle) = bundle(asked) else {
            let message = format!("`{KEY}` {key}: there is no such object in the bucket");
            return Err(Refusal::invalid(KEY, "CaCertificatesBundleNotFound", message));
        };
        let version = asked.get(elbv2::TrustStore::CA_CERTIFICATES_BUNDLE_S3_OBJECT_VERSION);
        if let Some(version) = version.filter(|version| *version != bundle.text("version_id")) {
            let property = "ca_certificates_bundle_s3_object_version";
            let message = format!("`{property}` {version} is no version of {key}");
            return Err(Refusal::invalid(property, "CaCertificatesBundleNotFound", message));
        }
        match certificates(bundle) {
            0 => {
                let message =
                    format!("`{KEY}` {key} holds no certificate: they are written in PEM");
                Err(Refusal::invalid(KEY, "InvalidCaCertificatesBundle", message))
            }
            1..=CERTIFICATES => Ok(()),
            _ => Err(Refusal::quota("certificates of a trust store", CERTIFICATES)),
        }
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if let Some(bundle) = bundle(asked) {
            // There are 25 at most.
            let count = certificates(bundle) as u32;
            tell(outputs, elbv2::TrustStore::NUMBER_OF_CA_CERTIFICATES, count);
        }
    }
}

/// The object that holds the certificates.
fn bundle<'a>(asked: &Asked<'a>) -> Option<&'a Object> {
    let bucket = asked.get(elbv2::TrustStore::CA_CERTIFICATES_BUNDLE_S3_BUCKET)?;
    let key = asked.get(elbv2::TrustStore::CA_CERTIFICATES_BUNDLE_S3_KEY)?;
    let mut objects = asked.world.all(s3::Object::definition().name, asked.scope);
    objects.find(|object| object.text("bucket") == bucket.as_str() && object.text("key") == key)
}

fn certificates(bundle: &Object) -> usize {
    let content = of(bundle, s3::Object::CONTENT).unwrap_or_default();
    content.matches("-----BEGIN CERTIFICATE-----").count()
}
