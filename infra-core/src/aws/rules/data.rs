//! What holds data is protected, encrypted, and can be brought back.

use super::about_part;
use crate::{
    analysis::Outline,
    aws::{
        backup::Selection,
        ec2::{LaunchTemplate, Volume},
        efs::FileSystem,
        elasticache::ReplicationGroup,
        rds::DbCluster,
        s3::{Bucket, VersioningStatus},
        secretsmanager::Secret,
    },
    dsl::{Prop, ResourceType},
    graph::{NodeView, ProgramProblem},
    types::Days,
    value::Value,
};

/// For how many days mistakes go unnoticed: over a week-end and some days.
const NOTICED: Days = Days(7);

/// `data-protected`: AWS itself refuses to delete what holds data, or keeps it for a while.
pub(super) fn protected(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = switched_off(
        outline,
        DbCluster::DELETION_PROTECTION,
        "lets anybody delete it with one call",
        "set it to true; a deletion that the plan shows takes it back first",
    );
    for secret in outline.all::<Secret>() {
        let prop = Secret::RECOVERY_WINDOW_IN_DAYS;
        let Some(window) = outline.get(&secret, prop).filter(|window| *window < NOTICED) else {
            continue;
        };
        let message = format!("gives {window} to notice that the secret was deleted");
        let problem = outline.program().about(&secret, prop, message).without_value();
        found.push(problem.help(format!("give {NOTICED} or more")));
    }
    for bucket in outline.all::<Bucket>() {
        let access = outline.value(&bucket, Bucket::PUBLIC_ACCESS_BLOCK_CONFIGURATION);
        let open = access.entries().iter().find(|(_, value)| value.as_bool() == Some(false));
        let Some((field, _)) = open else { continue };
        let prop = Bucket::PUBLIC_ACCESS_BLOCK_CONFIGURATION;
        let message = "is off: a policy or an ACL could open the bucket to everybody".to_owned();
        let problem = about_part(outline, &bucket, prop, field, message);
        found.push(problem.help("leave it on, and let CloudFront read what is public"));
    }
    found
}

/// `data-encrypted`: databases, caches, files and disks are encrypted, caches on their way too.
pub(super) fn encrypted(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let (message, help) = ("leaves what it holds in clear", "set it to true; the default is");
    let mut found = switched_off(outline, DbCluster::STORAGE_ENCRYPTED, message, help);
    found.extend(switched_off(outline, FileSystem::ENCRYPTED, message, help));
    found.extend(switched_off(
        outline,
        ReplicationGroup::AT_REST_ENCRYPTION_ENABLED,
        message,
        help,
    ));
    found.extend(switched_off(
        outline,
        ReplicationGroup::TRANSIT_ENCRYPTION_ENABLED,
        "sends passwords and sessions in clear",
        help,
    ));
    found.extend(switched_off(outline, Volume::ENCRYPTED, message, help));
    for template in outline.all::<LaunchTemplate>() {
        let data = outline.value(&template, LaunchTemplate::LAUNCH_TEMPLATE_DATA);
        let disks = data.field("block_device_mappings").map(Value::items).unwrap_or_default();
        let clear = |disk: &&Value| {
            disk.field("ebs").and_then(|ebs| ebs.field("encrypted")).and_then(Value::as_bool)
                == Some(false)
        };
        let Some(disk) = disks.iter().find(clear) else { continue };
        let name = disk.field("device_name").and_then(Value::as_str).unwrap_or("?");
        let message = format!("of {name} leaves what it holds in clear");
        let prop = LaunchTemplate::LAUNCH_TEMPLATE_DATA;
        let part = "block_device_mappings.ebs.encrypted";
        found.push(about_part(outline, &template, prop, part, message).help(help));
    }
    found
}

/// `data-backed-up`: what holds data can be brought back as it was a week ago.
pub(super) fn backed_up(outline: &Outline<'_>) -> Vec<ProgramProblem> {
    let mut found = vec![];
    for cluster in outline.all::<DbCluster>() {
        let prop = DbCluster::BACKUP_RETENTION_PERIOD;
        let kept = outline.get(&cluster, prop).filter(|kept| *kept < NOTICED);
        let Some(kept) = kept else { continue };
        let message = format!("brings it back for {kept} alone");
        let problem = outline.program().about(&cluster, prop, message).without_value();
        found.push(problem.help(format!("give {NOTICED} or more")));
    }
    for files in outline.all::<FileSystem>() {
        let policy = outline.value(&files, FileSystem::BACKUP_POLICY);
        let on = crate::aws::efs::Switch::Enabled.as_str();
        if policy.field("status").and_then(Value::as_str) == Some(on) || planned(outline, &files) {
            continue;
        }
        let message = "keeps no copies: a file that is deleted is gone";
        let prop = FileSystem::BACKUP_POLICY;
        let problem = outline.program().about(&files, prop, message).without_value();
        found.push(problem.help("give `BackupPolicy::enabled()`, or select it in a backup plan"));
    }
    for bucket in outline.all::<Bucket>() {
        let versions = outline.value(&bucket, Bucket::VERSIONING_CONFIGURATION);
        let on = VersioningStatus::Enabled.as_str();
        if versions.field("status").and_then(Value::as_str) == Some(on) {
            continue;
        }
        let message = "keeps no older versions: an object that is written over is gone";
        let prop = Bucket::VERSIONING_CONFIGURATION;
        let problem = outline.program().about(&bucket, prop, message).without_value();
        found.push(problem.help("give `VersioningConfiguration::enabled()`"));
    }
    found
}

/// Whether a selection of a backup plan names it.
fn planned<R: ResourceType>(outline: &Outline<'_>, view: &NodeView<'_, R>) -> bool {
    let names = |(_, value): (_, &Value)| outline.refers(value, view.node);
    outline.all::<Selection>().any(|selection| selection.node.inputs.iter().any(names))
}

/// Everything of a type that has a switch off that should be on.
fn switched_off<R: ResourceType>(
    outline: &Outline<'_>,
    prop: Prop<R, bool>,
    message: &str,
    help: &str,
) -> Vec<ProgramProblem> {
    let off = outline.all::<R>().filter(|view| outline.get(view, prop) == Some(false));
    off.map(|view| outline.program().about(&view, prop, message).help(help)).collect()
}
