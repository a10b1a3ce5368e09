//! Where caches send their logs.

use crate::{aws::LogGroupName, dsl::IntoInput, props};

/// Where one kind of log goes.
#[props]
pub struct LogDeliveryConfiguration {
    /// The kind; each goes to one place. AWS: `LogType`.
    pub log_type: LogType,
    /// What kind of place it is; the details of that kind are given. AWS: `DestinationType`.
    pub destination_type: LogDestinationType,
    /// The place. AWS: `DestinationDetails`.
    pub destination_details: LogDestinationDetails,
    /// How entries are written. AWS: `LogFormat`.
    pub log_format: LogFormat,
}

impl LogDeliveryConfiguration {
    /// Sends a log to CloudWatch Logs.
    pub fn to_log_group(
        log_type: LogType,
        log_format: LogFormat,
        log_group: impl IntoInput<LogGroupName>,
    ) -> Self {
        let place = CloudWatchLogsDestinationDetails::new(log_group);
        let details = LogDestinationDetails::new().cloud_watch_logs_details(place);
        Self::new(log_type, LogDestinationType::CloudwatchLogs, details, log_format)
    }

    /// Sends a log to a stream of Amazon Data Firehose.
    pub fn to_firehose(
        log_type: LogType,
        log_format: LogFormat,
        stream: impl IntoInput<String>,
    ) -> Self {
        let place = KinesisFirehoseDestinationDetails::new(stream);
        let details = LogDestinationDetails::new().kinesis_firehose_details(place);
        Self::new(log_type, LogDestinationType::KinesisFirehose, details, log_format)
    }
}

/// What is logged.
#[props(words = "kebab")]
pub enum LogType {
    /// Commands that took long, as the parameter `slowlog-log-slower-than` says.
    SlowLog,
    /// What the engine did: failovers, copies, memory running out.
    EngineLog,
}

/// What kind of place logs go to.
#[props(words = "kebab")]
pub enum LogDestinationType {
    /// A group of CloudWatch Logs.
    CloudwatchLogs,
    /// A stream of Amazon Data Firehose.
    KinesisFirehose,
}

/// How entries of a log are written.
#[props(words = "lower")]
pub enum LogFormat {
    /// Fields by name, which can be searched for.
    Json,
    /// A line of text.
    Text,
}

/// The place that a log goes to: one of both.
#[props]
pub struct LogDestinationDetails {
    /// A group of CloudWatch Logs. AWS: `CloudWatchLogsDetails`.
    pub cloud_watch_logs_details: Option<CloudWatchLogsDestinationDetails>,
    /// A stream of Amazon Data Firehose. AWS: `KinesisFirehoseDetails`.
    pub kinesis_firehose_details: Option<KinesisFirehoseDestinationDetails>,
}

/// A group of CloudWatch Logs.
#[props]
pub struct CloudWatchLogsDestinationDetails {
    /// Its name. It may go before the cache does; entries are lost then. AWS: `LogGroup`.
    #[prop(weak)]
    pub log_group: LogGroupName,
}

/// A stream of Amazon Data Firehose.
#[props]
pub struct KinesisFirehoseDestinationDetails {
    /// Its name. AWS: `DeliveryStream`.
    pub delivery_stream: String,
}
