//! What the controller may do, and what ECS may do for it.

use infra_core::{
    aws::{
        ecs::Cluster,
        efs::AccessPoint,
        iam::{Role, RolePolicyAttachment, Statement},
        secretsmanager::Secret,
    },
    prelude::*,
};

use super::{DeliverySettings, ImageRepository};
use crate::{
    Efs, Foundation,
    iam::{EXECUTION_POLICY, TASKS, allow, assumed_by, tasks_of, within},
};

/// The roles of the task.
pub(super) struct Roles {
    /// What ECS takes on to start the task.
    pub(super) execution: Role,
    /// What builds are.
    pub(super) task: Role,
}

impl Roles {
    pub(super) fn create(
        stack: &Stack,
        on: &Foundation<'_>,
        (settings, images): (&DeliverySettings, &ImageRepository),
        files: &Efs,
        home: &AccessPoint,
        admin: &Secret,
    ) -> Self {
        let execution = assumed_by(stack, TASKS, "execution");
        let task = assumed_by(stack, TASKS, "jenkins");
        RolePolicyAttachment::named("execution")
            .role_name(&execution)
            .policy_arn(EXECUTION_POLICY)
            .create(stack);
        let region = &on.network.region;
        let decrypt = settings.key.statement(region, "secretsmanager", &["kms:Decrypt"]);
        let secrets = [secrets_of(settings, admin)].into_iter().chain(decrypt);
        allow(stack, "secrets", &execution, secrets);
        allow(stack, "images", &task, images_of(images));
        allow(stack, "deploy", &task, [deploy_of(settings)]);
        allow(stack, "tasks", &task, looking_at(&on.hosts.cluster));
        allow(stack, "home", &task, [files.statement_at(home)]);
        Self { execution, task }
    }
}

/// What the container is given at its start.
fn secrets_of(settings: &DeliverySettings, admin: &Secret) -> Statement {
    let given = [&settings.git.credentials, &settings.passphrase];
    let given = given.into_iter().flatten().cloned().map(Input::into_text);
    let mut arns: Vec<Input<String>> = given.collect();
    arns.push(admin.arn().into_input());
    Statement::allow().actions(["secretsmanager:GetSecretValue"]).resources(arns)
}

/// Pushing to the one repository, and reading it. A login is to the whole registry: AWS knows no
/// resource for it, and it gives no right by itself.
fn images_of(images: &ImageRepository) -> Vec<Statement> {
    let login = Statement::allow().actions(["ecr:GetAuthorizationToken"]).resources(["*"]);
    let push = [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImages",
        "ecr:DescribeRepositories",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
    ];
    let push = Statement::allow().actions(push).resources([images.arn.clone()]);
    vec![login, push]
}

/// All that changes the site is done as another role, which the program alone takes on.
fn deploy_of(settings: &DeliverySettings) -> Statement {
    let role = settings.deploy_role.clone();
    Statement::allow().actions(["sts:AssumeRole"]).resources([role.into_text()])
}

/// Looking at the tasks of the site's cluster. AWS knows no resource for the list of them.
fn looking_at(cluster: &Cluster) -> [Statement; 2] {
    let list = Statement::allow().actions(["ecs:ListTasks"]).resources(["*"]);
    let look = Statement::allow().actions(["ecs:DescribeTasks"]).resources([tasks_of(cluster)]);
    [within(cluster, list), look]
}
