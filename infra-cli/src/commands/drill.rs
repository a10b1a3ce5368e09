//! `drill`: parts of the site are taken away while people use it.

use std::path::{Path, PathBuf};

use infra_core::{
    handler::{Cancel, DrillInfo, DrillReport, DrillRun, Drills, People},
    types::Secret,
    value::Value,
};
use serde_json::json;

use super::{common::quiet_engine, watch};
use crate::{args, context::Context, error::CliError, exit, suggest::near, ui::Ui};

/// What stands for all drills.
const ALL: &str = "all";

pub(super) async fn run(context: &Context, command: &args::Drill) -> Result<u8, CliError> {
    let place = context.place()?;
    let drills = place.drills().ok_or(CliError::NoDrills(place.name()))?;
    match command {
        args::Drill::List => {
            list(&context.ui, &drills.list());
            Ok(exit::OK)
        }
        args::Drill::Run(args) => run_some(context, drills, args).await,
        args::Drill::Heal => {
            drills.heal(&context.request(true)?).await?;
            context.ui.say("What drills did is taken back.");
            Ok(exit::OK)
        }
    }
}

fn list(ui: &Ui, drills: &[DrillInfo]) {
    for drill in drills {
        let DrillInfo { name, happens, teaches, takes_upgrade, takes_zone, is_long } = drill;
        if ui.json {
            let drill = json!({
                "name": name, "happens": happens, "teaches": teaches, "takes_upgrade": takes_upgrade,
                "takes_zone": takes_zone, "long": is_long,
            });
            ui.result(drill.to_string());
            continue;
        }
        let strong = ui.styles.strong;
        ui.result(format!("{strong}{name}{strong:#}\n  {happens}\n  {teaches}"));
        if *takes_upgrade {
            ui.result("  It takes --upgrade and --way-back.");
        }
        if *takes_zone {
            ui.result("  --zone says which zone.");
        }
    }
}

/// The drills that a name stands for, where an upgrade and a zone are given or not.
fn chosen(
    all: &[DrillInfo],
    name: &str,
    upgrade: bool,
    zone: bool,
) -> Result<Vec<String>, CliError> {
    if name == ALL {
        let can = all.iter().filter(|it| !it.is_long && (upgrade || !it.takes_upgrade));
        return Ok(can.map(|drill| drill.name.clone()).collect());
    }
    match all.iter().find(|drill| drill.name == name) {
        Some(drill) if drill.takes_upgrade && !upgrade => {
            Err(CliError::NoUpgrade { drill: drill.name.clone() })
        }
        // What is not run is not passed over in silence.
        Some(drill) if upgrade && !drill.takes_upgrade => {
            Err(CliError::VainUpgrade { drill: drill.name.clone() })
        }
        Some(drill) if zone && !drill.takes_zone => {
            Err(CliError::VainZone { drill: drill.name.clone() })
        }
        Some(drill) => Ok(vec![drill.name.clone()]),
        None => Err(CliError::NoDrill {
            name: name.to_owned(),
            near: near(name, all.iter().map(|drill| drill.name.as_str())),
        }),
    }
}

async fn run_some(
    context: &Context,
    drills: &dyn Drills,
    args: &args::DrillRun,
) -> Result<u8, CliError> {
    let ui = &context.ui;
    let all = drills.list();
    let upgrade = args.upgrade();
    let names = chosen(&all, &args.name, upgrade.is_some(), args.zone.is_some())?;
    let people = match &args.accounts {
        Some(path) => People::Named(accounts(path)?),
        None => People::Derived(password(context, &args.password_output).await?),
    };
    let request = context.request(true)?;
    let cancel = watch::cancel_on_signals();
    for drill in all.iter().filter(|drill| args.name == ALL && !names.contains(&drill.name)) {
        let why = if drill.is_long { "a long time" } else { "--upgrade and --way-back" };
        ui.say(format!("{}: left out: it takes {why}", drill.name));
    }
    let mut code = exit::OK;
    for name in &names {
        let strong = ui.styles.strong;
        ui.say(format!("\n{strong}{name}{strong:#}"));
        let run = DrillRun {
            name: name.clone(),
            rate: args.rate,
            users: args.users,
            people: people.clone(),
            url: args.url.clone(),
            upgrade: upgrade.clone(),
            zone: all
                .iter()
                .find(|drill| drill.name == *name && drill.takes_zone)
                .and_then(|_| args.zone.clone()),
        };
        let listener = |words: &str| ui.say(format!("  {words}"));
        let interrupt = Box::pin(interrupted(cancel.clone()));
        let report = match drills.run(&request, &run, interrupt, &listener).await {
            Err(error) if cancel.is_cancelled() => {
                CliError::from(error).show(ui);
                return Ok(exit::INTERRUPTED);
            }
            report => report?,
        };
        ui.result(if ui.json { &report.json } else { &report.text });
        if let Some(path) = &args.report {
            let path = if args.name == ALL { beside(path, name) } else { path.clone() };
            write(&path, &report)?;
            ui.say(format!("The report is in {}.", path.display()));
        }
        if report.interrupted {
            return Ok(exit::INTERRUPTED);
        }
        if !report.passed {
            code = exit::GOALS_MISSED;
        }
    }
    Ok(code)
}

