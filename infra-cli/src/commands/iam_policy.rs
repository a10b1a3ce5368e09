//! `iam-policy`.

use infra_core::analysis::permissions::{LIMIT, Permissions, Policy};
use serde_json::{Value as Json, json};

use super::common::quiet_engine;
use crate::{built, context::Context, error::CliError, exit, project::Program};

/// What must be allowed to whoever deploys the program, refreshes and destroys it. Nobody is asked:
/// it follows from the program, from what the state knows, and from what the handlers say.
pub(super) async fn run(context: &Context, program: &dyn Program) -> Result<u8, CliError> {
    let built = built::whole(context, program).await?;
    let engine = quiet_engine(context)?;
    let state = engine.open().await?.state;
    let permissions = Permissions::of(&built, Some(&state), &**engine.backend());
    if permissions.is_empty() {
        return Err(CliError::NoNeeds(context.place()?.name()));
    }
    let policies = permissions.policies();
    if context.ui.json {
        context.ui.result(as_json(&permissions, &policies).to_string());
    } else {
        show(context, &policies);
    }
    notes(context, &permissions, &policies);
    Ok(exit::OK)
}

/// The policies, one after another.
fn show(context: &Context, policies: &[Policy]) {
    for policy in policies {
        let text = serde_json::to_string_pretty(&policy.document.to_json());
        context.ui.result(text.expect("JSON is text"));
    }
}

/// What is to be known of them beside what they say.
fn notes(context: &Context, permissions: &Permissions, policies: &[Policy]) {
    let ui = &context.ui;
    let count = policies.len();
    if count > 1 {
        ui.say(format!(
            "These are {count} policies: a managed policy has at most {LIMIT} characters. Attach all \
             of them."
        ));
    }
    let roles = policies.iter().enumerate().filter_map(|(place, policy)| {
        policy.role.as_ref().map(|role| format!("policy {} is for {role}", place + 1))
    });
    for role in roles {
        ui.say(format!("The program assumes a role: {role}."));
    }
    let unserved: Vec<&str> = permissions.unserved().collect();
    if !unserved.is_empty() {
        let (place, types) =
            (context.place().map_or("?", |place| place.name()), unserved.join(", "));
        let warning = ui.styles.warning;
        ui.say(format!(
            "{warning}warning:{warning:#} `{place}` does not serve {types}: what they need is not in \
             here"
        ));
    }
}

fn as_json(permissions: &Permissions, policies: &[Policy]) -> Json {
    let policy =
        |policy: &Policy| json!({ "role": policy.role, "document": policy.document.to_json() });
    json!({
        "event": "iam-policy",
        "version": infra_core::event::EVENT_VERSION,
        "policies": policies.iter().map(policy).collect::<Vec<_>>(),
        "unserved": permissions.unserved().collect::<Vec<_>>(),
    })
}
