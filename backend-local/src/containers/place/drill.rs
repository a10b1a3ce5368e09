//! Drills of [`ContainersPlace`]: the agent does to its containers what a drill says.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use infra_core::handler::{
    BackendError, BoxFuture, DrillInfo, DrillListener, DrillReport, DrillRun, Drills, People,
    PlaceRequest,
};
use tokio::time::{Instant, sleep};

use super::{
    ContainersPlace,
    upgrade::{UpgradeError, Upgrading},
};
use crate::containers::{
    agent::{
        AgentError, Client,
        protocol::{Level, PartReport, Report, Serving, Strike, Struck},
    },
    drill::{
        Accounts, Application, DRILLS, Drill, DrillError, Facts, Hit, Injection, LoadSettings,
        Pace, Redundancy, Site, SiteError, Step, drill, run,
    },
};

/// How long is waited before a drill until all is there: another one may just have ended.
const WHOLE: Duration = Duration::from_secs(180);
/// Whoever runs all drills waits for no longer one.
const LONG: Duration = Duration::from_secs(600);
/// How many users the stand-in makes when it is installed.
const USERS: u32 = 200;

/// What the agent looks after, as a site that is drilled.
struct Drilled<'a> {
    client: Client,
    upgrading: Upgrading<'a>,
    zone: Option<String>,
}

impl Site for Drilled<'_> {
    async fn inject(&self, injection: Injection) -> Result<Hit, SiteError> {
        if injection == Injection::FailUpgrade {
            return Ok(Hit { target: self.upgrading.begin().await?, in_flight: None });
        }
        let strike = Strike { injection, zone: self.zone.clone() };
        let Struck { target, in_flight } = self.client.post("/inject", &strike).await?;
        Ok(Hit { target, in_flight })
    }

    async fn heal(&self) -> Result<(), SiteError> {
        let healed: Result<bool, _> = self.client.post("/heal", &()).await;
        // Whatever fails, the rest is done.
        self.upgrading.back().await?;
        healed?;
        Ok(())
    }

    async fn redundancy(&self) -> Result<Redundancy, SiteError> {
        let report: Report = self.client.get("/report").await?;
        let missing = missing(&report.parts);
        Ok(if missing.is_empty() { Redundancy::Full } else { Redundancy::Missing(missing) })
    }

    async fn facts(&self) -> Result<Facts, SiteError> {
        let Serving { tasks, instances, images, .. } = self.client.get("/serving").await?;
        let deployed = images.into_iter().collect::<Vec<_>>().join(", ");
        Ok(Facts { tasks, instances, deployed })
    }
}

/// What is not as it is wanted, or could not lose any one of its parts, in words.
fn missing(parts: &[PartReport]) -> Vec<String> {
    let mut missing = vec![];
    for part in parts {
        for thing in &part.things {
            let what = match thing.level {
                Level::Gone => "is gone",
                Level::Failed => "failed",
                Level::Pending => "is not ready",
                Level::Ready if !thing.redundant => "is not redundant",
                Level::Ready => continue,
            };
            let mut words = format!("{} {} {what}", part.name, thing.id);
            if !thing.message.is_empty() {
                words = format!("{words}: {}", thing.message);
            }
            missing.push(words);
        }
    }
    missing
}

/// Whether a drill takes an upgrade that fails.
fn takes_upgrade(drill: &Drill) -> bool {
    drill.steps.contains(&Step::Inject(Injection::FailUpgrade))
}

/// Whether a drill hits an availability zone.
fn takes_zone(drill: &Drill) -> bool {
    let zone = [Step::Inject(Injection::KillZone), Step::Inject(Injection::CutZone)];
    drill.steps.iter().any(|step| zone.contains(step))
}

/// What was asked for can't be done.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("there is no drill `{0}`: `drill list` shows all")]
    Unknown(String),
    #[error("nothing serves people yet: deploy the program first")]
    NobodyServes,
    #[error("no task that serves people is in the availability zone `{zone}`: there are {}", .there.join(", "))]
    NoZone { zone: String, there: Vec<String> },
    #[error("the certificate of the site's authority can't be read")]
    Authority(#[source] std::io::Error),
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> BackendError {
    BackendError::new("the drill could not be run", error)
}

impl Drilled<'_> {
    /// A zone that is not there is found before people come, and not after they have been measured.
    async fn know_zone(&self) -> Result<(), BackendError> {
        let Some(zone) = &self.zone else { return Ok(()) };
        let serving: Serving = self.client.get("/serving").await.map_err(failed)?;
        if serving.zones.contains(zone) {
            return Ok(());
        }
        let (zone, there) = (zone.clone(), serving.zones.into_iter().collect());
        Err(failed(Refused::NoZone { zone, there }))
    }
}

impl Drills for ContainersPlace {
    fn list(&self) -> Vec<DrillInfo> {
        let all = DRILLS.iter().map(|drill| DrillInfo {
            name: drill.name.to_owned(),
            happens: drill.happens.to_owned(),
            teaches: drill.teaches.to_owned(),
            takes_upgrade: takes_upgrade(drill),
            takes_zone: takes_zone(drill),
            is_long: drill.waits() > LONG,
        });
        all.collect()
    }

