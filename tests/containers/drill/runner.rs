//! A drill heals whatever it did, and says what it could not measure.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use backend_local::containers::drill::{DrillError, Injection, Progress, Redundancy, drill, run};
use tokio::{sync::Notify, time::sleep};

use super::fake::{Fake, Fault, Of, Plan, State, pace};

fn missing() -> Redundancy {
    Redundancy::Missing(vec!["one".to_owned()])
}

fn never() -> std::future::Pending<()> {
    std::future::pending()
}

#[tokio::test]
async fn a_site_that_is_not_whole_is_left_alone() {
    let mut plan = Plan::nothing();
    plan.redundancy = vec![missing()];
    let fake = Fake::start(plan).await;
    let task = drill("task").unwrap();
    let error = run(&fake, task, fake.settings(), pace(), never(), |_| {}).await.unwrap_err();
    assert!(error.to_string().contains("missing before the drill (one)"), "{error}");
    assert_eq!((fake.injected(), fake.state().requests), (0, 0));
}

#[tokio::test]
async fn what_can_not_be_done_is_healed_all_the_same() {
    let fake = Fake::start(Plan::new(|_| Err("no such task".into()))).await;
    let task = drill("task").unwrap();
    let error = run(&fake, task, fake.settings(), pace(), never(), |_| {}).await.unwrap_err();
    assert!(matches!(error, DrillError::Inject { injection: Injection::KillTask, .. }), "{error}");
    assert_eq!(fake.healed(), 1);
    // Nobody visits it any more.
    let before = fake.state().requests;
    sleep(Duration::from_millis(300)).await;
    assert_eq!(fake.state().requests, before);
}

#[tokio::test]
async fn who_interrupts_a_drill_finds_the_site_healed_and_a_report() {
    let fake = Fake::start(Plan::nothing()).await;
    let interrupt = Arc::new(Notify::new());
    let notify = Arc::clone(&interrupt);
    let progress = move |progress: &Progress| {
        if matches!(progress, Progress::Holding(_)) {
            notify.notify_one();
        }
    };
    let hang = drill("db-hang").unwrap();
    let interrupted = async move { interrupt.notified().await };
    let report = run(&fake, hang, fake.settings(), pace(), interrupted, progress).await.unwrap();
    assert!(report.interrupted && !report.passed);
    assert_eq!(fake.healed(), 1);
    assert!(report.text().starts_with("drill db-hang: interrupted\n"), "{}", report.text());

    // Before the event there is nothing to tell; it is healed to be sure.
    let fake = Fake::start(Plan::nothing()).await;
    let soon = sleep(Duration::from_millis(100));
    let error = run(&fake, hang, fake.settings(), pace(), soon, |_| {}).await.unwrap_err();
    assert!(matches!(error, DrillError::Interrupted), "{error}");
    assert_eq!((fake.healed(), fake.injected()), (1, 0));
}

#[tokio::test]
async fn more_people_come_and_the_tasks_that_are_added_are_counted() {
    let mut plan = Plan::nothing();
    (plan.tasks_after, plan.many) = (&["a", "b", "c"], 120);
    let fake = Fake::start(plan).await;
    let added = Arc::new(Notify::new());
    let notify = Arc::clone(&added);
    let progress = move |progress: &Progress| {
        if matches!(progress, Progress::Serving(now) if now.tasks == 3) {
            notify.notify_one();
        }
    };
    // It goes on for a while with five times as many.
    let interrupt = async move {
        added.notified().await;
        sleep(Duration::from_secs(2)).await;
    };
    let mut settings = fake.settings();
    settings.rate = 20.0;
    let rush = drill("rush").unwrap();
    let report = run(&fake, rush, settings, pace(), interrupt, progress).await.unwrap();
    let text = report.text();
    assert_eq!((fake.injected(), fake.healed()), (0, 1), "{text}");
    assert_eq!(report.event.target, "100 requests a second");
    let goal = report.goals.iter().find(|goal| goal.goal == "tasks are added").unwrap();
    assert!(goal.met && goal.measured == "2 before, 3 at most", "{goal:?}");
    let busiest = report.series.iter().map(|second| second.requests).max().unwrap();
    assert!((60..160).contains(&busiest), "{busiest} in one second\n{text}");
    assert_eq!(report.failed, 0, "{text}");
}

#[tokio::test]
async fn an_event_that_is_under_way_is_waited_for_and_then_taken_back() {
    let mut plan = Plan::nothing();
    plan.takes = Duration::from_millis(300);
    let fake = Fake::start(plan).await;
    let interrupt = Arc::new(Notify::new());
    let (notify, told) = (Arc::clone(&interrupt), Arc::new(Mutex::new(vec![])));
    let (site, all) = (fake.clone(), Arc::clone(&told));
    let progress = move |progress: &Progress| match progress {
        Progress::Injecting(_) => notify.notify_one(),
        Progress::Interrupted | Progress::Injected(_) | Progress::Healed => {
            all.lock().unwrap().push((progress.to_string(), site.injected(), site.healed()));
        }
        _ => {}
    };
    let hang = drill("db-hang").unwrap();
    let interrupted = async move { interrupt.notified().await };
    let report = run(&fake, hang, fake.settings(), pace(), interrupted, progress).await.unwrap();
    assert!(report.interrupted, "{}", report.text());
    let counts: Vec<_> =
        told.lock().unwrap().iter().map(|(_, it, healed)| (*it, *healed)).collect();
    assert_eq!(counts, [(0, 0), (1, 0), (1, 1)], "{told:?}");
}

