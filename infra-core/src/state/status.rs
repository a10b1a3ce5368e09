//! [`Status`]: the life cycle of a record, as one enum and one total function.

use serde::{Deserialize, Serialize};

use crate::schema::Level;

/// How far the life of a recorded resource has come.
///
/// ```text
///            Create          Allocated           Reached            Done
///   (none) ─────────► Creating ─────────► Partial(exists) ────► … ─────────► Done
///      ▲                 │                                              ▲     │ UpdateStarted
///      │     Aborted     │                                         Done │     ▼
///      ├─────────────────┘                                           Updating
///      │     Deleted                 DeleteStarted
///      └──────────────── Deleting ◄──────────────── Partial, Done, Updating
///                           │ DeleteReverted
///                           └───────────────► Partial(exists)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The intent to create it is durable; whether it exists is not known.
    Creating,
    /// It exists and reached this level; its creation has not ended.
    Partial(Level),
    /// An update was begun; the properties that it touches are unknown in the record.
    Updating,
    /// All that was asked for was done.
    Done,
    /// The intent to delete it is durable; whether it still exists is not known.
    Deleting,
}

/// What can happen to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// The cloud told its id.
    Allocated,
    /// It is certain that it was not made.
    Aborted,
    /// A level was reached.
    Reached(Level),
    /// The operation ended well.
    Done,
    /// An update is about to begin.
    UpdateStarted,
    /// A deletion is about to begin.
    DeleteStarted,
    /// It turned out that the deletion had not happened.
    DeleteReverted,
    /// It is certain that it is gone.
    Deleted,
    /// What the cloud says of it was taken over.
    Refreshed,
    /// Something about the record changed that concerns no cloud: name, options, dependencies.
    Relinked,
    /// It was taken out of state and left alone in the cloud.
    Forgotten,
}

/// Something can't happen to a record in its status: the journal does not fit the checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{moment:?} can't happen to a record that is {status:?}")]
pub struct IllegalTransition {
    /// The record's status.
    pub status: Status,
    /// What was to happen.
    pub moment: Moment,
}

impl Status {
    /// The status after something happened; `None` when the record ends.
    ///
    /// # Errors
    /// If it can't happen in this status.
    pub fn next(self, moment: Moment) -> Result<Option<Self>, IllegalTransition> {
        use Moment as M;
        let illegal = Err(IllegalTransition { status: self, moment });
        match (self, moment) {
            (_, M::Forgotten) => Ok(None),
            (status, M::Relinked) => Ok(Some(status)),
            (Self::Creating, M::Allocated) => Ok(Some(Self::Partial(Level::Exists))),
            (Self::Creating, M::Aborted) => Ok(None),
            (Self::Creating, _) => illegal,
            (Self::Partial(from), M::Reached(to)) => Ok(Some(Self::Partial(from.max(to)))),
            (Self::Updating | Self::Done, M::Reached(_)) => Ok(Some(self)),
            (Self::Partial(_) | Self::Updating | Self::Done, M::Done) => Ok(Some(Self::Done)),
            // A partial creation stays one: what is left of it is still to be done.
            (Self::Partial(level), M::UpdateStarted) => Ok(Some(Self::Partial(level))),
            (Self::Updating | Self::Done, M::UpdateStarted) => Ok(Some(Self::Updating)),
            (Self::Partial(_) | Self::Updating | Self::Done, M::DeleteStarted) => {
                Ok(Some(Self::Deleting))
            }
            (Self::Partial(_) | Self::Updating | Self::Done, M::Refreshed) => Ok(Some(self)),
            // Seen to be gone without our doing.
            (_, M::Deleted) => Ok(None),
            // Asked for again by a later run.
            (Self::Deleting, M::DeleteStarted) => Ok(Some(Self::Deleting)),
            (Self::Deleting, M::DeleteReverted) => Ok(Some(Self::Partial(Level::Exists))),
            _ => illegal,
        }
    }

    /// Whether an operation on it has begun and not ended.
    #[must_use]
    pub fn is_open(self) -> bool {
        self != Self::Done
    }

    /// Whether it is certain that the cloud knows, or knew, it.
    #[must_use]
    pub fn has_id(self) -> bool {
        self != Self::Creating
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Creating => f.write_str("being created"),
            Self::Partial(level) => write!(f, "created in part ({level})"),
            Self::Updating => f.write_str("being updated"),
            Self::Done => f.write_str("deployed"),
            Self::Deleting => f.write_str("being deleted"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENTS: [Moment; 13] = [
        Moment::Allocated,
        Moment::Aborted,
        Moment::Reached(Level::Exists),
        Moment::Reached(Level::Configured),
        Moment::Reached(Level::Ready),
        Moment::Done,
        Moment::UpdateStarted,
        Moment::DeleteStarted,
        Moment::DeleteReverted,
        Moment::Deleted,
        Moment::Refreshed,
        Moment::Relinked,
        Moment::Forgotten,
    ];

    /// Every status with every moment, as a table that a change of the rules has to touch.
    #[test]
    fn the_table() {
        use Level::{Configured, Exists, Ready};
        let mut table = String::new();
        let statuses = [
            Status::Creating,
            Status::Partial(Exists),
            Status::Partial(Configured),
            Status::Partial(Ready),
            Status::Updating,
            Status::Done,
            Status::Deleting,
        ];
        for status in statuses {
            let next = MOMENTS.map(|moment| match status.next(moment) {
                Ok(Some(Status::Creating)) => 'C',
                Ok(Some(Status::Partial(Exists))) => 'e',
                Ok(Some(Status::Partial(Configured))) => 'c',
                Ok(Some(Status::Partial(Ready))) => 'r',
                Ok(Some(Status::Updating)) => 'U',
                Ok(Some(Status::Done)) => 'D',
                Ok(Some(Status::Deleting)) => 'X',
                Ok(None) => '.',
                Err(_) => '-',
            });
            table.extend(next);
            table.push('\n');
        }
        assert_eq!(
            table,
            "e.---------C.\n\
             --ecrDeX-.ee.\n\
             --ccrDcX-.cc.\n\
             --rrrDrX-.rr.\n\
             --UUUDUX-.UU.\n\
             --DDDDUX-.DD.\n\
             -------Xe.-X.\n"
        );
    }
}
