//! Of `ses`.

use super::{Deviation, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:ses:ConfigurationSet",
        "create",
        "lists them by GET /v2/email/configuration-sets (ListConfigurationSets)",
    ),
    moto(
        "aws:ses:EmailIdentity",
        "create",
        "lists them by GET /v2/email/identities (ListEmailIdentities)",
    ),
    ministack(
        "aws:ses:ConfigurationSet",
        "deleted",
        "says of one that is gone NotFoundException (DeleteConfigurationSet)",
    ),
    ministack(
        "aws:ses:EmailIdentity",
        "create",
        "has PutEmailIdentityDkimAttributes and PutEmailIdentityFeedbackAttributes",
    ),
    moto("aws:ses:EventDestination", "create", "has GetConfigurationSetEventDestinations"),
];
