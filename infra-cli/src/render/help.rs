//! What to do about errors.

use std::io;

use infra_core::{
    engine::{EngineError, StepError},
    handler::{HandlerError, Problem},
    plan::PlanProblem,
    state::{format::FormatError, seal::SealError, store::StoreError},
};

use crate::{error::CliError, remote::Kept};

/// What to do about an error.
pub(crate) fn help(error: &CliError) -> Option<String> {
    Some(match error {
        CliError::UnknownPlace { wanted, known, command } => unknown_place(wanted, known, command),
        CliError::UnknownUrl { kept, known, command, .. } => unknown_url(*kept, known, command),
        CliError::NoPlace => "give it one: `App::new(..).place(SimPlace)`".to_owned(),
        CliError::Backend(error) => return error.help.clone().or_else(|| caused_by_io(error)),
        CliError::NoEndpoints(_) => "name the place that is one: `--backend aws`".to_owned(),
        CliError::NoNeeds(_) => {
            "name the place that does, `--backend aws`, in a build with the feature `aws`"
                .to_owned()
        }
        CliError::NobodyToAsk => "add `--yes` if that is what you want".to_owned(),
        CliError::NoPrices(_) => {
            let known = infra_core::analysis::cost::Prices::regions().collect::<Vec<_>>();
            format!("there are prices of {}", known.join(", "))
        }
        CliError::NoOutput { near, .. } => {
            suggested(near.as_deref(), "`output` without a name shows all")
        }
        CliError::NoAgent(_) | CliError::NoDrills(_) => {
            "name the place that has, `--backend containers`, in a build with that feature"
                .to_owned()
        }
        CliError::NoDrill { near, .. } => {
            suggested(near.as_deref(), "`drill list` shows all; `all` runs one after the other")
        }
        CliError::NoComponent { near, .. } => suggested(
            near.as_deref(),
            "`state list` shows paths; that of a component ends before a type",
        ),
        CliError::WholeAlone => "leave out `--component`, or say `--format mermaid`".to_owned(),
        CliError::NoResource { near, .. } => {
            suggested(near.as_deref(), "`state list` shows the names")
        }
        CliError::NoType { near, .. } => {
            suggested(near.as_deref(), "types are named as in the catalogue: aws:ec2:Vpc")
        }
        CliError::AmbiguousType { found, .. } => format!("name one of {}", found.join(", ")),
        CliError::NothingToImport | CliError::ImportArguments(_) => {
            "for example: `import Vpc main vpc-0123456789abcdef0`".to_owned()
        }
        CliError::ImportLine { .. } => {
            "write one thing a line: {\"type\": \"Vpc\", \"name\": \"main\", \"id\": \"vpc-1\"}"
                .to_owned()
        }
        CliError::Ambiguous { found, .. } => format!("name one of {}", found.join(", ")),
        CliError::NoObject { near, .. } => suggested(near.as_deref(), "`sim ls` shows the ids"),
        CliError::NoConfig { key, near } => suggested(
            near.as_deref(),
            &format!("`config list` shows the keys; `config set {key} <value>` sets it"),
        ),
        CliError::NoValue(key) => format!(
            "write it behind the key, `config set {key} <value>`, or run the command in a \
             terminal, where it can ask"
        ),
        CliError::NotAPlan { .. } => "make one with `preview --plan <file>`".to_owned(),
        CliError::NotAState(FormatError::Damaged { .. }) => {
            "export it again with `state export <file>`, or take an earlier checkpoint".to_owned()
        }
        CliError::NewName(_) => {
            "give a name within the same component, or the whole URN".to_owned()
        }
        CliError::Account(error) => return error.help.clone(),
        CliError::ConfigArgument(text) => {
            format!("write the key and the value: `--config {text}=<value>`")
        }
        CliError::SimArgument(_) => {
            "write the property and its value: `sim set <id> tags='{\"owner\":\"it\"}'`".to_owned()
        }
        CliError::ConfigSyntax { .. } => {
            "it is TOML: `key = \"text\"`, `key = 3`, `key = true`".to_owned()
        }
        CliError::File { source, .. } => return io_help(source),
        CliError::Seal(error) => return seal_help(error),
        CliError::Engine(error) | CliError::Located { error, .. } => return engine_help(error),
        CliError::Store(error) => return store_help(error),
        _ => return None,
    })
}

fn suggested(near: Option<&str>, otherwise: &str) -> String {
    match near {
        Some(near) => format!("did you mean `{near}`? {otherwise}"),
        None => otherwise.to_owned(),
    }
}

