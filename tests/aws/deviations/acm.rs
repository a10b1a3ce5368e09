//! Of `acm`.

use super::{Deviation, localstack, ministack, moto};

const KEYS: &str = "RequestCertificate takes KeyAlgorithm, and CertificateDetail tells it";

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:acm:Certificate",
        "update certificate_transparency_logging",
        "UpdateCertificateOptions turns logging on and off",
    ),
    moto("aws:acm:Certificate", "update key_algorithm", KEYS),
    ministack("aws:acm:Certificate", "update key_algorithm", KEYS),
    localstack(
        "aws:acm:Certificate",
        "create",
        "ListCertificates lists them; LocalStack's fails where RequestCertificate was given Options without Export",
    ),
    localstack(
        "aws:acm:CertificateValidation",
        "create",
        "HostedZoneConfig is optional (CreateHostedZone), which the zone of the case does not have",
    ),
];
