//! Building a program, with the stack's configuration.

use std::sync::Arc;

use infra_core::{
    Provider, Stack,
    aws::ReservedDomains,
    check::{Check, Severity},
    engine::EngineError,
    graph,
};

use crate::{
    config, context::Context, error::CliError, project::Program, suggest::near, ui::Styles,
};

/// Builds the program for the stack that the command line names.
pub(crate) async fn program(
    context: &Context,
    program: &dyn Program,
) -> Result<graph::Program, CliError> {
    build(context, program, None).await
}

/// The same for commands that deploy it, or say what that would do: where names are those of
/// everybody, it has no domain that is nobody's.
pub(crate) async fn deployable(
    context: &Context,
    program: &dyn Program,
) -> Result<graph::Program, CliError> {
    let is_public = context.place()?.is_public(&context.endpoints()?);
    let check: Option<Arc<dyn Check>> = is_public.then(|| Arc::new(ReservedDomains) as _);
    build(context, program, check).await
}

async fn build(
    context: &Context,
    program: &dyn Program,
    further: Option<Arc<dyn Check>>,
) -> Result<graph::Program, CliError> {
    let config = config::load(context).await?;
    let stack = Stack::new(&context.project.name, &context.stack, config)?;
    stack.use_provider(Provider::aws(&context.project.region));
    for check in context.project.checks.iter().chain(&further) {
        stack.check_shared(Arc::clone(check));
    }
    program.build(&stack).map_err(CliError::Program)?;
    warn_of_unread(context, &stack.asked_config());
    Ok(stack.finish())
}

/// The same for commands that look at the program alone, and can't do with one that is wrong.
pub(crate) async fn whole(
    context: &Context,
    program: &dyn Program,
) -> Result<graph::Program, CliError> {
    let built = self::program(context, program).await?;
    if built.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(EngineError::Program(built.problems).into());
    }
    Ok(built)
}

/// Tells of values on the command line that the program never asked for: misspelt, most often.
fn warn_of_unread(context: &Context, asked: &[String]) {
    let Styles { warning, strong, .. } = context.ui.styles;
    for text in &context.global.config {
        let key = text.split_once('=').map_or(text.as_str(), |(key, _)| key);
        if asked.iter().any(|asked| asked == key) {
            continue;
        }
        context.ui.say(format!(
            "{warning}warning:{warning:#} the program does not read the configuration `{key}`"
        ));
        let known = asked.join(", ");
        let help = match near(key, asked.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "it reads none".to_owned(),
            None => format!("it reads {known}"),
        };
        context.ui.say(format!("{strong}help:{strong:#} {help}"));
    }
}
