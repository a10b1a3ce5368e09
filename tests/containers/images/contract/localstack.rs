//! LocalStack: its health, and that it asks nobody outside.

use backend_local::containers::images::catalogue::LOCALSTACK;

use super::{super::machine::official, server::Server};
use crate::fixture::Fixture;

#[tokio::test]
async fn localstack_tells_that_it_is_healthy() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = official(&fixture, LOCALSTACK, "INFRA_IMAGE_LOCALSTACK").await;
    let server = Server::start(&fixture, "localstack", 50, &image, |spec| {
        ["DISABLE_EVENTS", "SKIP_SSL_CERT_DOWNLOAD"]
            .iter()
            .fold(spec, |spec, name| spec.env(name, "1"))
            .env("DNS_ADDRESS", "0")
    })
    .await;
    let health = ["curl", "-fsS", "http://127.0.0.1:4566/_localstack/health"];
    server.wait_for(&health).await;
    let said = server.run(&health).await;
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(said["version"].as_str().unwrap().starts_with("4.14"), "{said}");
    for service in ["ec2", "iam", "s3", "secretsmanager", "sns", "ssm"] {
        let state = said["services"][service].as_str().unwrap_or_default();
        assert!(["available", "running"].contains(&state), "{service}: {said}");
    }
    fixture.end().await;
}
