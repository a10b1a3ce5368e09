//! How many tasks a load needs: Application Auto Scaling.
//!
//! [`plan_scaling`] lets each policy say what it wants and takes the most: it grows if any policy
//! wants more, and shrinks to the largest of what those want that are ready to. Policies that track
//! are ready when all of them are; one of steps whenever its alarm has it done, whatever others
//! track. What those go by that track are datapoints, one for each period, the newest last; at the
//! local [`Pace`](super::Pace) a period is 2 s and not a minute.

mod step;
mod target;
mod tracking;

pub use step::{Adjustment, Aggregation, Breach, Step, StepScaling};
pub use target::{
    Policy, PolicyKept, ScalingDecision, ScalingKept, Signal, Suspended, TargetSpec, plan_scaling,
};
pub use tracking::{IN_DATAPOINTS, OUT_DATAPOINTS, TargetTracking, Tracked};
