//! What a site does wrong is found as it was planted, and nothing else.

use std::{net::SocketAddr, time::Duration};

use backend_local::containers::drill::{Kind, LoadSettings, Report, drill, run};
use tokio::{io::AsyncWriteExt as _, net::TcpListener, time::Instant};

use super::fake::{Fake, Fault, Of, Plan, State, pace};

async fn drilled(name: &str, plan: Plan, change: impl FnOnce(&mut LoadSettings)) -> (Report, Fake) {
    let fake = Fake::start(plan).await;
    let mut settings = fake.settings();
    change(&mut settings);
    let never = std::future::pending();
    let drilled = run(&fake, drill(name).unwrap(), settings, pace(), never, |_| {}).await;
    (drilled.unwrap(), fake)
}

fn since_now(milliseconds: u64) -> Option<Instant> {
    Some(Instant::now() + Duration::from_millis(milliseconds))
}

/// From now on, for so long.
fn fails(fault: Fault, of: Of, milliseconds: u64) -> Plan {
    Plan::new(move |state| {
        state.fault = Some((fault, of, since_now(milliseconds)));
        Ok(None)
    })
}

#[track_caller]
fn goal(report: &Report, part: &str, met: bool) {
    let goal = report.goals.iter().find(|goal| goal.goal.contains(part)).unwrap();
    assert_eq!(goal.met, met, "{goal:?}");
}

#[track_caller]
fn is_about(value: f64, least: f64, most: f64) {
    assert!((least..=most).contains(&value), "{value} is not from {least} to {most}");
}

#[tokio::test]
async fn a_site_that_does_nothing_wrong_is_found_to() {
    let (report, fake) = drilled("task", Plan::nothing(), |_| {}).await;
    assert!(report.passed, "{}", report.text());
    assert_eq!((report.failed, report.outage.longest), (0, 0.0));
    let done: Vec<Kind> = report.kinds.iter().map(|kind| kind.kind).collect();
    assert_eq!(done, Kind::ALL, "{}", report.text());
    // 100 a second, whatever happens; the warming up is not counted.
    let seconds = report.requests as f64 / 100.0;
    is_about(seconds, 2.1, 3.5);
    let lost = &report.lost;
    assert_eq!(lost.acknowledged_rows, fake.state().rows.len(), "{lost:?}");
    assert_eq!(lost.acknowledged_files, fake.state().files.len(), "{lost:?}");
    assert!(lost.acknowledged_rows > 20 && lost.acknowledged_files > 10, "{lost:?}");
}

#[tokio::test]
async fn an_outage_is_as_long_as_it_was_and_each_error_is_counted() {
    let (report, fake) =
        drilled("instance", fails(Fault::Status(503), Of::All, 1_000), |_| {}).await;
    // Each request that the site refused is a failure, and no other is.
    assert_eq!(report.failed, fake.state().faults, "{}", report.text());
    is_about(report.failed as f64, 95.0, 105.0);
    assert_eq!(report.failures.get("HTTP 503"), Some(&report.failed));
    is_about(report.outage.longest, 0.95, 1.2);
    is_about(report.event.recovered.unwrap(), 0.95, 1.2);
    assert_eq!(report.phases[0].failed, 0);
    goal(&report, "at most 1 %", false);
    goal(&report, "no outage is longer than 3 s", true);
    // Nothing that was acknowledged is gone.
    goal(&report, "no row", true);
    // One that was due just before may have come just after.
    for second in report.series.iter().filter(|it| it.failed > 0) {
        let least = if second.at == 0 { 90 } else { 1 };
        assert!((-1..=1).contains(&second.at) && second.failed >= least, "{second:?}");
    }
}

#[tokio::test]
async fn who_only_reads_does_not_hide_that_nobody_can_write() {
    let (report, _) = drilled("db-writer", fails(Fault::Status(500), Of::Posts, 900), |_| {}).await;
    is_about(report.outage.longest_of_writes, 0.7, 1.2);
    is_about(report.outage.longest_wait_of_writes, 0.7, 1.2);
    is_about(report.outage.longest_wait, 0.0, 0.3);
    for kind in &report.kinds {
        let writes = matches!(kind.kind, Kind::WriteRow | Kind::WriteFile | Kind::WriteSession);
        assert_eq!(kind.failed > 0, writes, "{kind:?}");
    }
    goal(&report, "writes are back", true);
}

