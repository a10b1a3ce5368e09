//! Who is well, who drains, and what happens to requests meanwhile.

use std::time::Duration;

use backend_local::containers::balancer::{Algorithm, Balancer, LoadBalancer as _, TargetState};
use tokio::time::sleep;

use super::{
    asking::{Load, ask, ask_for, get},
    backend::Backend,
    world::{config, group, settled, start, state},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_ill_target_gets_no_requests_until_it_is_well() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let (balancer, address) = start(config(vec![group("g", [&a, &b])])).await;
    a.be(500);
    let status =
        settled(&balancer, |status| state(status, &a) == Some(TargetState::Unhealthy)).await;
    let reason = status.target("g", a.address).unwrap().reason.clone().unwrap();
    assert_eq!(reason.to_string(), "Target.ResponseCodeMismatch: it answers 500");
    for _ in 0..6 {
        assert_eq!(ask_for(address, "/").await.text, "b");
    }
    a.be(200);
    settled(&balancer, |status| state(status, &a) == Some(TargetState::Healthy)).await;
    let first = ask_for(address, "/").await.text;
    assert_ne!(ask_for(address, "/").await.text, first);
}

/// Who starts is asked more often than who has started, and is given as much time.
#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_starts_is_well_soon_and_not_ill_before() {
    let a = Backend::start("a").await;
    a.be(500);
    let mut group = group("g", [&a]);
    group.health.interval = Duration::from_secs(300);
    group.health.unhealthy_threshold = 2;
    let balancer = Balancer::start(config(vec![group])).await.unwrap();
    let checks = || a.heard.checks.load(std::sync::atomic::Ordering::SeqCst);
    for _ in 0..100 {
        if checks() >= 4 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    assert!(checks() >= 4, "{}", checks());
    assert_eq!(state(&balancer.status().borrow(), &a), Some(TargetState::Initial));
    a.be(200);
    settled(&balancer, |status| state(status, &a) == Some(TargetState::Healthy)).await;
    let seen = checks();
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(checks(), seen, "it is well: the usual pace");
}

