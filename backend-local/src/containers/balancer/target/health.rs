//! [`Health`]: what is known of a target, as a fold over what happens to it.

use super::status::{Reason, TargetState, TargetStatus};

/// How many checks in a row change a mind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thresholds {
    pub(super) healthy: u32,
    pub(super) unhealthy: u32,
}

/// What happens to a target.
#[derive(Debug)]
pub(super) enum Event {
    /// A check went well.
    Good,
    /// A check did not.
    Bad(Reason),
    /// It refused connections of requests.
    Refused,
}

/// What is known of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Health {
    pub(super) status: TargetStatus,
    /// Checks in a row that speak against its state.
    streak: u32,
    /// One good check is enough: it never was well yet, or requests found it ill before a check did.
    lenient: bool,
}

impl Health {
    /// That of a new target.
    pub(super) fn new() -> Self {
        let status =
            TargetStatus { state: TargetState::Initial, reason: Some(Reason::registering()) };
        Self { status, streak: 0, lenient: true }
    }

    /// What is known after an event.
    pub(super) fn next(mut self, event: Event, thresholds: Thresholds) -> Self {
        use TargetState::{Healthy, Initial, Unhealthy};
        match (self.status.state, event) {
            (Healthy, Event::Good) => self.streak = 0,
            (_, Event::Good) => {
                if self.status.state == Initial {
                    self.streak = 0;
                }
                self.streak += 1;
                if self.lenient || self.streak >= thresholds.healthy {
                    let status = TargetStatus { state: Healthy, reason: None };
                    return Self { status, streak: 0, lenient: false };
                }
            }
            (Unhealthy, Event::Bad(reason)) => {
                (self.streak, self.lenient) = (0, false);
                self.status.reason = Some(reason);
            }
            (_, Event::Bad(reason)) => {
                self.streak += 1;
                if self.streak >= thresholds.unhealthy {
                    return Self::unhealthy(reason, false);
                }
            }
            (Unhealthy, Event::Refused) => {}
            (_, Event::Refused) => {
                let why = "it accepts no connections";
                return Self::unhealthy(Reason::new("Target.FailedHealthChecks", why), true);
            }
        }
        self
    }

    fn unhealthy(reason: Reason, lenient: bool) -> Self {
        let status = TargetStatus { state: TargetState::Unhealthy, reason: Some(reason) };
        Self { status, streak: 0, lenient }
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Health, Reason, TargetState, Thresholds};

    const THRESHOLDS: Thresholds = Thresholds { healthy: 3, unhealthy: 2 };

    /// `g`ood, `b`ad, `r`efused.
    #[track_caller]
    fn check(events: &str, wanted: TargetState) {
        let health = events.chars().fold(Health::new(), |health, event| {
            let event = match event {
                'g' => Event::Good,
                'b' => Event::Bad(Reason::new("Target.Timeout", "late")),
                _ => Event::Refused,
            };
            health.next(event, THRESHOLDS)
        });
        assert_eq!(health.status.state, wanted, "{events}");
        assert_eq!(health.status.reason.is_none(), wanted == TargetState::Healthy, "{events}");
    }

    #[test]
    fn checks_in_a_row_change_a_mind() {
        use TargetState::{Healthy, Initial, Unhealthy};
        for (events, wanted) in [
            ("", Initial),
            ("g", Healthy),
            ("b", Initial),
            ("bg", Healthy),
            ("bb", Unhealthy),
            ("bbgg", Unhealthy),
            ("bbggg", Healthy),
            ("bbggbgg", Unhealthy),
            ("gb", Healthy),
            ("gbgb", Healthy),
            ("gbb", Unhealthy),
            ("r", Unhealthy),
            ("gr", Unhealthy),
            ("grg", Healthy),
            ("grbg", Unhealthy),
            ("grbggg", Healthy),
            ("grrg", Healthy),
        ] {
            check(events, wanted);
        }
    }
}