#[tokio::test]
async fn each_way_to_fail_has_its_name() {
    let cases = [
        (Fault::Reset, "connection reset"),
        (Fault::Torn, "connection reset"),
        (Fault::Noise, "no HTTP"),
        (Fault::Other, "wrong content"),
        (Fault::Status(404), "HTTP 404"),
    ];
    let drills = cases.map(|(fault, name)| async move {
        let (report, fake) = drilled("instance", fails(fault, Of::Posts, 600), |_| {}).await;
        assert!(report.failed > 5, "{fault:?}: {}", report.text());
        assert_eq!(report.failures.get(name), Some(&report.failed), "{fault:?}: {}", report.text());
        assert_eq!(report.failed, fake.state().faults, "{fault:?}");
    });
    for drill in drills {
        drill.await;
    }
}

#[tokio::test]
async fn who_waits_in_vain_gives_up_after_their_patience() {
    let plan = fails(Fault::Silence, Of::All, 300);
    let (report, fake) = drilled("instance", plan, |settings| {
        settings.patience = Duration::from_millis(700);
    })
    .await;
    assert_eq!(report.failures.get("timeout"), Some(&report.failed), "{}", report.text());
    assert_eq!(report.failed, fake.state().faults);
    is_about(report.phases[1].latency.max, 690.0, 900.0);
}

/// A server that answers whatever comes with HTTP as it is.
async fn speaks_no_tls() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut all = vec![];
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
            all.push(stream);
        }
    });
    address
}

#[tokio::test]
async fn nobody_there_and_no_tls_are_told_apart() {
    let fake = Fake::start(Plan::nothing()).await;
    let authority = include_str!("../../image/authorities.pem");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let cases = [
        (format!("http://{nobody}"), "no connection"),
        (format!("https://{}", speaks_no_tls().await), "TLS"),
    ];
    for (url, name) in cases {
        let mut settings = fake.settings();
        settings.url = url;
        settings.authority = Some(authority.to_owned());
        let mut pace = pace();
        pace.verification = Duration::from_millis(100);
        let drill = drill("task").unwrap();
        let report =
            run(&fake, drill, settings, pace, std::future::pending(), |_| {}).await.unwrap();
        assert!(report.requests > 100, "{}", report.text());
        assert_eq!(report.failures.get(name), Some(&report.requests), "{}", report.text());
        // Nobody could ever do anything.
        assert_eq!(report.lost.stranded.len(), 10);
        assert_eq!(report.event.recovered, None);
        goal(&report, "everybody can go on", false);
        goal(&report, "no outage", false);
    }
}

#[tokio::test]
async fn a_site_that_hangs_is_asked_as_often_and_the_wait_is_counted() {
    // Far fewer users than requests that wait.
    let plan = Plan::new(|state: &mut State| {
        state.hangs_until = since_now(1_500);
        Ok(None)
    });
    let (report, _) = drilled("instance", plan, |settings| settings.users = 5).await;
    assert_eq!(report.failed, 0, "{}", report.text());
    assert_eq!(report.outage.longest, 0.0);
    is_about(report.outage.longest_wait, 1.4, 1.8);
    // Whoever came in the first tenth of the hang waited for nine tenths of it, or more.
    let during: usize = report.series.iter().filter(|it| it.at == 0).map(|it| it.requests).sum();
    is_about(during as f64, 97.0, 103.0);
    let first = report.series.iter().find(|it| it.at == 0).unwrap();
    is_about(first.p50, 900.0, 1_150.0);
    is_about(first.p99, 1_400.0, 1_700.0);
}