async fn interrupted(cancel: Cancel) {
    cancel.cancelled().await;
}

/// The users in a file.
fn accounts(path: &Path) -> Result<Vec<(String, Secret<String>)>, CliError> {
    let text = std::fs::read_to_string(path).map_err(|source| CliError::File {
        path: path.to_owned(),
        what: "read",
        source,
    })?;
    named(&text).map_err(|line| CliError::Accounts { path: path.to_owned(), line })
}

/// The users in a text, or the number of the first line that names none.
fn named(text: &str) -> Result<Vec<(String, Secret<String>)>, usize> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let users = lines.map(|(number, line)| match line.trim().split_once(',') {
        Some((name, password)) if !name.is_empty() && !password.is_empty() => {
            Ok((name.to_owned(), Secret::new(password.to_owned())))
        }
        _ => Err(number + 1),
    });
    let users: Vec<_> = users.collect::<Result<_, _>>()?;
    if users.is_empty() { Err(1) } else { Ok(users) }
}

/// The password in an output of the stack.
async fn password(context: &Context, name: &str) -> Result<Secret<String>, CliError> {
    let outputs = quiet_engine(context)?.outputs(true).await?;
    let found = outputs.iter().find(|(other, _)| **other == *name);
    match found.map(|(_, value)| value) {
        Some(Value::Str(text)) => Ok(Secret::new(text.to_string())),
        _ => Err(CliError::NoOutput {
            name: name.to_owned(),
            near: near(name, outputs.iter().map(|(other, _)| &**other)),
        }),
    }
}

/// The file of one drill among all: `report-db-writer.html`.
fn beside(path: &Path, name: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let end = path.extension().map(|end| format!(".{}", end.to_string_lossy()));
    path.with_file_name(format!("{stem}-{name}{}", end.unwrap_or_default()))
}

fn write(path: &Path, report: &DrillReport) -> Result<(), CliError> {
    let text = match path.extension().and_then(|end| end.to_str()) {
        Some("html") => &report.html,
        Some("json") => &report.json,
        _ => &report.text,
    };
    std::fs::write(path, text).map_err(|source| CliError::File {
        path: path.to_owned(),
        what: "written",
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(name: &str, takes_upgrade: bool) -> DrillInfo {
        DrillInfo {
            name: name.to_owned(),
            happens: String::new(),
            teaches: String::new(),
            takes_upgrade,
            takes_zone: name == "az",
            is_long: name == "ebb",
        }
    }

    #[test]
    fn all_are_those_that_can_be_run() {
        let drills = [info("task", false), info("ebb", false), info("upgrade-fails", true)];
        let chosen = |name, upgrade| chosen(&drills, name, upgrade, false);
        assert_eq!(chosen(ALL, false).unwrap(), ["task"]);
        assert_eq!(chosen(ALL, true).unwrap(), ["task", "upgrade-fails"]);
        assert_eq!(chosen("ebb", false).unwrap(), ["ebb"]);
        assert_eq!(chosen("upgrade-fails", true).unwrap(), ["upgrade-fails"]);
        let error = |name, upgrade| chosen(name, upgrade).unwrap_err();
        assert!(matches!(error("upgrade-fails", false), CliError::NoUpgrade { .. }));
        assert!(matches!(error("task", true), CliError::VainUpgrade { .. }));
        let unknown = error("taks", false);
        assert!(matches!(unknown, CliError::NoDrill { near: Some(near), .. } if near == "task"));
    }

    #[test]
    fn a_zone_is_for_drills_that_hit_one() {
        let drills = [info("task", false), info("az", false)];
        assert_eq!(chosen(&drills, "az", false, true).unwrap(), ["az"]);
        assert_eq!(chosen(&drills, ALL, false, true).unwrap(), ["task", "az"]);
        let vain = chosen(&drills, "task", false, true).unwrap_err();
        assert!(matches!(vain, CliError::VainZone { drill } if drill == "task"));
    }

    #[test]
    fn users_are_lines_of_a_file() {
        let users = named("anna,hunter2\n\nbert,with,comma\n").unwrap();
        let users: Vec<_> = users.iter().map(|(name, it)| (&**name, &**it.expose())).collect();
        assert_eq!(users, [("anna", "hunter2"), ("bert", "with,comma")]);
        assert_eq!(named("anna,hunter2\nbert\n").unwrap_err(), 2);
        assert_eq!(named("\n").unwrap_err(), 1);
    }

    #[test]
    fn each_of_all_has_a_report_of_its_own() {
        let path = |path: &str| beside(Path::new(path), "az").display().to_string();
        assert_eq!(path("out/report.html"), "out/report-az.html");
        assert_eq!(path("report"), "report-az");
    }
}
