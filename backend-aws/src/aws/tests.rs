//! Calls of the SDK's clients wait for their turn. What answers them is a stub in the place of HTTP.

use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use infra_core::{
    clock::VirtualClock,
    dsl::ResourceType,
    handler::{Certainty, Context, Ownership},
    state::StableId,
    urn::Urn,
};

use super::*;

const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult>\
    <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
const THROTTLED: &str = "<ErrorResponse><Error><Code>Throttling</Code>\
    <Message>Rate exceeded</Message></Error></ErrorResponse>";

/// Says who asks; or that it is asked too often.
#[derive(Clone, Debug, Default)]
struct Stub(Arc<AtomicBool>);

impl HttpConnector for Stub {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let throttles = self.0.load(Ordering::Relaxed);
        let (status, body) = if throttles { (400, THROTTLED) } else { (200, IDENTITY) };
        let status = StatusCode::try_from(status).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body))))
    }
}

impl HttpClient for Stub {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// A factory whose clients reach the stub, and wait on a clock that moves when it is told to.
async fn factory(stub: &Stub, options: AwsOptions) -> (Arc<Factory>, VirtualClock) {
    let clock = VirtualClock::starting_at(1_000);
    let credentials = Some(("id".to_owned(), "secret".to_owned()));
    let region = Some("eu-central-1".to_owned());
    let mut factory = Factory::new(AwsOptions { region, credentials, ..options });
    factory.clock = Arc::new(clock.clone());
    let base = factory.base().await.to_builder().http_client(stub.clone()).build();
    factory.base = OnceCell::new_with(Some(base));
    (Arc::new(factory), clock)
}

fn provider() -> Provider {
    Provider::of_kind("aws")
}

async fn ask(aws: &Aws) -> Answer<()> {
    aws.sts().get_caller_identity().send().await?;
    Ok(())
}

/// What waits for a turn gets no further by itself; how long it waits by the clock.
async fn waited(clock: &VirtualClock, call: impl Future<Output = Answer<()>>) -> u64 {
    let began = clock.now();
    let mut call = Box::pin(call);
    let moment = Duration::from_millis(20);
    while tokio::time::timeout(moment, &mut call).await.is_err() {
        assert!(clock.advance_if_idle(1), "it waits for something else than its turn");
    }
    clock.now() - began
}

#[tokio::test]
async fn a_call_beyond_the_rate_waits_for_its_turn() {
    let (factory, clock) = factory(&Stub::default(), AwsOptions::default()).await;
    let aws = factory.of(&provider()).await;
    for _ in 0..100 {
        assert_eq!(waited(&clock, ask(&aws)).await, 0);
    }
    // 20 a second.
    assert_eq!(waited(&clock, ask(&aws)).await, 50);
    // Whoever names the same region asks at the same place; another region has its own.
    let same = Provider { region: Some("eu-central-1".into()), ..provider() };
    assert_eq!(waited(&clock, ask(&*factory.of(&same).await)).await, 50);
    let other = Provider { region: Some("eu-west-1".into()), ..provider() };
    assert_eq!(waited(&clock, ask(&*factory.of(&other).await)).await, 0);
}

#[tokio::test]
async fn what_would_wait_for_long_is_not_called() {
    let (factory, _) = factory(&Stub::default(), AwsOptions::default()).await;
    let aws = factory.of(&provider()).await;
    // 100 at once, and 20 a second for 20 seconds.
    for _ in 0..500 {
        let turn = aws.pace.turn("STS", "GetCallerIdentity");
        let _ = tokio::time::timeout(Duration::ZERO, turn).await;
    }
    let Error(error) = ask(&aws).await.unwrap_err();
    let after = Some(Duration::from_millis(50));
    assert_eq!(error.problem, Problem::Throttled { retry_after: after }, "{error:?}");
    assert_eq!(error.certainty, Certainty::NotExecuted);
    let said = "GetCallerIdentity waits: AWS is called as often as it allows";
    assert_eq!(error.message, said);
}

#[tokio::test]
async fn where_a_server_stands_in_nobody_waits() {
    let url = || "http://localhost:1".to_owned();
    let all = AwsOptions { endpoint: Some(url()), ..AwsOptions::default() };
    let sts = BTreeMap::from([("sts".to_owned(), url())]);
    let one = AwsOptions { endpoints: sts, ..AwsOptions::default() };
    for options in [all, one] {
        let (factory, clock) = factory(&Stub::default(), options).await;
        let aws = factory.of(&provider()).await;
        for _ in 0..150 {
            assert_eq!(waited(&clock, ask(&aws)).await, 0);
        }
    }
}

#[tokio::test]
async fn a_refusal_slows_down_what_comes_after_it() {
    let stub = Stub::default();
    let (factory, clock) = factory(&stub, AwsOptions::default()).await;
    let handler = crate::registry(&factory).get("aws:sts:CallerIdentity").cloned().unwrap();
    let owner = Ownership {
        stack: "".into(),
        stable: StableId(0),
        intent: "".into(),
        urn: Urn::parse("campus/test/aws:sts:CallerIdentity/me").unwrap(),
    };
    let request = Request {
        ty: infra_core::aws::sts::CallerIdentity::definition(),
        provider: provider(),
        owner,
        id: "".into(),
        inputs: Properties::default(),
        old_inputs: Properties::default(),
        outputs: Properties::default(),
        changed: Box::default(),
        created_at: 0,
    };
    let context = Context::new(Arc::new(clock.clone()));
    stub.0.store(true, Ordering::Relaxed);
    let refused = handler.lookup(&context, &request).await.unwrap_err();
    assert_eq!(refused.problem, Error::throttled());
    stub.0.store(false, Ordering::Relaxed);
    let aws = factory.of(&provider()).await;
    // 10 a second: half of what it was, and the bucket counts as empty.
    assert_eq!(waited(&clock, ask(&aws)).await, 100);
}
