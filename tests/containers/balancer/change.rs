//! Changes of a configuration: as a whole, without a failed request, or not at all.

use std::time::Duration;

use backend_local::containers::balancer::{
    Action, Algorithm, Balancer, BalancerConfig, BalancerError, Certificate, Condition,
    LoadBalancer as _, Metric, Protocol, Resolution, Rule, TargetState, Tls, TlsVersion,
};
use infra_core::types::Secret;
use tokio::{net::TcpStream, time::sleep};

use super::{
    asking::{Load, ask_for, get},
    backend::Backend,
    world::{config, group, listener, settled, start, state},
};

#[tokio::test(flavor = "multi_thread")]
async fn changes_under_load_fail_no_request() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let (balancer, address) = start(config(vec![group("g", [&a])])).await;
    let load = Load::start(address, 16, || get("/slow/3", &[]));
    for round in 0..12 {
        let mut config = balancer.config();
        let targets = &mut config.groups[0].targets;
        match round % 3 {
            0 => _ = targets.insert(b.address),
            1 => _ = targets.remove(&a.address),
            _ => {
                targets.insert(a.address);
                targets.remove(&b.address);
            }
        }
        let rule = Rule {
            priority: round + 1,
            conditions: vec![Condition::PathPattern(vec![format!("/{round}/*")])],
            action: Action::fixed(200, "rule"),
        };
        config.listeners[0].rules = vec![rule];
        let mut extra = listener(Vec::new(), Action::forward("g"));
        extra.name = "extra".to_owned();
        config.listeners.truncate(1);
        config.listeners.extend((round % 2 == 0).then_some(extra));
        let wanted = config.groups[0].targets.clone();
        balancer.apply(config).await.unwrap();
        assert_eq!(ask_for(address, &format!("/{round}/x")).await.text, "rule");
        settled(&balancer, |status| {
            let healthy = |target| {
                let target = status.target("g", target);
                target.is_some_and(|target| target.state == TargetState::Healthy)
            };
            wanted.iter().all(|target| healthy(*target))
        })
        .await;
        sleep(Duration::from_millis(50)).await;
    }
    let outcome = load.stop().await;
    assert_eq!(outcome.bad, Vec::<String>::new());
    assert_eq!(outcome.good.len(), 2, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_and_listeners_come_and_go() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let (balancer, address) = start(config(vec![group("g", [&a])])).await;
    let mut changed = config(vec![group("other", [&b])]);
    balancer.apply(changed.clone()).await.unwrap();
    assert_eq!(balancer.addresses()["web"], address, "a listener keeps its port");
    assert_eq!(ask_for(address, "/").await.text, "b");
    settled(&balancer, |status| !status.groups.contains_key("g")).await;
    assert!(!balancer.metrics().total().groups.contains_key("g"));
    changed.listeners[0].name = "second".to_owned();
    balancer.apply(changed).await.unwrap();
    let second = balancer.addresses()["second"];
    assert_eq!(ask_for(second, "/").await.text, "b");
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), refused).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_waits_for_what_has_begun() {
    let a = Backend::start("a").await;
    let (balancer, address) = start(config(vec![group("g", [&a])])).await;
    let asked = tokio::spawn(async move { ask_for(address, "/slow/500").await });
    sleep(Duration::from_millis(200)).await;
    balancer.shutdown(Duration::from_secs(10)).await;
    assert_eq!(asked.await.unwrap().code, 200);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_taken_changes_nothing() {
    let a = Backend::start("a").await;
    let (balancer, address) = start(config(vec![group("g", [&a])])).await;
    let mut config = balancer.config();
    let mut taken = listener(Vec::new(), Action::forward("g"));
    (taken.name, taken.address) = ("taken".to_owned(), a.address);
    config.listeners[0].default = Action::fixed(404, "gone");
    config.listeners.push(taken);
    let error = balancer.apply(config).await.unwrap_err();
    let said =
        format!("listener `taken` can't listen at {}: choose a port that is free", a.address);
    assert_eq!(error.to_string(), said);
    assert_eq!(ask_for(address, "/").await.text, "a");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_named_with_its_place_and_a_fix() {
    let base = || config(vec![group("g", [])]);
    let first = |change: fn(&mut BalancerConfig)| {
        let mut config = base();
        change(&mut config);
        config
    };
    let rule = |config: &mut BalancerConfig, condition, action| {
        let conditions = vec![condition];
        config.listeners[0].rules = vec![Rule { priority: 7, conditions, action }];
    };
    let mut ranged = base();
    let range = Condition::SourceIp(vec!["10.0.0.0/99".to_owned()]);
    rule(&mut ranged, range, Action::forward("g"));
    let mut unknown = base();
    let path = Condition::PathPattern(vec!["/x".to_owned()]);
    rule(&mut unknown, path, Action::forward("gg"));
    let mut uncertified = base();
    let certificate = Certificate { chain: String::new(), key: Secret::new("hunter2".to_owned()) };
    uncertified.listeners[0].protocol = Protocol::Https(Tls {
        certificates: vec![certificate],
        min_version: TlsVersion::V1_3,
        trust_store: None,
    });
    let slow = first(|config| {
        config.groups[0].algorithm = Algorithm::LeastOutstandingRequests;
        config.groups[0].slow_start = Duration::from_secs(30);
    });
    let matcher = first(|config| config.groups[0].health.matcher = "2xx".to_owned());
    let redirect = first(|config| {
        config.listeners[0].default = Action::Redirect(Default::default());
    });
    for (config, wanted) in [
        (
            ranged,
            "listener `web`, rule 7: source-ip `10.0.0.0/99` is no range; \
             write it as CIDR, such as 10.0.0.0/8",
        ),
        (
            unknown,
            "listener `web`, rule 7: forward `gg` is no target group; \
             name one of the target groups: g",
        ),
        (
            uncertified,
            "listener `web`: certificate `number 1` has an empty chain; \
             give the certificate, then who signed it, as PEM",
        ),
        (
            slow,
            "target group `g`: slow_start `30s` needs round_robin; \
             set it to 0, or the algorithm to round_robin",
        ),
        (
            matcher,
            "target group `g`: health.matcher `2xx` names no codes; \
             write codes from 200 to 499, as in `200`, `200,302` or `200-399`",
        ),
        (
            redirect,
            "listener `web`, default action: redirect `#{path}` leads to where the request came; \
             change protocol, host, port or path",
        ),
    ] {
        let error = Balancer::start(config).await.unwrap_err();
        assert!(matches!(error, BalancerError::Config(_)));
        assert_eq!(error.to_string(), wanted);
    }
}

#[test]
fn keys_of_certificates_are_not_shown() {
    let key = Secret::new("hunter2".to_owned());
    let certificate = Certificate { chain: "chain".to_owned(), key };
    let shown = format!("{certificate:?}");
    assert!(shown.contains("chain") && !shown.contains("hunter2"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_counted_under_cloudwatchs_names() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let (balancer, address) = start(config(vec![group("g", [&a, &b])])).await;
    for path in ["/", "/", "/code/302", "/code/404", "/code/500", "/slow/100"] {
        ask_for(address, path).await;
    }
    sleep(Duration::from_millis(250)).await;
    let total = balancer.metrics().total();
    for point in [&total.balancer, &total.groups["g"]] {
        for (name, wanted) in [
            ("RequestCount", 6.0),
            ("RequestCountPerTarget", 3.0),
            ("HTTPCode_Target_2XX_Count", 3.0),
            ("HTTPCode_Target_3XX_Count", 1.0),
            ("HTTPCode_Target_4XX_Count", 1.0),
            ("HTTPCode_Target_5XX_Count", 1.0),
            ("HTTPCode_ELB_5XX_Count", 0.0),
            ("HealthyHostCount", 2.0),
            ("UnHealthyHostCount", 0.0),
        ] {
            let metric = Metric::from_name(name).unwrap();
            assert!((point.value(metric) - wanted).abs() < 1e-9, "{name} in {point:?}");
        }
        assert!((0.1..1.0).contains(&point.response_time.max), "{point:?}");
        assert!(point.response_time.p50 < 0.1, "{point:?}");
    }
    assert!(total.balancer.active_connections > 0);
    let seconds = balancer.metrics().snapshot(Resolution::Second, 60);
    let count = |points: &[backend_local::containers::balancer::Point]| {
        points.iter().map(|point| point.count(Metric::RequestCount)).sum::<u64>()
    };
    assert_eq!((count(&seconds.balancer), count(&seconds.groups["g"])), (6, 6));
    a.kill();
    b.kill();
    settled(&balancer, |status| state(status, &a) == Some(TargetState::Unhealthy)).await;
    assert_eq!(ask_for(address, "/").await.code, 502);
    let total = balancer.metrics().total();
    assert_eq!(total.balancer.count(Metric::Elb5xx), 1);
    assert_eq!(total.balancer.count(Metric::Elb502), 1);
    assert!(total.balancer.count(Metric::TargetConnectionErrors) >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_connections_are_refused_and_counted() {
    let a = Backend::start("a").await;
    let mut config = config(vec![group("g", [&a])]);
    config.attributes.max_connections = 2;
    let (balancer, address) = start(config).await;
    let _first = TcpStream::connect(address).await.unwrap();
    let _second = TcpStream::connect(address).await.unwrap();
    let mut third = TcpStream::connect(address).await.unwrap();
    let mut nothing = Vec::new();
    let read = tokio::io::AsyncReadExt::read_to_end(&mut third, &mut nothing);
    let read = tokio::time::timeout(Duration::from_secs(5), read).await.unwrap();
    assert!(!matches!(read, Ok(1..)), "{read:?}");
    assert_eq!(balancer.metrics().total().balancer.count(Metric::RejectedConnections), 1);
}
