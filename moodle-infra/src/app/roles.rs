//! What tasks may do, and what ECS may do for them.

use infra_core::{
    aws::{
        iam::{Role, RolePolicyAttachment, Statement},
        secretsmanager::Secret,
    },
    prelude::*,
};

use super::{AppSettings, Foundation, configuration::FILES, task::Part};
use crate::iam::{EXECUTION_POLICY, TASKS, allow, assumed_by, tasks_of};

/// The roles of the tasks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Roles {
    /// What ECS takes on to start a task: it fetches the image, reads secrets and writes logs.
    pub(super) execution: Role,
    /// The same for what administers the database: it alone reads the secret of the first user.
    pub(super) administration: Role,
    /// What the application takes on: it reads its configuration, and mounts its files if its
    /// instance does not.
    pub(super) task: Role,
    /// What works beside the web takes on: as the application, and it asks ECS to keep its task.
    pub(super) runner: Role,
    /// What changes the user of the database takes on.
    pub(super) rotation: Role,
}

impl Roles {
    /// The roles of a site with passwords of people, and the secret of its database's user.
    pub(super) fn create(
        stack: &Stack,
        on: &Foundation<'_>,
        passwords: &[&Secret],
        user: &Secret,
        settings: &AppSettings,
    ) -> Self {
        let role = |name: &str| assumed_by(stack, TASKS, name);
        let (execution, administration) = (role("execution"), role("administration"));
        for (name, role) in [("execution", &execution), ("administration", &administration)] {
            RolePolicyAttachment::named(name)
                .role_name(role)
                .policy_arn(EXECUTION_POLICY)
                .create(stack);
        }
        let (task, runner) = (role("task"), role("runner"));
        let caches = [&on.caches.sessions.password, &on.caches.store.password];
        let kept = [&[user], passwords, &caches].concat().into_iter();
        let kept = kept.map(|secret| interpolate!("{}", secret.arn()));
        let mail = settings.mail.login().cloned().map(|login| interpolate!("{}", login));
        let first = on.database.cluster.master_user_secret_arn();
        let region = &on.network.region;
        let decrypt = |service: &str| settings.key.statement(region, service, &["kms:Decrypt"]);
        let with_key = |statement: Statement, service: &str| {
            [statement].into_iter().chain(decrypt(service)).collect::<Vec<_>>()
        };
        let kept = readable(kept.chain(mail).collect());
        allow(stack, "secrets", &execution, with_key(kept, "secretsmanager"));
        let both = vec![interpolate!("{first}"), interpolate!("{}", user.arn())];
        let both = with_key(readable(both), "secretsmanager");
        allow(stack, "database-users", &administration, both);
        let files = match on.storage.files.host_mount(&on.network.region) {
            Some(_) => None,
            None => on.storage.files.statement(),
        };
        for (prefix, role) in [("", &task), ("runner-", &runner)] {
            let configuration = with_key(configuration_of(on), "s3");
            allow(stack, &format!("{prefix}configuration"), role, configuration);
            if let Some(files) = &files {
                allow(stack, &format!("{prefix}files"), role, [files.clone()]);
            }
        }
        let protect = Statement::allow()
            .actions(["ecs:UpdateTaskProtection"])
            .resources([tasks_of(&on.hosts.cluster)]);
        allow(stack, "runner-protection", &runner, [protect]);
        Self { execution, administration, task, runner, rotation: role("rotation") }
    }

    /// What ECS takes on to start a part of the site.
    pub(super) fn execution_of(&self, part: Part) -> &Role {
        if part.is_administration() { &self.administration } else { &self.execution }
    }

    /// What a part of the site takes on; nothing for what calls nobody.
    pub(super) fn of(&self, part: Part) -> Option<&Role> {
        match part {
            Part::Web | Part::Install | Part::Verify => Some(&self.task),
            Part::Cron | Part::Adhoc => Some(&self.runner),
            Part::Users | Part::Probe => None,
            Part::Rotate => Some(&self.rotation),
        }
    }
}

fn readable(secrets: Vec<Output<String>>) -> Statement {
    Statement::allow().actions(["secretsmanager:GetSecretValue"]).resources(secrets)
}

/// The configuration, in whichever version the task was told of.
fn configuration_of(on: &Foundation<'_>) -> Statement {
    let bucket = on.storage.configuration.arn();
    Statement::allow()
        .actions(["s3:GetObject", "s3:GetObjectVersion"])
        .resources(FILES.map(|(key, _)| interpolate!("{bucket}/{key}")))
}
