//! Roles, and what they are allowed.

use infra_core::{
    aws::{
        ecs::Cluster,
        iam::{PolicyDocument, Role, RolePolicy, RolePolicyAttachment, Statement},
    },
    prelude::*,
};

/// What ECS needs to start any task.
pub(crate) const EXECUTION_POLICY: &str =
    "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";

/// Who takes on the roles of tasks, and those by which ECS starts them.
pub(crate) const TASKS: &str = "ecs-tasks.amazonaws.com";

/// A role that a service of AWS takes on.
#[track_caller]
pub(crate) fn assumed_by(stack: &Stack, service: &str, name: &str) -> Role {
    Role::named(name)
        .assume_role_policy_document(PolicyDocument::assumed_by_service(service))
        .create(stack)
}

/// Lets instances be looked into by Session Manager.
pub(crate) const SESSION_MANAGER: (&str, &str) =
    ("ssm", "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore");

/// A role that instances take on, with policies of AWS's making, each by a name and its ARN.
#[track_caller]
pub(crate) fn instance_role(stack: &Stack, name: &str, policies: &[(&str, &str)]) -> Role {
    let role = assumed_by(stack, "ec2.amazonaws.com", name);
    for (what, policy) in policies {
        RolePolicyAttachment::named(format!("{name}-{what}"))
            .role_name(&role)
            .policy_arn(*policy)
            .create(stack);
    }
    role
}

/// Allows a role something, by a policy of a name.
#[track_caller]
pub(crate) fn allow(
    stack: &Stack,
    name: &str,
    role: &Role,
    statements: impl IntoIterator<Item = Statement>,
) -> RolePolicy {
    RolePolicy::named(name)
        .role_name(role)
        .policy_name(name)
        .policy_document(PolicyDocument::new(statements.into_iter().collect::<Vec<_>>()))
        .create(stack)
}

/// The tasks of a cluster, as policies name them.
#[track_caller]
pub(crate) fn tasks_of(cluster: &Cluster) -> Output<String> {
    let arn = cluster.arn().map(|arn| arn.as_str().replace(":cluster/", ":task/"));
    interpolate!("{arn}/*")
}

/// What holds within a cluster alone.
#[track_caller]
pub(crate) fn within(cluster: &Cluster, statement: Statement) -> Statement {
    statement.conditions_push("ArnEquals", [("ecs:cluster", [interpolate!("{}", cluster.arn())])])
}
