//! What many records come to: how long people had to wait, and when nobody was served.

mod latency;
mod outage;
mod series;

pub use latency::Latency;
pub(super) use outage::{Gap, longest_outage, longest_stall};
pub use series::Second;
pub(super) use series::series;
