//! Decisions: who is the writer, who becomes it, who is read, who is copied. They ask nobody and do
//! nothing.

use std::time::Duration;

use super::{gtid::GtidSet, look::Look};

/// How a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// Its container does not run.
    Stopped,
    /// It is on its way: its start, or a copy of another node's data, is under way.
    Starting,
    /// It runs and has not answered so many looks.
    Silent(u32),
    /// It answers.
    Up(Box<Look>),
}

impl Condition {
    /// What it said, if it answers.
    pub(super) fn look(&self) -> Option<&Look> {
        match self {
            Self::Up(look) => Some(look),
            Self::Stopped | Self::Starting | Self::Silent(_) => None,
        }
    }

    /// Whether nobody can wait for it any longer.
    pub(super) fn is_dead(&self, misses: u32) -> bool {
        match self {
            Self::Stopped => true,
            Self::Silent(missed) => *missed >= misses,
            Self::Starting | Self::Up(_) => false,
        }
    }
}

/// A node, as decisions see it.
#[derive(Clone, Debug)]
pub(super) struct Seat<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// Its address.
    pub(super) address: String,
    /// Who becomes the writer: the lowest one among those who have everything.
    pub(super) tier: u8,
    /// How it is.
    pub(super) condition: &'a Condition,
}

/// Who is the writer, for a manager that has just come: the one that is writable; else the one that
/// the endpoint leads to if it does not answer, so that its loss is seen to. `None`: one has to be
/// [chosen](best).
pub(super) fn writer<'a>(seats: &[Seat<'a>], led_to: Option<&str>) -> Option<&'a str> {
    let is_writable = |seat: &&Seat<'a>| seat.condition.look().is_some_and(|look| look.writable);
    let is_led_to = |seat: &&Seat<'a>| Some(seat.id) == led_to;
    let writable: Vec<&Seat<'a>> = seats.iter().filter(is_writable).collect();
    let meant = writable.iter().find(|seat| is_led_to(seat)).or(writable.first());
    let lost = || seats.iter().find(is_led_to).filter(|seat| seat.condition.look().is_none());
    meant.copied().or_else(lost).map(|seat| seat.id)
}

/// Who becomes the writer among those who answer. Data go before the tier: whoever lacks a transaction
/// that another one has is none. Then it is the lowest tier, then the first one by its id.
pub(super) fn best<'a>(seats: &[Seat<'a>]) -> Option<&'a str> {
    let known: Vec<(&Seat<'a>, GtidSet)> =
        seats.iter().filter_map(|seat| Some((seat, seat.condition.look()?.known()))).collect();
    let has_all = |known_of: &GtidSet| known.iter().all(|(_, other)| known_of.contains(other));
    let whole = known.iter().filter(|(_, known_of)| has_all(known_of));
    let chosen = whole.min_by_key(|(seat, _)| (seat.tier, seat.id));
    // Nodes whose histories have parted: the longest one.
    let longest = || {
        let count = |set: &GtidSet| std::cmp::Reverse(set.count());
        known.iter().min_by_key(|(seat, set)| (count(set), seat.tier, seat.id))
    };
    chosen.or_else(longest).map(|(seat, _)| seat.id)
}

/// What is done about a writer that is dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Loss<'a> {
    /// It is started again: nobody else has all rows, or anybody.
    Restart,
    /// Another node takes its place.
    Promote(&'a str),
}

/// Whether a replica that confirmed all commits is left, at the moment a writer is seen to be dead.
/// `in_sync` says whether its commits waited for a replica when it answered last. Replicas that died
/// as well may have done so before it: what it acknowledged without them it has alone.
pub(super) fn is_vouched_for(others: &[Seat<'_>], in_sync: bool, misses: u32) -> bool {
    let has_gone = |condition: &Condition| {
        condition.is_dead(misses) || matches!(condition, Condition::Starting)
    };
    in_sync && others.iter().any(|seat| !has_gone(seat.condition))
}

/// What is done about a writer that is dead. `in_sync` says whether its commits waited for a replica
/// when it answered last, and [one was left](is_vouched_for); `gone` for how long it has been dead.
pub(super) fn after_loss<'a>(
    others: &[Seat<'a>],
    in_sync: bool,
    gone: Duration,
    return_patience: Duration,
) -> Loss<'a> {
    match best(others) {
        // Without a replica that confirmed, acknowledged rows may be on the dead one alone.
        Some(best) if in_sync || gone >= return_patience => Loss::Promote(best),
        Some(_) | None => Loss::Restart,
    }
}

