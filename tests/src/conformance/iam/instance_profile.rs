//! The case of `aws:iam:InstanceProfile`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::iam::{InstanceProfile, Role},
    prelude::*,
};

use super::role::trust;

pub(crate) const CASES: &[Case] = &[Case {
    ty: InstanceProfile::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| {
            Role::named(name).assume_role_policy_document(trust("ec2.amazonaws.com")).create(stack)
        });
        InstanceProfile::named("subject")
            .role_name(v.pick("role_name", &one, &other))
            .instance_profile_name(v.pick("instance_profile_name", "campus", "campus-hosts"))
            .path(v.pick("path", "/campus/", "/"))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "path",
            build: |stack| {
                InstanceProfile::named("subject").role_name("x").path("/campus").create(stack);
            },
            says: "begin and end with a slash",
        },
        Refused {
            property: "role_name",
            build: |stack| {
                InstanceProfile::named("subject").role_name("nobody").create(stack);
            },
            says: "the Role `nobody` does not exist",
        },
        Refused {
            property: "instance_profile_name",
            build: |stack| {
                InstanceProfile::named("subject")
                    .role_name("role")
                    .instance_profile_name("hosts/a")
                    .create(stack);
            },
            says: "letters, digits and +=,.@_-",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::IAM::InstanceProfile",
        differs: &[
            ("instance_profile_id", "told by GetInstanceProfile; CloudFormation does not tell it"),
            ("tags", "IAM tags instance profiles; CloudFormation does not"),
        ],
        // A list of one at most there; the API takes one role.
        renamed: &[("Roles", "role_name")],
    },
}];
