//! Where a cache's logs go.

use infra_core::aws::elasticache::{
    LogDeliveryConfigurationArgs, LogDestinationType, LogType, ReplicationGroup,
};

use super::refused;
use crate::sim::{
    elasticache::engine::{COMBINATION, Version},
    refusal::Refusal,
    special::Asked,
};

const PROPERTY: &str = "log_delivery_configurations";

pub(super) fn check(asked: &Asked<'_>, version: Version) -> Result<(), Refusal> {
    let logs = asked.get(ReplicationGroup::LOG_DELIVERY_CONFIGURATIONS).unwrap_or_default();
    for (place, log) in logs.iter().enumerate() {
        if logs[..place].iter().any(|other| other.log_type == log.log_type) {
            let message =
                format!("`{PROPERTY}` send one kind of log to two places; one is allowed");
            return refused(PROPERTY, COMBINATION, message);
        }
        check_version(log, version)?;
        check_place(log)?;
    }
    Ok(())
}

fn check_version(log: &LogDeliveryConfigurationArgs, version: Version) -> Result<(), Refusal> {
    let (name, least) = match log.log_type {
        LogType::SlowLog => ("slow-log", Version::SIX),
        LogType::EngineLog => ("engine-log", Version::SIX_TWO),
    };
    if version >= least {
        return Ok(());
    }
    let message =
        format!("`{PROPERTY}`: the {name} needs the version {least} at least; this is {version}");
    refused(PROPERTY, COMBINATION, message)
}

/// The details are those of the kind of place.
fn check_place(log: &LogDeliveryConfigurationArgs) -> Result<(), Refusal> {
    let details = &log.destination_details;
    let given =
        (details.cloud_watch_logs_details.is_some(), details.kinesis_firehose_details.is_some());
    let (wanted, field) = match log.destination_type {
        LogDestinationType::CloudwatchLogs => ((true, false), "cloud_watch_logs_details"),
        LogDestinationType::KinesisFirehose => ((false, true), "kinesis_firehose_details"),
    };
    if given == wanted {
        return Ok(());
    }
    let message = format!("`{PROPERTY}.destination_details` must have `{field}` and nothing else");
    refused(PROPERTY, COMBINATION, message)
}
