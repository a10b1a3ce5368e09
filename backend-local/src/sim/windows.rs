//! The times at which AWS works on things, given or chosen.

use infra_core::{
    dsl::{Prop, ResourceType},
    types::{DailyWindow, Minutes, WeeklyWindow},
    value::PropertiesBuilder,
};

use super::{
    identity::digits,
    refusal::Refusal,
    special::{Asked, choose},
};

/// The two windows of a thing and how long they are at least.
pub(super) struct Windows<R> {
    /// When copies are made.
    pub(super) daily: Prop<R, DailyWindow>,
    /// When AWS works on it.
    pub(super) weekly: Prop<R, WeeklyWindow>,
    /// How long each is at least.
    pub(super) least: Minutes,
    /// The error code.
    pub(super) code: &'static str,
}

impl<R: ResourceType> Windows<R> {
    /// Both are long enough and apart, whether they were given or chosen.
    pub(super) fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let (daily, weekly) = (asked.get(self.daily), asked.get(self.weekly));
        let [daily_name, weekly_name] =
            [self.daily.slot, self.weekly.slot].map(|slot| R::definition().prop(slot).name);
        if let Some(window) = daily {
            check_length(daily_name, window, (window.length(), self.least), self.code)?;
        }
        if let Some(window) = weekly {
            check_length(weekly_name, window, (window.length(), self.least), self.code)?;
        }
        if let (Some(daily), Some(weekly)) = (daily, weekly)
            && daily.overlaps(weekly)
        {
            let message = format!(
                "`{daily_name}` {daily} overlaps with `{weekly_name}` {weekly}; keep them apart"
            );
            return Err(Refusal::invalid(daily_name, self.code, message));
        }
        Ok(())
    }

    /// What AWS chooses of a new thing where nothing was given: somewhere in the day and the week,
    /// apart from the other one.
    pub(super) fn choose(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() {
            return;
        }
        let given = asked.get(self.daily);
        let weekly = asked.get(self.weekly).unwrap_or_else(|| {
            let fits = |window: &WeeklyWindow| given.is_none_or(|daily| !daily.overlaps(*window));
            chosen(asked, |hour| sunday(hour, self.least), fits)
        });
        choose(asked, outputs, self.weekly, weekly);
        let daily = given.unwrap_or_else(|| {
            chosen(asked, |hour| daily(hour, self.least), |window| !window.overlaps(weekly))
        });
        choose(asked, outputs, self.daily, daily);
    }
}

/// A window is as long as it is at least.
pub(super) fn check_length(
    property: &str,
    window: impl std::fmt::Display,
    (length, least): (Minutes, Minutes),
    code: &str,
) -> Result<(), Refusal> {
    if length >= least {
        return Ok(());
    }
    let message = format!("`{property}` {window} has {length}; {least} are needed at least");
    Err(Refusal::invalid(property, code, message))
}

/// The window of a week that AWS chooses for a new thing that has no other.
pub(super) fn chosen_week(asked: &Asked<'_>, least: Minutes) -> WeeklyWindow {
    chosen(asked, |hour| sunday(hour, least), |_| true)
}

/// The first window that fits, looked for from an hour that follows from the thing's name; that
/// hour's where none does.
fn chosen<W: Copy>(asked: &Asked<'_>, at: impl Fn(u32) -> W, fits: impl Fn(&W) -> bool) -> W {
    let start = u32::from_str_radix(&digits(asked.id, 0, 4), 16).unwrap_or_default() % 24;
    let mut hours = (0..24).map(|hour| at((start + hour) % 24));
    hours.find(fits).unwrap_or_else(|| at(start))
}

fn daily(hour: u32, length: Minutes) -> DailyWindow {
    let text = format!("{}-{}", clock(hour, 0), clock(hour, length.0));
    text.parse().expect("it is written as one")
}

fn sunday(hour: u32, length: Minutes) -> WeeklyWindow {
    let end = if hour * 60 + length.0 < 24 * 60 { "sun" } else { "mon" };
    let text = format!("sun:{}-{end}:{}", clock(hour, 0), clock(hour, length.0));
    text.parse().expect("it is written as one")
}

fn clock(hour: u32, minutes: u32) -> String {
    let minutes = hour * 60 + minutes;
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}
