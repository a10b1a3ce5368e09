//! Of `iam`.

use super::{Deviation, ministack, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:iam:RolePolicyAttachment",
        "create",
        "AWS's own policies are there (ListPolicies, Scope AWS); moto has them where its \
              environment says so, and then takes seconds to forget them",
    ),
    ministack("aws:iam:ServiceLinkedRole", "description", "GetRole tells it as it was given"),
    ministack(
        "aws:iam:ServiceLinkedRole",
        "found",
        "CreateServiceLinkedRole: the suffix is part of the role's name, which tells roles of a \
              service apart",
    ),
    ministack(
        "aws:iam:ServiceLinkedRole",
        "update custom_suffix",
        "CreateServiceLinkedRole takes a CustomSuffix, which makes another role",
    ),
];