#[tokio::test(flavor = "multi_thread")]
async fn if_all_are_ill_all_get_requests() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let (balancer, address) = start(config(vec![group("g", [&a, &b])])).await;
    a.be(500);
    b.be(500);
    settled(&balancer, |status| status.count("g", TargetState::Unhealthy) == 2).await;
    let first = ask_for(address, "/").await;
    assert_eq!(first.code, 200);
    assert_ne!(ask_for(address, "/").await.text, first.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_without_targets_is_503_and_one_that_refuses_502() {
    let (balancer, address) = start(config(vec![group("g", [])])).await;
    assert_eq!(ask_for(address, "/").await.code, 503);
    let dead = Backend::start("dead").await;
    dead.kill();
    let mut config = balancer.config();
    config.groups[0].targets.insert(dead.address);
    balancer.apply(config).await.unwrap();
    assert_eq!(ask_for(address, "/").await.code, 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_no_rule_names_is_unused() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let (balancer, _) = start(config(vec![group("g", [&a]), group("idle", [&b])])).await;
    let status = balancer.status().borrow().clone();
    let target = status.target("idle", b.address).unwrap();
    assert_eq!(target.state, TargetState::Unused);
    assert_eq!(b.heard.checks.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_drains_without_a_failed_request() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let (balancer, address) = start(config(vec![group("g", [&a, &b])])).await;
    let load = Load::start(address, 16, || get("/slow/20", &[]));
    sleep(Duration::from_millis(300)).await;
    let long = tokio::spawn(async move {
        let mut texts = Vec::new();
        for _ in 0..2 {
            texts.push(tokio::spawn(async move { ask_for(address, "/slow/1500").await }));
        }
        let mut answers = Vec::new();
        for text in texts {
            answers.push(text.await.unwrap());
        }
        answers
    });
    sleep(Duration::from_millis(100)).await;
    let mut config = balancer.config();
    config.groups[0].targets.remove(&a.address);
    balancer.apply(config).await.unwrap();
    assert_eq!(state(&balancer.status().borrow(), &a), Some(TargetState::Draining));
    sleep(Duration::from_millis(200)).await;
    let heard = a.requests();
    sleep(Duration::from_millis(300)).await;
    assert_eq!(a.requests(), heard, "who drains gets no new requests");
    settled(&balancer, |status| state(status, &a).is_none()).await;
    a.kill();
    sleep(Duration::from_millis(200)).await;
    let outcome = load.stop().await;
    assert_eq!(outcome.bad, Vec::<String>::new());
    assert!(long.await.unwrap().iter().all(|answer| answer.code == 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_drains_for_too_long_is_cut() {
    let a = Backend::start("a").await;
    let mut group = group("g", [&a]);
    group.deregistration_delay = Duration::from_millis(200);
    let (balancer, address) = start(config(vec![group])).await;
    let asked = tokio::spawn(async move { ask_for(address, "/slow/10000").await.code });
    sleep(Duration::from_millis(100)).await;
    let mut config = balancer.config();
    config.groups[0].targets.clear();
    balancer.apply(config).await.unwrap();
    let code = tokio::time::timeout(Duration::from_secs(5), asked).await.unwrap().unwrap();
    // It may be sent again, but there is nobody left.
    assert_eq!(code, 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_killed_under_load_costs_no_request_that_can_be_sent_again() {
    let backends =
        [Backend::start("a").await, Backend::start("b").await, Backend::start("c").await];
    let mut group = group("g", &backends);
    // Checks come too late: requests find out.
    group.health.interval = Duration::from_secs(30);
    let (balancer, address) = start(config(vec![group])).await;
    let load = Load::start(address, 24, || get("/slow/5", &[]));
    sleep(Duration::from_millis(500)).await;
    backends[0].kill();
    let dead = &backends[0];
    settled(&balancer, |status| state(status, dead) == Some(TargetState::Unhealthy)).await;
    sleep(Duration::from_millis(500)).await;
    let outcome = load.stop().await;
    assert_eq!(outcome.bad, Vec::<String>::new());
    assert!(outcome.total() > 500, "{outcome:?}");
    // It is back at once when it is: nobody has to wait for the threshold.
    let _back = Backend::start_at("a", dead.address).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_least_busy_target_is_asked() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let mut group = group("g", [&a, &b]);
    group.algorithm = Algorithm::LeastOutstandingRequests;
    let (_balancer, address) = start(config(vec![group])).await;
    let busy = tokio::spawn(async move { ask_for(address, "/slow/1000").await.text });
    sleep(Duration::from_millis(200)).await;
    let mut texts = std::collections::BTreeSet::new();
    for _ in 0..10 {
        texts.insert(ask_for(address, "/").await.text);
    }
    let busy = busy.await.unwrap();
    assert_eq!(texts.len(), 1);
    assert!(!texts.contains(&busy), "{busy} was busy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_target_starts_slowly() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let mut group = group("g", [&a]);
    group.slow_start = Duration::from_secs(4);
    let (balancer, address) = start(config(vec![group])).await;
    let mut config = balancer.config();
    config.groups[0].targets.insert(b.address);
    balancer.apply(config).await.unwrap();
    settled(&balancer, |status| state(status, &b) == Some(TargetState::Healthy)).await;
    let share = async || {
        let load = Load::start(address, 4, || get("/slow/2", &[]));
        sleep(Duration::from_millis(500)).await;
        let outcome = load.stop().await;
        assert_eq!(outcome.bad, Vec::<String>::new());
        outcome.good.get("b").copied().unwrap_or_default() * 100 / outcome.total()
    };
    let early = share().await;
    sleep(Duration::from_millis(3800)).await;
    let late = share().await;
    assert!((1..25).contains(&early), "{early}% at first");
    assert!((48..=52).contains(&late), "{late}% at last");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_leaves_its_target_when_that_is_ill() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let mut group = group("g", [&a, &b]);
    group.stickiness = Some(Duration::from_secs(60));
    let (balancer, address) = start(config(vec![group])).await;
    let first = ask_for(address, "/").await;
    let ill = if first.text == "a" { &a } else { &b };
    ill.be(500);
    settled(&balancer, |status| state(status, ill) == Some(TargetState::Unhealthy)).await;
    let cookie = format!("AWSALB={}", first.cookie("AWSALB").unwrap());
    let moved = ask(address, get("/", &[("cookie", &cookie)])).await;
    assert_ne!(moved.text, first.text);
    let cookie = format!("AWSALB={}", moved.cookie("AWSALB").unwrap());
    ill.be(200);
    settled(&balancer, |status| state(status, ill) == Some(TargetState::Healthy)).await;
    for _ in 0..4 {
        assert_eq!(ask(address, get("/", &[("cookie", &cookie)])).await.text, moved.text);
    }
}
