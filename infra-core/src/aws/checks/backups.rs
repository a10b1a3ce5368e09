//! Backups are kept for as long as the lock of their vault wants: others fail when they are made,
//! night after night, and no call says so before.

use crate::{
    aws::backup::{Lifecycle, LifecycleArgs, Plan, Vault, VaultLockArgs},
    check::Check,
    graph::{Field, NodeView, Program, ProgramProblem},
    types::{Days, PropertyType},
    value::Value,
};

/// Backups are kept for as long as the lock of their vault wants.
pub(super) struct Retention;

impl Check for Retention {
    fn name(&self) -> &str {
        "backup-retention"
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        program.all::<Plan>().flat_map(|plan| of_plan(program, &plan)).collect()
    }
}

/// The rules of a plan name vaults by outputs: they are looked at as they stand, not as they will
/// be read.
fn of_plan(program: &Program, plan: &NodeView<'_, Plan>) -> Vec<ProgramProblem> {
    let rules = plan.node.inputs.get(Plan::RULES.slot).items();
    let mut found = vec![];
    for (place, rule) in rules.iter().enumerate() {
        let path = format!("rules[{place}]");
        found.extend(of_copy(program, plan, &path, rule, "target_backup_vault"));
        let copies = rule.field("copy_actions").map_or(&[][..], Value::items);
        for (place, copy) in copies.iter().enumerate() {
            let path = format!("{path}.copy_actions[{place}]");
            found.extend(of_copy(program, plan, &path, copy, "destination_backup_vault_arn"));
        }
    }
    found
}

/// What is wrong with how long something is kept in the vault that a field names.
fn of_copy(
    program: &Program,
    plan: &NodeView<'_, Plan>,
    path: &str,
    copy: &Value,
    field: &str,
) -> Option<ProgramProblem> {
    let Some(Value::Ref(output)) = copy.field(field) else { return None };
    let vault: NodeView<'_, Vault> = NodeView::new(program.nodes.get(output.node as usize)?)?;
    let Field::Known(lock) = vault.get(Vault::LOCK_CONFIGURATION) else { return None };
    let days = match copy.field("lifecycle").filter(|lifecycle| !lifecycle.is_null()) {
        None => None,
        Some(lifecycle) if lifecycle.has_computed() => return None,
        Some(lifecycle) => {
            let LifecycleArgs { delete_after_days, .. } = Lifecycle::decode(lifecycle).ok()?;
            delete_after_days
        }
    };
    let what = too_short_or_long(days, &lock)?;
    let message = format!("{what} in the locked vault `{}`", vault.node.urn.short());
    let mut problem = program.about(plan, Plan::RULES, message).without_value();
    problem.property = Some(format!("{path}.lifecycle"));
    problem.at.push(vault.node.site(Vault::LOCK_CONFIGURATION.slot));
    let help = "give `delete_after_days` within `min_retention_days` and `max_retention_days`";
    Some(problem.help(help))
}

fn too_short_or_long(days: Option<Days>, lock: &VaultLockArgs) -> Option<String> {
    let least = lock.min_retention_days;
    match (days, lock.max_retention_days) {
        (Some(days), _) if days < least => {
            Some(format!("keeps backups for {days}, which is less than {least}"))
        }
        (Some(days), Some(most)) if days > most => {
            Some(format!("keeps backups for {days}, which is more than {most}"))
        }
        (None, Some(most)) => Some(format!("keeps backups for ever, which is more than {most}")),
        _ => None,
    }
}
