//! What cases name and no program can make, because the catalogue has no type for it.

use infra_tests::http::{post, signed};

/// Buses of events.
const BUSES: [&str; 2] = ["campus", "college"];

/// Makes it on a new server.
pub(crate) fn make(host: &str) {
    for bus in BUSES {
        let target = ("x-amz-target", "AWSEvents.CreateEventBus".to_owned());
        let json = ("content-type", "application/x-amz-json-1.1".to_owned());
        let body = format!("{{\"Name\":\"{bus}\"}}");
        post(host, "/", &[signed("events"), target, json], &body);
    }
}