/// What to do about a plan that can't be carried out; `near` is a name like the one asked for.
pub(crate) fn plan_help(problem: &PlanProblem, near: Option<&str>) -> Option<String> {
    Some(match problem {
        PlanProblem::Protected(urn) => format!(
            "say `protect(false)` in the program, or `state unprotect {}` if the program no longer \
             names it",
            urn.short()
        ),
        PlanProblem::NothingMatches(_) => suggested(near, "`state list` shows the names"),
        PlanProblem::ExcludedNeeded { needed, by } => format!(
            "leave out `{}` too: `--exclude {}`; or do not exclude `{}`",
            by.short(),
            by.short(),
            needed.short()
        ),
        PlanProblem::SameKey { .. } => {
            "change one of them; only one can have these values at a time".to_owned()
        }
        PlanProblem::AliasInUse { alias, .. } => format!(
            "give `{}` another name, or deploy the renamed one first and add it afterwards",
            alias.short()
        ),
        PlanProblem::ImportDiffers { property, .. } => {
            format!("set `{property}` in the program to what is there")
        }
        PlanProblem::ImportMissing { .. } => {
            "look up its id; or leave out `import_id`, and a new one is created".to_owned()
        }
        PlanProblem::UnknownType { .. } => {
            "use a program that has the type, or take it out with `state rm`".to_owned()
        }
        _ => return None,
    })
}

/// What to do about a step that came to nothing.
pub(crate) fn step_help(error: &StepError) -> Option<String> {
    Some(match error {
        StepError::Foreign { .. } => {
            "give it another name, or take the existing one over with `import_id`; `refresh` tells \
             whether it carries this stack's tags"
                .to_owned()
        }
        StepError::NeedsMore(_) => {
            "run `up` again: it shows what is to be done, and does it".to_owned()
        }
        StepError::Interrupted => "run `up` again: it goes on from here".to_owned(),
        StepError::TimedOut { .. } => {
            "run `up` again to wait longer, or give it more time with `timeout`".to_owned()
        }
        StepError::Invalid(problem) => again(&format!("change `{}`", problem.path)),
        StepError::Computation { property, .. } => {
            again(&format!("mend what computes `{property}`"))
        }
        StepError::Handler(error) => return handler_help(error),
        _ => return None,
    })
}

fn handler_help(error: &HandlerError) -> Option<String> {
    Some(match &error.problem {
        Problem::Invalid { property: Some(property) } => again(&format!("change `{property}`")),
        Problem::Invalid { property: None } => again("change what is refused"),
        Problem::InUse { by } if !by.is_empty() => {
            format!("it is used by {}; that has to go first", by.join(", "))
        }
        Problem::AlreadyExists { .. } => {
            "give it another name, or take the existing one over with `import_id`".to_owned()
        }
        Problem::Denied => again("allow the call to the credentials in use"),
        Problem::Quota => again("have the quota raised, or delete what is not needed"),
        Problem::Throttled { .. } | Problem::Transient | Problem::EventuallyConsistent => {
            "run `up` again: it goes on from here".to_owned()
        }
        _ => return None,
    })
}

fn again(first: &str) -> String {
    format!("{first}, and run `up` again: what is done stays done")
}

fn engine_help(error: &EngineError) -> Option<String> {
    Some(match error {
        EngineError::Store(error) => return store_help(error),
        EngineError::Seal(error) => return seal_help(error),
        EngineError::Backend(error) => return error.help.clone().or_else(|| caused_by_io(error)),
        EngineError::Refused { help, .. } => help.clone(),
        EngineError::Format(FormatError::Newer { .. }) => {
            "use the version of the program that wrote it, or a newer one".to_owned()
        }
        EngineError::Format(FormatError::Damaged { .. }) => {
            "earlier checkpoints are kept: `state history` says where; `state import <file>` takes \
             one back"
                .to_owned()
        }
        EngineError::OtherPlace { .. } => {
            "use another `--stack`, or another `--state-dir` or `--state`".to_owned()
        }
        EngineError::OtherAccount { .. } => {
            "log in to that account (AWS_PROFILE, AWS_REGION), or use another `--stack`".to_owned()
        }
        EngineError::StateExists { .. } => {
            "look at it with `state list`; `--force` makes another in its place".to_owned()
        }
        EngineError::NothingCarries { .. } => {
            "look at project, stack and region; what never had tags needs `import`".to_owned()
        }
        EngineError::SeveralCarry { .. } => "say which one: `--mark MARK`".to_owned(),
        EngineError::NoRecord(_) => "`state list` shows the names".to_owned(),
        EngineError::UnknownType { .. } => {
            "use a backend that knows it, or leave it out of the program".to_owned()
        }
        EngineError::StalePlan(_) => "make a new plan with `preview --plan <file>`".to_owned(),
        _ => return None,
    })
}

fn store_help(error: &StoreError) -> Option<String> {
    match error {
        StoreError::Held { .. } => Some(
            "wait until it has ended; if its process is dead, the lock is free by itself, in S3 \
             after some minutes, or with `state unlock`"
                .to_owned(),
        ),
        StoreError::Expired => {
            Some("run the command again: it goes on from what was recorded".to_owned())
        }
        StoreError::Service { help, .. } => help.clone(),
        StoreError::Io { source, .. } => io_help(source),
        _ => None,
    }
}

