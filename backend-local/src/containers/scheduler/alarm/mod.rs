//! What state alarms are in: CloudWatch.
//!
//! A [`MetricStore`] holds figures as they come. A [`MetricAlarm`] puts those of each period
//! together by a [`Statistic`], or by a [`Formula`] of several metrics, compares them, and is
//! [`State::Alarm`] when enough of the last ones pass the threshold. A [`CompositeAlarm`] goes by
//! the states of others. Changes of state name the actions to be done, once.

mod composite;
mod evaluate;
mod formula;
mod metric;
mod rule;
mod statistic;

use serde::{Deserialize, Serialize};

pub use composite::{CompositeAlarm, CompositeKept, Suppressor, plan_composite};
pub use evaluate::{
    AlarmDecision, AlarmKept, Comparison, Figure, MetricAlarm, Missing, Query, plan_alarm,
};
pub use formula::Formula;
pub use metric::{MetricId, MetricStat, MetricStore};
pub use rule::Rule;
pub use statistic::Statistic;

/// The state of an alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// All is well.
    Ok,
    /// It is off.
    Alarm,
    /// It can't know.
    #[default]
    InsufficientData,
}

impl State {
    /// As CloudWatch writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// What alarms do when they come to a state: topics, scaling policies and functions by ARN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actions {
    /// Whether they do anything.
    pub enabled: bool,
    /// When they are off.
    pub alarm: Vec<String>,
    /// When all is well again.
    pub ok: Vec<String>,
    /// When they can't know.
    pub insufficient_data: Vec<String>,
}

impl Actions {
    /// What is done in a state.
    #[must_use]
    pub fn of(&self, state: State) -> &[String] {
        match state {
            _ if !self.enabled => &[],
            State::Alarm => &self.alarm,
            State::Ok => &self.ok,
            State::InsufficientData => &self.insufficient_data,
        }
    }
}