/// Who is read: the one that is, if it still can be; else another replica that follows the writer
/// closely; else the writer.
pub(super) fn reader<'a>(
    seats: &[Seat<'a>],
    writer: Option<&'a str>,
    now: Option<&str>,
    limit: Duration,
) -> Option<&'a str> {
    let source = seats.iter().find(|seat| Some(seat.id) == writer)?.address.clone();
    let serves = |seat: &&Seat<'a>| {
        let look = seat.condition.look();
        let follows =
            look.filter(|look| Some(seat.id) != writer && look.follows(&source) && !look.writable);
        let lag = follows.and_then(|look| look.replica.as_ref()?.lag);
        lag.is_some_and(|lag| lag <= limit.as_secs())
    };
    let serving: Vec<&Seat<'a>> = seats.iter().filter(serves).collect();
    let same = serving.iter().find(|seat| Some(seat.id) == now).or(serving.first());
    same.map(|seat| seat.id).or(writer)
}

/// How a node comes to follow the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// From the writer's binary log.
    Follow,
    /// By a copy of all data: what it lacks is not in the log any more, or it has transactions that
    /// the writer has not.
    Copy,
}

/// How a node that has these transactions comes to follow a writer.
pub(super) fn join(executed: &GtidSet, writer: &Look) -> Join {
    let errant = !writer.executed.contains(executed);
    let lacks = !executed.contains(&writer.purged);
    if errant || lacks { Join::Copy } else { Join::Follow }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::containers::database::look::Replica;

    fn look(executed: &str) -> Look {
        Look { executed: executed.parse().unwrap(), ..Look::default() }
    }

    fn up(look: Look) -> Condition {
        Condition::Up(Box::new(look))
    }

    fn seats<'a>(conditions: &'a [(&'a str, u8, Condition)]) -> Vec<Seat<'a>> {
        let seat = |(id, tier, condition): &'a (&'a str, u8, Condition)| Seat {
            id,
            address: format!("at-{id}"),
            tier: *tier,
            condition,
        };
        conditions.iter().map(seat).collect()
    }

    fn replica(executed: &str, received: &str, source: &str) -> Look {
        let replica = Replica {
            source: source.to_owned(),
            receives: true,
            applies: true,
            stopped: false,
            lag: Some(0),
            received: received.parse().unwrap(),
            trouble: None,
        };
        Look { replica: Some(replica), ..look(executed) }
    }

    #[test]
    fn data_go_before_the_tier() {
        let all = [("a", 0, up(look("u:1-5"))), ("b", 1, up(replica("u:1-4", "u:1-6", "at-w")))];
        assert_eq!(best(&seats(&all)), Some("b"));
        let all = [("b", 1, up(look("u:1-6"))), ("a", 0, up(replica("u:1-4", "u:1-6", "at-w")))];
        assert_eq!(best(&seats(&all)), Some("a"));
        let parted = [("a", 0, up(look("u:1-5"))), ("b", 1, up(look("v:1-7")))];
        assert_eq!(best(&seats(&parted)), Some("b"));
        let none = [("a", 0, Condition::Stopped), ("b", 1, Condition::Silent(1))];
        assert_eq!(best(&seats(&none)), None);
    }

    #[test]
    fn the_writer_is_the_one_that_is_writable() {
        let writable = || up(Look { writable: true, ..Look::default() });
        let all = [("a", 0, Condition::Silent(0)), ("b", 1, writable())];
        assert_eq!(writer(&seats(&all), Some("a")), Some("b"));
        // Two are by mistake alone: the one that people were led to.
        let all = [("a", 0, writable()), ("b", 1, writable())];
        assert_eq!(writer(&seats(&all), Some("b")), Some("b"));
        let lost = [("a", 0, Condition::Stopped), ("b", 1, up(Look::default()))];
        assert_eq!(writer(&seats(&lost), Some("a")), Some("a"));
        assert_eq!(writer(&seats(&lost), Some("b")), None, "it was started again: choose");
        assert_eq!(writer(&seats(&lost), None), None);
    }

    #[test]
    fn replicas_that_died_as_well_vouch_for_nothing() {
        let vouched = |of: &[(&str, u8, Condition)]| is_vouched_for(&seats(of), true, 3);
        assert!(vouched(&[("b", 1, up(look("u:1"))), ("c", 1, Condition::Stopped)]));
        assert!(vouched(&[("b", 1, Condition::Silent(2))]), "it is only slow");
        assert!(!vouched(&[("b", 1, Condition::Silent(3)), ("c", 1, Condition::Stopped)]));
        assert!(!vouched(&[("b", 1, Condition::Starting)]));
        assert!(!vouched(&[]));
        let follows = [("b", 1, up(look("u:1")))];
        assert!(!is_vouched_for(&seats(&follows), false, 3), "it did not confirm");
    }

    #[test]
    fn whoever_may_lack_rows_waits_for_the_dead_one() {
        let others = [("b", 1, up(look("u:1-4")))];
        let (seats_of, patience) = (seats(&others), Duration::from_secs(30));
        assert_eq!(after_loss(&seats_of, true, Duration::ZERO, patience), Loss::Promote("b"));
        assert_eq!(after_loss(&seats_of, false, Duration::ZERO, patience), Loss::Restart);
        assert_eq!(after_loss(&seats_of, false, patience, patience), Loss::Promote("b"));
        assert_eq!(after_loss(&[], true, patience, patience), Loss::Restart);
    }

    #[test]
    fn a_reader_stays_while_it_is_close() {
        let close = || up(replica("u:1", "u:1", "at-a"));
        let mut far = replica("u:1", "u:1", "at-a");
        far.replica.as_mut().unwrap().lag = Some(60);
        let stranger = up(replica("u:1", "u:1", "at-z"));
        let limit = Duration::from_secs(10);
        let all = [("a", 0, up(look("u:1"))), ("b", 1, close()), ("c", 1, close())];
        assert_eq!(reader(&seats(&all), Some("a"), Some("c"), limit), Some("c"));
        assert_eq!(reader(&seats(&all), Some("a"), Some("a"), limit), Some("b"));
        let all = [("a", 0, up(look("u:1"))), ("b", 1, up(far)), ("c", 1, stranger)];
        assert_eq!(reader(&seats(&all), Some("a"), Some("b"), limit), Some("a"));
        assert_eq!(reader(&seats(&all), None, Some("b"), limit), None);
    }

    #[test]
    fn who_has_what_the_writer_has_not_is_copied_anew() {
        let writer = Look { purged: "u:1-3".parse().unwrap(), ..look("u:1-9") };
        let join = |executed: &str| join(&executed.parse().unwrap(), &writer);
        assert_eq!(join("u:1-5"), Join::Follow);
        assert_eq!(join("u:1-2"), Join::Copy, "4 to 9 would be there, 3 is not");
        assert_eq!(join("u:1-10"), Join::Copy);
        assert_eq!(join("u:1-5,v:1"), Join::Copy);
        assert_eq!(self::join(&GtidSet::default(), &look("u:1-9")), Join::Follow);
    }

    fn sets() -> impl Strategy<Value = Vec<(u64, bool, u8)>> {
        prop::collection::vec((0_u64..20, any::<bool>(), 0_u8..3), 1..5)
    }

    proptest! {
        /// One source, whose replicas each have a part from its beginning.
        #[test]
        fn nobody_who_answers_has_more_than_the_one_that_is_chosen(nodes in sets()) {
            let names = ["a", "b", "c", "d"];
            let condition = |(last, answers, _): &(u64, bool, u8)| match (last, answers) {
                (_, false) => Condition::Stopped,
                (0, true) => up(look("")),
                (last, true) => up(look(&format!("u:1-{last}"))),
            };
            let all: Vec<_> = nodes.iter().zip(names)
                .map(|(node, name)| (name, node.2, condition(node))).collect();
            let chosen = best(&seats(&all));
            let most = nodes.iter().filter(|node| node.1).map(|node| node.0).max();
            prop_assert_eq!(chosen.is_some(), most.is_some());
            if let Some(chosen) = chosen {
                let at = names.iter().position(|name| *name == chosen).unwrap();
                prop_assert_eq!(Some(nodes[at].0), most);
                let lowest = nodes.iter().filter(|node| node.1 && Some(node.0) == most)
                    .map(|node| node.2).min();
                prop_assert_eq!(Some(nodes[at].2), lowest);
            }
        }
    }
}