#[tokio::test]
async fn percentiles_are_those_of_the_site() {
    let plan = Plan::nothing();
    let fake = Fake::start(plan).await;
    fake.state().takes = (Duration::from_millis(20), Duration::from_millis(300));
    let drill = drill("task").unwrap();
    let never = std::future::pending();
    let report = run(&fake, drill, fake.settings(), pace(), never, |_| {}).await.unwrap();
    for phase in report.phases.iter().filter(|phase| phase.latency.requests > 60) {
        // Each fiftieth is slow: two of a hundred.
        is_about(phase.latency.p50, 20.0, 45.0);
        is_about(phase.latency.p95, 20.0, 80.0);
        is_about(phase.latency.p99, 300.0, 400.0);
    }
}

#[tokio::test]
async fn what_was_acknowledged_and_is_gone_is_named() {
    let plan = Plan::new(|state: &mut State| {
        let rows: Vec<u64> = state.rows.keys().copied().take(3).collect();
        let files: Vec<String> = state.files.keys().take(2).cloned().collect();
        // Two are gone, and one has another content.
        state.rows.remove(&rows[0]);
        state.rows.remove(&rows[1]);
        state.rows.insert(rows[2], "another".to_owned());
        state.files.remove(&files[0]);
        state.files.get_mut(&files[1]).unwrap().push('.');
        state.rows.insert(u64::MAX, format!("{},{}", files[0], files[1]));
        Ok(None)
    });
    let (report, fake) = drilled("cache", plan, |_| {}).await;
    let state = fake.state();
    assert_eq!(report.lost.rows.len(), 3, "{}", report.text());
    let planted: Vec<&str> = state.rows[&u64::MAX].split(',').collect();
    let mut files = report.lost.files.clone();
    files.sort();
    assert_eq!(files, planted);
    for id in &report.lost.rows {
        let there = state.rows.get(&id.parse().unwrap());
        assert!(there.is_none_or(|it| it == "another"), "{id}");
    }
    goal(&report, "no row and no file", false);
    assert!(!report.passed);
}

#[tokio::test]
async fn sessions_that_are_lost_or_old_are_counted_once_each_and_new_ones_apart() {
    let plan = Plan::new(|state: &mut State| {
        // Of those who are logged in three are forgotten, and of two others the value is.
        let long_ago = Instant::now() - Duration::from_millis(1_000);
        let mut inside: Vec<&String> = state
            .sessions
            .iter()
            .filter(|(_, it)| it.user.is_some() && it.changed.unwrap() < long_ago)
            .map(|(id, _)| id)
            .collect();
        inside.sort_by_key(|id| state.sessions[*id].value.is_none());
        let inside: Vec<String> = inside.into_iter().cloned().collect();
        assert!(inside.len() >= 5, "{}", inside.len());
        for id in &inside[..2] {
            state.sessions.get_mut(id).unwrap().value = Some("old".to_owned());
        }
        for id in &inside[2..5] {
            state.sessions.remove(id);
        }
        Ok(None)
    });
    // Without much to do, so that sessions grow old.
    let fake = Fake::start(plan).await;
    let (mut settings, mut pace) = (fake.settings(), pace());
    settings.rate = 40.0;
    settings.users = 20;
    pace.warm_up = Duration::from_secs(3);
    let drill = drill("cache").unwrap();
    let never = std::future::pending();
    let report = run(&fake, drill, settings, pace, never, |_| {}).await.unwrap();
    assert_eq!((report.lost.sessions, report.lost.stale_sessions), (3, 2), "{}", report.text());
    assert_eq!(report.lost.fresh_sessions, 0, "{}", report.text());
    goal(&report, "no session is lost", false);
    goal(&report, "everybody can go on", true);
}

#[tokio::test]
async fn who_can_not_go_on_is_stranded_and_nobody_else() {
    let plan = Plan::new(|state: &mut State| {
        state.fault = Some((Fault::Status(500), Of::User(4), None));
        Ok(None)
    });
    let (report, _) = drilled("instance", plan, |_| {}).await;
    let stranded: Vec<u32> = report.lost.stranded.iter().map(|it| it.browser).collect();
    assert_eq!(stranded, [3], "{}", report.text());
    is_about(report.lost.stranded[0].served.unwrap(), -0.5, 2.5);
    // The site as such was there all the time.
    is_about(report.outage.longest_wait, 0.0, 0.4);
    is_about(report.outage.longest_of_one_user, 1.0, 8.0);
    goal(&report, "everybody can go on", false);
}