#[tokio::test]
async fn a_site_that_can_not_be_healed_is_an_error_that_has_the_report() {
    let mut plan = Plan::nothing();
    plan.heals = false;
    let fake = Fake::start(plan).await;
    let task = drill("task").unwrap();
    let error = run(&fake, task, fake.settings(), pace(), never(), |_| {}).await.unwrap_err();
    let DrillError::Heal { report: Some(report), after: None, .. } = error else {
        panic!("{error}")
    };
    assert!(report.passed, "{}", report.text());

    // Two things that went wrong are both told.
    let mut plan = Plan::new(|_| Err("no such task".into()));
    plan.heals = false;
    let fake = Fake::start(plan).await;
    let error = run(&fake, task, fake.settings(), pace(), never(), |_| {}).await.unwrap_err();
    let DrillError::Heal { report: None, after: Some(after), .. } = error else {
        panic!("{error}")
    };
    assert!(matches!(*after, DrillError::Inject { .. }), "{after}");
}

#[tokio::test]
async fn all_is_there_again_when_it_was_missing_before() {
    // At first the site has not noticed yet.
    let mut plan = Plan::nothing();
    let full = || Redundancy::Full;
    plan.redundancy =
        vec![full(), full(), full(), missing(), missing(), missing(), missing(), full()];
    let fake = Fake::start(plan).await;
    let task = drill("task").unwrap();
    let report = run(&fake, task, fake.settings(), pace(), never(), |_| {}).await.unwrap();
    // Asked each 50 ms, it was whole at the seventh time.
    let redundant = report.event.redundant.unwrap();
    assert!((0.28..0.6).contains(&redundant), "{redundant}");

    let mut plan = Plan::nothing();
    plan.redundancy = vec![full(), missing()];
    let fake = Fake::start(plan).await;
    let report = run(&fake, task, fake.settings(), pace(), never(), |_| {}).await.unwrap();
    assert_eq!(report.event.redundant, None);
    let goal = report.goals.iter().find(|it| it.goal.contains("all is there again")).unwrap();
    assert_eq!((goal.met, goal.measured.as_str()), (false, "not until the end"));
}

#[tokio::test]
async fn tasks_that_are_replaced_are_told() {
    for (after, said) in [(&["a", "b"], "0 of 2 replaced"), (&["a", "c"], "1 of 2 replaced")] {
        let mut plan = Plan::nothing();
        plan.tasks_after = after;
        let fake = Fake::start(plan).await;
        let (mut pace, stop) = (pace(), Arc::new(Notify::new()));
        pace.redundancy = Duration::from_secs(1);
        let notify = Arc::clone(&stop);
        // It would be left so for a minute.
        let progress = move |progress: &Progress| {
            if matches!(progress, Progress::Holding(_)) {
                notify.notify_one();
            }
        };
        let down = drill("db-down-60s").unwrap();
        let interrupted = async move { stop.notified().await };
        let report = run(&fake, down, fake.settings(), pace, interrupted, progress).await.unwrap();
        let goal = report.goals.iter().find(|it| it.goal == "no task is replaced").unwrap();
        assert_eq!(goal.measured, said);
    }
}

#[tokio::test]
async fn requests_under_way_at_the_event_are_no_failures_of_what_came_after() {
    // All requests take a while, so that some are under way; at the event those break.
    for (at_target, met) in [(Some(100), true), (Some(0), false), (None, true)] {
        let is_planted = AtomicBool::new(false);
        let fake = Fake::start(Plan::new(move |state: &mut State| {
            assert!(!is_planted.swap(true, Ordering::Relaxed));
            state.fault = None;
            Ok(at_target)
        }))
        .await;
        let broken = Arc::new(Mutex::new(0));
        fake.state().takes = (Duration::from_millis(300), Duration::from_millis(300));
        let (site, count) = (fake.clone(), Arc::clone(&broken));
        let progress = move |progress: &Progress| {
            // From a moment before the event on.
            if matches!(progress, Progress::Baseline(_)) {
                let (site, count) = (site.clone(), Arc::clone(&count));
                tokio::spawn(async move {
                    sleep(Duration::from_millis(620)).await;
                    site.state().fault = Some((Fault::Reset, Of::All, None));
                    let before = site.state().faults;
                    while site.injected() == 0 {
                        sleep(Duration::from_millis(1)).await;
                    }
                    *count.lock().unwrap() = site.state().faults - before;
                });
            }
        };
        let task = drill("task").unwrap();
        let report = run(&fake, task, fake.settings(), pace(), never(), progress).await.unwrap();
        let in_flight = report.in_flight;
        assert!(in_flight.failed > 2 && in_flight.failed <= in_flight.requests, "{in_flight:?}");
        assert_eq!(in_flight.failed, report.failed, "{}", report.text());
        assert_eq!(in_flight.failed, *broken.lock().unwrap());
        assert_eq!(in_flight.at_target, at_target);
        assert_eq!(report.goals[0].met, met, "{:?}", report.goals[0]);
    }
}
