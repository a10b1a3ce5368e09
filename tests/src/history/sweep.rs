//! Histories with crashes: at every moment, or at chosen ones.

use std::sync::LazyLock;

use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};

use super::{Conditions, History, Run};

/// A runtime of one thread.
///
/// # Panics
/// If the system has no room for it.
#[must_use]
pub fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// The runtime of several threads.
///
/// # Panics
/// If the system has no room for it.
pub fn threads() -> &'static Runtime {
    static THREADS: LazyLock<Runtime> = LazyLock::new(|| {
        Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap()
    });
    &THREADS
}

/// So many cases, or as many as `INFRA_SWEEP_CASES` says.
#[must_use]
pub fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var_os("INFRA_SWEEP_CASES");
    let cases = cases.and_then(|text| text.to_str()?.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(default),
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    }
}

/// Where a crash is to be: in which act, and when in it, both as far as there is one.
#[derive(Clone, Copy, Debug)]
pub struct Strike {
    /// Which act; the recovery at the end is one too.
    pub act: usize,
    /// Which moment of it.
    pub moment: u64,
}

/// Plays a history, with a death in each act that has a number other than 0 here; the one behind
/// the last act is the recovery. Says how many moments each had.
async fn play(
    history: &History,
    conditions: &Conditions,
    dies: &[u64],
) -> Result<Vec<u64>, String> {
    let mut run = Run::new(history, conditions);
    let mut moments = vec![];
    for step in 0..=history.acts.len() {
        let dies = dies.get(step).copied().unwrap_or(0);
        moments.push(run.step(history, step, dies).await?);
    }
    let dies = dies.get(history.acts.len() + 1).copied().unwrap_or(0);
    moments.push(run.settle(dies).await?);
    Ok(moments)
}

/// Plays a history without any crash.
///
/// # Errors
/// If something is not as it must be in the end.
pub async fn checked(history: &History, conditions: &Conditions) -> Result<(), String> {
    play(history, conditions, &[]).await.map(drop)
}

/// Every moment of every act is the last one once. Says how many crashes there were.
///
/// # Errors
/// If something is not as it must be after one of them.
pub async fn sweep(history: &History, conditions: &Conditions) -> Result<u64, String> {
    let mut crashes = 0;
    for act in 0..=history.acts.len() {
        for at in 1.. {
            let mut dies = vec![0; act];
            dies.push(at);
            let moments = play(history, conditions, &dies).await;
            let moments = moments.map_err(|why| format!("died in act {act}, at {at}: {why}"))?;
            if moments[act] < at {
                break;
            }
            crashes += 1;
        }
    }
    Ok(crashes)
}

/// A history in which several crashes happen.
///
/// # Errors
/// If something is not as it must be in the end.
pub async fn struck(
    history: &History,
    conditions: &Conditions,
    strikes: &[Strike],
) -> Result<(), String> {
    let moments = play(history, conditions, &[]).await?;
    let mut dies = vec![0; moments.len()];
    for strike in strikes {
        let act = strike.act % moments.len();
        dies[act] = 1 + strike.moment % moments[act].max(1);
    }
    play(history, conditions, &dies).await.map_err(|why| format!("died at {dies:?}: {why}"))?;
    Ok(())
}