/// What to do about a file that can't be used.
fn io_help(error: &io::Error) -> Option<String> {
    use io::ErrorKind::{
        AlreadyExists, FileTooLarge, IsADirectory, NotADirectory, NotFound, PermissionDenied,
        QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    Some(match error.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => {
            "make room on the disk, and run the command again; nothing that was recorded is lost"
                .to_owned()
        }
        PermissionDenied | ReadOnlyFilesystem => {
            "make it accessible, or keep state in another folder with `--state-dir`".to_owned()
        }
        AlreadyExists | NotADirectory => {
            "something else is called so; move it, or keep state in another folder with \
             `--state-dir`"
                .to_owned()
        }
        IsADirectory => "name a file".to_owned(),
        NotFound => "check the path; it is looked for from the folder that you are in".to_owned(),
        _ => return None,
    })
}

fn caused_by_io(error: &dyn std::error::Error) -> Option<String> {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return io_help(io);
        }
        source = inner.source();
    }
    None
}

fn seal_help(error: &SealError) -> Option<String> {
    let variable = crate::keys::VARIABLE;
    match error {
        SealError::WrongKey("key of AWS KMS") => Some(
            "name the key that it was sealed with; it opens what was sealed for this project and \
             stack alone"
                .to_owned(),
        ),
        SealError::WrongKey(_) => {
            Some(format!("set {variable} to the passphrase that it was made with"))
        }
        SealError::OtherMethod { found, given } if found == "passphrase" => Some(format!(
            "set {variable} to the stack's passphrase{}",
            if *given == "aws_kms" { ", and leave out `--secrets-key`" } else { "" }
        )),
        SealError::OtherMethod { found, .. } if found == "aws_kms" => {
            Some("name it: `--secrets-key awskms://alias/<name>`".to_owned())
        }
        SealError::OtherMethod { .. } => Some(format!("unset {variable}")),
        SealError::Service { source, .. } => source.downcast_ref().and_then(key_help),
        SealError::KeyFile { .. } => {
            Some("bring it back from a copy: without it, what it sealed can't be opened".to_owned())
        }
        SealError::NoKey => Some(format!(
            "set {variable}, or run the command in a terminal, where it can ask for a passphrase"
        )),
        _ => None,
    }
}

/// What to do when a key service refuses.
fn key_help(error: &HandlerError) -> Option<String> {
    Some(match &error.problem {
        Problem::Denied => "allow kms:Encrypt and kms:Decrypt on the key to the credentials in \
                            use, or use other ones (AWS_PROFILE)"
            .to_owned(),
        Problem::NotFound => {
            "look at the key's name, account and region: `awskms://alias/<name>?region=<region>`, \
             `awskms:///<ARN>`"
                .to_owned()
        }
        Problem::Throttled { .. } | Problem::Transient => {
            "look whether KMS can be reached, and credentials are found (`aws sts \
             get-caller-identity`), and run the command again"
                .to_owned()
        }
        _ => return None,
    })
}

/// What URLs the binary knows, or how it comes to know any.
fn unknown_url(kept: Kept, known: &[String], command: &str) -> String {
    let option = kept.option();
    if !known.is_empty() {
        let known: Vec<String> = known.iter().map(|url| format!("`{option} {url}`")).collect();
        return format!("write it as {}", known.join(" or "));
    }
    with_feature("aws", command, &format!("{option} <url>"))
}

/// The exact command that brings a place, for the two that this project has.
fn unknown_place(wanted: &str, known: &[String], command: &str) -> String {
    let feature = match wanted {
        "containers" | "local" => "containers",
        "aws" => "aws",
        _ => return format!("it brings {}", known.join(", ")),
    };
    with_feature(feature, command, &format!("--backend {wanted}"))
}

/// The command that builds the binary with a feature, and uses an option that it brings.
fn with_feature(feature: &str, command: &str, option: &str) -> String {
    let command = command.strip_suffix(" --").unwrap_or(command);
    match command.strip_prefix("cargo run") {
        Some(rest) => format!(
            "build it with the feature: cargo run --features {feature}{rest} -- up {option}"
        ),
        None => format!(
            "build it with the feature: cargo build --features {feature}, then {command} up {option}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_nobody_knows_is_told_what_to_write_or_to_build() {
        let command = "cargo run --example campus --";
        assert_eq!(
            unknown_url(Kept::State, &[], command),
            "build it with the feature: cargo run --features aws --example campus -- up --state <url>"
        );
        assert_eq!(
            unknown_url(Kept::Key, &["awskms://alias/state".to_owned()], command),
            "write it as `--secrets-key awskms://alias/state`"
        );
    }
}
