//! The case of `aws:iam:RolePolicyAttachment`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::iam::{Role, RolePolicyAttachment},
    prelude::*,
};

use super::{policy::policy, role::trust};

const SSM: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
const ECS: &str = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role";

pub(crate) const CASES: &[Case] = &[Case {
    ty: RolePolicyAttachment::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| {
            Role::named(name).assume_role_policy_document(trust("ec2.amazonaws.com")).create(stack)
        });
        RolePolicyAttachment::named("subject")
            .role_name(v.pick("role_name", &one, &other))
            .policy_arn(v.pick("policy_arn", SSM, ECS))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "policy_arn",
            build: |stack| {
                let role = Role::named("role")
                    .assume_role_policy_document(trust("ec2.amazonaws.com"))
                    .create(stack);
                RolePolicyAttachment::named("subject")
                    .role_name(&role)
                    .policy_arn("arn:aws:iam::210987654321:policy/theirs")
                    .create(stack);
            },
            says: "the Policy `arn:aws:iam::210987654321:policy/theirs` does not exist",
        },
        Refused {
            property: "policy_arn",
            build: |stack| {
                RolePolicyAttachment::named("subject")
                    .role_name("role")
                    .policy_arn("AmazonSSMManagedInstanceCore")
                    .create(stack);
            },
            says: "is not an ARN of this kind",
        },
        Refused {
            property: "role_name",
            build: |stack| {
                let role = Role::named("role")
                    .assume_role_policy_document(trust("ec2.amazonaws.com"))
                    .create(stack);
                for n in 0..11 {
                    let policy = policy(stack, &format!("policy-{n}"));
                    RolePolicyAttachment::named(format!("subject-{n}"))
                        .role_name(&role)
                        .policy_arn(&policy)
                        .create(stack);
                }
            },
            says: "10 managed policies at most",
        },
    ],
    fixed: &[],
    // CloudFormation says the same as a list in the role.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];
