//! Of `sns`.

use super::Deviation;
use crate::server::Kind;

pub(super) const ALL: &[Deviation] = &[
    Deviation {
        server: Kind::Moto,
        ty: "aws:sns:Topic",
        what: "signature_version",
        aws: "it tells the version of signatures that was set (API GetTopicAttributes, \
              SignatureVersion)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:sns:Topic",
        what: "fifo_throughput_scope",
        aws: "it tells how throughput is counted (API GetTopicAttributes, FifoThroughputScope)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:sns:Topic",
        what: "delivery_status_logging",
        aws: "it tells who logs deliveries (API GetTopicAttributes, HTTPFailureFeedbackRoleArn and \
              the like)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:sns:Topic",
        what: "tracing_config",
        aws: "it tells whether X-Ray is told (API GetTopicAttributes, TracingConfig)",
    },
];
