//! Of `acm`.

use super::Deviation;
use crate::server::Kind;

const KEYS: &str = "RequestCertificate takes KeyAlgorithm, and CertificateDetail tells it";

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:acm:Certificate",
        what: "update certificate_transparency_logging",
        aws: "UpdateCertificateOptions turns logging on and off",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:acm:Certificate",
        what: "update key_algorithm",
        aws: KEYS,
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:acm:Certificate",
        what: "update key_algorithm",
        aws: KEYS,
    },
];
