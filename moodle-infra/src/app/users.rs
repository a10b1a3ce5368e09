//! [`DatabaseUsers`] and [`Rotation`]: who Moodle logs in to the database as, and how that changes.

use infra_core::{
    aws::{
        ecs::{Cluster, NetworkConfiguration, RunTask, Service, TaskDefinition},
        eventbridge::{EcsParameters, RetryPolicy, TargetArn},
        iam::{Role, Statement},
        scheduler::{Schedule, ScheduleTarget},
        secretsmanager::Secret,
    },
    local::RandomPassword,
    prelude::*,
};

use super::{
    Foundation, capacity,
    once::{once, with_database},
    roles::Roles,
    task::{Part, Task},
};
use crate::{
    SiteKey,
    iam::{TASKS, allow, assumed_by, tasks_of, within},
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
    pub(super) fn secret(stack: &Stack, key: SiteKey) -> Secret {
        // Letters and digits alone: they mean the same to JSON, SQL, PHP and shells.
        let password =
            RandomPassword::named("database-user").length(48_u32).symbols(false).create(stack);
        let password = password.password();
        Secret::named("database-user")
            .description("Who Moodle logs in to its database as; changed by the rotation")
            .secret_string(interpolate!("{{\"username\":\"{FIRST}\",\"password\":\"{password}\"}}"))
            .maybe_kms_key_id(key.get())
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
        let task = once(on, "users", &definition, place).time_limit(Seconds(900));
        let create = with_database(on, task).create(stack);
        Self { secret, definition, create }
    }
}

/// What gives Moodle the other user of the database, with a new password, as often as the settings
/// say: the role `rotate` of the image.
///
/// The old password stays valid until the next rotation, so that nobody is thrown out. A rotation
/// that was killed leaves a site that works, and the next one brings it to its end; `up` after a
/// rotation finds nothing to do.
#[derive(Clone, Copy, Debug)]
pub struct Rotation {
    /// The task that it is.
    pub definition: TaskDefinition,
    /// What it may do: read and write the one secret, and start the services anew.
    pub role: Role,
    /// When it runs.
    pub schedule: Schedule,
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
        let with_key = task.settings.key.statement(
            &task.on.network.region,
            "secretsmanager",
            &["kms:Decrypt", "kms:GenerateDataKey"],
        );
        let rotate = [
            Statement::allow()
                .actions(["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"])
                .resources([interpolate!("{}", secret.arn())]),
            Statement::allow()
                .actions(["ecs:UpdateService"])
                .resources(services.map(|service| interpolate!("{}", service.service_arn()))),
            Statement::allow().actions(["ecs:DescribeTasks"]).resources([tasks_of(cluster)]),
            // What is listed is no resource; the cluster is a condition.
            within(cluster, Statement::allow().actions(["ecs:ListTasks"]).resources(["*"])),
        ];
        allow(stack, "rotation", &roles.rotation, with_key.into_iter().chain(rotate));
        let [first, second, third] = services.map(Service::service_name);
        let more = vec![
            ("DB_SECRET_ARN".to_owned(), interpolate!("{}", secret.arn())),
            ("ROLL_CLUSTER".to_owned(), interpolate!("{}", cluster.cluster_name())),
            ("ROLL_SERVICES".to_owned(), interpolate!("{first} {second} {third}")),
        ];
        let definition = task.define(stack, Part::Rotate, image, roles, more);
        let runs = EcsParameters::new(&definition)
            .capacity_provider_strategy(capacity(task.on.hosts))
            .network_configuration(place);
        let starter = starter(stack, cluster, &definition, roles);
        let target = ScheduleTarget::new(TargetArn::cluster(cluster.arn()), starter.arn())
            .ecs_parameters(runs)
            // What does not start within the hour starts the next time.
            .retry_policy(RetryPolicy::new().maximum_event_age_in_seconds(Seconds(3600)));
        let schedule = Schedule::named("rotation")
            .description("Gives Moodle another user of its database, with a new password")
            .schedule_expression(task.settings.rotation.clone())
            .target(target)
            .create(stack);
        Self { definition, role: roles.rotation, schedule }
    }
}

/// What the schedule takes on: it starts this one task, with its roles.
fn starter(stack: &Stack, cluster: &Cluster, definition: &TaskDefinition, roles: &Roles) -> Role {
    let role = assumed_by(stack, "scheduler.amazonaws.com", "rotation-starter");
    let given = [roles.of(Part::Rotate), Some(roles.execution_of(Part::Rotate))];
    let given = given.into_iter().flatten().map(|role| interpolate!("{}", role.arn()));
    let start = [
        within(
            cluster,
            Statement::allow()
                .actions(["ecs:RunTask"])
                .resources([interpolate!("{}", definition.task_definition_arn())]),
        ),
        Statement::allow()
            .actions(["ecs:TagResource"])
            .resources([tasks_of(cluster)])
            .conditions_push("StringEquals", [("ecs:CreateAction", ["RunTask"])]),
        Statement::allow()
            .actions(["iam:PassRole"])
            .resources(given.collect::<Vec<_>>())
            .conditions_push("StringEquals", [("iam:PassedToService", [TASKS])]),
    ];
    allow(stack, "rotation-starter", &role, start);
    role
}
