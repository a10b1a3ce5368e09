//! What is special about a flow log: its fields and its role.

use infra_core::{
    aws::{
        RoleArn,
        ec2::{self, FlowLogDestinationArgs, S3FlowLogsArgs},
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&FlowLog];

const CODES: Codes = Codes {
    not_found: "InvalidFlowLogId.NotFound",
    not_ready: "IncorrectState",
    exists: "FlowLogAlreadyExists",
    in_use: "DependencyViolation",
    quota: "FlowLogsLimitExceeded",
};
const INVALID: &str = "InvalidParameter";
/// Who takes the role on that may write to a log group.
const SERVICE: &str = "vpc-flow-logs.amazonaws.com";

struct FlowLog;

impl Special for FlowLog {
    fn ty(&self) -> &'static TypeDef {
        ec2::FlowLog::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_fields(asked)?;
        match asked.get(ec2::FlowLog::DESTINATION) {
            Some(FlowLogDestinationArgs::CloudWatchLogs(logs)) => {
                check_role(asked, &logs.deliver_logs_permission_arn)?;
            }
            Some(FlowLogDestinationArgs::S3(files)) => check_prefix(&files)?,
            None => {}
        }
        Ok(())
    }
}

fn check_fields(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(fields) = asked.get(ec2::FlowLog::LOG_FORMAT) else { return Ok(()) };
    let refused = |message: String| Err(Refusal::invalid("log_format", INVALID, message));
    if fields.is_empty() {
        return refused("`log_format` has no field; leave it out for AWS's own".to_owned());
    }
    let twice = fields.iter().enumerate().find(|(place, field)| fields[..*place].contains(field));
    match twice {
        Some((_, field)) => refused(format!("`log_format` has the field {field} twice")),
        None => Ok(()),
    }
}

fn check_role(asked: &Asked<'_>, role: &RoleArn) -> Result<(), Refusal> {
    if asked.can_take_on(SERVICE, role) {
        return Ok(());
    }
    let message = format!(
        "`destination.cloud_watch_logs.deliver_logs_permission_arn` {role}: its \
         `assume_role_policy_document` does not let {SERVICE} take it on"
    );
    Err(Refusal::invalid("destination", INVALID, message))
}

fn check_prefix(files: &S3FlowLogsArgs) -> Result<(), Refusal> {
    let Some(prefix) = &files.prefix else { return Ok(()) };
    let refused = |why: &str| {
        let message = format!("`destination.s3.prefix` {prefix:?} {why}");
        Err(Refusal::invalid("destination", INVALID, message))
    };
    if prefix.is_empty() || prefix.starts_with('/') || prefix.ends_with('/') {
        return refused("must be a folder without slashes at its ends");
    }
    if prefix.split('/').any(|folder| folder == "AWSLogs") {
        return refused("holds the folder AWSLogs, which AWS adds itself");
    }
    Ok(())
}