    fn run<'a>(
        &'a self,
        request: &'a PlaceRequest,
        wanted: &'a DrillRun,
        interrupt: BoxFuture<'a, ()>,
        listener: DrillListener<'a>,
    ) -> BoxFuture<'a, Result<DrillReport, BackendError>> {
        Box::pin(async move {
            let name = &wanted.name;
            let drill = drill(name).ok_or_else(|| failed(Refused::Unknown(name.clone())))?;
            if takes_upgrade(drill) && wanted.upgrade.is_none() {
                return Err(failed(UpgradeError::Missing));
            }
            let (folder, process) = Self::process(request)?;
            let upgrading = Upgrading::new(wanted.upgrade.as_ref(), listener);
            let zone = wanted.zone.clone();
            let site = Drilled { client: process.client().clone(), upgrading, zone };
            site.know_zone().await?;
            let report: Report = site.client.get("/report").await.map_err(failed)?;
            let url = report.address.ok_or_else(|| failed(Refused::NobodyServes))?;
            let authority = std::fs::read_to_string(folder.authority());
            let authority = authority.map_err(|error| failed(Refused::Authority(error)))?;
            let (application, accounts) = match &wanted.people {
                People::Derived(secret) => {
                    let users = wanted.users.min(USERS);
                    let accounts = Accounts::Derived { secret: secret.clone(), users };
                    (Application::StandIn, accounts)
                }
                People::Named(all) => (Application::Moodle, Accounts::Named(all.clone().into())),
            };
            let local = local(&url).ok_or_else(|| failed(Refused::NobodyServes))?;
            let url = wanted.url.clone().unwrap_or(url);
            let mut settings = LoadSettings::new(application, url, accounts);
            (settings.authority, settings.address) = (Some(authority), Some(local));
            (settings.users, settings.rate) = (wanted.users, wanted.rate);
            let mut interrupt = interrupt;
            tokio::select! {
                biased;
                () = &mut interrupt => return Err(failed(DrillError::Interrupted)),
                whole = until_whole(&site, listener) => whole.map_err(failed)?,
            }
            let progress = |progress: &_| listener(&format!("{progress}"));
            let ran = run(&site, drill, settings, Pace::default(), interrupt, progress).await;
            let report = ran.map_err(|error| {
                // What was measured is not lost with what could not be taken back.
                if let DrillError::Heal { report: Some(report), .. } = &error {
                    listener(&report.text());
                }
                failed(error)
            })?;
            Ok(DrillReport {
                passed: report.passed,
                interrupted: report.interrupted,
                text: report.text(),
                json: report.json(),
                html: report.html(),
            })
        })
    }

    fn heal<'a>(&'a self, request: &'a PlaceRequest) -> BoxFuture<'a, Result<(), BackendError>> {
        Box::pin(async move {
            let (_, process) = Self::process(request)?;
            // An upgrade is taken back by whoever began it.
            let upgrading = Upgrading::new(None, &|_| {});
            let site = Drilled { client: process.client().clone(), upgrading, zone: None };
            site.heal().await.map_err(|error| {
                BackendError::new("what drills did to the site could not be taken back", error)
            })
        })
    }
}

/// Where the site listens on this machine.
fn local(url: &str) -> Option<SocketAddr> {
    let url: hyper::Uri = url.parse().ok()?;
    Some(SocketAddr::from((Ipv4Addr::LOCALHOST, url.port_u16()?)))
}

/// Waits until all is there; what is missing then the drill itself says.
async fn until_whole(site: &Drilled<'_>, listener: DrillListener<'_>) -> Result<(), AgentError> {
    let began = Instant::now();
    let mut said = vec![];
    while began.elapsed() < WHOLE {
        let report: Report = site.client.get("/report").await?;
        let missing = missing(&report.parts);
        if missing.is_empty() {
            return Ok(());
        }
        if missing != said {
            listener(&format!("waits until all is there: {}", missing.join(", ")));
            said = missing;
        }
        sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::agent::protocol::ThingReport;

    fn thing(id: &str, level: Level, redundant: bool, message: &str) -> ThingReport {
        let (id, message) = (id.to_owned(), message.to_owned());
        ThingReport { id, level, message, redundant, parts: vec![], events: vec![] }
    }

    #[test]
    fn what_is_missing_is_named() {
        let parts = [
            PartReport {
                name: "database".to_owned(),
                things: vec![
                    thing("main", Level::Ready, false, "two: it does not answer"),
                    thing("other", Level::Ready, true, ""),
                ],
            },
            PartReport {
                name: "compute".to_owned(),
                things: vec![thing("web", Level::Pending, true, "1 of 2 tasks run")],
            },
        ];
        assert_eq!(
            missing(&parts),
            [
                "database main is not redundant: two: it does not answer",
                "compute web is not ready: 1 of 2 tasks run"
            ]
        );
        assert!(missing(&[]).is_empty());
    }

    #[test]
    fn the_site_listens_on_this_machine() {
        let local = local("https://localhost:8443").unwrap();
        assert_eq!(local.to_string(), "127.0.0.1:8443");
    }

    #[test]
    fn drills_say_what_they_take() {
        let all = ContainersPlace.list();
        let those = |takes: fn(&DrillInfo) -> bool| {
            all.iter().filter(|it| takes(it)).map(|it| it.name.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(those(|it| it.takes_upgrade), ["upgrade-fails"]);
        assert_eq!(those(|it| it.takes_zone), ["az", "network-cut"]);
    }
}
