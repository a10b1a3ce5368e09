//! Of `ses`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:ses:ConfigurationSet",
        what: "create",
        aws: "lists them by GET /v2/email/configuration-sets (ListConfigurationSets)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ses:EmailIdentity",
        what: "create",
        aws: "lists them by GET /v2/email/identities (ListEmailIdentities)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ses:ConfigurationSet",
        what: "deleted",
        aws: "says of one that is gone NotFoundException (DeleteConfigurationSet)",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ses:EmailIdentity",
        what: "create",
        aws: "has PutEmailIdentityDkimAttributes and PutEmailIdentityFeedbackAttributes",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ses:EventDestination",
        what: "create",
        aws: "has GetConfigurationSetEventDestinations",
    },
];
