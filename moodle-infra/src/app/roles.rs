//! What tasks may do, and what ECS may do for them.

use infra_core::{
    aws::{
        iam::{PolicyDocument, Role, RolePolicy, RolePolicyAttachment, Statement},
        secretsmanager::Secret,
    },
    prelude::*,
};

use super::{AppSettings, Foundation, configuration::FILES};

/// The roles of the tasks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Roles {
    /// What ECS takes on to start a task: it fetches the image, reads secrets and writes logs.
    pub(super) execution: Role,
    /// What the application takes on: it reads its configuration, and mounts its files if its
    /// instance does not.
    pub(super) task: Role,
}

impl Roles {
    pub(super) fn create(
        stack: &Stack,
        on: &Foundation<'_>,
        admin: &Secret,
        settings: &AppSettings,
    ) -> Self {
        let role = |name: &str| {
            let trust = PolicyDocument::assumed_by_service("ecs-tasks.amazonaws.com");
            Role::named(name).assume_role_policy_document(trust).create(stack)
        };
        let (execution, task) = (role("execution"), role("task"));
        RolePolicyAttachment::named("execution")
            .role_name(&execution)
            .policy_arn(EXECUTION_POLICY)
            .create(stack);
        let kept = [&on.caches.sessions.password, &on.caches.store.password, admin];
        let database = on.database.cluster.master_user_secret_arn();
        let mut readable = vec![interpolate!("{database}")];
        readable.extend(kept.map(|secret| interpolate!("{}", secret.arn())));
        readable.extend(settings.mail.login().cloned().map(|login| interpolate!("{}", login)));
        let secrets =
            Statement::allow().actions(["secretsmanager:GetSecretValue"]).resources(readable);
        let allow = |name: &str, role: &Role, statements: Vec<Statement>| {
            RolePolicy::named(name)
                .role_name(role)
                .policy_name(name)
                .policy_document(PolicyDocument::new(statements))
                .create(stack);
        };
        allow("secrets", &execution, vec![secrets]);
        allow("configuration", &task, vec![configuration_of(on)]);
        if on.storage.files.host_mount(&on.network.region).is_none()
            && let Some(files) = on.storage.files.statement()
        {
            allow("files", &task, vec![files]);
        }
        Self { execution, task }
    }
}

pub(crate) const EXECUTION_POLICY: &str =
    "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";

/// The configuration, in whichever version the task was told of.
fn configuration_of(on: &Foundation<'_>) -> Statement {
    let bucket = on.storage.configuration.arn();
    Statement::allow()
        .actions(["s3:GetObject", "s3:GetObjectVersion"])
        .resources(FILES.map(|(key, _)| interpolate!("{bucket}/{key}")))
}
