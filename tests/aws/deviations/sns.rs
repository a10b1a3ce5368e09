//! Of `sns`.

use super::{Deviation, moto};

pub(super) const ALL: &[Deviation] = &[
    moto(
        "aws:sns:Topic",
        "signature_version",
        "it tells the version of signatures that was set (API GetTopicAttributes, \
              SignatureVersion)",
    ),
    moto(
        "aws:sns:Topic",
        "fifo_throughput_scope",
        "it tells how throughput is counted (API GetTopicAttributes, FifoThroughputScope)",
    ),
    moto(
        "aws:sns:Topic",
        "delivery_status_logging",
        "it tells who logs deliveries (API GetTopicAttributes, HTTPFailureFeedbackRoleArn and \
              the like)",
    ),
    moto(
        "aws:sns:Topic",
        "tracing_config",
        "it tells whether X-Ray is told (API GetTopicAttributes, TracingConfig)",
    ),
];
