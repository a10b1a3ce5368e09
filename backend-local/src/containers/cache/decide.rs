//! What has to be done for there to be one primary. No I/O.

use std::{collections::BTreeMap, time::Duration};

use super::{look::View, spec::Timing};

/// What is known at one moment.
#[derive(Clone, Debug)]
pub(super) struct Scene<'a> {
    /// The nodes, by name.
    pub(super) views: &'a BTreeMap<String, View>,
    /// Who was the primary until now.
    pub(super) primary: &'a str,
    /// Whom most of the sentinels take for it, if they agree.
    pub(super) vote: Option<&'a str>,
    /// How long the primary has not been one.
    pub(super) trouble: Duration,
    /// How long is waited for what.
    pub(super) timing: &'a Timing,
}

/// What has to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing: the primary takes writes.
    Stay,
    /// Nothing yet.
    Wait,
    /// The endpoint has to lead to another one, once the old one can't take writes.
    Switch(String),
    /// A replica takes its place.
    Promote(String),
    /// The primary is ended: it answers nobody.
    Fence,
    /// The primary starts anew, without data: there is nobody else.
    Revive,
}

/// What has to be done.
pub(super) fn decide(scene: &Scene<'_>) -> Step {
    let others = || scene.views.iter().filter(|(id, _)| *id != scene.primary);
    let takes_writes = |id: &str| matches!(scene.views.get(id), Some(View::Primary { .. }));
    // They have agreed on another one, and it knows.
    if let Some(vote) = scene.vote.filter(|vote| *vote != scene.primary && takes_writes(vote)) {
        return Step::Switch(vote.to_owned());
    }
    let mut promoted = others().filter(|(_, view)| matches!(view, View::Primary { .. }));
    let promoted = match (promoted.next(), promoted.next()) {
        (Some((id, _)), None) => Some(id.clone()),
        _ => None,
    };
    match scene.views.get(scene.primary).unwrap_or(&View::Down) {
        View::Primary { .. } => Step::Stay,
        // Whoever takes writes while it does not was promoted.
        _ if promoted.is_some() => promoted.map_or(Step::Wait, Step::Switch),
        // The sentinels have made it follow one that can't be seen.
        View::Replica { .. } | View::Down => without_primary(scene),
        View::Silent(_) if scene.trouble >= scene.timing.hang => Step::Fence,
        View::Silent(_) | View::Loading => Step::Wait,
    }
}

fn without_primary(scene: &Scene<'_>) -> Step {
    let others = || scene.views.iter().filter(|(id, _)| *id != scene.primary);
    // One that was the primary may be the best, too, if it was made a replica.
    let replica = scene.views.iter().filter_map(|(id, view)| match view {
        View::Replica { offset, .. } => Some((*offset, id)),
        _ => None,
    });
    // The one with most data; of several the first by name.
    let best = replica.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    let loads = others().any(|(_, view)| *view == View::Loading);
    let silent = others().any(|(_, view)| matches!(view, View::Silent(_)));
    match best {
        Some((_, best)) => Step::Promote(best.clone()),
        // One that loads or hangs may have the data.
        None if loads => Step::Wait,
        None if silent && scene.trouble < scene.timing.patience => Step::Wait,
        None => Step::Revive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMING: Timing = Timing {
        look: Duration::from_millis(300),
        haste: Duration::from_millis(50),
        glance: Duration::from_millis(500),
        answer: Duration::from_secs(2),
        down_after: Duration::from_secs(10),
        hang: Duration::from_secs(2),
        patience: Duration::from_secs(10),
    };

    fn primary() -> View {
        View::Primary { offset: 9, fed: Default::default() }
    }

    fn replica(offset: u64) -> View {
        View::Replica { of: None, follows: true, offset }
    }

    fn silent() -> View {
        View::Silent("hangs".to_owned())
    }

    struct Told {
        vote: Option<&'static str>,
        trouble: u64,
    }

    const TOLD: Told = Told { vote: Some("a"), trouble: 0 };

    #[track_caller]
    fn check(nodes: [View; 3], told: Told, wanted: Step) {
        let views = ["a", "b", "c"].map(str::to_owned).into_iter().zip(nodes).collect();
        let scene = Scene {
            views: &views,
            primary: "a",
            vote: told.vote,
            trouble: Duration::from_secs(told.trouble),
            timing: &TIMING,
        };
        assert_eq!(decide(&scene), wanted);
    }

    #[test]
    fn a_primary_that_takes_writes_stays() {
        check([primary(), replica(9), View::Down], TOLD, Step::Stay);
        // Another one that says so has no vote.
        check([primary(), primary(), replica(9)], TOLD, Step::Stay);
        let none = Told { vote: None, ..TOLD };
        check([primary(), primary(), replica(9)], none, Step::Stay);
    }

    #[test]
    fn the_sentinels_have_the_last_word() {
        let voted = || Told { vote: Some("b"), ..TOLD };
        check([primary(), primary(), replica(9)], voted(), Step::Switch("b".to_owned()));
        // It has not heard of it yet.
        check([primary(), replica(9), replica(9)], voted(), Step::Stay);
        check([View::Down, primary(), primary()], voted(), Step::Switch("b".to_owned()));
    }

    #[test]
    fn a_dead_one_is_followed_at_once_by_the_one_with_most_data() {
        check([View::Down, replica(8), replica(9)], TOLD, Step::Promote("c".to_owned()));
        check([View::Down, replica(9), replica(9)], TOLD, Step::Promote("b".to_owned()));
        check([View::Down, silent(), replica(9)], TOLD, Step::Promote("c".to_owned()));
        // The sentinels have made it follow one that is gone.
        check([replica(9), replica(8), View::Down], TOLD, Step::Promote("a".to_owned()));
        // It was promoted already, whoever did so.
        check([View::Down, primary(), replica(8)], TOLD, Step::Switch("b".to_owned()));
    }

    #[test]
    fn a_hung_one_is_waited_for_and_then_ended() {
        check([silent(), replica(9), replica(9)], Told { trouble: 1, ..TOLD }, Step::Wait);
        check([silent(), primary(), replica(9)], TOLD, Step::Switch("b".to_owned()));
        check([silent(), replica(9), replica(9)], Told { trouble: 2, ..TOLD }, Step::Fence);
    }

    #[test]
    fn data_is_given_up_only_when_nobody_has_it() {
        check([View::Down, silent(), View::Down], Told { trouble: 9, ..TOLD }, Step::Wait);
        check([View::Down, silent(), View::Down], Told { trouble: 10, ..TOLD }, Step::Revive);
        check([View::Down, View::Down, View::Down], TOLD, Step::Revive);
        let late = || Told { trouble: 99, ..TOLD };
        check([View::Loading, View::Down, View::Down], late(), Step::Wait);
        check([View::Down, View::Loading, View::Down], late(), Step::Wait);
    }
}
