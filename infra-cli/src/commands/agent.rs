//! `agent`: the process that looks after what runs in containers.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
    time::Duration,
};

use infra_core::handler::{Agent, AgentStatus};
use serde_json::json;

use crate::{args, context::Context, error::CliError, exit, keys, render::time::plural, ui::Ui};

/// The key of what agents keep, beside those of stacks.
const KEY: &str = "agent";

pub(super) async fn run(context: &Context, command: &args::Agent) -> Result<u8, CliError> {
    let place = context.place()?;
    let agent = place.agent().ok_or(CliError::NoAgent(place.name()))?;
    let request = context.request(true)?;
    let ui = &context.ui;
    match command {
        args::Agent::Start => {
            let new = agent.start(&request).await?;
            ui.say(if new { "The agent was started." } else { "The agent runs already." });
        }
        args::Agent::Stop => {
            let ran = agent.stop(&request).await?;
            ui.say(if ran {
                "The agent has ended. What it looked after goes on alone."
            } else {
                "No agent runs."
            });
        }
        args::Agent::Status => return status(context, agent).await,
        args::Agent::Logs { lines, follow } => {
            logs(ui, &agent.log(&request)?, *lines, *follow).await?;
        }
        args::Agent::Run => agent.run(&request, keys::key_path(KEY)?).await?,
    }
    Ok(exit::OK)
}

async fn status(context: &Context, agent: &dyn Agent) -> Result<u8, CliError> {
    let ui = &context.ui;
    let status = agent.status(&context.request(true)?).await?;
    let Some(status) = status else {
        if ui.json {
            ui.result(json!({ "running": false }).to_string());
        } else {
            ui.say(format!("No agent runs: {}", context.suggestion("agent start")));
        }
        return Ok(exit::FAILED);
    };
    if ui.json {
        ui.result(as_json(&status).to_string());
        return Ok(exit::OK);
    }
    for (kind, things) in &status.things {
        ui.result(format!("{}{kind}{:#}", ui.styles.strong, ui.styles.strong));
        for thing in things {
            let message = if thing.message.is_empty() {
                String::new()
            } else {
                format!(": {}", thing.message)
            };
            let bare =
                if thing.redundant || thing.state != "ready" { "" } else { ", not redundant" };
            ui.result(format!("  {} {}{bare}{message}", thing.id, thing.state));
            for (part, how) in &thing.parts {
                ui.result(format!("    {part}  {how}"));
            }
        }
    }
    ui.say(format!("The agent is process {}.", status.process));
    for (what, address) in [("The site", &status.address), ("Its status page", &status.page)] {
        if let Some(address) = address {
            ui.say(format!("{what}: {address}"));
        }
    }
    Ok(exit::OK)
}

fn as_json(status: &AgentStatus) -> serde_json::Value {
    let things = status.things.iter().map(|(kind, things)| {
        let things = things.iter().map(|thing| {
            let parts: serde_json::Map<_, _> =
                thing.parts.iter().map(|(name, how)| (name.clone(), json!(how))).collect();
            json!({
                "id": thing.id, "state": thing.state, "message": thing.message,
                "redundant": thing.redundant, "parts": parts,
            })
        });
        (kind.clone(), things.collect::<serde_json::Value>())
    });
    let things: serde_json::Map<_, _> = things.collect();
    json!({
        "running": true, "process": status.process, "since": status.since, "things": things,
        "address": status.address, "authority": status.authority, "page": status.page,
    })
}

/// The end of a file, and what is written into it from then on.
async fn logs(ui: &Ui, path: &Path, lines: usize, follow: bool) -> Result<(), CliError> {
    let failed = |source| CliError::File { path: path.to_owned(), what: "read", source };
    let mut file = File::open(path).map_err(failed)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    let all: Vec<&str> = text.lines().collect();
    for line in &all[all.len().saturating_sub(lines)..] {
        ui.result(*line);
    }
    if !follow {
        return Ok(());
    }
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let at = file.stream_position().map_err(failed)?;
        file.seek(SeekFrom::Start(at)).map_err(failed)?;
        text.clear();
        file.read_to_string(&mut text).map_err(failed)?;
        if !text.is_empty() {
            ui.result(text.trim_end());
        }
    }
}

/// Sees to it that an agent looks after what is deployed, where a place has one: it may have ended with the
/// machine. Says where all of it is.
pub(super) async fn looked_after(context: &Context) -> Result<(), CliError> {
    let Some(agent) = context.place()?.agent() else { return Ok(()) };
    if agent.start(&context.request(true)?).await? {
        context.ui.say("\nNo agent ran: it was started.");
    }
    last_lines(context).await
}

/// Where what was deployed is reached, and where to go from here; nothing where a place has no agent.
pub(super) async fn last_lines(context: &Context) -> Result<(), CliError> {
    let Some(agent) = context.place()?.agent() else { return Ok(()) };
    let Some(status) = agent.status(&context.request(true)?).await? else { return Ok(()) };
    let ui = &context.ui;
    if let Some(address) = &status.address {
        ui.say(format!("\nThe site is at {address}"));
    }
    if let Some(authority) = &status.authority {
        ui.say(format!("Its certificate is from an authority of its own: {}", authority.display()));
    }
    let things: usize = status.things.iter().map(|(_, things)| things.len()).sum();
    ui.say(format!(
        "The agent (process {}) looks after {}.",
        status.process,
        plural(things, "thing")
    ));
    if let Some(page) = &status.page {
        ui.say(format!("Its status page: {page}"));
    }
    for (what, command) in [
        ("See how all of it is", "agent status"),
        ("The outputs, secrets too", "output --show-secrets"),
        ("Undo", "destroy --delete-data"),
    ] {
        ui.say(format!("  {what}: {}", context.suggestion(command)));
    }
    Ok(())
}
