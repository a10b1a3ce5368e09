//! Drills: a part of the site is taken away while people use it, and what they saw is measured.
//!
//! | module | is |
//! |---|---|
//! | [`catalogue`](DRILLS) | the drills: what happens, what it teaches, what is expected |
//! | `load` | people who visit a site, at a rate that does not depend on how the site does |
//! | `pages` | which pages an application has: the stand-in, and Moodle |
//! | `record`, `measure` | what came of each request, and what many come to |
//! | [`report`](Report) | what people saw: as text, JSON and HTML |
//! | [`site`](Site) | what a drill does to a site; whoever runs one implements it |
//! | [`runner`](run) | one drill from warming up to the report; it always heals |

mod catalogue;
mod goal;
mod load;
mod measure;
mod pages;
mod record;
mod report;
mod runner;
mod site;

pub use catalogue::{DRILLS, Drill, Step, drill};
pub use goal::{Checked, Goal};
pub use load::{
    Accounts, Load, LoadError, LoadSettings, Lost, LostSession, Spacing, Verified, digest,
};
pub use measure::{Latency, Second};
pub use pages::Application;
pub use record::{Failure, Kind, Record};
pub use report::{
    Event, InFlight, KindReport, LostReport, Marks, Measured, Moment, Outage, Phase, Report,
    Stranded, VERSION,
};
pub use runner::{DrillError, Pace, Progress, run};
pub use site::{Facts, Hit, Injection, RUSH, Redundancy, Serving, Site, SiteError};
