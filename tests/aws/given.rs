//! What cases name and no program can make, because the catalogue has no type for it; and what an
//! account has at AWS from its beginning.

use infra_tests::http::post;

use crate::server::{Kind, Server};

/// Buses of events.
const BUSES: [&str; 2] = ["campus", "college"];

/// Makes it in a new account.
pub(crate) fn make(server: &Server) {
    let host = server.place();
    let json = ("content-type", "application/x-amz-json-1.1".to_owned());
    for bus in BUSES {
        let target = ("x-amz-target", "AWSEvents.CreateEventBus".to_owned());
        let body = format!("{{\"Name\":\"{bus}\"}}");
        post(host, "/", &[server.signed("events"), target, json.clone()], &body);
    }
    if server.kind == Kind::Ministack {
        // It begins with trunks, which accounts of AWS have to ask for.
        let target = "AmazonEC2ContainerServiceV20141113.PutAccountSettingDefault";
        let target = ("x-amz-target", target.to_owned());
        let body = "{\"name\":\"awsvpcTrunking\",\"value\":\"disabled\"}";
        post(host, "/", &[server.signed("ecs"), target, json], body);
    }
}
