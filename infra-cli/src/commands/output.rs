//! `output`.

use super::common::quiet_engine;
use crate::{
    args::Output, context::Context, error::CliError, exit, render, render::json::plain_json,
    suggest::near,
};

pub(super) async fn run(context: &Context, args: &Output) -> Result<u8, CliError> {
    let engine = quiet_engine(context)?;
    let outputs = engine.outputs(args.show_secrets).await?;
    let ui = &context.ui;
    if let Some(name) = &args.name {
        let found = outputs.iter().find(|(other, _)| **other == **name);
        let (_, value) = found.ok_or_else(|| CliError::NoOutput {
            name: name.clone(),
            near: near(name, outputs.iter().map(|(other, _)| &**other)),
        })?;
        ui.result(if ui.json { plain_json(value).to_string() } else { render::value::line(value) });
        return Ok(exit::OK);
    }
    if ui.json {
        let all: serde_json::Map<String, serde_json::Value> =
            outputs.iter().map(|(name, value)| (name.to_string(), plain_json(value))).collect();
        ui.result(serde_json::Value::Object(all).to_string());
    } else {
        let shown = outputs.iter().map(|(name, value)| (&**name, value));
        ui.result(render::summary::outputs(ui, shown).trim_end());
    }
    Ok(exit::OK)
}
