//! ECS's service throttle: tasks that fail again and again before they are healthy are started at
//! growing intervals.

use std::time::Duration;

use super::plan::Planner;

/// How many rounds of failures have no consequence.
const FREE: u32 = 2;
/// How long the first pause is, in AWS's time: 1 s at the local pace.
const FIRST: Duration = Duration::from_secs(30);
/// How long pauses become: ECS's 27 minutes, 54 s at the local pace.
const LONGEST: Duration = Duration::from_secs(27 * 60);

impl Planner<'_> {
    /// Notes a failure. Those of tasks that started together are one round.
    pub(super) fn hold_back(&mut self) {
        let throttle = &mut self.kept.throttle;
        if self.now < throttle.until {
            return;
        }
        throttle.rounds = throttle.rounds.saturating_add(1);
        let Some(doublings) = throttle.rounds.checked_sub(FREE + 1) else { return };
        let pause = FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST);
        throttle.until = self.now.plus(self.pace.scale(pause));
        if throttle.rounds == FREE + 1 {
            self.say("is unable to consistently start tasks successfully.");
        }
    }

    /// Whether starts wait.
    pub(super) fn is_held_back(&mut self) -> bool {
        let until = self.kept.throttle.until;
        self.look_again(until);
        self.now < until
    }
}
