//! Invariant 12: secrets are nowhere in clear.

use std::sync::{Arc, Mutex};

use infra_core::{
    event::Event,
    mutants::{Mutant, Mutants},
};
use infra_tests::{
    history::{Conditions, Death, History, Run, cases, conditions, history, runtime},
    spec::Spec,
};
use proptest::{prelude::*, test_runner::TestCaseError};

use crate::planted::{boxes, must_notice};

/// What a secret of random programs holds.
const CANARY: &str = "canary-secret";

/// Plays a history of which one act dies, and looks for the secret in whatever anybody could read
/// after each act: state and account on disk (which each step looks through by itself), events,
/// previews, programs, saved plans.
async fn nowhere_in_clear(
    history: &History,
    conditions: &Conditions,
    dies: (usize, u64),
) -> Result<(), String> {
    let mut run = Run::new(history, conditions);
    let events = Arc::<Mutex<Vec<Event>>>::default();
    run.world.events = Some(Arc::clone(&events));
    for step in 0..=history.acts.len() {
        run.step(history, step, if dies.0 == step { dies.1 } else { 0 }).await?;
        let (program, options) = (run.program(), run.world.options.clone());
        let failed = |error| format!("{error:?}");
        let preview = run.engine().preview(&program, &options).await.map_err(failed)?;
        let saved = run.engine().save_plan(&program, &options).await.map_err(failed)?;
        let saved = serde_json::to_string(&saved).map_err(|error| error.to_string())?;
        let heard = serde_json::to_string(&*events.lock().unwrap()).map_err(|e| e.to_string())?;
        let (state, objects) = (run.world.state().await, run.world.objects());
        let said = format!("{preview:?} {program:?} {state:?} {objects:?}");
        for (what, text) in [("saved plan", saved), ("events", heard), ("what is shown", said)] {
            if text.contains(CANARY) {
                return Err(format!("act {step}: a secret is in the {what}"));
            }
        }
    }
    Ok(())
}

fn with_secrets(mut specs: Vec<Spec>) -> Vec<Spec> {
    specs.iter_mut().for_each(|spec| spec.secret = true);
    specs
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn invariant_12_secrets_are_nowhere_in_clear(
        history in history(6, 1..=3),
        conditions in conditions(),
        dies in (0..4_usize, 1..80_u64),
    ) {
        let history = History { first: with_secrets(history.first), ..history };
        let done = runtime().block_on(nowhere_in_clear(&history, &conditions, dies));
        done.map_err(TestCaseError::fail)?;
    }
}

#[test]
pub(crate) fn planted_secrets_are_written_in_clear() {
    let history = History { first: with_secrets(boxes(1)), acts: vec![] };
    must_notice(Mutant::SecretsInClear, |mutants: Mutants| {
        let conditions = Conditions { mutants, death: Death::Killed, ..Conditions::default() };
        runtime().block_on(nowhere_in_clear(&history, &conditions, (9, 0)))
    });
}
