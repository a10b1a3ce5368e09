//! What runs tasks: it ends after the one that it is at, is kept by ECS for so long, and stands
//! still while the site is closed.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    thread::{sleep, spawn},
    time::Duration,
};

use serde_json::{Value as Json, json};

use crate::{
    aws::{Request, answer, read},
    docker::{Container, succeeded, text},
    site::Site,
    status,
};

#[test]
fn cron_ends_after_what_it_is_at() {
    let Some(site) = Site::new() else { return };
    succeeded(&site.run("install", &[]));
    let cron = site.start("cron", &[]);
    cron.wait_until_it_says("task 0 begins");
    assert_eq!(cron.stop(), "0", "{}", cron.logs());
    assert!(cron.logs().contains("cron ends"), "{}", cron.logs());
}

/// The agent of ECS: what it was told, and whether it does it.
struct Agent {
    uri: String,
    told: Arc<Mutex<Vec<bool>>>,
}

impl Agent {
    fn new(site: &Site, does_it: bool) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let told: Arc<Mutex<Vec<bool>>> = Arc::default();
        let record = Arc::clone(&told);
        spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let Request { line, body, .. } = read(&mut connection);
                assert_eq!(line, "PUT /agent/task-protection/v1/state HTTP/1.1");
                let Json::Bool(protected) = body["ProtectionEnabled"] else { panic!("{body}") };
                assert!((1..=2_880).contains(&body["ExpiresInMinutes"].as_u64().unwrap()));
                record.lock().unwrap().push(protected);
                let status = if does_it { 200 } else { 500 };
                answer(&mut connection, status, &json!({ "protection": body }));
            }
        });
        Self { uri: format!("ECS_AGENT_URI=http://{}:{port}/agent", site.gateway()), told }
    }

    fn told(&self) -> Vec<bool> {
        self.told.lock().unwrap().clone()
    }

    /// Starts a role that it looks after.
    fn start(&self, site: &Site, role: &str) -> Container {
        site.start(role, &["--env", &self.uri])
    }
}

#[test]
fn a_task_is_kept_while_something_runs_in_it_and_let_go_between() {
    let Some(site) = Site::new() else { return };
    succeeded(&site.run("install", &[]));
    for (role, says) in [("cron", "task 0"), ("adhoc", "adhoc")] {
        let agent = Agent::new(&site, true);
        let runner = agent.start(&site, role);
        runner.wait_until_it_says(&format!("{says} begins"));
        assert_eq!(agent.told(), [true], "{role}");
        runner.wait_until_it_says(&format!("{says} ends"));
        let mut tries = 0;
        while agent.told() != [true, false] {
            tries += 1;
            assert!(tries < 100, "{role} was told {:?}", agent.told());
            sleep(Duration::from_millis(100));
        }
        if role == "cron" {
            // What the monitoring counts.
            runner.wait_until_it_says("moodle-entrypoint: cron: ran to its end");
        }
        assert_eq!(runner.stop(), "0", "{}", runner.logs());
        assert_eq!(agent.told(), [true, false], "{role}");
    }
    // What is told to end while something runs lets go of its task when that has ended.
    let agent = Agent::new(&site, true);
    let runner = agent.start(&site, "adhoc");
    runner.wait_until_it_says("adhoc begins");
    assert_eq!(runner.stop(), "0", "{}", runner.logs());
    assert!(runner.logs().contains("adhoc ends"), "{}", runner.logs());
    assert_eq!(agent.told(), [true, false]);
}

#[test]
fn work_goes_on_where_ecs_can_not_be_told() {
    let Some(site) = Site::new() else { return };
    succeeded(&site.run("install", &[]));
    let agent = Agent::new(&site, false);
    let runner = agent.start(&site, "adhoc");
    runner.wait_until_it_says("adhoc ends");
    assert!(
        runner.logs().contains("ECS was not told to keep this task: true"),
        "{}",
        runner.logs()
    );
}

#[test]
fn a_site_is_closed_when_its_tasks_are_over_and_opened_again() {
    let Some(site) = Site::new() else { return };
    let pace = ["--env", "MAINTENANCE_PACE=1"];
    let early = succeeded(&site.run("maintenance on", &pace));
    assert!(early.contains("there is no site yet"), "{early}");
    succeeded(&site.run("install", &[]));
    let web = site.web();
    let several = ["--env", "STANDIN_TASKS=9", "--env", "STANDIN_SECONDS=3"];
    let cron = site.start("cron", &several);
    cron.wait_until_it_says("task 0 begins");

    let closed = succeeded(&site.run("maintenance on", &pace));
    assert!(closed.contains("nothing runs any more"), "{closed}");
    let said = cron.logs();
    assert!(said.contains("task 0 ends") && said.contains("cron ends"), "{said}");
    assert!(!said.contains("task 8 begins"), "{said}");
    assert_eq!(status(&web, "/index.php", &[]), "503");
    assert_eq!(status(&web, "/health", &[]), "200");
    let suspended = site.start("cron", &[]);
    suspended.wait_until_it_says("cron execution suspended");

    succeeded(&site.run("maintenance on", &pace));
    for _ in 0..2 {
        let opened = succeeded(&site.run("maintenance off", &[]));
        assert!(opened.contains("caches purged"), "{opened}");
        assert_eq!(status(&web, "/index.php", &[]), "200");
    }
    let unknown = site.run("maintenance later", &[]);
    assert!(text(&unknown.stderr).contains("say on or off"), "{unknown:?}");
}

#[test]
fn a_site_whose_tasks_do_not_end_stays_open_and_they_are_named() {
    let Some(site) = Site::new() else { return };
    succeeded(&site.run("install", &[]));
    let web = site.web();
    let cron = site.start("cron", &["--env", "STANDIN_SECONDS=60"]);
    cron.wait_until_it_says("task 0 begins");
    let impatient = ["--env", "MAINTENANCE_PACE=1", "--env", "MAINTENANCE_PATIENCE=2"];
    let refused = site.run("maintenance on", &impatient);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("standin_task on here"), "{refused:?}");
    assert_eq!(status(&web, "/index.php", &[]), "200");
}
