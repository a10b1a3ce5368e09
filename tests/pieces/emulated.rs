//! What is in the emulator of AWS; its update is another value of each.

use infra_core::{
    aws::{
        iam::{PolicyDocument, Role},
        logs::LogGroup,
        s3::Bucket,
        secretsmanager::Secret,
        sns::Topic,
        ssm::{Parameter, ParameterType},
    },
    prelude::*,
};

pub(crate) fn build(stack: &Stack, changed: bool) {
    let tags = [("step", if changed { "two" } else { "one" })];
    Bucket::named("files").tags(tags).create(stack);
    Secret::named("password")
        .secret_string(if changed { "hunter3" } else { "hunter2" })
        .recovery_window_in_days(Days(0))
        .create(stack);
    Parameter::named("limit")
        .parameter_type(ParameterType::Text)
        .value(if changed { "20" } else { "10" })
        .create(stack);
    Topic::named("alarms").tags(tags).create(stack);
    LogGroup::named("web").tags(tags).create(stack);
    Role::named("web")
        .assume_role_policy_document(PolicyDocument::assumed_by_service("ecs-tasks.amazonaws.com"))
        .tags(tags)
        .create(stack);
}
