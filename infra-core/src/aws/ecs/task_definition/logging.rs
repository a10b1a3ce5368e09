//! Where containers write what they say.

use std::collections::BTreeMap;

use super::ContainerSecret;
use crate::{prelude::*, props};

/// Where a container writes what it says.
#[props]
pub struct LogConfiguration {
    /// By what. AWS: `LogDriver`.
    pub log_driver: LogDriver,
    /// What the driver is told. Default: nothing. AWS: `Options`.
    #[prop(default)]
    pub options: BTreeMap<String, String>,
    /// What it is told that nobody else may know; needs the task's `execution_role_arn`. Default:
    /// nothing. AWS: `SecretOptions`.
    #[prop(default)]
    pub secret_options: Vec<ContainerSecret>,
}

impl LogConfiguration {
    /// To a log group of CloudWatch, by streams whose names begin so.
    pub fn awslogs(
        group: impl IntoInput<String>,
        region: impl IntoInput<String>,
        stream_prefix: impl IntoInput<String>,
    ) -> Self {
        Self::new(LogDriver::Awslogs).options([
            ("awslogs-group", group.into_input()),
            ("awslogs-region", region.into_input()),
            ("awslogs-stream-prefix", stream_prefix.into_input()),
        ])
    }
}

/// By what a container's words are written.
#[props(words = "lower")]
pub enum LogDriver {
    /// To CloudWatch.
    Awslogs,
    /// By a container of the task that routes them.
    Awsfirelens,
    /// To Fluentd.
    Fluentd,
    /// To Graylog.
    Gelf,
    /// To the instance's journal.
    Journald,
    /// To a file of the instance.
    #[prop("json-file")]
    JsonFile,
    /// To Splunk.
    Splunk,
    /// To syslog.
    Syslog,
}

/// That a container routes logs of the others.
#[props]
pub struct FirelensConfiguration {
    /// With what. AWS: `Type`.
    pub router_type: FirelensType,
    /// What it is told. Default: nothing. AWS: `Options`.
    #[prop(default)]
    pub options: BTreeMap<String, String>,
}

/// With what logs are routed.
#[props(words = "lower")]
pub enum FirelensType {
    /// Fluent Bit.
    Fluentbit,
    /// Fluentd.
    Fluentd,
}
