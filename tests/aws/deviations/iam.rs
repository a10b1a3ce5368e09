//! Of `iam`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:iam:RolePolicyAttachment",
        what: "create",
        aws: "AWS's own policies are there (ListPolicies, Scope AWS); moto has them where its \
              environment says so, and then takes seconds to forget them",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:iam:ServiceLinkedRole",
        what: "create",
        aws: "the role has the description that was given (CreateServiceLinkedRole, Description)",
    },
];
