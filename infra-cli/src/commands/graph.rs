//! `graph`.

use infra_core::state::State;

use super::common::quiet_engine;
use crate::{
    args::{Graph, GraphFormat},
    built,
    context::Context,
    diagram,
    error::CliError,
    exit,
    project::Program,
};

/// What was deployed, if it can be read: a diagram can do without.
async fn state(context: &Context) -> Option<State> {
    let engine = quiet_engine(context).ok()?;
    Some(engine.open().await.ok()?.state)
}

pub(super) async fn run(
    context: &Context,
    program: &dyn Program,
    args: &Graph,
) -> Result<u8, CliError> {
    let built = built::program(context, program).await?;
    if !built.problems.is_empty() {
        return Err(infra_core::engine::EngineError::Program(built.problems).into());
    }
    let by_name =
        args.out.as_ref().and_then(|path| path.extension()?.to_str()).map(|ending| match ending {
            "dot" | "gv" => GraphFormat::Dot,
            "mmd" | "mermaid" | "md" => GraphFormat::Mermaid,
            _ => GraphFormat::Svg,
        });
    let part = match &args.component {
        Some(path) => diagram::Part::of(&built, path)?,
        None => diagram::Part::WHOLE,
    };
    let otherwise = if args.component.is_some() { GraphFormat::Mermaid } else { GraphFormat::Svg };
    let text = match args.format.or(by_name).unwrap_or(otherwise) {
        GraphFormat::Dot => diagram::dot(&built, part),
        GraphFormat::Mermaid => diagram::mermaid(&built, part),
        GraphFormat::Svg if args.component.is_some() => return Err(CliError::WholeAlone),
        GraphFormat::Svg => diagram::svg(&built, state(context).await.as_ref()),
    };
    match &args.out {
        None => context.ui.result(text.trim_end()),
        Some(path) => {
            std::fs::write(path, text).map_err(|source| CliError::File {
                path: path.clone(),
                what: "written",
                source,
            })?;
            context.ui.say(format!("Written to {}", path.display()));
        }
    }
    Ok(exit::OK)
}
