//! Secrets reach containers and instances by reference alone.

use super::about_part;
use crate::{
    analysis::Outline,
    aws::{
        ec2::LaunchTemplate,
        ecs::{RunTask, TaskDefinition},
    },
    graph::ProgramProblem,
    value::Value,
};

/// Words that name secrets.
const SECRET: [&str; 7] =
    ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE_KEY", "API_KEY"];

/// Ends of names that say where a secret is, or something else about it.
const ABOUT: [&str; 9] =
    ["_ARN", "_FILE", "_PATH", "_NAME", "_ID", "_URL", "_VERSION", "_TTL", "_LIFETIME"];

/// `no-plain-secrets`: nothing secret stands in an environment or in user data, which everybody
/// reads who may look at a task definition or a template.
pub(super) fn no_plain_secrets(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for definition in outline.all::<TaskDefinition>() {
        let prop = TaskDefinition::CONTAINER_DEFINITIONS;
        for container in definition.node.inputs.get(prop.slot).items() {
            for (part, what) in plain(container) {
                found.push(about_part(outline, &definition, prop, &part, what));
            }
        }
    }
    for task in outline.all::<RunTask>() {
        let overrides = task.node.inputs.get(RunTask::OVERRIDES.slot);
        let containers = overrides.field("container_overrides").map(Value::items);
        for (part, what) in containers.unwrap_or_default().iter().flat_map(plain) {
            found.push(about_part(outline, &task, RunTask::OVERRIDES, &part, what));
        }
    }
    for template in outline.all::<LaunchTemplate>() {
        let data = template.node.inputs.get(LaunchTemplate::LAUNCH_TEMPLATE_DATA.slot);
        if data.field("user_data").is_some_and(Value::made_of_secret) {
            let prop = LaunchTemplate::LAUNCH_TEMPLATE_DATA;
            let what = "holds a secret, which whoever is on the instance can read".to_owned();
            found.push(about_part(outline, &template, prop, "user_data", what));
        }
    }
    let help = "give it by reference: `secrets([ContainerSecret::of_secret(..)])`, or let the \
                instance's role read it from Secrets Manager";
    found.into_iter().map(|problem| problem.help(help)).collect()
}

/// What of a container stands in its environment and should not.
fn plain(container: &Value) -> Vec<(String, String)> {
    let name = container.field("name").and_then(Value::as_str).unwrap_or("?");
    let environment = container.field("environment").map(Value::entries).unwrap_or_default();
    let secret = environment
        .iter()
        .filter(|(variable, value)| value.made_of_secret() || names_a_secret(variable));
    let told = secret.map(|(variable, _)| {
        let what = "stands in the environment, where the definition shows it to everybody";
        (format!("{name}.environment.{variable}"), what.to_owned())
    });
    told.collect()
}

fn names_a_secret(variable: &str) -> bool {
    let variable = variable.to_uppercase();
    SECRET.iter().any(|word| variable.contains(word))
        && !ABOUT.iter().any(|end| variable.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::names_a_secret;

    #[test]
    fn names_tell_what_is_secret() {
        for name in ["DB_PASSWORD", "smtp_password", "API_KEY_SHOP", "GITHUB_TOKEN"] {
            assert!(names_a_secret(name), "{name}");
        }
        for name in ["DB_PASSWORD_FILE", "SECRET_ARN", "DB_USER", "TOKEN_TTL", "PHP_WORKERS"] {
            assert!(!names_a_secret(name), "{name}");
        }
    }
}
