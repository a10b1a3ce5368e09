//! [`run`]: one drill, from warming up to its report. Whatever happens, the site is healed.

mod progress;
mod scenario;

use std::{future::Future, sync::Mutex, time::Duration};

pub use progress::Progress;

use tokio::sync::Mutex as AsyncMutex;

use self::scenario::{Noted, Scenario};
use super::{
    Drill, Facts, Injection, Load, LoadError, LoadSettings, Marks, Measured, Redundancy, Report,
    Serving, Site, SiteError, load::Verified,
};

/// How long the parts of a drill last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pace {
    /// Until everybody has logged in: it is not measured.
    pub warm_up: Duration,
    /// What is measured before the event.
    pub baseline: Duration,
    /// What is measured after all is there again.
    pub cool_down: Duration,
    /// How long is waited until all is there again.
    pub redundancy: Duration,
    /// How often the site is asked whether it is.
    pub poll: Duration,
    /// How long the site may take to notice that something is missing. Until then that all is there
    /// is believed only if it was not so in between.
    pub notice: Duration,
    /// How long is tried, at the end, to find out what became of what was acknowledged.
    pub verification: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            warm_up: Duration::from_secs(20),
            baseline: Duration::from_secs(20),
            cool_down: Duration::from_secs(20),
            redundancy: Duration::from_secs(300),
            poll: Duration::from_millis(250),
            notice: Duration::from_secs(15),
            verification: Duration::from_secs(60),
        }
    }
}

/// Why a drill has no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DrillError {
    /// The site can't be visited.
    #[error("the site can't be visited")]
    Load(#[from] LoadError),
    /// Something was missing before: whatever is measured then, it is another thing.
    #[error("a part of the site is missing before the drill ({}): wait until all is there; what a drill left that was killed is taken back by `drill heal`", .missing.join(", "))]
    NotWhole {
        /// What.
        missing: Vec<String>,
    },
    /// The site does not say how it is.
    #[error("the site does not say how it is")]
    Ask {
        /// What it said.
        source: SiteError,
    },
    /// The event did not come.
    #[error("the drill could not {injection}")]
    Inject {
        /// What was to be done.
        injection: Injection,
        /// Why not.
        source: SiteError,
    },
    /// Somebody ended it before the event: there is nothing to report.
    #[error("interrupted before anything happened to the site")]
    Interrupted,
    /// What was done to the site could not be taken back. Look at it, before people do.
    #[error(
        "what the drill `{drill}` did to the site could not be taken back: try `drill heal`, or heal it by hand"
    )]
    Heal {
        /// Which.
        drill: &'static str,
        /// Why not.
        source: SiteError,
        /// What was measured until then.
        report: Option<Box<Report>>,
        /// What went wrong before.
        after: Option<Box<Self>>,
    },
}

/// Runs a drill: warms up, measures, does to the site what the drill says, waits until all is there
/// again, and holds the site to what it acknowledged. Whatever goes wrong, and if `interrupt` ends
/// (Ctrl-C), the site is healed, after an event that is under way. Only a future that is dropped heals nothing.
///
/// # Errors
/// If there is nothing to report, or the site could not be healed.
pub async fn run<S: Site>(
    site: &S,
    drill: &'static Drill,
    settings: LoadSettings,
    pace: Pace,
    interrupt: impl Future<Output = ()> + Send,
    progress: impl Fn(&Progress) + Send + Sync,
) -> Result<Report, DrillError> {
    let redundancy = site.redundancy().await.map_err(|source| DrillError::Ask { source })?;
    if let Redundancy::Missing(missing) = redundancy {
        return Err(DrillError::NotWhole { missing });
    }
    let before = site.facts().await.map_err(|source| DrillError::Ask { source })?;
    let (rate, users) = (settings.rate, settings.users);
    let load = Load::start(settings)?;
    let serving = Serving::of(&before);
    let noted = Mutex::new(Noted { serving, most: serving, ..Noted::default() });
    let began = load.began();
    let injecting = AsyncMutex::default();
    let scenario = Scenario {
        site,
        load: &load,
        rate,
        drill,
        began,
        pace,
        noted: &noted,
        injecting: &injecting,
        before: serving,
        progress: &progress,
    };
    let interrupted = async {
        interrupt.await;
        scenario.say(Progress::Interrupted);
        // What is half done can't be taken back.
        injecting.lock().await
    };
    let played = tokio::select! {
        biased;
        _done = interrupted => None,
        played = scenario.play() => Some(played),
    };
    // Before anything else: of what follows, nothing may keep it from being done.
    let healed = site.heal().await;
    if healed.is_ok() {
        scenario.say(Progress::Healed);
    }
    let run = Ran { drill, rate, users, before, interrupted: played.is_none(), to: load.now() };
    let measured = match played {
        Some(Err(error)) => Err(error),
        _ => {
            scenario.say(Progress::Verifying);
            let verified = load.finish(pace.verification).await;
            let noted = std::mem::take(&mut *scenario::locked(&noted));
            measure(site, run, noted, verified).await
        }
    };
    let measured = measured.map(|measured| measured.report());
    match (healed, measured) {
        (Ok(()), measured) => measured,
        (Err(source), measured) => {
            let (report, after) = match measured {
                Ok(report) => (Some(Box::new(report)), None),
                Err(error) => (None, Some(Box::new(error))),
            };
            Err(DrillError::Heal { drill: drill.name, source, report, after })
        }
    }
}

/// What was run.
struct Ran {
    drill: &'static Drill,
    rate: f64,
    users: u32,
    before: Facts,
    interrupted: bool,
    to: Duration,
}

/// Collects what was seen.
async fn measure<S: Site>(
    site: &S,
    run: Ran,
    noted: Noted,
    verified: Verified,
) -> Result<Measured, DrillError> {
    let Ran { drill, rate, users, before, interrupted, to } = run;
    let (Some((event, injected)), Some(hit)) = (noted.event, noted.hit) else {
        return Err(DrillError::Interrupted);
    };
    let marks = Marks { from: noted.from, event, injected, redundant: noted.redundant, to };
    Ok(Measured {
        drill,
        marks,
        rate,
        users,
        hit,
        before,
        // What a site does not say is a goal that is not met, and no reason to throw the rest away.
        after: site.facts().await.ok(),
        most: noted.most,
        timeline: noted.timeline,
        interrupted,
        verified,
    })
}
