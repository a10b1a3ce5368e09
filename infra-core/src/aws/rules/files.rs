//! File systems are mounted in a way that they allow.

use super::about_part;
use crate::{
    analysis::Outline,
    aws::{
        ec2::LaunchTemplate,
        ecs::{Switch, TaskDefinition},
        efs::{AccessPoint, FileSystem},
    },
    graph::{NodeView, ProgramProblem},
    value::Value,
};

/// `files-mounted-as-allowed`: access points, IAM and policies that ask for TLS work with the mount
/// helper and TLS alone, and plain NFS without all of them.
pub(super) fn mounted_as_allowed(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for definition in outline.all::<TaskDefinition>() {
        let prop = TaskDefinition::VOLUMES;
        for volume in definition.node.inputs.get(prop.slot).items() {
            let name = volume.field("name").and_then(Value::as_str).unwrap_or("?");
            let Some(efs) = volume.field("efs_volume_configuration") else { continue };
            let Some((field, message, help)) = of_volume(outline, efs) else { continue };
            let part = format!("{name}.efs_volume_configuration.{field}");
            found.push(about_part(outline, &definition, prop, &part, message).help(help));
        }
    }
    found.extend(outline.all::<LaunchTemplate>().filter_map(|it| of_template(outline, &it)));
    found
}

type Told = (&'static str, String, &'static str);

fn of_volume(outline: &Outline<'_>, efs: &Value) -> Option<Told> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let on = |value: Option<&Value>| text(value).as_deref() == Some(Switch::Enabled.as_str());
    let authorization = efs.field("authorization_config");
    let point = authorization.and_then(|it| it.field("access_point_id"));
    let iam = on(authorization.and_then(|it| it.field("iam")));
    if let (Some(_), Some(root)) = (point, text(efs.field("root_directory")).filter(|it| it != "/"))
    {
        let message = format!("is {root:?}, and the access point says which folder is mounted");
        return Some(("root_directory", message, "leave it out, or mount without an access point"));
    }
    if on(efs.field("transit_encryption")) {
        return None;
    }
    let files = outline.linked::<FileSystem>(efs.field("file_system_id")?).into_iter().next();
    let why = if point.is_some() {
        "an access point"
    } else if iam {
        "the task's role"
    } else if files.is_some_and(|files| wants_tls(outline, &files)) {
        "the file system's policy"
    } else {
        return None;
    };
    let message = format!("is off, and {why} asks for TLS: the task would never start");
    Some(("transit_encryption", message, "set it to `Switch::Enabled`"))
}

/// Whether a file system's policy refuses what comes without TLS.
fn wants_tls(outline: &Outline<'_>, files: &NodeView<'_, FileSystem>) -> bool {
    let policy = files.node.inputs.get(FileSystem::FILE_SYSTEM_POLICY.slot);
    outline.known(policy).to_string().contains("aws:SecureTransport")
}

/// Instances that mount it by plain NFS, as their user data says.
fn of_template<'a>(
    outline: &Outline<'a>,
    template: &NodeView<'a, LaunchTemplate>,
) -> Option<ProgramProblem> {
    let prop = LaunchTemplate::LAUNCH_TEMPLATE_DATA;
    let script = template.node.inputs.get(prop.slot).field("user_data")?;
    let plain = outline.text(script)?.split_whitespace().any(|word| matches!(word, "nfs" | "nfs4"));
    if !plain {
        return None;
    }
    let files = outline.linked::<FileSystem>(script);
    let asks = files.iter().find_map(|files| {
        let point = outline.referring(AccessPoint::FILE_SYSTEM_ID, files.node).next();
        let why = match point {
            Some(_) => "its access point",
            None if wants_tls(outline, files) => "its policy",
            None => return None,
        };
        Some((files, why))
    });
    let (files, why) = asks?;
    let message =
        format!("mounts `{}` by plain NFS, and {why} works with TLS alone", files.node.urn.short());
    let help = "mount it by the helper: type `efs` with the options `tls` and `accesspoint`";
    Some(about_part(outline, template, prop, "user_data", message).help(help))
}
