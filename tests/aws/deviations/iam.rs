//! Of `iam`.

use super::{Deviation, ministack, moto};

const ROLE_NAMES: &str = "the service names its role, and by that name it is found where the answer was lost: \
              AWSServiceRoleForECS, AWSServiceRoleForAutoScaling_ and the suffix (guides of ECS \
              and of EC2 Auto Scaling, \"service-linked roles\"); the server has another name";

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:iam:RolePolicyAttachment",
        "create",
        "AWS's own policies are there (ListPolicies, Scope AWS); moto has them where its \
              environment says so, and then takes seconds to forget them",
    ),
    moto("aws:iam:ServiceLinkedRole", "found", ROLE_NAMES),
    ministack("aws:iam:ServiceLinkedRole", "found", ROLE_NAMES),
    ministack("aws:iam:ServiceLinkedRole", "description", "GetRole tells it as it was given"),
    ministack(
        "aws:iam:ServiceLinkedRole",
        "update custom_suffix",
        "CreateServiceLinkedRole takes a CustomSuffix, which makes another role",
    ),
];
