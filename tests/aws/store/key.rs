//! Data keys sealed by KMS.

use backend_aws::{AwsOptions, KmsKey};
use infra_core::state::seal::{DataKey, KeySource, SealError};
use infra_tests::world::{PROJECT, STACK};

use infra_tests::http::{post, signed};

use crate::server::{Kind, Server};

/// Makes a key of KMS, with the alias `alias/state`.
pub(super) fn make_key(server: &Server) {
    let ask = |operation: &str, body: &str| {
        let target = ("x-amz-target", format!("TrentService.{operation}"));
        let json = ("content-type", "application/x-amz-json-1.1".to_owned());
        post(server.place(), "/", &[signed("kms"), target, json], body)
    };
    let told = ask("CreateKey", "{}");
    let id = told.split("\"KeyId\": \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let alias = format!("{{\"AliasName\":\"alias/state\",\"TargetKeyId\":\"{id}\"}}");
    ask("CreateAlias", &alias);
}

fn key(server: &Server, name: &str, stack: &str) -> KmsKey {
    let options: AwsOptions = super::aws(&server.url);
    KmsKey::new(options, name, PROJECT, stack)
}

#[tokio::test]
async fn a_data_key_is_sealed_and_opened_for_one_stack() {
    let Some(server) = Server::start(Kind::Moto) else { return };
    make_key(&server);
    let source = key(&server, "alias/state", STACK);
    let data = DataKey::random();
    let header = source.wrap(&data).await.unwrap();
    assert_eq!(header.method, "aws_kms");
    assert!(header.parameter.starts_with("arn:aws:kms:eu-central-1:"), "{}", header.parameter);
    let clear: String = data.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!header.wrapped.contains(&clear), "it is sealed");
    // Whoever opens it names the key of the state, not the one of the command line.
    let opened = key(&server, "alias/other", STACK).unwrap(&header).await.unwrap();
    assert_eq!(opened.expose(), data.expose());
    let wrong = key(&server, "alias/state", "other").unwrap(&header).await;
    assert!(matches!(wrong, Err(SealError::WrongKey(_))), "{wrong:?}");
    let missing = key(&server, "alias/none", STACK).wrap(&data).await;
    assert!(matches!(missing, Err(SealError::Service { service: "kms", .. })), "{missing:?}");
}
