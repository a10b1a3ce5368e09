//! The case of `aws:backup:Plan`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::backup::{
        AdvancedBackupSetting, AdvancedResourceType, BackupRule, CopyAction, Lifecycle, Plan, Vault,
    },
    prelude::*,
};

/// A vault, and a rule that puts something into it every night.
fn rule(stack: &Stack) -> BackupRule {
    rule_at(stack, "cron(0 2 ? * * *)")
}

fn rule_at(stack: &Stack, schedule: &str) -> BackupRule {
    let vault = Vault::named("vault").create(stack);
    BackupRule::new("nightly", vault.backup_vault_name(), schedule)
}

/// A plan that puts something into a vault every night.
pub(super) fn plan(stack: &Stack, name: &str, rule: BackupRule) -> Plan {
    Plan::named(name).backup_plan_name(name).rules([rule]).create(stack)
}

/// Two plans for one vault.
pub(super) fn plans(stack: &Stack) -> [Plan; 2] {
    let rule = rule(stack);
    ["one", "other"].map(|name| plan(stack, name, rule.clone()))
}

fn setting(option: &str, value: &str) -> AdvancedBackupSetting {
    AdvancedBackupSetting::new(AdvancedResourceType::Ec2, [(option, value)])
}

fn refused(stack: &Stack, rule: BackupRule) {
    plan(stack, "subject", rule);
}

fn refused_setting(stack: &Stack, setting: AdvancedBackupSetting) {
    Plan::named("subject")
        .backup_plan_name("subject")
        .rules([rule(stack)])
        .advanced_backup_settings([setting])
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: Plan::definition,
    build: |stack, v| {
        let far = Vault::named("far").provider(&Provider::aws("eu-west-1")).create(stack);
        let nightly = rule(stack);
        let copied = nightly
            .clone()
            .schedule_expression_timezone("Europe/Berlin")
            .start_window_minutes(Minutes(60))
            .completion_window_minutes(Minutes(120))
            .lifecycle(Lifecycle::delete_after(Days(35)))
            .enable_continuous_backup(true)
            .recovery_point_tags([("made-by", "plan")])
            .copy_actions([CopyAction::new(far.backup_vault_arn()).lifecycle(
                Lifecycle::delete_after(Days(120)).move_to_cold_storage_after_days(Days(30)),
            )]);
        Plan::named("subject")
            .backup_plan_name(v.pick("backup_plan_name", "nightly", "campus.nightly"))
            .rules(v.pick("rules", vec![nightly.clone()], vec![copied]))
            .advanced_backup_settings([v.pick(
                "advanced_backup_settings",
                setting("WindowsVSS", "enabled"),
                setting("WindowsVSS", "disabled"),
            )])
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "backup_plan_name",
            build: |stack| {
                let rule = rule(stack);
                Plan::named("subject").backup_plan_name("every night").rules([rule]).create(stack);
            },
            says: "letters, digits and `-_.`",
        },
        Refused {
            property: "rules",
            build: |stack| {
                Plan::named("subject")
                    .backup_plan_name("subject")
                    .rules(Vec::<BackupRule>::new())
                    .create(stack);
            },
            says: "a plan has one at least",
        },
        Refused {
            property: "rules[0].rule_name",
            build: |stack| {
                let vault = Vault::named("vault").create(stack);
                refused(stack, BackupRule::new("", vault.backup_vault_name(), "rate(1 day)"));
            },
            says: "must have 1 to 50 characters",
        },
        Refused {
            property: "rules[0].schedule_expression",
            build: |stack| refused(stack, rule_at(stack, "at(2027-02-01T06:00:00)")),
            says: "is once",
        },
        Refused {
            property: "rules[0].schedule_expression",
            build: |stack| refused(stack, rule_at(stack, "cron(0/30 * ? * * *)")),
            says: "is more often than every hour",
        },
        Refused {
            property: "rules[0].start_window_minutes",
            build: |stack| refused(stack, rule(stack).start_window_minutes(Minutes(30))),
            says: "is under 60 min",
        },
        Refused {
            property: "rules[0].completion_window_minutes",
            build: |stack| refused(stack, rule(stack).completion_window_minutes(Minutes(480))),
            says: "must be longer than `start_window_minutes`, 480 min, by 60 min",
        },
        Refused {
            property: "rules[0].lifecycle.delete_after_days",
            build: |stack| refused(stack, rule(stack).lifecycle(Lifecycle::delete_after(Days(0)))),
            says: "0 must be between 1 and 36500",
        },
        Refused {
            property: "rules[0].copy_actions[0].lifecycle.delete_after_days",
            build: |stack| {
                let far = Vault::named("far").create(stack);
                let short =
                    Lifecycle::delete_after(Days(60)).move_to_cold_storage_after_days(Days(30));
                let copy = CopyAction::new(far.backup_vault_arn()).lifecycle(short);
                refused(stack, rule(stack).copy_actions([copy]));
            },
            says: "60 must be 90 days after `move_to_cold_storage_after_days`, 30",
        },
        Refused {
            property: "rules[0].lifecycle",
            build: |stack| refused(stack, rule(stack).enable_continuous_backup(true)),
            says: "must delete after 1 to 35 days",
        },
        Refused {
            property: "rules",
            build: |stack| {
                refused(stack, BackupRule::new("nightly", "nowhere", "rate(1 day)"));
            },
            says: "does not exist",
        },
        Refused {
            property: "advanced_backup_settings",
            build: |stack| refused_setting(stack, setting("BackupACLs", "enabled")),
            says: "is none of EC2: WindowsVSS",
        },
        Refused {
            property: "advanced_backup_settings",
            build: |stack| refused_setting(stack, setting("WindowsVSS", "on")),
            says: "must be enabled or disabled",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::Backup::BackupPlan",
        differs: &[
            (
                "BackupPlan.BackupPlanRule.IndexActions",
                "left out: what is found by search is restored by hand",
            ),
            (
                "BackupPlan.BackupPlanRule.ScanActions",
                "left out: it needs Malware Protection of GuardDuty",
            ),
            (
                "BackupPlan.BackupPlanRule.ScheduleExpression",
                "required here: a rule without one runs when nobody chose",
            ),
            (
                "BackupPlan.BackupPlanRule.TargetLogicallyAirGappedBackupVaultArn",
                "left out: vaults of that kind are not in the catalogue",
            ),
            ("BackupPlan.ScanSettings", "left out: it needs Malware Protection of GuardDuty"),
        ],
        renamed: &[
            ("BackupPlan", "*"),
            ("BackupPlan.BackupPlanRule", "rules"),
            ("BackupPlanTags", "tags"),
        ],
    },
}];
