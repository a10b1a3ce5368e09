//! [`DatabaseUsers`] and [`Rotation`]: who Moodle logs in to the database as, and how that changes.

use infra_core::{
    aws::{
        ecs::{NetworkConfiguration, RunTask, Service, TaskDefinition},
        iam::{PolicyDocument, Role, RolePolicy, Statement},
        secretsmanager::Secret,
    },
    local::RandomPassword,
    prelude::*,
};

use super::{
    Foundation, capacity,
    roles::{Roles, tasks_of},
    task::{Part, Task},
};

/// The first of the two users that the image knows.
const FIRST: &str = "moodle_a";

/// Who Moodle logs in to the database as: one of two users, who may do what Moodle does on its own
/// database, and need TLS. The database's first user, who may do everything, only creates them.
///
/// The secret `{"username": …, "password": …}` says which of the two is used. The program writes its
/// first value, and from then on a [`Rotation`] owns it: `up` neither reads nor changes it, whatever
/// was written since. Tasks read it when they start.
#[derive(Clone, Copy, Debug)]
pub struct DatabaseUsers {
    /// Who is used, and the password.
    pub secret: Secret,
    /// What creates them.
    pub definition: TaskDefinition,
    /// Creates them, or makes the database agree with the secret again: another database, or one
    /// that was restored, knows other passwords.
    pub create: RunTask,
}

impl DatabaseUsers {
    /// The secret alone, which roles and tasks refer to.
    pub(super) fn secret(stack: &Stack) -> Secret {
        // Letters and digits alone: they mean the same to JSON, SQL, PHP and shells.
        let password =
            RandomPassword::named("database-user").length(48_u32).symbols(false).create(stack);
        let password = password.password();
        Secret::named("database-user")
            .description("Who Moodle logs in to its database as; changed by the rotation")
            .secret_string(interpolate!("{{\"username\":\"{FIRST}\",\"password\":\"{password}\"}}"))
            .ignore_changes(Secret::SECRET_STRING)
            .create(stack)
    }

    pub(super) fn create(
        stack: &Stack,
        on: &Foundation<'_>,
        secret: Secret,
        definition: TaskDefinition,
        place: &NetworkConfiguration,
    ) -> Self {
        let task = RunTask::named("users")
            .cluster(&on.hosts.cluster)
            .task_definition(&definition)
            .capacity_provider_strategy(capacity(on.hosts))
            .network_configuration(place.clone())
            .time_limit(Seconds(900));
        let machines = on.database.instances.iter();
        let create = machines.fold(task, |task, machine| task.depends_on(machine)).create(stack);
        Self { secret, definition, create }
    }
}

/// What gives Moodle the other user of the database, with a new password, as often as it is run:
/// the role `rotate` of the image.
///
/// The old password stays valid until the next rotation, so that nobody is thrown out. A rotation
/// that was killed leaves a site that works, and the next one brings it to its end; `up` after a
/// rotation finds nothing to do. It needs the network of the runners.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The task to run.
    pub definition: TaskDefinition,
    /// What it may do: read and write the one secret, and start the services anew.
    pub role: Role,
    /// What ECS does for it.
    pub execution: Role,
    /// Where it runs.
    pub place: NetworkConfiguration,
}

impl Rotation {
    pub(super) fn create(
        stack: &Stack,
        task: &Task<'_>,
        image: Input<String>,
        roles: &Roles,
        services: [&Service; 3],
        place: NetworkConfiguration,
    ) -> Self {
        let (cluster, secret) = (&task.on.hosts.cluster, task.user);
        RolePolicy::named("rotation")
            .role_name(&roles.rotation)
            .policy_name("rotation")
            .policy_document(PolicyDocument::new([
                Statement::allow()
                    .actions(["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"])
                    .resources([interpolate!("{}", secret.arn())]),
                Statement::allow()
                    .actions(["ecs:UpdateService"])
                    .resources(services.map(|service| interpolate!("{}", service.service_arn()))),
                Statement::allow().actions(["ecs:DescribeTasks"]).resources([tasks_of(cluster)]),
                // What is listed is no resource; the cluster is a condition.
                Statement::allow().actions(["ecs:ListTasks"]).resources(["*"]).conditions_push(
                    "ArnEquals",
                    [("ecs:cluster", [interpolate!("{}", cluster.arn())])],
                ),
            ]))
            .create(stack);
        let [first, second, third] = services.map(Service::service_name);
        let more = vec![
            ("DB_SECRET_ARN".to_owned(), interpolate!("{}", secret.arn())),
            ("ROLL_CLUSTER".to_owned(), interpolate!("{}", cluster.cluster_name())),
            ("ROLL_SERVICES".to_owned(), interpolate!("{first} {second} {third}")),
        ];
        let definition = task.define(stack, Part::Rotate, image, roles, more);
        Self { definition, role: roles.rotation, execution: roles.administration, place }
    }
}
