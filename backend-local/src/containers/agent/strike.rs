//! [`Strikes`]: what drills do to what the agent looks after, and taking it back.

use std::{
    collections::BTreeSet,
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::try_join_all;
use infra_core::engine::full_message;
use tokio::{sync::Mutex as AsyncMutex, task::JoinHandle, time::sleep};

use super::{
    AgentError, DrillAct, Part, Surroundings,
    aim::{self, Candidate, aim, candidates},
    protocol::{PartReport, Serving, Strike, Struck},
};
use crate::containers::{
    docker::{Docker, DockerError, Labels},
    drill::Injection,
};

/// How often it is looked whether what is to stay down has come back.
const STEP: Duration = Duration::from_millis(150);

/// What is done until it is taken back.
#[derive(Default)]
pub(super) struct Strikes {
    /// Whoever does something or takes it back: what is half done can't be taken back.
    acting: AsyncMutex<()>,
    /// Keeps down what is to stay down.
    held: Mutex<Option<JoinHandle<()>>>,
}

/// Who serves people.
pub(super) async fn serving(around: &Surroundings) -> Result<Serving, AgentError> {
    Ok(aim::serving(&all(around).await?))
}

async fn all(around: &Surroundings) -> Result<Vec<Candidate>, AgentError> {
    let seen = around.docker.find(&Labels::of_account(around.account())).await?;
    Ok(candidates(&seen))
}

/// Whose matter an act is does it.
async fn tell(parts: &[Arc<dyn Part>], act: &DrillAct) -> Result<Option<String>, AgentError> {
    for part in parts {
        if let Some(words) = part.drill(act).await? {
            return Ok(Some(words));
        }
    }
    Ok(None)
}

impl Strikes {
    fn hold(&self, task: Option<JoinHandle<()>>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *held, task) {
            before.abort();
        }
    }

    /// Does it; says what it hit.
    pub(super) async fn inject(
        &self,
        around: &Surroundings,
        parts: &[Arc<dyn Part>],
        reports: &[PartReport],
        strike: &Strike,
    ) -> Result<Struck, AgentError> {
        let _acting = self.acting.lock().await;
        let injection = strike.injection;
        let refused = |said: String| AgentError::Refused { said };
        around.log.line(format_args!("a drill: {injection}"));
        let target = match injection {
            Injection::DeployBadImage => {
                let told = tell(parts, &DrillAct::DeployBadImage).await?;
                told.ok_or_else(|| refused("nobody deploys services".to_owned()))?
            }
            Injection::FailUpgrade => {
                return Err(refused("only whoever has the program begins an upgrade".to_owned()));
            }
            _ => {
                let chance = RandomState::new().hash_one(0_u8);
                let aim = aim(strike, &all(around).await?, reports, chance).map_err(refused)?;
                self.strike(around, parts, injection, &aim).await?;
                aim.words
            }
        };
        around.log.line(format_args!("the drill hit {target}"));
        // The balancers tell nobody what each of their targets has under way.
        Ok(Struck { target, in_flight: None })
    }

    async fn strike(
        &self,
        around: &Surroundings,
        parts: &[Arc<dyn Part>],
        injection: Injection,
        aim: &aim::Aim,
    ) -> Result<(), AgentError> {
        let docker = &around.docker;
        let zone: BTreeSet<String> = aim.zone.iter().cloned().collect();
        if injection == Injection::KillZone {
            // What is started there before all of it is killed reaches nobody.
            tell(parts, &DrillAct::Fail(zone.clone())).await?;
        }
        match injection {
            Injection::CutZone => {}
            Injection::HangWriter | Injection::HangStorage => {
                try_join_all(aim.containers.iter().map(|name| docker.pause(name))).await?;
            }
            _ => {
                try_join_all(aim.containers.iter().map(|name| docker.kill(name))).await?;
            }
        }
        // Neither does what is started there afterwards: the zone is down, not only empty.
        if !zone.is_empty() {
            tell(parts, &DrillAct::Cut(zone)).await?;
        }
        if injection == Injection::KillDatabase {
            let (around, names) = (around.clone(), aim.containers.clone());
            self.hold(Some(tokio::spawn(keep_down(around, names))));
        }
        Ok(())
    }

    /// Takes back what does not mend itself. Done twice, or with nothing done before, it does
    /// nothing; it also takes back what an agent did that was killed since.
    pub(super) async fn heal(
        &self,
        around: &Surroundings,
        parts: &[Arc<dyn Part>],
    ) -> Result<(), AgentError> {
        let _acting = self.acting.lock().await;
        self.hold(None);
        let cut = tell(parts, &DrillAct::Cut(BTreeSet::new())).await;
        let image = tell(parts, &DrillAct::TakeBackImage).await;
        let awake = wake(&around.docker, around.account()).await;
        around.log.line("what drills did is taken back");
        // Whatever fails, the rest is done.
        cut?;
        image?;
        Ok(awake?)
    }
}

/// Lets go on what is frozen.
async fn wake(docker: &Docker, account: &str) -> Result<(), DockerError> {
    let mut failed = Ok(());
    for seen in docker.find(&Labels::of_account(account)).await? {
        if !seen.paused {
            continue;
        }
        let Err(error) = docker.unpause(&seen.id).await else { continue };
        // Somebody else may have ended it meanwhile.
        let now = docker.see(&seen.id).await;
        if now.map_or(true, |now| now.is_some_and(|now| now.paused)) {
            failed = Err(error);
        }
    }
    failed
}

/// Kills again whatever comes back.
async fn keep_down(around: Surroundings, names: Vec<String>) {
    loop {
        for name in &names {
            let kill = match around.docker.see(name).await {
                Ok(Some(seen)) if seen.running => around.docker.kill(name).await,
                Ok(_) => Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = kill {
                around.log.line(full_message(&error));
            }
        }
        sleep(STEP).await;
    }
}
